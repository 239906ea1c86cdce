import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeWeights,
  encodeWeights,
  largestWeight,
  packCodes,
  plausibleBits,
  unpackCodes,
  WEIGHT_FORMATS,
  type WeightFormat,
  weightBits,
} from '../../src/snn/weight-format.ts';

const weights = fc
  .array(fc.float({ min: 0, max: 1, noNaN: true }), { maxLength: 20 })
  .map((w) => Float32Array.from(w));
const ceilings = [1, 0.53, 2 ** -3];
const round = (exact: Float32Array, format: WeightFormat, ceiling: number): Float32Array =>
  decodeWeights(encodeWeights(exact, format, ceiling), format, ceiling);
const codesOf = (bits: number) => Uint32Array.from({ length: 2 ** bits }, (_, code) => code);

describe.each(WEIGHT_FORMATS)('weights as %s', (format) => {
  const bits = weightBits(format);

  it.each(ceilings)(
    'round to the nearest weight the format has under a ceiling of %f, and once rounded stay',
    (given) => {
      const ceiling = Math.fround(given);
      const most = largestWeight(format, ceiling);
      const known =
        bits === 32
          ? undefined
          : decodeWeights(codesOf(bits), format, ceiling)
              .filter((w) => w >= 0 && w <= most)
              .sort();
      fc.assert(
        fc.property(weights, (shares) => {
          const exact = shares.map((share) => share * ceiling);
          const rounded = round(exact, format, ceiling);
          expect(round(rounded, format, ceiling)).toEqual(rounded);
          if (known === undefined) expect(rounded).toEqual(exact);
          else
            exact.forEach((weight, k) => {
              const above = known.findIndex((candidate) => candidate >= weight);
              // Of floating point the ceiling itself may be rounded down.
              const nearest = Math.min(
                above < 0 ? Number.POSITIVE_INFINITY : known[above]! - weight,
                weight - (known.at(above < 0 ? -1 : above - 1) ?? Number.NEGATIVE_INFINITY),
              );
              expect(Math.abs(rounded[k]! - weight)).toBeLessThanOrEqual(Math.abs(nearest) * (1 + 1e-6));
            });
        }),
        { seed: 1, numRuns: 60 },
      );
    },
  );

  it('hold 0, and the ceiling as the largest weight, which no other exceeds', () => {
    for (const ceiling of ceilings.map(Math.fround)) {
      expect(round(Float32Array.of(0), format, ceiling)[0]).toBe(0);
      const most = largestWeight(format, ceiling);
      expect(round(Float32Array.of(ceiling), format, ceiling)[0]).toBe(most);
      if (format.includes('int')) expect(most).toBe(ceiling);
      fc.assert(
        fc.property(weights, (shares) =>
          round(
            shares.map((share) => share * ceiling),
            format,
            ceiling,
          ).every((weight) => weight <= most),
        ),
        { seed: 2, numRuns: 30 },
      );
    }
  });

  it('have set none but the plausible bits, and each of those in some weight', () => {
    for (const ceiling of ceilings.map(Math.fround)) {
      const some = Float32Array.from({ length: 5000 }, (_, k) => ((k * 0.618034) % 1) * ceiling);
      // Small ones, too, whose exponents fill every lower bit.
      const all = Float32Array.from([...some, ...some.map((w, k) => w * 2 ** -(k % 127)), ceiling]);
      const seen = encodeWeights(all, format, ceiling).reduce((bits, code) => (bits | code) >>> 0, 0);
      expect(seen).toBe(plausibleBits(format, ceiling));
    }
  });

  it('come back from bytes, whatever the codes are', () => {
    const code = fc
      .nat(2 ** Math.min(bits, 31) - 1)
      .map((value) => (bits === 32 ? (value * 2 + 1) >>> 0 : value));
    fc.assert(
      fc.property(fc.array(code, { maxLength: 9 }), (list) => {
        const codes = Uint32Array.from(list);
        const bytes = packCodes(codes, bits);
        expect(bytes.length).toBe(Math.ceil((codes.length * bits) / 8));
        expect(unpackCodes(bytes, bits, codes.length)).toEqual(codes);
      }),
      { seed: 1, numRuns: 60 },
    );
  });
});

describe('the codes', () => {
  const one = (format: WeightFormat, weight: number) => encodeWeights(Float32Array.of(weight), format, 1)[0];

  it('are those of IEEE 754 and bfloat16', () => {
    expect([one('fp32', 1), one('fp16', 1), one('bf16', 1)]).toEqual([0x3f800000, 0x3c00, 0x3f80]);
    expect([one('fp16', 1 / 3), one('bf16', 1 / 3)]).toEqual([0x3555, 0x3eab]);
    // The smallest normal and subnormal of binary16, and half of the latter, which is even.
    expect([2 ** -14, 2 ** -24, 2 ** -25].map((weight) => one('fp16', weight))).toEqual([0x0400, 1, 0]);
    // Ties go to the even neighbour.
    expect([1 - 2 ** -12, 0.5 + 2 ** -12].map((weight) => one('fp16', weight))).toEqual([0x3c00, 0x3800]);
  });

  it('of binary16 mean what the standard says, infinities and NaN included', () => {
    const decoded = decodeWeights(codesOf(16), 'fp16');
    expect([decoded[0x7c00], decoded[0xfc00], decoded[0x7e00]]).toEqual([Infinity, -Infinity, Number.NaN]);
    expect([decoded[0x7bff], decoded[0x03ff], decoded[0xc000]]).toEqual([65_504, 1023 * 2 ** -24, -2]);
    const finite = codesOf(16).filter((code) => (code & 0x7c00) !== 0x7c00);
    expect(encodeWeights(decodeWeights(finite, 'fp16'), 'fp16')).toEqual(finite);
  });

  it("of integers are two's complement, weight 1 being the largest", () => {
    expect([one('int16', 1), one('int8', 1), one('int4', 1)]).toEqual([0x7fff, 0x7f, 0x7]);
    expect([...decodeWeights(Uint32Array.of(0x80, 0xff, 0x40), 'int8', 1)]).toEqual(
      [-128 / 127, -1 / 127, 64 / 127].map(Math.fround),
    );
  });

  it('of unsigned integers have no sign: all bits are magnitude', () => {
    expect([one('uint16', 1), one('uint8', 1), one('uint4', 1)]).toEqual([0xffff, 0xff, 0xf]);
    expect([...decodeWeights(Uint32Array.of(0x80, 0xff, 0x40), 'uint8', 0.5)]).toEqual(
      [64 / 255, 0.5, 32 / 255].map(Math.fround),
    );
  });

  it('of FP32 keep every bit, NaN payloads too', () => {
    const strange = Uint32Array.of(0x7fc01234, 0xffa00001, 0x80000000);
    expect(new Uint32Array(decodeWeights(strange, 'fp32').buffer)).toEqual(strange);
  });

  it('of two 4-bit weights share a byte, the first in its low half', () => {
    expect([...packCodes(Uint32Array.of(1, 2, 3), 4)]).toEqual([0x21, 0x03]);
  });
});
