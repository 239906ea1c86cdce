// What only the whole core can do; in the lean one these are constants, and the compiler drops what depends on them. Which
// of both serves a channel is decided by open-core.ts, from the same settings.
import { WHOLE } from './build';
import { NEVER } from './layout';
import { s } from './state';

/** Several rows of a bank may be open, in different subarrays. @inline */
export function opensSubarrays(): bool {
  return WHOLE && s.openSubarrays > 1;
}

/** Two rows of a bank at most are open. @inline */
export function opensTwo(): bool {
  return WHOLE && s.openSubarrays === 2;
}

/** Timing tells subarrays apart. @inline */
export function timesSubarrays(): bool {
  return WHOLE && s.subarrays > 0;
}

/** An open subarray must be selected before a column. @inline */
export function selectsSubarrays(): bool {
  return WHOLE && s.select !== 0;
}

/** Requests are served in the order of their arrival. @inline */
export function inOrder(): bool {
  return WHOLE && s.inOrder !== 0;
}

/** The last column that the queue wants of a row closes it. @inline */
export function autoPrecharge(): bool {
  return WHOLE && s.autoPrecharge !== 0;
}

/** Only so many columns of a row may go before an older request for another. @inline */
export function capsRowHits(): bool {
  return WHOLE && s.rowHitCap < NEVER;
}

/** There is something that idle ranks do. @inline */
export function idleWork(): bool {
  return WHOLE && s.idleWork !== 0;
}

/** Reads are answered from the write queue. @inline */
export function forwardsWrites(): bool {
  return WHOLE && s.forwardWrites !== 0;
}

/** A command delays some in other banks of its group for longer than its group does. @inline */
export function delaysSiblings(): bool {
  return WHOLE && s.siblings !== 0;
}
