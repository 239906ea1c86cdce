import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ECC_SCHEMES } from '../../src/faults/ecc.ts';
import { flipUniformly } from '../../src/faults/uniform-flips.ts';
import { decodeWeight, encodeWeight, WEIGHT_FORMATS, weightBits } from '../../src/snn/weight-format.ts';
import { layeredBitDamage, layeredDamage, layeredErrors } from '../../src/sparkxd/layered-damage.ts';
import { randomCases } from '../effort.ts';

const SIGNED = WEIGHT_FORMATS.filter((format) => !format.startsWith('u'));

const tensorsOf = (sizes: readonly (readonly [number, number])[]) =>
  sizes.map(([rows, columns], k) => ({
    name: `fc${k}.weight`,
    rows,
    columns,
    weights: Float32Array.from({ length: rows * columns }, (_, i) => ((i * 7919 + k * 31) % 997) / 700 - 0.7),
  }));

const sizes = fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 9 })), {
  minLength: 1,
  maxLength: 3,
});

describe('errors in the tensors of a layered network', () => {
  it('are those of every bit by itself, tensor after tensor, whatever the rates of the others', () => {
    fc.assert(
      fc.property(
        sizes,
        fc.constantFrom(...SIGNED),
        fc.array(fc.constantFrom(0, 0.05, 0.3), { minLength: 3, maxLength: 3 }),
        fc.nat(99),
        (shape, format, rates, seed) => {
          const tensors = tensorsOf(shape);
          const found = layeredErrors(tensors, { format, ecc: 'none', repair: 'none', burstBytes: 32 })(
            rates,
            seed,
          );
          // Slowly: the codes as bits in a row, each tensor from a whole byte on.
          const bits = weightBits(format);
          let byte = 0;
          let flips = 0;
          for (const [k, { weights }] of tensors.entries()) {
            const bytes = Math.ceil((weights.length * bits) / 8);
            const ceiling = Math.fround(
              weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0),
            );
            const scale = ceiling === 0 ? 1 : ceiling;
            // The mask of everything, of which this tensor sees its own part.
            const mask = new Uint8Array(byte + bytes);
            flipUniformly(mask, rates[k]!, seed);
            const bitAt = (bit: number): number => (mask[byte + (bit >> 3)]! >> (bit & 7)) & 1;
            for (let bit = 0; bit < bytes * 8; bit++) flips += bitAt(bit);
            for (const [i, weight] of weights.entries()) {
              let code = encodeWeight(weight, format, scale);
              for (let bit = 0; bit < bits; bit++)
                if (bitAt(i * bits + bit)) code = (code ^ (2 ** bit)) >>> 0;
              expect(found.weights[k]![i]).toEqual(Math.fround(decodeWeight(code, format, scale)));
            }
            byte += bytes;
          }
          expect(found.flippedBits).toBe(flips);
        },
      ),
      { numRuns: randomCases(100, 1000) },
    );
  });

  it('change nothing at the rate 0, with any check bits; SECDED corrects few, repairs stay within the bound', () => {
    const tensors = tensorsOf([
      [6, 9],
      [3, 5],
    ]);
    const sound = tensors.map(({ weights }) => [...weights]);
    for (const ecc of ECC_SCHEMES) {
      const errors = layeredErrors(tensors, { format: 'fp32', ecc, repair: 'zero', burstBytes: 32 });
      const none = errors([0, 0], 3);
      expect(none.weights.map((weights) => [...weights])).toEqual(sound);
      expect(none.flippedBits).toBe(0);
      const many = errors([0.2, 0.2], 3);
      for (const [k, weights] of many.weights.entries()) {
        const bound = Math.max(...tensors[k]!.weights.map(Math.abs));
        for (const weight of weights) expect(Math.abs(weight)).toBeLessThanOrEqual(bound);
      }
    }
    const alone = layeredDamage(tensors, { format: 'fp32', ecc: 'none', repair: 'none', burstBytes: 32 });
    const [first, all] = [alone([1, 0])(0.1, 7), alone([1, 1])(0.1, 7)];
    expect(first[0]).toEqual(all[0]);
    expect([...first[1]!]).toEqual(sound[1]);
    expect(all[1]).not.toEqual(first[1]);
  });

  it('of one bit position flip no other, and none above the bits of a format', () => {
    const tensors = tensorsOf([
      [6, 9],
      [30, 5],
    ]);
    const conditions = {
      format: 'int8',
      ecc: 'none',
      repair: 'none',
      burstBytes: 32,
      tensorFormats: [['fc0.weight', 'int4']],
    } as const;
    const clean = layeredErrors(tensors, conditions)([0, 0], 1).weights;
    const [four, eight] = layeredBitDamage(tensors, conditions, 6)(1, 5);
    expect(four).toEqual(clean[0]);
    const bound = Math.fround(Math.max(...tensors[1]!.weights.map(Math.abs)));
    for (const [i, weight] of eight!.entries()) {
      const code = encodeWeight(tensors[1]!.weights[i]!, 'int8', bound) ^ 64;
      expect(weight).toBe(Math.fround(decodeWeight(code, 'int8', bound)));
    }
  });
});
