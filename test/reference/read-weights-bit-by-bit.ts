import type { Chip } from '../../src/faults/weak-cells-at.ts';
import { weakCellsAt } from '../../src/faults/weak-cells-at.ts';
import type { Placement } from '../../src/hardware/placement.ts';

/** Where the bits of weights lie: weight rows of `neurons` weights of `bits` bits, `rowStride` bytes apart. */
export interface BitShape {
  readonly rows: number;
  readonly neurons: number;
  readonly bits: number;
  readonly rowStride: number;
}

/**
 * Codes of weights as a chip gives them back whose weak cells always flip: walks every bit of every weight to its cell
 * and asks whether that cell is weak. `inPlanes`: bit p of all weights of a row lie together, the highest p first.
 */
export function readBitByBit(
  codes: Uint32Array,
  { rows, neurons, bits, rowStride }: BitShape,
  placement: Placement,
  chip: Chip,
  supply: number,
  inPlanes: boolean,
): Uint32Array {
  const cells = weakCellsAt(chip, supply);
  const found = new Uint32Array(cells.rowBits);
  const read = codes.slice();
  for (let row = 0; row < rows; row++)
    for (let neuron = 0; neuron < neurons; neuron++)
      for (let bit = 0; bit < bits; bit++) {
        const inRow = inPlanes ? (bits - 1 - bit) * neurons + neuron : neuron * bits + bit;
        const byte = row * rowStride + Math.floor(inRow / 8);
        let stretch = 0;
        while (placement.imageByte[stretch]! + placement.bytes[stretch]! <= byte) stretch++;
        const cell = (placement.byteInRow[stretch]! + byte - placement.imageByte[stretch]!) * 8 + (inRow % 8);
        const count = cells.ofRow(
          placement.channel[stretch]!,
          placement.rank[stretch]!,
          placement.bank[stretch]!,
          placement.row[stretch]!,
          found,
        );
        if (found.subarray(0, count).includes(cell))
          read[row * neurons + neuron] = (read[row * neurons + neuron]! ^ (1 << bit)) >>> 0;
      }
  return read;
}
