import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cosOfTurns, sinOfTurns } from '../../src/elementary/circle.ts';
import { exp, expm1 } from '../../src/elementary/exponential.ts';
import { ROOTS_OF_TWO } from '../../src/elementary/exponential-table.ts';
import { binaryExponent, bitsToNumber } from '../../src/elementary/float-bits.ts';
import { log, log1p, log10 } from '../../src/elementary/logarithm.ts';
import { HALVED_FROM, LOGARITHMS } from '../../src/elementary/logarithm-table.ts';
import { pow, pow10 } from '../../src/elementary/power.ts';
import { randomCases } from '../effort.ts';
import * as exact from '../reference/elementary.ts';

const { NaN: NAN, POSITIVE_INFINITY: INFINITE, MIN_VALUE: LEAST, MAX_VALUE: MOST } = Number;
const CASES = randomCases(600, 20_000);

/** Any double of the range by its bits: every exponent is as likely as every other. */
const between = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
/** Evenly over the range. */
const evenly = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min: 0, max: 2 ** 52 }).map((k) => min + (max - min) * (k / 2 ** 52));

const FUNCTIONS = {
  exp: [
    exp,
    exact.referenceExp,
    [between(-745.2, 709.9), evenly(-745.2, 709.9), evenly(-1, 1), evenly(-745.2, -708)],
  ],
  expm1: [
    expm1,
    exact.referenceExpm1,
    [between(-90, 709.9), evenly(-45, 90), evenly(-0.1, 0.1), between(-0.04, 0.04)],
  ],
  log: [
    log,
    exact.referenceLog,
    [between(LEAST, MOST), evenly(0.9, 1.1), evenly(LEAST, 4), between(LEAST, 2 ** -1020)],
  ],
  log1p: [
    log1p,
    exact.referenceLog1p,
    [between(-1 + 2 ** -53, MOST), evenly(-0.999, 2), evenly(-0.01, 0.01), between(-0.5, 0.5)],
  ],
  log10: [log10, exact.referenceLog10, [between(LEAST, MOST), evenly(0.9, 1.1), evenly(LEAST, 1)]],
  pow10: [pow10, exact.referencePow10, [between(-324, 309), evenly(-324, 309), evenly(-12, 0)]],
  cosOfTurns: [cosOfTurns, exact.referenceCosOfTurns, [evenly(2 ** -40, 1 - 2 ** -40)]],
  sinOfTurns: [
    sinOfTurns,
    exact.referenceSinOfTurns,
    [evenly(2 ** -40, 0.5 - 2 ** -40), between(2 ** -60, 0.4)],
  ],
} as const satisfies Record<
  string,
  readonly [(x: number) => number, (x: number) => number, readonly fc.Arbitrary<number>[]]
>;

