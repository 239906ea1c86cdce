import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crossClock, kilohertzOf, picosecondBefore } from '../../src/engine/clock-crossing.ts';
import { InputError } from '../../src/errors/input-error.ts';

const clocks = fc.integer({ min: 1, max: 9_000_000 });
const cycles = fc.oneof(fc.nat(100_000), fc.integer({ min: 0, max: 2 ** 40 }));

const ceil = (dividend: bigint, divisor: bigint): bigint => (dividend + divisor - 1n) / divisor;

describe('clock crossing', () => {
  it('is the fraction rounded up, in big integers', () => {
    fc.assert(
      fc.property(cycles, clocks, clocks, (cycle, from, to) => {
        const exact = ceil(BigInt(cycle) * BigInt(to), BigInt(from));
        fc.pre(exact < 2n ** 53n);
        expect(BigInt(crossClock(cycle, from, to))).toBe(exact);
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  it('gives picoseconds that a memory of the same clock takes for the same cycle', () => {
    fc.assert(
      fc.property(cycles, clocks, (cycle, clock) => {
        const time = (BigInt(cycle) * 10n ** 9n) / BigInt(clock);
        fc.pre(time < 2n ** 53n);
        expect(BigInt(picosecondBefore(cycle, clock))).toBe(time);
        expect(ceil(time * BigInt(clock), 10n ** 9n)).toBe(BigInt(cycle));
      }),
      { seed: 2, numRuns: 2000 },
    );
  });

  it('takes clocks of whole kilohertz', () => {
    expect(kilohertzOf(533.333)).toBe(533_333);
    for (const wrong of [0, -1, 0.0001, 1.23456, 9001, Number.NaN])
      expect(() => kilohertzOf(wrong)).toThrow(InputError);
  });
});
