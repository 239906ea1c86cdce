import { subarrayOfRow } from '../hardware/bank-index.ts';
import type { SubarrayRules } from '../hardware/resolved-timing.ts';

/** Which rows of a rank's banks are open. Where a device's subarrays are used apart, a bank may have one in each. */
export interface OpenRows {
  /** How many rows are open in the bank. */
  count(bank: number): number;
  /** Banks with an open row, and the first of them (-1 for none). */
  banks(): number;
  first(): number;
  /** Opens a row. Answers with what forbids it, or undefined. */
  open(bank: number, row: number): string | undefined;
  /** What forbids a column of the row, or undefined. */
  columnFault(bank: number, row: number): string | undefined;
  /** Closes a row, or all rows of the bank if there is no `row`. Answers with how many were open. */
  close(bank: number, row?: number): number;
}

/** No row is open. Without `subarrays` each bank has at most one open row, and rows are not looked at. */
export function createOpenRows(
  banks: number,
  rowsPerSubarray: number,
  subarrays: SubarrayRules | undefined,
): OpenRows {
  const open = Array.from({ length: banks }, () => new Set<number>());
  const most =
    subarrays?.openSubarrays === 'all' ? Number.POSITIVE_INFINITY : (subarrays?.openSubarrays ?? 1);
  const subarrayOf = (row: number): number => (subarrays ? subarrayOfRow({ rowsPerSubarray }, row) : 0);
  let openBanks = 0;
  return {
    count: (bank) => open[bank]!.size,
    banks: () => openBanks,
    first: () => open.findIndex(({ size }) => size > 0),
    open(bank, row) {
      const own = open[bank]!;
      const subarray = subarrayOf(row);
      if (own.has(subarray))
        return `bank ${bank} already has an open row${subarrays ? ` in subarray ${subarray}` : ''}`;
      if (own.size >= most) return `bank ${bank} already has open rows in ${own.size} of its subarrays`;
      if (own.size === 0) openBanks++;
      own.add(subarray);
      return undefined;
    },
    columnFault(bank, row) {
      const own = open[bank]!;
      if (own.size === 0) return `bank ${bank} has no open row`;
      const subarray = subarrayOf(row);
      return own.has(subarray) ? undefined : `bank ${bank} has no open row in subarray ${subarray}`;
    },
    close(bank, row) {
      const own = open[bank]!;
      const before = own.size;
      if (before === 0) return 0;
      // With a single open row there is no choice.
      if (row === undefined || most === 1) own.clear();
      else own.delete(subarrayOf(row));
      if (own.size === 0) openBanks--;
      return before - own.size;
    },
  };
}