describe('elementary functions', () => {
  for (const [name, [fast, slow, ranges]] of Object.entries(FUNCTIONS))
    it(`${name} is rounded correctly over its range`, () => {
      for (const [seed, range] of ranges.entries())
        fc.assert(
          fc.property(range, (x) => {
            if (name.endsWith('Turns') && Number.isInteger(4 * x)) return;
            expect([x, fast(x)]).toEqual([x, slow(x)]);
          }),
          { seed, numRuns: CASES },
        );
    });

  it('pow is rounded correctly over its range', () => {
    const check = (base: number, x: number): void =>
      void expect([base, x, pow(base, x)]).toEqual([base, x, exact.referencePow(base, x)]);
    const checkClear = (base: number, x: number): void => {
      if (!exact.isAlmostHalfway(base, x)) check(base, x);
    };
    fc.assert(fc.property(between(2 ** -300, 2 ** 300), evenly(-3, 3), checkClear), {
      seed: 1,
      numRuns: CASES,
    });
    fc.assert(fc.property(evenly(0.5, 2), evenly(-1000, 1000), checkClear), { seed: 2, numRuns: CASES });
    // Whole powers, of which many are halfway between two doubles.
    fc.assert(fc.property(fc.integer({ min: 1, max: 2 ** 27 }), fc.integer({ min: 1, max: 40 }), check), {
      seed: 3,
      numRuns: CASES,
    });
  });

  it('is exact where the function is', () => {
    expect([exp(0), exp(-0), expm1(0), log(1), log1p(0), log10(1), cosOfTurns(0)]).toEqual([
      1, 1, 0, 0, 0, 0, 1,
    ]);
    expect([expm1(-0), log1p(-0)].every((x) => Object.is(x, -0))).toBe(true);
    for (let k = 0; k <= 22; k++) expect(log10(10 ** k)).toBe(k);
    for (let k = -324; k <= 309; k++) expect(pow10(k)).toBe(Number(`1e${k}`));
    for (let k = -1074; k < 1024; k++) expect(pow(2, k)).toBe(2 ** k);
    expect([pow(2, -1075), pow(0.5, 1075), pow(2, 1024)]).toEqual([0, 0, INFINITE]);
    expect([0.25, 0.5, 0.75, 1].map(cosOfTurns).map((x) => x + 0)).toEqual([0, -1, 0, 1]);
    expect([0.25, 0.5, 0.75, 1].map(sinOfTurns).map((x) => x + 0)).toEqual([1, 0, -1, 0]);
  });

  it('has the values of IEEE 754 and ECMAScript at the ends', () => {
    expect([NAN, INFINITE, -INFINITE, 710, -746, LEAST, -LEAST].map(exp)).toEqual([
      NAN,
      INFINITE,
      0,
      INFINITE,
      0,
      1,
      1,
    ]);
    expect([NAN, INFINITE, -INFINITE, LEAST, -LEAST].map(expm1)).toEqual([NAN, INFINITE, -1, LEAST, -LEAST]);
    for (const f of [log, log10])
      expect([NAN, INFINITE, -INFINITE, 0, -0, -1].map(f)).toEqual([
        NAN,
        INFINITE,
        NAN,
        -INFINITE,
        -INFINITE,
        NAN,
      ]);
    expect([NAN, INFINITE, -INFINITE, -1, -2, LEAST].map(log1p)).toEqual([
      NAN,
      INFINITE,
      NAN,
      -INFINITE,
      NAN,
      LEAST,
    ]);
    expect([NAN, INFINITE, -INFINITE, LEAST].map(pow10)).toEqual([NAN, INFINITE, 0, 1]);
    const ends = [0, LEAST, 0.5, 1, 2, MOST, INFINITE, NAN];
    for (const base of ends)
      for (const x of [0, -0, 1, -1, 2, INFINITE, -INFINITE, NAN])
        expect([base, x, pow(base, x)]).toEqual([base, x, base ** x]);
    expect(pow(-2, 2)).toBeNaN();
  });

  it('reads its tables from nothing but the nearest pairs', () => {
    for (let j = 0; j < 128; j++) {
      expect([ROOTS_OF_TWO[2 * j], ROOTS_OF_TWO[2 * j + 1]]).toEqual(exact.referencePair('root', j));
      const c = LOGARITHMS[3 * j]! * (j >= HALVED_FROM ? 2 : 1);
      expect([LOGARITHMS[3 * j + 1], LOGARITHMS[3 * j + 2]]).toEqual(exact.referencePair('logarithm', c));
      // Few bits, and near 1 / m throughout the part.
      expect(Number.isInteger(512 * c)).toBe(true);
      for (const m of [1 + j / 128, 1 + (j + 1) / 128])
        expect(Math.abs(m * LOGARITHMS[3 * j]! - 1)).toBeLessThanOrEqual(1 / 128);
    }
  });
});

describe('exponents of two', () => {
  it('are exact, also beside powers of two and for subnormal numbers', () => {
    for (let e = -1074; e < 1024; e++) {
      expect(binaryExponent(2 ** e)).toBe(e);
      if (e > -1022) expect(binaryExponent(2 ** e * (1 - 2 ** -53))).toBe(e - 1);
      if (e >= -1022) expect(binaryExponent(2 ** e * (2 - 2 ** -52))).toBe(e);
    }
    for (let bits = 1; bits <= 52; bits++) {
      expect(bitsToNumber(2 ** bits)).toBe(bits);
      expect(bitsToNumber(2 ** bits + 1)).toBe(bits + 1);
    }
    expect([bitsToNumber(1), bitsToNumber(2), bitsToNumber(3)]).toEqual([0, 1, 2]);
  });
});
