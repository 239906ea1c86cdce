import { bytesPerRow, type Organisation } from '../../hardware/device.ts';
import type { Placement } from '../../hardware/placement.ts';
import type { Cell } from '../../results/column.ts';
import type { DamagedTensor } from '../../sparkxd/tensor-damage.ts';
import { elementsOf } from '../../weights/tensor.ts';

/** The columns of a list of flipped bits (docs/weight-formats.md). */
export const FLIP_COLUMNS = [
  'tensor',
  'index',
  'bit',
  'value_before',
  'value_after',
  'channel',
  'rank',
  'bank_group',
  'bank',
  'row',
  'column',
  'bit_of_row',
] as const;

/** One row a flipped bit, by tensor and place in it; those of check bits have no index, bit and values. */
export function* flipRows(
  tensors: readonly DamagedTensor[],
  { channel, rank, bank, row }: Placement,
  organisation: Organisation,
): Generator<readonly Cell[], void, undefined> {
  const { banksPerGroup, columns } = organisation;
  const columnBits = (bytesPerRow(organisation) * 8) / columns;
  for (const { placed, tensor, flips } of tensors) {
    const { name, sound } = placed.coded;
    const before = elementsOf(sound.type, sound.bytes);
    const after = elementsOf(tensor.type, tensor.bytes);
    for (let k = 0; k < flips.size; k++) {
      const element = flips.element[k]!;
      const s = flips.stretch[k]!;
      const rowBit = flips.rowBit[k]!;
      yield [
        name,
        ...(element < 0
          ? [undefined, undefined, undefined, undefined]
          : [element, flips.bit[k], before.get(element), after.get(element)]),
        channel[s],
        rank[s],
        Math.floor(bank[s]! / banksPerGroup),
        bank[s]! % banksPerGroup,
        row[s],
        Math.floor(rowBit / columnBits),
        rowBit,
      ];
    }
  }
}
