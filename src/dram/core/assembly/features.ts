// The features that only the whole core has. In the lean core these functions are constants, so the compiler drops the code
// that depends on them. open-core.ts chooses the core for a channel from the same settings (`isLean`).
import { WHOLE } from './build';
import { NEVER } from './layout';
import { s } from './state';

/** Whether several rows of a bank may be open, in different subarrays. @inline */
export function opensSubarrays(): bool {
  return WHOLE && s.openSubarrays > 1;
}

/** Whether at most two rows of a bank may be open. @inline */
export function opensTwo(): bool {
  return WHOLE && s.openSubarrays === 2;
}

/** Whether subarrays have timing constraints of their own. @inline */
export function timesSubarrays(): bool {
  return WHOLE && s.subarrays > 0;
}

/** Whether an open subarray must be selected before a column. @inline */
export function selectsSubarrays(): bool {
  return WHOLE && s.select !== 0;
}

/** Whether requests are served in the order of their arrival. @inline */
export function inOrder(): bool {
  return WHOLE && s.inOrder !== 0;
}

/** Whether the last column that the queue has for a row closes it. @inline */
export function autoPrecharge(): bool {
  return WHOLE && s.autoPrecharge !== 0;
}

/** Whether several rows of a bank may count as open, or one for longer than it is. @inline */
export function countsRows(): bool {
  return autoPrecharge() || opensSubarrays();
}

/** Whether a row has a limit of columns before an older request to another row of its bank. @inline */
export function capsRowHits(): bool {
  return WHOLE && s.rowHitCap < NEVER;
}

/** Whether it matters how many columns a row has served. @inline */
export function countsColumns(): bool {
  return capsRowHits() || servesActivated();
}

/** Whether idle ranks may have work. @inline */
export function idleWork(): bool {
  return WHOLE && s.idleWork !== 0;
}

/** Whether a row without a column since its activation gives one before an overdue refresh. @inline */
export function servesActivated(): bool {
  return WHOLE && s.serveActivated !== 0;
}

/** Whether the write queue answers reads of its bursts. @inline */
export function forwardsWrites(): bool {
  return WHOLE && s.forwardWrites !== 0;
}

/** Whether a command delays other banks of its group for longer than the group itself does. @inline */
export function delaysSiblings(): bool {
  return WHOLE && s.siblings !== 0;
}

/** Whether any bank command beyond the first vector of them (ACT, PRE, RD, WR) is issued. @inline */
export function usesAllCommands(): bool {
  return WHOLE || s.perBankRefresh !== 0;
}
