import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mix32 } from '../../src/random/counter-hash.ts';
import { exponentialOf } from '../../src/random/exponential.ts';

const LARGEST = 2 ** 32 - 1;
/** -ln of the ends of the word's part of (0, 1); the lowest word's part reaches down to 0. */
const bounds = (word: number): [number, number] => [
  -Math.log((word + 1) / 2 ** 32),
  word === 0 ? Number.POSITIVE_INFINITY : -Math.log(word / 2 ** 32),
];

describe('exponentialOf', () => {
  it('is -ln of a number inside the word’s part of (0, 1)', () => {
    const check = (word: number): void => {
      const [low, high] = bounds(word);
      const value = exponentialOf(word);
      expect(value).toBeGreaterThanOrEqual(low * (1 - 1e-9));
      expect(value).toBeLessThanOrEqual(high * (1 + 1e-9));
    };
    for (const word of [0, 1, 2, 3, 2 ** 31 - 1, 2 ** 31, LARGEST - 1, LARGEST]) check(word);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: LARGEST }), fc.integer({ min: 0, max: 31 }), (word, shift) =>
        check(word >>> shift),
      ),
      { seed: 5, numRuns: 20_000 },
    );
  });

  it('never rises with the word, across segments and powers of two', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: LARGEST - 1 }), fc.integer({ min: 0, max: 31 }), (any, shift) => {
        const word = any >>> shift;
        expect(exponentialOf(word + 1)).toBeLessThanOrEqual(exponentialOf(word));
      }),
      { seed: 6, numRuns: 20_000 },
    );
    for (let i = 1; i < 2048; i++)
      expect(exponentialOf(i * 2 ** 21)).toBeLessThanOrEqual(exponentialOf(i * 2 ** 21 - 1));
  });

  it('has the exponential distribution’s moments', () => {
    const n = 1 << 19;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const x = exponentialOf(mix32(i));
      sum += x;
      squares += x * x;
    }
    expect(sum / n).toBeCloseTo(1, 2);
    expect(squares / n).toBeCloseTo(2, 1);
  });
});
