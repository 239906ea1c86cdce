// What each queue wants of each bank, from what waits for it and what is open.
import {
  autoPrecharge,
  capsRowHits,
  inOrder,
  opensSubarrays,
  opensTwo,
  selectsSubarrays,
  timesSubarrays,
} from './features';
import { findRow } from './queue';
import {
  ACT,
  at,
  Bank,
  bankOf,
  CLOSED,
  isColumn,
  Lane,
  lookupOf,
  NEVER,
  NOTHING,
  NOWHERE,
  PRE,
  put,
  queueOf,
  rankOf,
  SASEL,
  Segment,
  s,
  subarrayOf,
} from './state';
import { bankReady } from './timing';

export function want(lane: Lane, place: i32): void {
  const first = queueOf(lane, place).head;
  const bank = bankOf(place);
  if (first === null || bank.blocked != 0) wantNothing(lane, place);
  else if (opensSubarrays()) wantOfSubarrays(lane, place, bank, first);
  else if (bank.openRow == CLOSED) setCandidate(lane, place, ACT, first, first.row);
  else {
    const row = bank.openRow;
    const hit = inOrder() ? (first.row == row ? first : null) : findRow(first, row);
    if (hit !== null && (hit === first || !capsRowHits() || bank.columns < s.rowHitCap)) wantColumn(lane, place, hit);
    else setCandidate(lane, place, PRE, first, row);
  }
}

/** For both lanes; an empty one wants nothing of any bank already. */
export function wantBoth(place: i32): void {
  if (s.reads.count > 0) want(s.reads, place);
  if (s.writes.count > 0) want(s.writes, place);
}

function wantNothing(lane: Lane, place: i32): void {
  put(lane.command, place, NOTHING);
  put(lane.lookup, place, NOWHERE);
  put(lane.ready, place, NEVER);
  put(lane.priority, place, s.noPriority);
}

/** A column; with auto-precharge, if the policy wants it, where nothing else in the queue wants the row. */
function wantColumn(lane: Lane, place: i32, segment: Segment): void {
  const row = segment.row;
  const last = autoPrecharge() && segment.size == 1 && findRow(segment.next, row) === null;
  setCandidate(lane, place, last ? lane.lastColumn : lane.column, segment, row);
}

/** Where several subarrays of a bank may be open. */
function wantOfSubarrays(lane: Lane, place: i32, bank: Bank, first: Segment): void {
  const row = first.row;
  if (opensTwo() && bank.openCount == 2) {
    setCandidate(lane, place, PRE, first, at(bank.openRows, 0));
    return;
  }

  // The first request whose row is open, and the first of those in the selected subarray.
  let hit: Segment | null = null;
  let selected: Segment | null = null;
  for (let segment: Segment | null = first; segment !== null; segment = segment.next) {
    if (isOpen(bank, segment.row)) {
      if (hit === null) hit = segment;
      if (!selectsSubarrays() || subarrayOf(segment.row) == bank.selected) {
        selected = segment;
        break;
      }
    }
    if (inOrder()) break;
  }
  if (hit !== null && (isOpen(bank, row) || bank.columns < s.rowHitCap)) {
    if (selected !== null) wantColumn(lane, place, selected);
    else setCandidate(lane, place, SASEL, hit, hit.row);
    return;
  }
  const obstacle = openRowOf(bank, subarrayOf(row));
  if (obstacle == CLOSED) setCandidate(lane, place, ACT, first, row);
  else setCandidate(lane, place, PRE, first, obstacle);
}

function setCandidate(lane: Lane, place: i32, command: i32, segment: Segment, row: i32): void {
  put(lane.command, place, command);
  put(lane.lookup, place, lookupOf(command));
  put(lane.ready, place, bankReady(command, place, subarrayOf(row)));
  const rowPriority = isColumn(command) ? 0 : s.rowPriority;
  put(lane.priority, place, rowPriority | (segment.age << s.bankBits) | place);
  queueOf(lane, place).wanted = segment;
}

/** Looks up anew from when on a bank allows what a lane wants of it. */
export function refreshReady(lane: Lane, place: i32): void {
  const command = at(lane.command, place);
  if (command == NOTHING) return;
  const row =
    !timesSubarrays()
      ? 0
      : command == PRE
        ? rowToClose(lane, place)
        : queueOf(lane, place).wanted!.row;
  put(lane.ready, place, bankReady(command, place, subarrayOf(row)));
}

/** Does that where a command may have changed it, which went to `place` (negative: to a rank). */
export function refreshTouched(place: i32): void {
  if (s.banksTouched) {
    s.banksTouched = 0;
    for (let other = 0; other < s.places; other++) {
      refreshReady(s.reads, other);
      refreshReady(s.writes, other);
    }
  } else if (place >= 0) {
    refreshReady(s.reads, place);
    refreshReady(s.writes, place);
  }
}

function isOpen(bank: Bank, row: i32): bool {
  for (let i = 0; i < bank.openCount; i++) if (at(bank.openRows, i) == row) return true;
  return false;
}

/** The open row of a subarray. */
function openRowOf(bank: Bank, subarray: i32): i32 {
  for (let i = 0; i < bank.openCount; i++) {
    const row = at(bank.openRows, i);
    if (subarrayOf(row) == subarray) return row;
  }
  return CLOSED;
}

/** Opens a row of a bank. */
export function openBankRow(place: i32, row: i32): void {
  const bank = bankOf(place);
  bank.openRow = row;
  if (opensSubarrays()) {
    put(bank.openRows, bank.openCount++, row);
    bank.selected = subarrayOf(row);
  }
  rankOf(bank.rank).openCount++;
  bank.columns = 0;
  bank.used = s.cycle;
}

/** Closes one row of a bank. */
export function closeBankRow(place: i32, row: i32): void {
  const bank = bankOf(place);
  rankOf(bank.rank).openCount--;
  if (opensSubarrays()) {
    const open = bank.openRows;
    let i = 0;
    while (at(open, i) != row) i++;
    bank.openCount--;
    for (; i < bank.openCount; i++) put(open, i, at(open, i + 1));
    if (bank.openCount > 0) return;
  }
  bank.openRow = CLOSED;
}

/** The row of a bank that was opened first, CLOSED for none. */
export function oldestOpenRow(place: i32): i32 {
  const bank = bankOf(place);
  if (!opensSubarrays()) return bank.openRow;
  return bank.openCount > 0 ? at(bank.openRows, 0) : CLOSED;
}

/** The row that the PRE wanted by a lane closes. */
export function rowToClose(lane: Lane, place: i32): i32 {
  const bank = bankOf(place);
  if (!opensSubarrays()) return bank.openRow;
  if (opensTwo() && bank.openCount == 2) return at(bank.openRows, 0);
  return openRowOf(bank, subarrayOf(queueOf(lane, place).wanted!.row));
}
