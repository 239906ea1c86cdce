// The four streams of requests that every simulator is given. They depend on nothing but the constants below: no clock, no
// seed from outside, no library.

/** Bytes of a request: one burst of each of the machines (machines.mjs). */
export const REQUEST_BYTES = 64;
/** Random addresses lie below this, so that they fit the smallest machine. */
const SPAN = 2 ** 30;

/**
 * Tommy Ettinger's generator "mulberry32": 32 random bits from a counter of 32 bits.
 * @returns whole numbers from 0 up to, but not including, the given bound
 */
function generator(seed) {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return Math.floor((((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32) * bound);
  };
}

/** One request of the stream after the other as [byte address, whether it writes]. */
function* sequential() {
  for (let address = 0; ; address += REQUEST_BYTES) yield [address, false];
}

const ROWS = 784;
const ROW_BYTES = 1600;

function* snnRows() {
  const below = generator(1);
  for (;;) {
    const row = below(ROWS) * ROW_BYTES;
    for (let offset = 0; offset < ROW_BYTES; offset += REQUEST_BYTES) yield [row + offset, false];
  }
}

function* random() {
  const below = generator(2);
  for (;;) yield [below(SPAN / REQUEST_BYTES) * REQUEST_BYTES, false];
}

const LONGEST_RUN = 16;

function* mixed() {
  const below = generator(3);
  for (;;) {
    const length = 1 + below(LONGEST_RUN);
    const first = below(SPAN / REQUEST_BYTES - LONGEST_RUN);
    const write = below(3) === 0;
    for (let i = 0; i < length; i++) yield [(first + i) * REQUEST_BYTES, write];
  }
}

export const STREAMS = [
  {
    name: 'sequential',
    requests: 500_000,
    says: 'reads of 64 bytes from address 0 upwards',
    generate: sequential,
  },
  {
    name: 'snn-rows',
    requests: 500_000,
    says: '20 000 picks, with equal chances, among 784 rows of 1 600 bytes that lie one after the other from address 0; each pick reads its row in 25 requests',
    generate: snnRows,
  },
  {
    name: 'random',
    requests: 300_000,
    says: 'reads of 64 bytes, aligned, anywhere in 1 GiB with equal chances',
    generate: random,
  },
  {
    name: 'mixed',
    requests: 300_000,
    says: 'runs of 1 to 16 consecutive requests (each length equally likely) that begin anywhere in 1 GiB; all requests of a run read, or, with a chance of one in three, all write',
    generate: mixed,
  },
];

/**
 * @param stream one of STREAMS
 * @param limit requests to stop after, if the stream has more
 * @returns {{ addresses: Float64Array, writes: Uint8Array }} byte addresses, and 1 for a write
 */
export function requestsOf(stream, limit = stream.requests) {
  const count = Math.min(limit, stream.requests);
  const addresses = new Float64Array(count);
  const writes = new Uint8Array(count);
  const source = stream.generate();
  for (let i = 0; i < count; i++) {
    const [address, write] = source.next().value;
    addresses[i] = address;
    writes[i] = write ? 1 : 0;
  }
  return { addresses, writes };
}
