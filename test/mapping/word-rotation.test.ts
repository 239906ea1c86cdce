import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layoutRows } from '../../src/mapping/weight-image.ts';
import { rotatedWords } from '../../src/mapping/word-rotation.ts';
import { WEIGHT_FORMATS } from '../../src/snn/weight-format.ts';
import { bitDamage } from '../../src/sparkxd/fragile-bits.ts';
import { randomCases } from '../effort.ts';
import { bestRotation, damageOf, wordBits } from '../reference/rotations.ts';

const formats = fc.constantFrom(...WEIGHT_FORMATS);

/** Layouts whose last words may not fill up, images for them, and bits of theirs, ascending. */
const images = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 40 }), fc.constantFrom(8, 16))
  .map(([rows, rowBytes, burst]) => layoutRows(rows, rowBytes, burst))
  .chain((layout) =>
    fc.record({
      layout: fc.constant(layout),
      image: fc.uint8Array({ minLength: layout.imageBytes, maxLength: layout.imageBytes }),
      bits: fc
        .uniqueArray(fc.nat(8 * layout.imageBytes - 1), { maxLength: layout.imageBytes * 2 })
        .map((bits) => bits.sort((a, b) => a - b)),
    }),
  );

const bitOf = (image: Uint8Array, bit: number): number => (image[bit >>> 3]! >>> (bit & 7)) & 1;

const weakAt = (bits: readonly number[], probability: number) => ({
  imageBit: Float64Array.from(bits),
  probability: new Float64Array(bits.length).fill(probability),
});

describe('words rotated for their weak cells', () => {
  it('hold every bit where the best of all rotations puts it', () => {
    let rotated = 0;
    fc.assert(
      fc.property(formats, images, fc.constantFrom(1, 0.5), (format, { layout, bits }, probability) => {
        const { imageBit } = rotatedWords(layout, bitDamage(format), weakAt(bits, probability));
        const weak = new Set(bits);
        const length = wordBits(format);
        const rowBits = layout.rowStride * 8;
        const whole = Math.floor((layout.rowBytes * 8) / length) * length;
        for (let row = 0; row < layout.rows; row++) {
          for (let first = 0; first < whole; first += length) {
            const word = row * rowBits + first;
            const rotation = bestRotation(format, (cell) => weak.has(word + cell));
            if (rotation > 0) rotated++;
            for (let bit = 0; bit < length; bit++)
              expect(imageBit(word + ((bit + rotation) % length))).toBe(word + bit);
          }
          for (let bit = row * rowBits + whole; bit < (row + 1) * rowBits; bit++)
            expect(imageBit(bit)).toBe(bit);
        }
      }),
      { seed: 21, numRuns: randomCases(150) },
    );
    expect(rotated).toBeGreaterThan(randomCases(200));
  });

  it('are written where each bit is said to lie, and read back as they were', () => {
    fc.assert(
      fc.property(formats, images, (format, { layout, image, bits }) => {
        const before = image.slice();
        const { write, read, imageBit } = rotatedWords(layout, bitDamage(format), weakAt(bits, 1));
        const written = write(image);
        expect(image).toEqual(before);
        for (let bit = 0; bit < 8 * image.length; bit++)
          expect(bitOf(written, bit)).toBe(bitOf(image, imageBit(bit)));
        expect(read(written)).toEqual(image);
      }),
      { seed: 22, numRuns: randomCases(100) },
    );
  });

  it('stay as they are, without side information, where no cell is weak', () => {
    fc.assert(
      fc.property(formats, images, (format, { layout, image }) => {
        const { write, sideBits } = rotatedWords(layout, bitDamage(format), weakAt([], 1));
        expect(write(image)).toEqual(image);
        expect(sideBits).toBe(0);
      }),
      { seed: 23, numRuns: randomCases(30) },
    );
  });

  it('weigh a weak cell by how probably it flips', () => {
    const layout = layoutRows(1, 1, 1);
    const weak = { imageBit: Float64Array.of(0, 4), probability: Float64Array.of(1, 1) };
    // Cells 0 and 4: under every rotation one holds bit p, the other p + 4; the least is bits 0 and 4, first under 0.
    expect(rotatedWords(layout, bitDamage('uint8'), weak).sideBits).toBe(0);
    // Where cell 4 hardly flips, bits 4 and 0 in the other order cost more still, and where cell 0 hardly does, less.
    const other = { ...weak, probability: Float64Array.of(0.01, 1) };
    const { imageBit } = rotatedWords(layout, bitDamage('uint8'), other);
    expect([imageBit(0), imageBit(4)]).toEqual([4, 0]);
  });

  it('take the shorter of a list of rotated words and a rotation for each word', () => {
    const layout = layoutRows(2, 16, 16);
    const damage = bitDamage('uint8');
    // One of 32 words: its place among 16 (4 bits), its rotation (3), and where each of 2 rows begins, and the end (1 each).
    expect(rotatedWords(layout, damage, weakAt([7], 1)).sideBits).toBe(4 + 3 + 3);
    const all = Array.from({ length: 32 }, (_, word) => 8 * word + 7);
    expect(rotatedWords(layout, damage, weakAt(all, 1)).sideBits).toBe(32 * 3);
  });
});

describe('the damage of bit positions', () => {
  it.each(WEIGHT_FORMATS)('of %s is that of its order', (format) => {
    const damage = bitDamage(format);
    expect(damage.length).toBe(wordBits(format));
    expect([...damage]).toEqual(Array.from(damage, (_, position) => Number(damageOf(format, position))));
  });
});
