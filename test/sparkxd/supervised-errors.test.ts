import { describe, expect, it } from 'vitest';
import { createFastStream, reseed, streamKey, uniformStream } from '../../src/random/streams.ts';
import { decodeWeights, encodeWeights, weightBits } from '../../src/snn/weight-format.ts';
import {
  CURRICULA,
  errorRateAt,
  readWeights,
  seeThroughErrors,
} from '../../src/sparkxd/supervised-errors.ts';

const uniform = uniformStream(1, 'test/supervised errors');
const weights = Float32Array.from({ length: 20_000 }, () => 0.5 * uniform() - 0.25);
const greatest = weights.reduce((most, w) => Math.max(most, Math.abs(w)), 0);

const streamOf = (number: number) => {
  const stream = createFastStream();
  reseed(stream, streamKey(1, 'test'), number, 0);
  return stream;
};

/** Bits in which the codes of two tensors differ. */
function flippedBits(read: Float32Array, format: 'int8' | 'fp16'): number {
  const codes = [weights, read].map((tensor) => encodeWeights(tensor, format, greatest));
  return codes[0]!.reduce((sum, code, k) => {
    let flips = 0;
    for (let wrong = code ^ codes[1]![k]!; wrong !== 0; wrong &= wrong - 1) flips++;
    return sum + flips;
  }, 0);
}

describe('weights read through errors', () => {
  it.each(['int8', 'fp16'] as const)('have as many wrong bits as the rate says (%s)', (format) => {
    const bits = weights.length * weightBits(format);
    for (const ber of [0.001, 0.02, 0.2]) {
      const read = readWeights(weights, format, 'none', ber, streamOf(1));
      // A code of -128 is encoded as -127, one flip of many; FP16's NaNs lose theirs.
      const expected = bits * ber;
      expect(Math.abs(flippedBits(read, format) - expected)).toBeLessThan(
        5 * Math.sqrt(expected) + 0.02 * expected,
      );
    }
  });

  it('are those of the format without errors', () => {
    const sound = decodeWeights(encodeWeights(weights, 'int8', greatest), 'int8', greatest);
    expect(readWeights(weights, 'int8', 'none', 0, streamOf(1))).toEqual(sound);
  });

  it('stay within the greatest magnitude where they are repaired', () => {
    const bound = decodeWeights(encodeWeights(Float32Array.of(greatest), 'fp16'), 'fp16')[0]!;
    for (const repair of ['clamp', 'zero'] as const) {
      const read = readWeights(weights, 'fp16', repair, 0.1, streamOf(2));
      expect(read.every((weight) => Math.abs(weight) <= bound)).toBe(true);
      const raw = readWeights(weights, 'fp16', 'none', 0.1, streamOf(2));
      const beyond = raw.findIndex((weight) => weight > bound);
      expect(read[beyond]).toBe(repair === 'zero' ? 0 : bound);
    }
  });

  it('are other ones in each minibatch, and the same in a repetition', () => {
    const errors = { curriculum: 'constant', ber: 0.01, repair: 'clamp', errorSeed: 1 } as const;
    const see = seeThroughErrors('int8', errors);
    const [first, second] = [see([weights], 0, 0)[0]!, see([weights], 1, 0.5)[0]!];
    expect(second).not.toEqual(first);
    expect(seeThroughErrors('int8', errors)([weights], 1, 0.5)[0]).toEqual(second);
  });
});

describe('a curriculum', () => {
  it.each(CURRICULA)('%s never exceeds its rate; step and linear rise from 0 to it', (curriculum) => {
    const rates = Array.from({ length: 101 }, (_, k) => errorRateAt({ curriculum, ber: 0.04 }, k / 100, 0.5));
    expect(Math.max(...rates)).toBe(curriculum === 'mixed' ? 0.02 : 0.04);
    if (curriculum === 'mixed' || curriculum === 'constant') return;
    expect([rates[0], rates[60], rates[100]]).toEqual([0, 0.04, 0.04]);
    expect(rates.every((rate, k) => k === 0 || rate >= rates[k - 1]!)).toBe(true);
  });
});
