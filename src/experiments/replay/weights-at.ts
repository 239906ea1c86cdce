import type { StoredTensors } from '../../sparkxd/stored-tensors.ts';
import type { RowRanges } from '../../trace/row-ranges.ts';

/** The tensor that lies at a byte address, and the row of it. */
export type WeightsAt = (address: number) => readonly [tensor: string, row: number];

/** Looks up addresses among rows of tensors; an Error for an address at which none of them lies. */
export function weightsAt(
  { tensors }: Pick<StoredTensors, 'tensors'>,
  { start, address, bytes }: RowRanges,
): WeightsAt {
  const rows = start.length - 1;
  const rowOf = new Uint32Array(address.length);
  for (let row = 0; row < rows; row++) rowOf.fill(row, start[row]!, start[row + 1]!);
  const ascending = Array.from(address.keys()).sort((a, b) => address[a]! - address[b]!);
  return (at) => {
    let low = 0;
    let high = ascending.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (address[ascending[middle]!]! <= at) low = middle;
      else high = middle - 1;
    }
    const range = ascending[low]!;
    const row = rowOf[range]!;
    const tensor = tensors.find(({ part }) => row >= part.firstRow && row < part.firstRow + part.rows);
    if (!tensor || at < address[range]! || at >= address[range]! + bytes[range]!)
      throw new Error(`no weights at address ${at}`);
    return [tensor.name, row - tensor.part.firstRow];
  };
}
