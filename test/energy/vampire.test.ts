import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineBits } from '../../src/energy/line-bits.ts';
import {
  dataFactor,
  INTERLEAVINGS,
  REFERENCE_BITS,
  VAMPIRE_VENDORS,
  vampireCurrent,
} from '../../src/energy/vampire.ts';

const RUNS = { seed: 20261123, numRuns: 100 };
const share = fc.double({ min: 0, max: 1, noNaN: true });
const vendor = fc.constantFrom(...VAMPIRE_VENDORS);
const interleaving = fc.constantFrom(...INTERLEAVINGS);

describe("VAMPIRE's currents", () => {
  it('are its equations: vendor A, reads within a row, 165 ones and 219 toggles of 512', () => {
    const bits = { ones: 165 / 512, toggles: 219 / 512 };
    expect(vampireCurrent('a', 'RD', 'column', bits)).toBeCloseTo(
      246.44 + 6.558 * (165 / 8) + 0.431 * (219 / 8),
      9,
    );
    expect(vampireCurrent('c', 'WR', 'none', { ones: 1, toggles: 1 })).toBeCloseTo(540.974 - 3.807 * 64, 9);
  });
  it('make the reference data cost what the device says', () => {
    for (const v of VAMPIRE_VENDORS)
      for (const i of INTERLEAVINGS) expect(dataFactor(v, 'RD', i, REFERENCE_BITS)).toBe(1);
  });
  it('rise with the ones of a read, fall with those of a write, and never fall with toggles', () => {
    fc.assert(
      fc.property(vendor, interleaving, share, share, share, (v, i, a, b, other) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const at = (command: 'RD' | 'WR', ones: number, toggles: number) =>
          dataFactor(v, command, i, { ones, toggles });
        expect(at('RD', high, other)).toBeGreaterThanOrEqual(at('RD', low, other));
        expect(at('WR', high, other)).toBeLessThanOrEqual(at('WR', low, other));
        for (const command of ['RD', 'WR'] as const)
          expect(at(command, other, high)).toBeGreaterThanOrEqual(at(command, other, low));
        expect(at('WR', 1, 0)).toBeGreaterThan(0);
      }),
      RUNS,
    );
  });
});

describe('bits of an image', () => {
  it('are counted by hand: ones of all bytes, toggles from line to line', () => {
    const image = Uint8Array.of(0b1111_0000, 0b0000_0001, 0b1111_1111, 0b0000_0001);
    expect(lineBits(image, 2)).toEqual({ ones: 14 / 32, toggles: (5 + 4) / 32 });
    expect(lineBits(image, 2, 'inverted')).toEqual({ ones: 18 / 32, toggles: (11 + 4) / 32 });
    // 1111_1111 becomes 0000_0000 with its flag set.
    expect(lineBits(image, 2, 'fewest-ones')).toEqual({ ones: (5 + 1 + 1) / 32, toggles: (5 + 4 + 1) / 32 });
  });
  it('agree with a count bit by bit, and fewest-ones leaves no more than there were', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 64 }),
        fc.integer({ min: 1, max: 8 }),
        (bytes, line) => {
          const image = new Uint8Array(bytes.length * line);
          image.set(bytes);
          const text = [...image].map((byte) => byte.toString(2).padStart(8, '0'));
          const ones = text.join('').replaceAll('0', '').length;
          expect(lineBits(image, line).ones * image.length * 8).toBeCloseTo(ones, 6);
          expect(lineBits(image, line, 'inverted').ones).toBeCloseTo(1 - lineBits(image, line).ones, 9);
          const fewest = lineBits(image, line, 'fewest-ones').ones;
          expect(fewest).toBeLessThanOrEqual(Math.min(lineBits(image, line).ones, 0.5));
        },
      ),
      RUNS,
    );
  });
  it('are refused for half a line', () => {
    expect(() => lineBits(new Uint8Array(3), 2)).toThrow(RangeError);
  });
});
