import type { StoredBit } from '../../faults/row-cells.ts';
import { bankLevels, rowIndex } from '../../hardware/bank-index.ts';
import type { Device } from '../../hardware/device.ts';
import type { Placement } from '../../hardware/placement.ts';

/** The bits of an image (as its mapping has it written) by the rows in which it lies; other bits are not known. */
export function storedBits(placement: Placement, image: Uint8Array, { organisation }: Device): StoredBit {
  const levels = bankLevels(organisation);
  const stretchesOf = new Map<number, number[]>();
  for (let s = 0; s < placement.stretches; s++) {
    const { channel, rank, bank, row } = placement;
    const index = rowIndex(levels, channel[s]!, rank[s]!, bank[s]!, row[s]!);
    const stretches = stretchesOf.get(index);
    if (stretches) stretches.push(s);
    else stretchesOf.set(index, [s]);
  }
  return (index, bit) => {
    const byte = Math.floor(bit / 8);
    for (const s of stretchesOf.get(index) ?? []) {
      const within = byte - placement.byteInRow[s]!;
      if (within < 0 || within >= placement.bytes[s]!) continue;
      return ((image[placement.imageByte[s]! + within]! >>> (bit & 7)) & 1) as 0 | 1;
    }
    return undefined;
  };
}
