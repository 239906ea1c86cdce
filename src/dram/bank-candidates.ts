import { findRow } from './bank-queue.ts';
import { type ChannelState, CLOSED, type Lane, NOTHING } from './channel-state.ts';
import { ACT, BANK_COMMANDS, isColumn, PRE, SASEL } from './issued-commands.ts';

export const subarrayOf = (s: ChannelState, row: number): number => Math.floor(row / s.rowsPerSubarray);

/** Works out what a lane wants of a bank, from what waits for it and what is open. */
export function want(s: ChannelState, lane: Lane, bank: number): void {
  const { queue } = lane;
  const first = queue.head[bank]!;
  if (first < 0 || s.blocked[bank] === 1) wantNothing(s, lane, bank);
  else if (s.openSubarrays > 1) wantOfSubarrays(s, lane, bank, first);
  else if (s.openRow[bank] === CLOSED) setCandidate(s, lane, bank, ACT, first, queue.row[first]!);
  else {
    const row = s.openRow[bank]!;
    const hit = s.inOrder ? (queue.row[first] === row ? first : -1) : findRow(queue, first, row);
    if (hit >= 0 && (hit === first || s.columns[bank]! < s.rowHitCap)) wantColumn(s, lane, bank, hit);
    else setCandidate(s, lane, bank, PRE, first, row);
  }
}

export function wantBoth(s: ChannelState, bank: number): void {
  want(s, s.reads, bank);
  want(s, s.writes, bank);
}

function wantNothing(s: ChannelState, lane: Lane, bank: number): void {
  lane.command[bank] = NOTHING;
  lane.bankEntry[bank] = s.allBanks * BANK_COMMANDS;
  lane.priority[bank] = s.noPriority;
}

/** A column; with auto-precharge, if the policy wants it, where nothing else in the queue wants the row. */
function wantColumn(s: ChannelState, lane: Lane, bank: number, segment: number): void {
  const { queue } = lane;
  const row = queue.row[segment]!;
  const last = s.autoPrecharge && queue.size[segment] === 1 && findRow(queue, queue.next[segment]!, row) < 0;
  setCandidate(s, lane, bank, last ? lane.lastColumn : lane.column, segment, row);
}

/** Where several subarrays of a bank may be open. */
function wantOfSubarrays(s: ChannelState, lane: Lane, bank: number, first: number): void {
  const { queue } = lane;
  const open = s.openRows[bank]!;
  const row = queue.row[first]!;
  if (s.openSubarrays === 2 && open.length === 2) {
    setCandidate(s, lane, bank, PRE, first, open[0]!);
    return;
  }

  // The first request whose row is open, and the first of those in the selected subarray.
  let hit = -1;
  let selected = -1;
  for (let segment = first; segment >= 0 && selected < 0; segment = s.inOrder ? -1 : queue.next[segment]!) {
    const wanted = queue.row[segment]!;
    if (!open.includes(wanted)) continue;
    if (hit < 0) hit = segment;
    if (!s.select || subarrayOf(s, wanted) === s.selected[bank]) selected = segment;
  }
  if (hit >= 0 && (open.includes(row) || s.columns[bank]! < s.rowHitCap)) {
    if (selected >= 0) wantColumn(s, lane, bank, selected);
    else setCandidate(s, lane, bank, SASEL, hit, queue.row[hit]!);
    return;
  }
  const obstacle = open.find((other) => subarrayOf(s, other) === subarrayOf(s, row));
  if (obstacle === undefined) setCandidate(s, lane, bank, ACT, first, row);
  else setCandidate(s, lane, bank, PRE, first, obstacle);
}

function setCandidate(
  s: ChannelState,
  lane: Lane,
  bank: number,
  command: number,
  segment: number,
  row: number,
): void {
  const rowPriority = isColumn(command) ? 0 : s.rowPriority;
  lane.command[bank] = command;
  lane.segment[bank] = segment;
  lane.bankEntry[bank] = bank * BANK_COMMANDS + command;
  lane.groupEntry[bank] = s.groupOf[bank]! * BANK_COMMANDS + command;
  if (s.table.subarrays > 0)
    lane.subarrayEntry[bank] = (bank * s.table.subarrays + subarrayOf(s, row)) * BANK_COMMANDS + command;
  lane.priority[bank] = rowPriority | (lane.queue.age[segment]! << s.bankBits) | bank;
}

/** Opens a row of a bank. */
export function openBankRow(s: ChannelState, bank: number, row: number): void {
  s.openRow[bank] = row;
  if (s.openSubarrays > 1) {
    s.openRows[bank]!.push(row);
    s.selected[bank] = subarrayOf(s, row);
  }
  const rank = s.rankOf[bank]!;
  s.openCount[rank] = s.openCount[rank]! + 1;
  s.columns[bank] = 0;
  s.used[bank] = s.cycle;
}

/** Closes one row of a bank. */
export function closeBankRow(s: ChannelState, bank: number, row: number): void {
  const rank = s.rankOf[bank]!;
  s.openCount[rank] = s.openCount[rank]! - 1;
  if (s.openSubarrays > 1) {
    const open = s.openRows[bank]!;
    open.splice(open.indexOf(row), 1);
    if (open.length > 0) return;
  }
  s.openRow[bank] = CLOSED;
}

/** The row of a bank that was opened first, CLOSED for none. */
export const oldestOpenRow = (s: ChannelState, bank: number): number =>
  s.openSubarrays > 1 ? (s.openRows[bank]![0] ?? CLOSED) : s.openRow[bank]!;

/** The row that the PRE wanted by a lane closes. */
export function rowToClose(s: ChannelState, lane: Lane, bank: number): number {
  if (s.openSubarrays === 1) return s.openRow[bank]!;
  const open = s.openRows[bank]!;
  if (s.openSubarrays === 2 && open.length === 2) return open[0]!;
  const subarray = subarrayOf(s, lane.queue.row[lane.segment[bank]!]!);
  return open.find((row) => subarrayOf(s, row) === subarray)!;
}
