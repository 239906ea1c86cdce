/**
 * SHA-256 (FIPS 180-4) for a browser, whose own waits for a promise. Stands for files/sha256.ts. What was hashed once is known
 * by its place in memory.
 */
export const sha256: typeof import('../../files/sha256.ts').sha256 = (content) => {
  if (typeof content === 'string') return digest(new TextEncoder().encode(content));
  const { buffer, byteOffset, byteLength } = content;
  const ofBuffer = hashes.get(buffer) ?? new Map<string, string>();
  hashes.set(buffer, ofBuffer);
  const part = `${byteOffset} ${byteLength}`;
  const known = ofBuffer.get(part) ?? digest(content);
  ofBuffer.set(part, known);
  return known;
};

/** Of parts of memory that nobody writes to: files and images. */
const hashes = new WeakMap<ArrayBufferLike, Map<string, string>>();

const BLOCK = 64;
const isPrime = (n: number): boolean => {
  for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
  return true;
};
const PRIMES = Array.from({ length: 400 }, (_, i) => i + 2)
  .filter(isPrime)
  .slice(0, BLOCK);
/** The first 32 bits of the fractional part. */
const fraction = (x: number): number => Math.floor((x - Math.floor(x)) * 2 ** 32);
const START = Uint32Array.from(PRIMES.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
const ROUND = Uint32Array.from(PRIMES, (prime) => fraction(Math.cbrt(prime)));

function digest(bytes: Uint8Array): string {
  const state = START.slice();
  const words = new Uint32Array(BLOCK);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.length - (bytes.length % BLOCK);
  for (let at = 0; at < whole; at += BLOCK) addBlock(state, words, view, at);
  // A single 1 bit, zeros, and the length in bits fill the last one or two blocks.
  const rest = bytes.subarray(whole);
  const last = new Uint8Array(rest.length + 9 > BLOCK ? 2 * BLOCK : BLOCK);
  last.set(rest);
  last[rest.length] = 0x80;
  const lastView = new DataView(last.buffer);
  lastView.setUint32(last.length - 8, Math.floor(bytes.length / 2 ** 29));
  lastView.setUint32(last.length - 4, bytes.length * 8);
  for (let at = 0; at < last.length; at += BLOCK) addBlock(state, words, lastView, at);
  return Array.from(state, (word) => word.toString(16).padStart(8, '0')).join('');
}

const turned = (x: number, by: number): number => (x >>> by) | (x << (32 - by));

function addBlock(state: Uint32Array, words: Uint32Array, view: DataView, at: number): void {
  for (let i = 0; i < 16; i++) words[i] = view.getUint32(at + 4 * i);
  for (let i = 16; i < BLOCK; i++) {
    const a = words[i - 15]!;
    const b = words[i - 2]!;
    const low = turned(a, 7) ^ turned(a, 18) ^ (a >>> 3);
    const high = turned(b, 17) ^ turned(b, 19) ^ (b >>> 10);
    words[i] = words[i - 16]! + low + words[i - 7]! + high;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  for (let i = 0; i < BLOCK; i++) {
    const mixed = (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g));
    const first = (h + mixed + ROUND[i]! + words[i]!) | 0;
    const second = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) state[i]! += word;
}
