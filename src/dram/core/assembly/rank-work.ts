// The work of ranks: refreshes and wake-ups that must happen, and what idle ranks do (close rows, refresh early, sleep).

import { proposeActivated } from './activated';
import { countPrecharge, countRankCommand } from './activity';
import { closeBankRow, oldestOpenRow, refreshAll, refreshTouched, updateCandidates } from './candidates';
import { opensSubarrays, servesActivated } from './features';
import { LONGEST, NEVER, PDE, PDX, PRE, PREA, REFab, REFpb, SRE, SRX } from './layout';
import { reportCommand } from './observation';
import { findRow } from './queue';
import {
  AWAKE,
  at,
  Bank,
  bankOf,
  bankQueueOf,
  bankSlotOf,
  CLOSED,
  POWER_DOWN,
  Rank,
  RequestQueue,
  rankOf,
  SELF_REFRESH,
  s,
  subarrayOf,
} from './state';
import {
  bankCommandEarliest,
  bankRefreshEarliest,
  noteBankCommand,
  noteBankRefresh,
  noteRankCommand,
  rankEarliest,
} from './timing';

/** After so many refresh intervals without a request entering or served, the run stops: refresh leaves no time. */
const PATIENCE: i64 = 64;

/** Marks the ranks that must stop for their refresh from this cycle on. */
export function noteUrgentRanks(): void {
  s.settled = 0;
  for (let r = 0; r < s.ranks; r++) {
    const rank = rankOf(r);
    if (rank.urgent === 0 && s.cycle >= rank.urgentAt) {
      rank.urgent = 1;
      updateRank(rank);
    }
  }
  updateNextUrgent();
}

function updateNextUrgent(): void {
  let next = NEVER;
  for (let r = 0; r < s.ranks; r++) {
    const rank = rankOf(r);
    if (rank.urgent === 0 && rank.urgentAt < next) next = rank.urgentAt;
  }
  s.nextUrgent = next;
}

/** Recomputes when a rank becomes urgent, which banks it blocks, and whether any rank needs attention. */
export function updateRank(rank: Rank): void {
  const owed = <i64>rank.due + <i64>s.maxPostponed * <i64>s.refreshInterval - <i64>s.refreshLead;
  rank.urgentAt = rank.asleep === SELF_REFRESH ? NEVER : <i32>min(<i64>NEVER, owed);
  const first = rank.index * s.slotsPerRank;
  for (let bankSlot = first; bankSlot < first + s.slotsPerRank; bankSlot++) {
    const bank = bankOf(bankSlot);
    if (bank.inRank < 0) continue;
    const overdue = rank.urgent === 1 && (!s.perBankRefresh || bank.inRank % s.refreshTurns === rank.target);
    bank.blocked = rank.asleep !== AWAKE || overdue ? 1 : 0;
    updateCandidates(bankSlot);
  }
  updateAttention();
}

function updateAttention(): void {
  s.attention = 0;
  for (let r = 0; r < s.ranks; r++) {
    const rank = rankOf(r);
    if (rank.urgent === 1 || (rank.asleep !== AWAKE && rank.waiting > 0)) s.attention = 1;
  }
}

/**
 * Chooses a command to a bank, or to a whole rank (`bankSlot` negative), for the first cycle not before `from` that the
 * constraints allow. Does nothing if that is not before cycle `before`, or not before the cycle of the current choice.
 */
function propose(command: i32, rank: Rank, bankSlot: i32, from: i32, before: i32): void {
  const earliest =
    bankSlot < 0
      ? rankEarliest(command, rank.index)
      : command === REFpb
        ? bankRefreshEarliest(bankSlot)
        : bankCommandEarliest(command, bankSlot, subarrayOf(max(0, oldestOpenRow(bankSlot))));
  const cycle = max(max(s.cycle, from), earliest);
  if (cycle >= before || cycle >= s.chosenAt) return;
  s.chosenAt = cycle;
  s.chosen = command;
  s.chosenBank = bankSlot < 0 ? rank.index * s.slotsPerRank : bankSlot;
  s.chosenIsRankWork = 1;
}

