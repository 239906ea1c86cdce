/** Later than all, and earlier than any constraint reaches back to, in cycles since the last rebase. */
export const NEVER = 1 << 30;
export const LONG_AGO = -(1 << 29);

/**
 * The first cycles at which commands may be issued, in a channel of so many ranks, bank groups a rank, banks a group and
 * banks a rank. Banks and groups are numbered through the channel. Cycles are 32-bit integers, counted from an origin
 * that the owner moves.
 */
export interface EarliestCycles {
  readonly ranks: number;
  readonly bankGroups: number;
  readonly banksPerGroup: number;
  readonly banks: number;
  /** [bank * 8 + command]: constraints between commands to the same bank. The entry after the last is `NEVER`. */
  readonly bankEarliest: Int32Array;
  /** [group * 8 + command]: constraints that reach further than the bank. */
  readonly groupEarliest: Int32Array;
  /** [rank * 14 + command]: what windows demand of commands to the rank. */
  readonly rankWindows: Int32Array;
}

export function raise(earliest: Int32Array, at: number, cycle: number): void {
  if (earliest[at]! < cycle) earliest[at] = cycle;
}

/** Counts from `shift` on: what lies before no longer matters. */
export function rebaseEarliest(earliest: Int32Array, shift: number): void {
  for (let i = 0; i < earliest.length; i++) earliest[i] = Math.max(0, earliest[i]! - shift);
}

/** As `rebaseEarliest`, for cycles of commands that constraints still count from. */
export function rebaseLast(last: Int32Array, shift: number): void {
  for (let i = 0; i < last.length; i++) last[i] = Math.max(LONG_AGO, last[i]! - shift);
}
