import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeWeights,
  encodeWeights,
  packCodes,
  roundWeights,
  unpackCodes,
  WEIGHT_FORMATS,
  weightBits,
} from '../../src/snn/weight-format.ts';

const weights = fc
  .array(fc.float({ min: 0, max: 1, noNaN: true }), { maxLength: 20 })
  .map((w) => Float32Array.from(w));
const codesOf = (bits: number) => Uint32Array.from({ length: 2 ** bits }, (_, code) => code);

describe.each(WEIGHT_FORMATS)('weights as %s', (format) => {
  const bits = weightBits(format);

  it('round to the nearest weight the format has, and once rounded stay', () => {
    const known =
      bits === 32
        ? undefined
        : decodeWeights(codesOf(bits), format)
            .filter((w) => w >= 0 && w <= 1)
            .sort();
    fc.assert(
      fc.property(weights, (exact) => {
        const rounded = roundWeights(exact, format);
        expect(roundWeights(rounded, format)).toEqual(rounded);
        if (known === undefined) expect(rounded).toEqual(exact);
        else
          exact.forEach((weight, k) => {
            const above = known.findIndex((candidate) => candidate >= weight);
            const nearest = Math.min(
              known[above]! - weight,
              weight - (known[above - 1] ?? Number.NEGATIVE_INFINITY),
            );
            expect(Math.abs(rounded[k]! - weight)).toBeLessThanOrEqual(nearest * (1 + 1e-6));
          });
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it('hold 0 and 1 exactly', () => {
    expect([...roundWeights(Float32Array.of(0, 1), format)]).toEqual([0, 1]);
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
  const one = (format: (typeof WEIGHT_FORMATS)[number], weight: number) =>
    encodeWeights(Float32Array.of(weight), format)[0];

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
    expect([...decodeWeights(Uint32Array.of(0x80, 0xff, 0x40), 'int8')]).toEqual(
      [-128 / 127, -1 / 127, 64 / 127].map(Math.fround),
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