/** Proposes the next command towards a refresh of the rank: wake it, close its rows, refresh. */
function proposeRefresh(rank: Rank, from: i32): void {
  if (rank.asleep === POWER_DOWN) propose(PDX, rank, -1, from, NEVER);
  else if (s.perBankRefresh) proposeBankRefresh(rank, from);
  else propose(rank.openCount > 0 ? PREA : REFab, rank, -1, from, NEVER);
}

/** Proposes that the banks whose turn it is are refreshed or, while any of them is open, that one is closed. */
function proposeBankRefresh(rank: Rank, from: i32): void {
  let closed = true;
  for (let inRank = rank.target; inRank < s.banks; inRank += s.refreshTurns) {
    const bankSlot = bankSlotOf(rank.index, inRank);
    if (oldestOpenRow(bankSlot) === CLOSED) continue;
    closed = false;
    propose(PRE, rank, bankSlot, from, NEVER);
  }
  if (closed) propose(REFpb, rank, bankSlotOf(rank.index, rank.target), from, NEVER);
}

/**
 * Proposes what ranks must do: refresh if they are urgent, wake up if requests wait for them. Returns whether a row gives a
 * column first, for which all other columns wait.
 */
export function chooseRankDuty(): bool {
  let holds = false;
  for (let r = 0; r < s.ranks; r++) {
    const rank = rankOf(r);
    if (rank.urgent === 1) {
      if (servesActivated() && proposeActivated(rank)) holds = true;
      else proposeRefresh(rank, s.cycle);
    } else if (rank.asleep !== AWAKE && rank.waiting > 0)
      propose(rank.asleep === POWER_DOWN ? PDX : SRX, rank, -1, s.cycle, NEVER);
  }
  return holds;
}

/** Proposes what ranks do when no request can be served: close rows after a timeout, refresh early, sleep. */
export function chooseIdleWork(): void {
  for (let r = 0; r < s.ranks; r++) {
    const rank = rankOf(r);
    if (rank.asleep === SELF_REFRESH || rank.urgent === 1) continue;
    if (rank.asleep === AWAKE) {
      if (s.pageTimeout >= 0) proposeTimeouts(rank);
      if (s.maxPostponed > 0 && mayRefreshAhead(rank)) proposeRefresh(rank, rank.due);
    }
    if (rank.waiting === 0) proposeSleep(rank);
  }
}

/** The first cycle from now on in which idle ranks have work, regardless of the current choice. */
export function nextIdleWork(): i32 {
  const chosen = s.chosen;
  const chosenAt = s.chosenAt;
  const chosenBank = s.chosenBank;
  const chosenIsRankWork = s.chosenIsRankWork;
  s.chosenAt = NEVER;
  chooseIdleWork();
  const next = s.chosenAt;
  s.chosen = chosen;
  s.chosenAt = chosenAt;
  s.chosenBank = chosenBank;
  s.chosenIsRankWork = chosenIsRankWork;
  return next;
}

function proposeTimeouts(rank: Rank): void {
  const first = rank.index * s.slotsPerRank;
  for (let bankSlot = first; bankSlot < first + s.slotsPerRank; bankSlot++) {
    if (oldestOpenRow(bankSlot) === CLOSED || hasRowHit(s.reads, bankSlot) || hasRowHit(s.writes, bankSlot))
      continue;
    propose(PRE, rank, bankSlot, bankOf(bankSlot).used + s.pageTimeout, NEVER);
  }
}

/** Whether a request in the queue is to an open row of the bank. */
function hasRowHit(queue: RequestQueue, bankSlot: i32): bool {
  const bank = bankOf(bankSlot);
  const head = bankQueueOf(queue, bankSlot).head;
  if (!opensSubarrays()) return findRow(head, bank.openRow) !== null;
  for (let i = 0; i < bank.openCount; i++) if (findRow(head, at(bank.openRows, i)) !== null) return true;
  return false;
}

