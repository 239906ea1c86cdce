import { decodeImage, type EccRegion, encodeImage } from '../../src/faults/ecc.ts';
import { type Chip, weakCellsAt } from '../../src/faults/weak-cells-at.ts';
import type { Placement } from '../../src/hardware/placement.ts';

/**
 * The data of tensors as a chip gives them back whose weak cells always flip: every bit of every stored byte is walked to its
 * cell, which is looked up in the row's list of weak cells. `regions` follow one another in the image, each from the next whole
 * burst on. Borrows the check bits themselves (`encodeImage`, `decodeImage`) and the list of weak cells of a row.
 */
export function damageBitByBit(
  data: readonly Uint8Array[],
  regions: readonly EccRegion[],
  burstBytes: number,
  placement: Placement,
  chip: Chip,
  supply: number,
): { readonly raw: Uint8Array[]; readonly corrected: Uint8Array[]; readonly flips: number[] } {
  const cells = weakCellsAt(chip, supply);
  const found = new Uint32Array(cells.rowBits);
  const isWeak = (imageBit: number): boolean => {
    const byte = Math.floor(imageBit / 8);
    for (let s = 0; s < placement.stretches; s++) {
      const first = placement.imageByte[s]!;
      if (byte < first || byte >= first + placement.bytes[s]!) continue;
      const { channel, rank, bank, row, byteInRow } = placement;
      const count = cells.ofRow(channel[s]!, rank[s]!, bank[s]!, row[s]!, found);
      const cell = (byteInRow[s]! + byte - first) * 8 + (imageBit % 8);
      return found.subarray(0, count).includes(cell);
    }
    throw new Error(`byte ${byte} is placed nowhere`);
  };
  const raw: Uint8Array[] = [];
  const corrected: Uint8Array[] = [];
  const flips: number[] = [];
  let first = 0;
  for (const [k, region] of regions.entries()) {
    const stored = encodeImage(data[k]!, [region]);
    let flipped = 0;
    for (let bit = 0; bit < stored.length * 8; bit++)
      if (isWeak(first * 8 + bit)) {
        stored[Math.floor(bit / 8)]! ^= 1 << (bit % 8);
        flipped++;
      }
    raw.push(stored);
    corrected.push(decodeImage(stored, [region]).image);
    flips.push(flipped);
    first = Math.ceil((first + stored.length) / burstBytes) * burstBytes;
  }
  return { raw, corrected, flips };
}
