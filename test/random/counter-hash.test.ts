import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  counterHash,
  mix32,
  openUniform,
  permutationMask,
  permutationShift,
  permute,
} from '../../src/random/counter-hash.ts';
import { lowerIncompleteGamma } from '../../src/stats/gamma.ts';
import { randomCases } from '../effort.ts';

/** Probability of a chi-square statistic at most this large, for counts over equally likely bins. */
function chiSquareLevel(counts: ArrayLike<number>, total: number): number {
  const expected = total / counts.length;
  let statistic = 0;
  for (let i = 0; i < counts.length; i++) statistic += (counts[i]! - expected) ** 2 / expected;
  return lowerIncompleteGamma((counts.length - 1) / 2, statistic / 2);
}
/** Neither suspiciously uneven nor suspiciously even; fixed seeds, so this never flickers. */
const expectUniform = (counts: ArrayLike<number>, total: number): void => {
  const level = chiSquareLevel(counts, total);
  expect(level).toBeGreaterThan(1e-4);
  expect(level).toBeLessThan(1 - 1e-4);
};

describe('counterHash', () => {
  it('flips every output bit with probability one half when any input bit flips', () => {
    const samples = 4096;
    for (const word of ['counter', 'key0', 'key1'] as const) {
      const flips = new Uint32Array(32 * 32);
      for (let i = 0; i < samples; i++) {
        const [k0, k1, c] = [mix32(3 * i), mix32(3 * i + 1), mix32(3 * i + 2)];
        const before = counterHash(k0, k1, c);
        for (let input = 0; input < 32; input++) {
          const bit = 1 << input;
          const after =
            word === 'counter'
              ? counterHash(k0, k1, c ^ bit)
              : word === 'key0'
                ? counterHash(k0 ^ bit, k1, c)
                : counterHash(k0, k1 ^ bit, c);
          for (let output = 0; output < 32; output++)
            flips[32 * input + output]! += ((before ^ after) >>> output) & 1;
        }
      }
      // 1024 shares with a standard deviation of 0.0078: five of them is 0.039.
      for (const count of flips) expect(Math.abs(count / samples - 0.5)).toBeLessThan(0.04);
    }
  });

  it('is uniform over consecutive counters, in high and in low bits', () => {
    const high = new Uint32Array(1024);
    const low = new Uint32Array(1024);
    const total = 1 << 19;
    for (let i = 0; i < total; i++) {
      const word = counterHash(0x1234, 0x5678, i);
      high[word >>> 22]!++;
      low[word & 1023]!++;
    }
    expectUniform(high, total);
    expectUniform(low, total);
  });

  it('gives unrelated sequences under the hashed keys of neighbouring rows', () => {
    const pairs = new Uint32Array(4096);
    const total = 1 << 18;
    for (let i = 0; i < total; i++) {
      const row = i >>> 4;
      const word = (r: number) => counterHash(counterHash(1, 2, r), counterHash(3, 4, r), i & 15);
      const a = word(row) >>> 26;
      const b = word(row + 1) >>> 26;
      pairs[64 * a + b]!++;
    }
    expectUniform(pairs, total);
  });

  it('is a bijection of the counter', () => {
    const seen = new Set<number>();
    for (let i = 0; i < 100_000; i++) seen.add(counterHash(9, 13, i));
    expect(seen.size).toBe(100_000);
  });

  it('makes uniforms strictly inside (0, 1)', () => {
    expect(openUniform(0)).toBeGreaterThan(0);
    expect(openUniform(0xffffffff)).toBeLessThan(1);
  });
});

describe('permute', () => {
  const at = (index: number, size: number, k0: number, k1: number): number => {
    const mask = permutationMask(size);
    return permute(index, size, mask, permutationShift(mask), k0, k1);
  };

  it('visits every index of any range once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.nat(), fc.nat(), (size, k0, k1) => {
        const seen = new Set<number>();
        for (let i = 0; i < size; i++) seen.add(at(i, size, k0, k1));
        expect(seen.size).toBe(size);
        for (const index of seen) expect(index >= 0 && index < size).toBe(true);
      }),
      { seed: 5, numRuns: randomCases(60) },
    );
  });

  it('sends each of the first indices anywhere with equal probability over keys', () => {
    const size = 32768;
    const keys = 1 << 18;
    for (let index = 0; index < 4; index++) {
      const counts = new Uint32Array(size / 16);
      const lowBits = new Uint32Array(64);
      for (let key = 0; key < keys; key++) {
        const image = at(index, size, counterHash(1, 2, key), counterHash(3, 4, key));
        counts[image >>> 4]!++;
        lowBits[image & 63]!++;
      }
      expectUniform(counts, keys);
      expectUniform(lowBits, keys);
    }
  });

  it('sends two neighbouring indices to unrelated places', () => {
    const size = 2048;
    const keys = 1 << 18;
    const differences = new Uint32Array(size);
    for (let key = 0; key < keys; key++) {
      const k0 = counterHash(5, 6, key);
      const k1 = counterHash(7, 8, key);
      differences[(at(1, size, k0, k1) - at(0, size, k0, k1) + size) % size]!++;
    }
    expect(differences[0]).toBe(0);
    expectUniform(differences.subarray(1), keys);
  });
});
