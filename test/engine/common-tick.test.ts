import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cycleFrom, ticksPerCycle } from '../../src/engine/common-tick.ts';
import { InputError } from '../../src/errors/input-error.ts';

const clocks = fc.array(
  fc.oneof(fc.constantFrom(200_000, 800_000, 533_333), fc.integer({ min: 1, max: 5000 })),
  {
    minLength: 1,
    maxLength: 4,
  },
);

/** The largest tick in which both cycles are whole, tried out by Euclid on the ticks themselves. */
function leastCommonMultiple(a: bigint, b: bigint): bigint {
  const divisor = (x: bigint, y: bigint): bigint => (y === 0n ? x : divisor(y, x % y));
  return (a * b) / divisor(a, b);
}

describe('the common tick', () => {
  it('is the longest time of which all cycles are whole multiples', () => {
    fc.assert(
      fc.property(clocks, (drawn) => {
        const multiple = drawn.map(BigInt).reduce(leastCommonMultiple);
        fc.pre(multiple * 1000n < 2n ** 53n);
        const ticks = ticksPerCycle(drawn).map(BigInt);
        // Cycles last as long as their clocks say, and no longer tick would do.
        for (const [i, clock] of drawn.entries()) expect(ticks[i]! * BigInt(clock)).toBe(multiple);
        for (let divisor = 2n; divisor < 50n; divisor++)
          expect(ticks.every((one) => one % divisor === 0n)).toBe(false);
      }),
      { seed: 13, numRuns: 500 },
    );
  });

  it('is refused where a second has more than 2^53 of it, and not just below', () => {
    // Primes, so that the least common multiple is the product.
    const fits = [3001, 2_999_999, 997];
    expect(ticksPerCycle(fits)).toEqual([2_999_999 * 997, 3001 * 997, 3001 * 2_999_999]);
    expect(() => ticksPerCycle([3011, 2_999_999, 1009])).toThrow(InputError);
    expect(() => ticksPerCycle([8_999_999, 8_999_993, 8_999_971])).toThrow(/common tick/);
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 9_000_000 }), { minLength: 2, maxLength: 3 }),
        (drawn) => {
          const fine = drawn.map(BigInt).reduce(leastCommonMultiple) * 1000n > 2n ** 53n - 1n;
          if (fine) expect(() => ticksPerCycle(drawn)).toThrow(InputError);
          else expect(ticksPerCycle(drawn)).toHaveLength(drawn.length);
        },
      ),
      { seed: 14, numRuns: 500 },
    );
  });

  it('gives the first cycle that does not begin before a time, in big integers', () => {
    fc.assert(
      fc.property(
        fc.maxSafeNat(),
        fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 2 ** 40 })),
        (time, ticks) => {
          const exact = (BigInt(time) + BigInt(ticks) - 1n) / BigInt(ticks);
          expect(BigInt(cycleFrom(time, ticks))).toBe(exact);
        },
      ),
      { seed: 15, numRuns: 2000 },
    );
  });
});
