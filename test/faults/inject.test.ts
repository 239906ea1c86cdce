import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createChip } from '../../src/faults/chip.ts';
import { errorModel } from '../../src/faults/error-model.ts';
import { injectErrors, listFlips } from '../../src/faults/inject.ts';
import { measuredChip } from '../../src/faults/measured-chip.ts';
import { subarrayBer } from '../../src/faults/subarray-ber.ts';
import { collectWeakCells } from '../../src/faults/weak-cell-map.ts';
import { weakCellsAt } from '../../src/faults/weak-cells-at.ts';
import { bytesPerRow } from '../../src/hardware/device.ts';
import type { Placement } from '../../src/hardware/placement.ts';
import { referenceRow } from '../reference/weak-cells.ts';
import { allModels, denseProfile, siteOf, smallOrganisation } from './fixtures.ts';

const rowBytes = bytesPerRow(smallOrganisation);

interface Stretch {
  readonly bank: number;
  readonly row: number;
  readonly byteInRow: number;
  readonly bytes: number;
}

function placementOf(stretches: readonly Stretch[]): Placement {
  let imageByte = 0;
  const starts = stretches.map(({ bytes }) => {
    imageByte += bytes;
    return imageByte - bytes;
  });
  return {
    stretches: stretches.length,
    imageBytes: imageByte,
    channel: new Uint8Array(stretches.length),
    rank: new Uint8Array(stretches.length),
    bank: Uint16Array.from(stretches, ({ bank }) => bank),
    row: Uint32Array.from(stretches, ({ row }) => row),
    byteInRow: Uint32Array.from(stretches, (stretch) => stretch.byteInRow),
    imageByte: Uint32Array.from(starts),
    bytes: Uint32Array.from(stretches, ({ bytes }) => bytes),
  };
}

/** Stretches anywhere in a row, neighbours sometimes in the same row. */
const placements = fc
  .array(
    fc
      .record({
        bank: fc.nat(3),
        row: fc.nat(63),
        byteInRow: fc.nat(rowBytes - 1),
        wish: fc.integer({ min: 1, max: rowBytes }),
      })
      .map(({ wish, ...place }) => ({ ...place, bytes: Math.min(wish, rowBytes - place.byteInRow) })),
    { minLength: 1, maxLength: 8 },
  )
  .map(placementOf);

