import { InputError } from '../errors/input-error.ts';
import { closeBankRow, oldestOpenRow, subarrayOf, wantBoth } from './bank-candidates.ts';
import { findRow } from './bank-queue.ts';
import { AWAKE, type ChannelState, CLOSED, POWER_DOWN, SELF_REFRESH } from './channel-state.ts';
import { NEVER } from './earliest-cycles.ts';
import { PDE, PDX, PRE, PREA, REFab, REFpb, SRE, SRX } from './issued-commands.ts';
import { bankCommandEarliest, noteCommand, rankEarliest } from './timing-table.ts';

/** Refresh intervals in which no request enters or is served, after which the device is declared unable to. */
const PATIENCE = 64;

/** Marks the ranks that now owe more refreshes than they may. */
export function noteUrgentRanks(s: ChannelState): void {
  s.settled = false;
  for (let rank = 0; rank < s.ranks; rank++)
    if (s.urgent[rank] === 0 && s.cycle >= s.urgentAt[rank]!) {
      s.urgent[rank] = 1;
      updateRank(s, rank);
    }
  s.nextUrgent = nextUrgentOf(s);
}

function nextUrgentOf(s: ChannelState): number {
  let next = NEVER;
  for (let rank = 0; rank < s.ranks; rank++)
    if (s.urgent[rank] === 0 && s.urgentAt[rank]! < next) next = s.urgentAt[rank]!;
  return next;
}

/** Works out anew, after a change of a rank, when it is urgent, which banks it blocks and whether it needs attention. */
export function updateRank(s: ChannelState, rank: number): void {
  s.urgentAt[rank] =
    s.asleep[rank] === SELF_REFRESH ? NEVER : Math.min(NEVER, s.due[rank]! + s.mayOwe * s.refreshInterval);
  const target = s.refreshes[rank]! % s.banks;
  for (let inRank = 0; inRank < s.banks; inRank++) {
    const bank = rank * s.banks + inRank;
    const overdue = s.urgent[rank] === 1 && (!s.perBankRefresh || inRank === target);
    s.blocked[bank] = s.asleep[rank] !== AWAKE || overdue ? 1 : 0;
    wantBoth(s, bank);
  }
  updateAttention(s);
}

export function updateAttention(s: ChannelState): void {
  s.attention = false;
  for (let rank = 0; rank < s.ranks; rank++)
    if (s.urgent[rank] === 1 || (s.asleep[rank] !== AWAKE && s.waiting[rank]! > 0)) s.attention = true;
}

/** Offers a command of a rank for the cycle from which constraints allow it; the first of equals stays. */
function offer(
  s: ChannelState,
  command: number,
  rank: number,
  bank: number,
  from: number,
  before: number,
): void {
  const earliest =
    bank < 0
      ? rankEarliest(s.table, command, rank)
      : bankCommandEarliest(s.table, command, bank, subarrayOf(s, Math.max(0, oldestOpenRow(s, bank))));
  const at = Math.max(s.cycle, from, earliest);
  if (at >= before || at >= s.chosenAt) return;
  s.chosenAt = at;
  s.chosen = command;
  s.chosenBank = bank < 0 ? rank * s.banks : bank;
  s.chosenWhole = true;
}

/** The next command on the way to a rank's refresh. */
function offerRefresh(s: ChannelState, rank: number, from: number): void {
  if (s.asleep[rank] === POWER_DOWN) offer(s, PDX, rank, -1, from, NEVER);
  else if (s.perBankRefresh) {
    const bank = rank * s.banks + (s.refreshes[rank]! % s.banks);
    offer(s, oldestOpenRow(s, bank) === CLOSED ? REFpb : PRE, rank, bank, from, NEVER);
  } else offer(s, s.openCount[rank]! > 0 ? PREA : REFab, rank, -1, from, NEVER);
}

/** What ranks must do: refresh when they owe too much, wake up when something waits for them. */
export function chooseRankDuty(s: ChannelState): void {
  for (let rank = 0; rank < s.ranks; rank++)
    if (s.urgent[rank] === 1) offerRefresh(s, rank, s.cycle);
    else if (s.asleep[rank] !== AWAKE && s.waiting[rank]! > 0)
      offer(s, s.asleep[rank] === POWER_DOWN ? PDX : SRX, rank, -1, s.cycle, NEVER);
}

/** What ranks do when nothing else is to be done: close unwanted rows, refresh ahead of need, sleep. */
export function chooseIdleWork(s: ChannelState): void {
  for (let rank = 0; rank < s.ranks; rank++) {
    if (s.asleep[rank] === SELF_REFRESH || s.urgent[rank] === 1) continue;
    if (s.asleep[rank] === AWAKE) {
      if (Number.isFinite(s.pageTimeout)) offerTimeouts(s, rank);
      if (s.mayOwe > 0 && mayRefreshAhead(s, rank)) offerRefresh(s, rank, s.due[rank]!);
    }
    if (s.waiting[rank] === 0) offerSleep(s, rank);
  }
}

