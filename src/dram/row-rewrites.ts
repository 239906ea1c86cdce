import type { BankLevels } from '../hardware/bank-index.ts';
import { createRowTable } from '../hardware/row-table.ts';

/**
 * How often all rows had been written anew when read n (from 0) of a burst was requested. Of one burst it never falls with n.
 * `rowIndex` is the row's (hardware/bank-index.ts).
 */
export type RewritesBefore = (rowIndex: number, column: number, n: number) => number;

/**
 * Takes reads of `count` bursts of a row from `column` on, in the order in which they are served; answers whether they are
 * the row's first since it was written anew.
 */
export type FirstSinceRewriting = (rowIndex: number, column: number, count: number) => boolean;

/**
 * Finds the first read of each row after each rewriting of all rows. It must be given every read of the rows that it is asked
 * about. The rewriting itself is no command; a row counts as rewritten just before the first of these reads.
 */
export function watchRewrites(
  levels: BankLevels,
  columns: number,
  rewritesBefore: RewritesBefore,
): FirstSinceRewriting {
  const reads = createRowTable<Int32Array>(levels);
  const rewrites = createRowTable<number>(levels);
  return (rowIndex, column, count) => {
    let own = reads.get(rowIndex);
    if (own === undefined) {
      own = new Int32Array(columns);
      reads.set(rowIndex, own);
    }
    let most = 0;
    for (let c = column; c < column + count; c++)
      most = Math.max(most, rewritesBefore(rowIndex, c, own[c]!++));
    if (most <= (rewrites.get(rowIndex) ?? 0)) return false;
    rewrites.set(rowIndex, most);
    return true;
  };
}
