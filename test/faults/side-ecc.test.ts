import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeImage, encodeImage } from '../../src/faults/ecc.ts';
import { leftBySecded } from '../../src/faults/side-ecc.ts';

const BURST_BYTES = 32;

describe('check bits beside the data', () => {
  it('leave the bits that the code leaves when its check bits are sound, whatever the data', () => {
    const corrected = { fully: 0, not: 0 };
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: BURST_BYTES, maxLength: BURST_BYTES }),
        fc.uniqueArray(fc.nat(8 * BURST_BYTES - 1), { maxLength: 9 }),
        (data, flips) => {
          const wrong = flips.toSorted((a, b) => a - b);
          const regions = [{ bytes: BURST_BYTES, scheme: 'secded' }] as const;
          const stored = encodeImage(data, regions);
          // A check byte stands behind every 8 bytes of data.
          for (const bit of wrong) {
            const byte = bit >> 3;
            stored[byte + Math.floor(byte / 8)]! ^= 1 << (bit & 7);
          }
          const { image } = decodeImage(stored, regions);
          const left = Array.from({ length: 8 * BURST_BYTES }, (_, bit) => bit).filter(
            (bit) => ((image[bit >> 3]! ^ data[bit >> 3]!) >> (bit & 7)) & 1,
          );
          expect(leftBySecded(wrong)).toEqual(left);
          if (wrong.length > 0) corrected[left.length === 0 ? 'fully' : 'not']++;
        },
      ),
    );
    expect(Math.min(corrected.fully, corrected.not)).toBeGreaterThan(5);
  });
});
