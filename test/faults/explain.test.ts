import { describe, expect, it } from 'vitest';
import { createChip } from '../../src/faults/chip.ts';
import { explainFlips } from '../../src/faults/explain.ts';
import { injectErrors } from '../../src/faults/inject.ts';
import { codeAt, FORMAT_BITS, NUMBER_FORMATS, valueOfCode } from '../../src/faults/number-format.ts';
import type { Placement } from '../../src/hardware/placement.ts';
import { denseProfile, siteOf, smallOrganisation } from './fixtures.ts';

const placement: Placement = {
  stretches: 2,
  imageBytes: 48,
  channel: Uint8Array.of(0, 0),
  rank: Uint8Array.of(0, 0),
  bank: Uint16Array.of(1, 2),
  row: Uint32Array.of(17, 40),
  byteInRow: Uint32Array.of(0, 8),
  imageByte: Uint32Array.of(0, 32),
  bytes: Uint32Array.of(32, 16),
};

describe('explainFlips', () => {
  it.each(NUMBER_FORMATS)('accounts for every flipped bit of %s weights, one by one', (format) => {
    const chip = createChip(denseProfile, siteOf(smallOrganisation), { seed: 3 });
    const image = Uint8Array.from({ length: 48 }, (_, i) => (i * 59 + 7) & 255);
    const read = image.slice();
    const { flippedBits } = injectErrors(read, placement, chip, 1.05);
    const flips = explainFlips(image, placement, chip, 1.05, format, { scale: 0.25 });
    expect(flips.length).toBe(flippedBits);
    expect(flippedBits).toBeGreaterThan(20);
    const rebuilt = image.slice();
    for (const flip of flips) {
      const bit = flip.weight * FORMAT_BITS[format] + flip.bitOfWeight;
      rebuilt[bit >> 3]! ^= 1 << (bit & 7);
      const inSecond = bit >= 8 * 32;
      expect(flip).toMatchObject({
        bank: inSecond ? 2 : 1,
        row: inSecond ? 40 : 17,
        subarray: inSecond ? 2 : 1,
        bitOfRow: inSecond ? bit - 8 * 32 + 64 : bit,
        stored: valueOfCode(codeAt(image, flip.weight, format), format, 0.25),
      });
      const alone = image.slice();
      alone[bit >> 3]! ^= 1 << (bit & 7);
      expect(flip.read).toEqual(valueOfCode(codeAt(alone, flip.weight, format), format, 0.25));
    }
    expect(rebuilt).toEqual(read);
  });
});
