import type { Chip } from '../../src/faults/weak-cells-at.ts';
import { weakCellsAt } from '../../src/faults/weak-cells-at.ts';
import type { Placement } from '../../src/hardware/placement.ts';
import type { WeightFormat } from '../../src/snn/weight-format.ts';
import { bestRotation, wordBits } from './rotations.ts';

/** Where the bits of weights lie: weight rows of `neurons` weights of `bits` bits, `rowStride` bytes apart. */
export interface BitShape {
  readonly rows: number;
  readonly neurons: number;
  readonly bits: number;
  readonly rowStride: number;
}

/**
 * Codes of weights as a chip gives them back whose weak cells always flip: walks every bit of every weight to its cell
 * and asks whether that cell is weak. `planes`: bit p of all weights of a row lie together, the highest p first; a format:
 * each word is rotated by the best of all rotations.
 */
export function readBitByBit(
  codes: Uint32Array,
  { rows, neurons, bits, rowStride }: BitShape,
  placement: Placement,
  chip: Chip,
  supply: number,
  order: 'rows' | 'planes' | WeightFormat,
): Uint32Array {
  const cells = weakCellsAt(chip, supply);
  const found = new Uint32Array(cells.rowBits);
  const isWeak = (row: number, inRow: number): boolean => {
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
    return found.subarray(0, count).includes(cell);
  };
  const rotations = new Map<number, number>();
  /** The bit of the row in which a bit of a weight is written. */
  const writtenAt = (row: number, neuron: number, bit: number): number => {
    if (order === 'planes') return (bits - 1 - bit) * neurons + neuron;
    const inRow = neuron * bits + bit;
    if (order === 'rows') return inRow;
    const length = wordBits(order);
    const first = inRow - (inRow % length);
    const word = row * rowStride * 8 + first;
    const rotation = rotations.get(word) ?? bestRotation(order, (cell) => isWeak(row, first + cell));
    rotations.set(word, rotation);
    return first + ((inRow - first + rotation) % length);
  };
  const read = codes.slice();
  for (let row = 0; row < rows; row++)
    for (let neuron = 0; neuron < neurons; neuron++)
      for (let bit = 0; bit < bits; bit++)
        if (isWeak(row, writtenAt(row, neuron, bit)))
          read[row * neurons + neuron] = (read[row * neurons + neuron]! ^ (1 << bit)) >>> 0;
  return read;
}
