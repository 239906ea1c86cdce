// The candidate of each queue for each bank: the command that the bank's requests need next, given its open rows.
import {
  autoPrecharge,
  capsRowHits,
  inOrder,
  opensSubarrays,
  opensTwo,
  selectsSubarrays,
  timesSubarrays,
} from './features';
import { ACT, NEVER, PRE, SASEL } from './layout';
import { findRow, findSegment } from './queue';
import {
  at,
  Bank,
  bankOf,
  bankQueueOf,
  CLOSED,
  commandOf,
  isColumn,
  LOOKUP,
  laneOf,
  lookupOf,
  NO_LOOKUP,
  NOTHING,
  PRIORITY,
  put,
  READY,
  RequestQueue,
  rankOf,
  Segment,
  s,
  subarrayOf,
  vectorOf,
  withLane,
} from './state';
import { bankReady } from './timing';

/** Sets the candidate of a queue for one bank. */
export function updateCandidate(queue: RequestQueue, bankSlot: i32): void {
  renewCandidate(queue, bankSlot);
}

/** The same, where it must be fast. @inline */
export function renewCandidate(queue: RequestQueue, bankSlot: i32): void {
  const first = bankQueueOf(queue, bankSlot).head;
  const bank = bankOf(bankSlot);
  if (first === null || bank.blocked !== 0) clearCandidate(queue, bankSlot);
  else if (opensSubarrays()) updateSubarrayCandidate(queue, bankSlot, bank, first);
  else if (bank.openRow === CLOSED) setCandidate(queue, bankSlot, ACT, first, first.row);
  else {
    const row = bank.openRow;
    const hit = inOrder() ? (first.row === row ? first : null) : findSegment(queue, bankSlot, row);
    if (hit === null) setCandidate(queue, bankSlot, PRE, first, row);
    else if (hit === first || !capsRowHits() || bank.columns < s.rowHitCap)
      setColumnCandidate(queue, bankSlot, hit);
    else setCandidate(queue, bankSlot, PRE, first, row);
  }
}

/** Sets the candidates of both queues for one bank. An empty queue has no candidates to change. */
export function updateCandidates(bankSlot: i32): void {
  if (s.reads.count > 0) updateCandidate(s.reads, bankSlot);
  if (s.writes.count > 0) updateCandidate(s.writes, bankSlot);
}

/** Makes columns to the row that a bank's segment has just opened the candidates of both queues. @inline */
export function wantColumns(queue: RequestQueue, bankSlot: i32, segment: Segment): void {
  setColumnCandidate(queue, bankSlot, segment);
  const other = queue === s.reads ? s.writes : s.reads;
  if (other.count > 0) updateCandidate(other, bankSlot);
}

/** Makes the activation of their first row the candidate of both queues for a bank that is closed and not blocked. @inline */
export function wantActivation(bankSlot: i32): void {
  const read = bankQueueOf(s.reads, bankSlot).head;
  if (read !== null) setCandidate(s.reads, bankSlot, ACT, read, read.row);
  const write = bankQueueOf(s.writes, bankSlot).head;
  if (write !== null) setCandidate(s.writes, bankSlot, ACT, write, write.row);
}

/** Leaves a queue without a candidate for a bank. */
export function clearCandidate(queue: RequestQueue, bankSlot: i32): void {
  storeCandidate(queue, bankSlot, NO_LOOKUP, NEVER, s.noPriority);
}

/** @inline */
function storeCandidate(queue: RequestQueue, bankSlot: i32, lookup: i32, ready: i32, priority: i32): void {
  const vector = queue.candidates + vectorOf(bankSlot);
  const lane = laneOf(bankSlot);
  v128.store(vector, withLane(v128.load(vector, LOOKUP), lane, lookup), LOOKUP);
  v128.store(vector, withLane(v128.load(vector, READY), lane, ready), READY);
  v128.store(vector, withLane(v128.load(vector, PRIORITY), lane, priority), PRIORITY);
}

/** Notes that a bank's column candidate now is for the request `count` younger. @inline */
export function passRequests(queue: RequestQueue, bankSlot: i32, count: i32): void {
  const vector = queue.candidates + vectorOf(bankSlot);
  const older = v128.and(laneOf(bankSlot), i32x4.splat(count << s.bankBits));
  v128.store(vector, i32x4.add(v128.load(vector, PRIORITY), older), PRIORITY);
}

/** Makes a column the candidate. Under the closed page policy the last column to a row has auto-precharge. @inline */
function setColumnCandidate(queue: RequestQueue, bankSlot: i32, segment: Segment): void {
  setCandidate(queue, bankSlot, columnFor(queue, segment), segment, segment.row);
}

/** The column command of a segment's oldest request. @inline */
export function columnFor(queue: RequestQueue, segment: Segment): i32 {
  const last = autoPrecharge() && segment.size === 1 && findRow(segment.next, segment.row) === null;
  return last ? queue.closingColumn : queue.column;
}

