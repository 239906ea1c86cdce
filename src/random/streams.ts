import seedrandom from 'seedrandom';

/**
 * Random numbers that depend on names, never on the order of work: whoever asks for stream (seed, name, indices) gets
 * the same numbers on any machine, in any worker.
 */

/** Uniform numbers in [0, 1) of the stream `name` under `seed`. For set-up work; hot loops use `FastStream`. */
export function uniformStream(seed: number, name: string): () => number {
  const generator = seedrandom(`${seed}/${name}`);
  return () => generator.quick();
}

/** The 128 bits that a named stream is made from; drawn from seedrandom once, then spread over indices by `reseed`. */
export type StreamKey = Uint32Array;

export function streamKey(seed: number, name: string): StreamKey {
  const generator = seedrandom(`${seed}/${name}`);
  return Uint32Array.from({ length: 4 }, () => generator.int32());
}

/** State of the generator sfc32 (C. Doty-Humphrey, PractRand): three words and a counter. */
export type FastStream = Uint32Array;

export function createFastStream(): FastStream {
  return new Uint32Array(4);
}

/** Rounds after which two sfc32 states that differed in one bit are unrelated; PractRand itself uses 12 to 15. */
const WARM_UP_ROUNDS = 15;

/** Sets `stream` to the beginning of the stream (key, first index, second index). */
export function reseed(stream: FastStream, key: StreamKey, first: number, second: number): void {
  stream[0] = key[0]! ^ first;
  stream[1] = key[1]! ^ second;
  stream[2] = key[2]!;
  stream[3] = key[3]!;
  for (let round = 0; round < WARM_UP_ROUNDS; round++) nextUint32(stream);
}

/** The next 32 random bits. */
export function nextUint32(stream: FastStream): number {
  const a = stream[0]!;
  const b = stream[1]!;
  const c = stream[2]!;
  const counter = stream[3]!;
  const result = (a + b + counter) >>> 0;
  stream[0] = b ^ (b >>> 9);
  stream[1] = c + (c << 3);
  stream[2] = ((c << 21) | (c >>> 11)) + result;
  stream[3] = counter + 1;
  return result;
}

/** The next number strictly between 0 and 1: the middle of one of 2^32 equal parts, so its logarithm is finite. */
export function nextOpenUniform(stream: FastStream): number {
  return (nextUint32(stream) + 0.5) * 2 ** -32;
}
