import type { AddressMapping } from '../dram/address.ts';
import type { Organisation } from '../hardware/device.ts';
import type { WeightRowRuns } from '../mapping/weight-rows.ts';
import type { DramPort } from './dram-port.ts';

/**
 * Weight rows cut where a DRAM row or a channel ends: pieces `start[row]` to `start[row + 1]`, in order, each of `count`
 * consecutive bursts from `column` (counted in bursts) on. `bank` is flat in its rank.
 */
export interface RowPieces {
  readonly start: Uint32Array;
  readonly channel: readonly number[];
  readonly rank: readonly number[];
  readonly bank: readonly number[];
  readonly row: readonly number[];
  readonly column: readonly number[];
  readonly count: readonly number[];
}

export function cutIntoPieces(
  { start, burst, count }: WeightRowRuns,
  { banksPerGroup }: Organisation,
  mapping: AddressMapping,
): RowPieces {
  const rows = start.length - 1;
  const pieces = { channel: [], rank: [], bank: [], row: [], column: [], count: [] } as Record<
    Exclude<keyof RowPieces, 'start'>,
    number[]
  >;
  const starts = new Uint32Array(rows + 1);
  const at = new Int32Array(6);
  for (let row = 0; row < rows; row++) {
    for (let run = start[row]!; run < start[row + 1]!; run++) {
      let first = burst[run]!;
      for (let left = count[run]!; left > 0; ) {
        mapping.decode(first, at);
        const [channel, rank, group, bank, dramRow, column] = at;
        const bursts = Math.min(left, mapping.burstsToRowEnd(first));
        pieces.channel.push(channel!);
        pieces.rank.push(rank!);
        pieces.bank.push(group! * banksPerGroup + bank!);
        pieces.row.push(dramRow!);
        pieces.column.push(column!);
        pieces.count.push(bursts);
        first += bursts;
        left -= bursts;
      }
    }
    starts[row + 1] = pieces.count.length;
  }
  return { start: starts, ...pieces };
}

/** Adds all pieces of a weight row to a request of a port. */
export function addRow(
  port: Pick<DramPort, 'add'>,
  request: number,
  { start, channel, rank, bank, row, column, count }: RowPieces,
  weightRow: number,
): void {
  for (let p = start[weightRow]!; p < start[weightRow + 1]!; p++)
    port.add(request, channel[p]!, rank[p]!, bank[p]!, row[p]!, column[p]!, count[p]!);
}