/** Sets the candidate of a queue for a bank that may have several rows open. */
function updateSubarrayCandidate(queue: RequestQueue, bankSlot: i32, bank: Bank, first: Segment): void {
  const row = first.row;
  if (opensTwo() && bank.openCount === 2) {
    setCandidate(queue, bankSlot, PRE, first, at(bank.openRows, 0));
    return;
  }

  // The first request whose row is open, and the first of those in the selected subarray.
  let hit: Segment | null = null;
  let selected: Segment | null = null;
  for (let segment: Segment | null = first; segment !== null; segment = segment.next) {
    if (isOpen(bank, segment.row)) {
      if (hit === null) hit = segment;
      if (!selectsSubarrays() || subarrayOf(segment.row) === bank.selected) {
        selected = segment;
        break;
      }
    }
    if (inOrder()) break;
  }
  if (hit !== null && (isOpen(bank, row) || bank.columns < s.rowHitCap)) {
    if (selected !== null) setColumnCandidate(queue, bankSlot, selected);
    else setCandidate(queue, bankSlot, SASEL, hit, hit.row);
    return;
  }
  const obstacle = openRowOf(bank, subarrayOf(row));
  if (obstacle === CLOSED) setCandidate(queue, bankSlot, ACT, first, row);
  else setCandidate(queue, bankSlot, PRE, first, obstacle);
}

/** @inline */
function setCandidate(queue: RequestQueue, bankSlot: i32, command: i32, segment: Segment, row: i32): void {
  const rowPriority = isColumn(command) ? 0 : s.rowPriority;
  storeCandidate(
    queue,
    bankSlot,
    lookupOf(command),
    bankReady(command, bankSlot, subarrayOf(row)),
    rowPriority | (segment.age << s.bankBits) | bankSlot,
  );
  bankQueueOf(queue, bankSlot).candidate = segment;
}

/** Recomputes the earliest cycle at which the bank allows this queue's candidate. @inline */
export function refreshReady(queue: RequestQueue, bankSlot: i32): void {
  const command = commandOf(queue, bankSlot);
  if (command === NOTHING) return;
  const row = !timesSubarrays()
    ? 0
    : command === PRE
      ? rowToClose(queue, bankSlot)
      : bankQueueOf(queue, bankSlot).candidate!.row;
  const ready = bankReady(command, bankSlot, subarrayOf(row));
  const vector = queue.candidates + vectorOf(bankSlot);
  v128.store(vector, withLane(v128.load(vector, READY), laneOf(bankSlot), ready), READY);
}

/** Does so if the last command, which went to this bank, may have changed it. @inline */
export function refreshDelayed(queue: RequestQueue, bankSlot: i32, last: i32): void {
  const command = commandOf(queue, bankSlot);
  if (timesSubarrays() || (at(s.ownDelays, last) >> command) & 1) refreshReady(queue, bankSlot);
}

/** Does so wherever the last command may have changed it; it went to `bankSlot`. @inline */
export function refreshTouched(bankSlot: i32): void {
  if (s.banksTouched) refreshAll();
  else {
    refreshReady(s.reads, bankSlot);
    refreshReady(s.writes, bankSlot);
  }
}

/** Does so for all banks. */
export function refreshAll(): void {
  s.banksTouched = 0;
  for (let bankSlot = 0; bankSlot < s.bankSlots; bankSlot++) {
    refreshReady(s.reads, bankSlot);
    refreshReady(s.writes, bankSlot);
  }
}

function isOpen(bank: Bank, row: i32): bool {
  for (let i = 0; i < bank.openCount; i++) if (at(bank.openRows, i) === row) return true;
  return false;
}

/** The open row of a subarray, CLOSED for none. */
function openRowOf(bank: Bank, subarray: i32): i32 {
  for (let i = 0; i < bank.openCount; i++) {
    const row = at(bank.openRows, i);
    if (subarrayOf(row) === subarray) return row;
  }
  return CLOSED;
}

/** Records that a row of a bank opens in the current cycle. */
export function openBankRow(bankSlot: i32, row: i32): void {
  const bank = bankOf(bankSlot);
  bank.openRow = row;
  if (opensSubarrays()) {
    put(bank.openRows, bank.openCount++, row);
    bank.selected = subarrayOf(row);
  }
  rankOf(bank.rank).openCount++;
  bank.columns = 0;
  bank.used = s.cycle;
}

/** Records that a row of a bank closes. */
export function closeBankRow(bankSlot: i32, row: i32): void {
  const bank = bankOf(bankSlot);
  rankOf(bank.rank).openCount--;
  if (opensSubarrays()) {
    const open = bank.openRows;
    let i = 0;
    while (at(open, i) !== row) i++;
    bank.openCount--;
    for (; i < bank.openCount; i++) put(open, i, at(open, i + 1));
    if (bank.openCount > 0) return;
  }
  bank.openRow = CLOSED;
}

/** The open row of a bank that was activated first, CLOSED for none. */
export function oldestOpenRow(bankSlot: i32): i32 {
  const bank = bankOf(bankSlot);
  if (!opensSubarrays()) return bank.openRow;
  return bank.openCount > 0 ? at(bank.openRows, 0) : CLOSED;
}

/** The row that a queue's candidate PRE closes. */
export function rowToClose(queue: RequestQueue, bankSlot: i32): i32 {
  const bank = bankOf(bankSlot);
  if (!opensSubarrays()) return bank.openRow;
  if (opensTwo() && bank.openCount === 2) return at(bank.openRows, 0);
  return openRowOf(bank, subarrayOf(bankQueueOf(queue, bankSlot).candidate!.row));
}