function mayRefreshAhead(rank: Rank): bool {
  if (!s.perBankRefresh) return rank.waiting === 0;
  for (let inRank = rank.target; inRank < s.banks; inRank += s.refreshTurns) {
    const bankSlot = bankSlotOf(rank.index, inRank);
    if (bankQueueOf(s.reads, bankSlot).head !== null || bankQueueOf(s.writes, bankSlot).head !== null)
      return false;
  }
  return true;
}

/** Proposes that a rank without requests powers down and, after longer, enters self-refresh; no refresh may be due. */
function proposeSleep(rank: Rank): void {
  const asleep = rank.asleep !== AWAKE;
  const deepFrom = s.selfRefreshAfter < 0 ? NEVER : rank.lastColumn + s.selfRefreshAfter;
  if (!asleep && s.powerDownAfter >= 0)
    propose(PDE, rank, -1, rank.lastColumn + s.powerDownAfter, min(rank.due, deepFrom));
  if (s.selfRefreshAfter >= 0)
    propose(asleep ? PDX : rank.openCount > 0 ? PREA : SRE, rank, -1, deepFrom, rank.due);
}

/** Issues the chosen command to a rank, or to one of its banks, that serves no request. False if refresh leaves no time. */
export function issueRankWork(): bool {
  const command = s.chosen;
  const cycle = s.cycle;
  const bank: Bank = bankOf(s.chosenBank);
  const rank = rankOf(bank.rank);
  const ofBank = command === PRE || command === REFpb;
  const bankSlot = ofBank ? s.chosenBank : -1;
  const row = command === PRE ? oldestOpenRow(bankSlot) : 0;
  if (command === REFpb) noteBankRefresh(rank.index, bankSlot, cycle);
  else if (command === PRE) noteBankCommand(command, rank.index, bankSlot, subarrayOf(row), cycle);
  else noteRankCommand(command, rank.index, cycle);
  if (command === PRE) countPrecharge(rank.index, bankSlot);
  else countRankCommand(command, rank.index, bankSlot);
  if (s.observed) reportCommand(command, rank.index, bankSlot, row);
  if (command === PRE) {
    closeBankRow(bankSlot, row);
    updateCandidates(bankSlot);
    refreshTouched(bankSlot);
    return true;
  }
  if (command === PREA) {
    const first = rank.index * s.slotsPerRank;
    for (let other = first; other < first + s.slotsPerRank; other++) {
      const closed = bankOf(other);
      closed.openRow = CLOSED;
      closed.openCount = 0;
    }
    rank.openCount = 0;
  } else if (command === REFab || command === REFpb) {
    if (!mayProgress()) return false;
    rank.due += s.refreshInterval;
    rank.target = rank.target + 1 === s.refreshTurns ? 0 : rank.target + 1;
    rank.urgent = 0;
  } else if (command === PDE || command === SRE) {
    rank.asleep = command === PDE ? POWER_DOWN : SELF_REFRESH;
    rank.asleepSince = cycle;
  } else {
    if (command === SRX) rank.due += cycle - rank.asleepSince;
    rank.asleep = AWAKE;
  }
  updateRank(rank);
  updateNextUrgent();
  if (s.banksTouched) refreshAll();
  return true;
}

/** False if requests wait but nothing except refreshes has happened for too long. */
function mayProgress(): bool {
  const turns = s.perBankRefresh ? <i64>s.refreshTurns : 1;
  if (<i64>(s.cycle - s.lastProgress) <= PATIENCE * <i64>s.refreshInterval * turns) return true;
  return s.reads.count + s.writes.count === 0;
}

/** Moves the origin of a rank's cycles by `shift`. */
export function rebaseRank(rank: Rank, shift: i32): void {
  rank.lastColumn = max(-LONGEST, rank.lastColumn - shift);
  // A rank in self-refresh postpones its next refresh by the part of its stay before the new origin.
  const since = rank.asleepSince - shift;
  const slept = rank.asleep === SELF_REFRESH ? max(0, -since) : 0;
  rank.asleepSince = max(0, since);
  rank.due = rank.due - shift + slept;
  updateRank(rank);
}