describe('injectErrors', () => {
  it('flips exactly the weak cells under the image: bit by bit as the cell-by-cell map says', () => {
    fc.assert(
      fc.property(
        placements,
        fc.nat(1000),
        fc.constantFrom(...allModels.slice(0, 3)),
        fc.double({ min: 1, max: 1.3, noNaN: true }),
        (placement, seed, model, supply) => {
          const chip = createChip(denseProfile, siteOf(smallOrganisation), { seed, model });
          const image = Uint8Array.from({ length: placement.imageBytes }, (_, i) => (i * 37 + seed) & 255);
          const read = image.slice();
          const { flippedBits } = injectErrors(read, placement, chip, supply);
          let expected = 0;
          for (let s = 0; s < placement.stretches; s++) {
            const weak = new Set(
              referenceRow(chip, 0, 0, placement.bank[s]!, placement.row[s]!)
                .filter(({ failureVoltage }) => (failureVoltage ?? 0) > supply)
                .map(({ bit }) => bit),
            );
            for (let i = 0; i < 8 * placement.bytes[s]!; i++) {
              const imageBit = 8 * placement.imageByte[s]! + i;
              const differs = ((image[imageBit >> 3]! ^ read[imageBit >> 3]!) >> (imageBit & 7)) & 1;
              const isWeak = weak.has(8 * placement.byteInRow[s]! + i);
              expect(differs === 1).toBe(isWeak);
              if (isWeak) expected++;
            }
          }
          expect(flippedBits).toBe(expected);
        },
      ),
      { seed: 5, numRuns: 25 },
    );
  });

  const wholeMemory = placementOf(
    Array.from({ length: 4 * 64 }, (_, i) => ({
      bank: i >> 6,
      row: i & 63,
      byteInRow: 0,
      bytes: rowBytes,
    })),
  );
  const bits = 8 * wholeMemory.imageBytes;

  it('brings about the profile’s bit error rate with any flip probability, by drawing anew for each read', () => {
    const model = errorModel(0, { flipCharged: 0.4 });
    const chip = createChip(denseProfile, siteOf(smallOrganisation), { seed: 4, model });
    const image = new Uint8Array(wholeMemory.imageBytes);
    const reads = 50;
    let flips = 0;
    const masks = new Set<string>();
    for (let read = 0; read < reads; read++) {
      const list = listFlips(image, wholeMemory, chip, 1.15, { read });
      flips += list.size;
      masks.add(list.imageBit.subarray(0, 20).join());
    }
    expect(masks.size).toBe(reads);
    const rate = 10 ** -1.5;
    // Weak cells are fixed: their number is binomial once, the flips over them each time.
    const tolerance = 4 * Math.sqrt(rate / 0.4 / bits) + 4 * Math.sqrt(rate / (bits * reads));
    expect(Math.abs(flips / (reads * bits) - rate)).toBeLessThan(tolerance);
    expect(listFlips(image, wholeMemory, chip, 1.15, { read: 7 })).toEqual(
      listFlips(image, wholeMemory, chip, 1.15, { read: 7 }),
    );
  });

  it('depends on the stored data in model 3, the other way round in anti rows', () => {
    const model = errorModel(3, { flipCharged: 1, flipDischarged: 0, antiRows: 'odd' });
    const chip = createChip(denseProfile, siteOf(smallOrganisation), { seed: 4, model });
    const ones = listFlips(new Uint8Array(wholeMemory.imageBytes).fill(255), wholeMemory, chip, 1.15);
    const zeros = listFlips(new Uint8Array(wholeMemory.imageBytes), wholeMemory, chip, 1.15);
    const rows = (list: typeof ones) => new Set(Array.from(list.stretch, (s) => wholeMemory.row[s]! % 2));
    expect(rows(ones)).toEqual(new Set([0]));
    expect(rows(zeros)).toEqual(new Set([1]));
    const rate = 10 ** -1.5;
    expect((ones.size + zeros.size) / 2 / bits / rate).toBeCloseTo(1, 0);
  });

  it('flips nothing at nominal supply', () => {
    const chip = createChip(denseProfile, siteOf(smallOrganisation), { seed: 4 });
    const image = Uint8Array.from({ length: wholeMemory.imageBytes }, (_, i) => i & 255);
    const read = image.slice();
    expect(injectErrors(read, wholeMemory, chip, 1.35)).toEqual({ flippedBits: 0 });
    expect(read).toEqual(image);
  });

  it('is driven by a measured map exactly as by the generated chip it was taken from', () => {
    for (const model of allModels) {
      const site = siteOf(smallOrganisation);
      const chip = createChip(denseProfile, site, { seed: 12, model });
      const map = collectWeakCells(weakCellsAt(chip, 1.05), 1.35, 1.05);
      const twin = measuredChip(map, site, chip.key);
      const image = Uint8Array.from({ length: wholeMemory.imageBytes }, (_, i) => (i * 101) & 255);
      for (const supply of [1.05, 1.1, 1.2, 1.35]) {
        const [one, other] = [image.slice(), image.slice()];
        injectErrors(one, wholeMemory, chip, supply, { read: 3 });
        injectErrors(other, wholeMemory, twin, supply, { read: 3 });
        expect(other).toEqual(one);
      }
      const expected = subarrayBer(chip, 1.05);
      subarrayBer(twin, 1.05).forEach((ber, i) => {
        expect(Math.abs(ber - expected[i]!)).toBeLessThan(5 * Math.sqrt(expected[i]! / (16 * 256)) + 1e-3);
      });
      expect(() => weakCellsAt(twin, 1.04)).toThrow(/outside the range of the weak-cell map, 1.05 to 1.35 V/);
    }
  });
});