/** The first cycle from now on in which idle ranks do something, whatever else was chosen. */
export function nextIdleWork(s: ChannelState): number {
  const { chosen, chosenAt, chosenBank, chosenWhole } = s;
  s.chosenAt = NEVER;
  chooseIdleWork(s);
  const next = s.chosenAt;
  s.chosen = chosen;
  s.chosenAt = chosenAt;
  s.chosenBank = chosenBank;
  s.chosenWhole = chosenWhole;
  return next;
}

function offerTimeouts(s: ChannelState, rank: number): void {
  for (let bank = rank * s.banks; bank < (rank + 1) * s.banks; bank++) {
    if (oldestOpenRow(s, bank) === CLOSED || isWanted(s, bank)) continue;
    offer(s, PRE, rank, bank, s.used[bank]! + s.pageTimeout, NEVER);
  }
}

/** Whether a request of either queue hits an open row of the bank. */
function isWanted(s: ChannelState, bank: number): boolean {
  const rows = s.openSubarrays > 1 ? s.openRows[bank]! : [s.openRow[bank]!];
  return [s.reads.queue, s.writes.queue].some((queue) =>
    rows.some((row) => findRow(queue, queue.head[bank]!, row) >= 0),
  );
}

function mayRefreshAhead(s: ChannelState, rank: number): boolean {
  if (!s.perBankRefresh) return s.waiting[rank] === 0;
  const bank = rank * s.banks + (s.refreshes[rank]! % s.banks);
  return s.reads.queue.head[bank]! < 0 && s.writes.queue.head[bank]! < 0;
}

/** An idle rank that owes no refresh powers down, and refreshes itself after longer. */
function offerSleep(s: ChannelState, rank: number): void {
  const due = s.due[rank]!;
  const asleep = s.asleep[rank] !== AWAKE;
  const deepFrom = s.lastColumn[rank]! + s.selfRefreshAfter;
  if (!asleep && Number.isFinite(s.powerDownAfter))
    offer(s, PDE, rank, -1, s.lastColumn[rank]! + s.powerDownAfter, Math.min(due, deepFrom));
  if (Number.isFinite(s.selfRefreshAfter))
    offer(s, asleep ? PDX : s.openCount[rank]! > 0 ? PREA : SRE, rank, -1, deepFrom, due);
}

/** Issues the chosen command of a rank, or of one of its banks without a request behind it. */
export function issueRankWork(s: ChannelState): void {
  const { chosen, chosenBank, cycle } = s;
  const rank = s.rankOf[chosenBank]!;
  const ofBank = chosen === PRE || chosen === REFpb;
  const bank = ofBank ? chosenBank - rank * s.banks : -1;
  const row = chosen === PRE ? oldestOpenRow(s, chosenBank) : 0;
  noteCommand(s.table, chosen, rank, bank, ofBank ? subarrayOf(s, row) : 0, cycle);
  s.sink.command(s.origin + cycle, chosen, rank, bank, row);
  switch (chosen) {
    case PRE:
      closeBankRow(s, chosenBank, row);
      wantBoth(s, chosenBank);
      return;
    case PREA:
      s.openRow.fill(CLOSED, rank * s.banks, (rank + 1) * s.banks);
      for (let b = rank * s.banks; b < (rank + 1) * s.banks; b++) s.openRows[b]!.length = 0;
      s.openCount[rank] = 0;
      break;
    case REFab:
    case REFpb:
      requireProgress(s);
      s.due[rank] = s.due[rank]! + s.refreshInterval;
      s.refreshes[rank]!++;
      s.urgent[rank] = 0;
      break;
    case PDE:
    case SRE:
      s.asleep[rank] = chosen === PDE ? POWER_DOWN : SELF_REFRESH;
      s.asleepSince[rank] = cycle;
      break;
    case SRX:
      s.due[rank] = s.due[rank]! + cycle - s.asleepSince[rank]!;
      s.asleep[rank] = AWAKE;
      break;
    default:
      s.asleep[rank] = AWAKE;
  }
  updateRank(s, rank);
  s.nextUrgent = nextUrgentOf(s);
}

/** Throws InputError when only refreshes have been issued for long while requests wait. */
function requireProgress(s: ChannelState): void {
  const { waiting, cycle, lastProgress, refreshInterval, banks, perBankRefresh } = s;
  const patience = PATIENCE * refreshInterval * (perBankRefresh ? banks : 1);
  if (cycle - lastProgress > patience && waiting.some((requests) => requests > 0))
    throw new InputError(`refresh leaves no time for accesses: one is due every ${refreshInterval} cycles`, {
      remedy: 'check tREFI, tRFCab and tRFCpb of the device',
    });
}
