// The columns of rows that were activated for nothing so far: they come before the overdue refresh that closes the rows.

import { columnFor } from './candidates';
import { oldestBank } from './choice';
import { inOrder } from './features';
import { NEVER } from './layout';
import { findRow } from './queue';
import {
  AWAKE,
  bankOf,
  bankQueueOf,
  bankSlotOf,
  CLOSED,
  Rank,
  RequestQueue,
  Segment,
  s,
  subarrayOf,
} from './state';
import { bankCommandEarliest } from './timing';

/**
 * Proposes, of the banks that the rank's overdue refresh stops and whose open row has given no column since its activation, the
 * column that may go first, in the same cycle that of the oldest request in either queue. Returns whether there is any.
 */
export function proposeActivated(rank: Rank): bool {
  if (rank.asleep !== AWAKE) return false;
  let first = -1;
  let from = NEVER;
  let command = 0;
  let entered: i64 = 0;
  const step = s.perBankRefresh ? s.refreshTurns : 1;
  for (let inRank = s.perBankRefresh ? rank.target : 0; inRank < s.banks; inRank += step) {
    const bankSlot = bankSlotOf(rank.index, inRank);
    const bank = bankOf(bankSlot);
    if (bank.openRow === CLOSED || bank.columns > 0) continue;
    const read = oldestOfRow(s.reads, bankSlot, bank.openRow);
    const write = oldestOfRow(s.writes, bankSlot, bank.openRow);
    const reads = read !== null && (write === null || read.entered < write.entered);
    const segment = reads ? read : write;
    if (segment === null) continue;
    const column = columnFor(reads ? s.reads : s.writes, segment);
    const cycle = max(s.cycle, bankCommandEarliest(column, bankSlot, subarrayOf(segment.row)));
    if (cycle > from || (cycle === from && segment.entered > entered)) continue;
    first = bankSlot;
    from = cycle;
    command = column;
    entered = segment.entered;
  }
  if (first < 0) return false;
  if (from < s.chosenAt) {
    s.chosenAt = from;
    s.chosen = command;
    s.chosenBank = first;
    s.chosenIsRankWork = 1;
  }
  return true;
}

/** The oldest request of a queue to a row of a bank; in order, only if it is the oldest of the queue. Null for none. */
function oldestOfRow(queue: RequestQueue, bankSlot: i32, row: i32): Segment | null {
  const segment = findRow(bankQueueOf(queue, bankSlot).head, row);
  if (!inOrder() || segment === null) return segment;
  return segment === bankQueueOf(queue, bankSlot).head && oldestBank(queue) === bankSlot ? segment : null;
}
