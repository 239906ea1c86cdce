import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createChip } from '../../src/faults/chip.ts';
import { decodeImage, type EccRegion, encodedBytes, encodeImage } from '../../src/faults/ecc.ts';
import { listFlips } from '../../src/faults/inject.ts';
import { readWithEcc } from '../../src/faults/read-with-ecc.ts';
import type { Placement } from '../../src/hardware/placement.ts';
import { denseProfile, siteOf, smallOrganisation } from './fixtures.ts';

describe('ECC', () => {
  const images = fc.uint8Array({ minLength: 1, maxLength: 100 });

  it('gives back what was stored', () => {
    fc.assert(
      fc.property(images, images, images, (a, b, c) => {
        const weights = c.slice(0, c.length - (c.length % 4));
        const regions: EccRegion[] = [
          { bytes: a.length, scheme: 'secded' },
          { bytes: b.length, scheme: 'none' },
          { bytes: weights.length, scheme: 'parity', weightBytes: 4, topBits: 9 },
        ];
        const image = Uint8Array.of(...a, ...b, ...weights);
        const stored = encodeImage(image, regions);
        expect(stored.length).toBe(regions.reduce((sum, region) => sum + encodedBytes(region), 0));
        expect(decodeImage(stored, regions)).toEqual({
          image,
          report: { corrected: 0, uncorrectable: 0, zeroed: 0 },
        });
      }),
      { seed: 5, numRuns: 50 },
    );
  });

  it('SECDED corrects any one of a word’s 72 bits and sees any two', () => {
    const image = Uint8Array.of(0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0);
    const regions: EccRegion[] = [{ bytes: 8, scheme: 'secded' }];
    const stored = encodeImage(image, regions);
    expect(stored.length).toBe(9);
    for (let first = 0; first < 72; first++) {
      const one = stored.slice();
      one[first >> 3]! ^= 1 << (first & 7);
      expect(decodeImage(one, regions)).toEqual({
        image,
        report: { corrected: 1, uncorrectable: 0, zeroed: 0 },
      });
      for (let second = first + 1; second < 72; second++) {
        const two = one.slice();
        two[second >> 3]! ^= 1 << (second & 7);
        expect(decodeImage(two, regions).report).toEqual({ corrected: 0, uncorrectable: 1, zeroed: 0 });
      }
    }
  });

  it('parity zeroes a weight whose top bits have an odd number of errors, and no other', () => {
    const image = Uint8Array.from({ length: 48 }, (_, i) => i + 1);
    const regions: EccRegion[] = [{ bytes: 48, scheme: 'parity', weightBytes: 4, topBits: 9 }];
    const stored = encodeImage(image, regions);
    expect(stored.length).toBe(50);
    const hurt = stored.slice();
    hurt[7]! ^= 0x40; // bit 30 of weight 1
    hurt[8]! ^= 0x01; // bit 0 of weight 2: not covered
    const { image: read, report } = decodeImage(hurt, regions);
    expect(report).toEqual({ corrected: 0, uncorrectable: 0, zeroed: 1 });
    const expected = image.slice();
    expected.fill(0, 4, 8);
    expected[8]! ^= 1;
    expect(read).toEqual(expected);
  });

  it.each([
    [[{ bytes: 9, scheme: 'secded' }] as EccRegion[], /cover 9 bytes of an image of 10/],
    [
      [{ bytes: 10, scheme: 'parity', weightBytes: 4, topBits: 1 }] as EccRegion[],
      /does not divide 10 bytes/,
    ],
    [[{ bytes: 10, scheme: 'parity', weightBytes: 2, topBits: 17 }] as EccRegion[], /top 17 bits/],
  ])('refuses regions that do not fit', (regions, what) => {
    expect(() => encodeImage(new Uint8Array(10), regions)).toThrow(what);
  });
});

describe('readWithEcc', () => {
  const site = siteOf(smallOrganisation);
  const rowBytes = 32;
  const rows = 64;
  const placementOf = (imageBytes: number): Placement => ({
    stretches: rows,
    imageBytes,
    channel: new Uint8Array(rows),
    rank: new Uint8Array(rows),
    bank: new Uint16Array(rows),
    row: Uint32Array.from({ length: rows }, (_, i) => i),
    byteInRow: new Uint32Array(rows),
    imageByte: Uint32Array.from({ length: rows }, (_, i) => i * rowBytes),
    bytes: new Uint32Array(rows).fill(rowBytes),
  });

  it('corrects lone errors, check bits among them, and leaves pairs', () => {
    const image = Uint8Array.from({ length: 1800 }, (_, i) => (i * 73) & 255);
    const regions: EccRegion[] = [{ bytes: 1800, scheme: 'secded' }];
    const chip = createChip(denseProfile, site, { seed: 1 });
    const placement = placementOf(2048);
    const { image: read, report } = readWithEcc(image, regions, placement, chip, 1.25);
    const flipsOfWord = new Uint32Array(225);
    for (const bit of listFlips(new Uint8Array(2048), placement, chip, 1.25).imageBit)
      if (bit < 225 * 72) flipsOfWord[Math.floor(bit / 72)]!++;
    const withFlips = (count: number): number => flipsOfWord.filter((flips) => flips === count).length;
    expect(withFlips(1)).toBeGreaterThan(20);
    expect(withFlips(2)).toBeGreaterThan(0);
    expect(report.corrected).toBeGreaterThanOrEqual(withFlips(1));
    expect(report.uncorrectable).toBeGreaterThanOrEqual(withFlips(2));
    flipsOfWord.forEach((flips, word) => {
      if (flips <= 1)
        expect(read.subarray(8 * word, 8 * word + 8)).toEqual(image.subarray(8 * word, 8 * word + 8));
    });
  });

  it('refuses a placement without room for the check bits', () => {
    const chip = createChip(denseProfile, site, { seed: 1 });
    const regions: EccRegion[] = [{ bytes: 2048, scheme: 'secded' }];
    expect(() => readWithEcc(new Uint8Array(2048), regions, placementOf(2048), chip, 1.2)).toThrow(
      /takes 2304 bytes with its check bits, its placement has 2048/,
    );
  });
});
