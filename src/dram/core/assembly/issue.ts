// Issues the command chosen for a request and updates everything that depends on it.
import { countActivation, countPrecharge, holdPrecharge } from './activity';
import {
  closeBankRow,
  openBankRow,
  passRequests,
  refreshAll,
  refreshDelayed,
  refreshTouched,
  renewCandidate,
  rowToClose,
  updateCandidate,
  updateCandidates,
  wantActivation,
  wantColumns,
} from './candidates';
import { enter } from './entry';
import { autoPrecharge, capsRowHits, countsColumns, idleWork, opensSubarrays } from './features';
import { addWait, addWaits } from './latency';
import { ACT, CONFLICT, HIT, MISS, PRE, RD, RDA } from './layout';
import { reportColumns, reportCommand } from './observation';
import { findRow, leaveQueue } from './queue';
import { servedAt } from './rank-time';
import {
  at,
  bankOf,
  bankQueueOf,
  CLOSED,
  commandOf,
  RequestQueue,
  rankOf,
  Segment,
  s,
  subarrayOf,
} from './state';
import { mayStreak, noteSearch, streakLength, turnStep, turnsLength } from './streak';
import { noteBankCommand } from './timing';

/** The row command that a queue's candidate for a bank is. @inline */
function rowCommandOf(queue: RequestQueue, bankSlot: i32): i32 {
  if (opensSubarrays()) return commandOf(queue, bankSlot);
  return bankOf(bankSlot).openRow === CLOSED ? ACT : PRE;
}

/** The column that a queue's candidate for a bank is. @inline */
export function columnOf(queue: RequestQueue, bankSlot: i32): i32 {
  return autoPrecharge() ? commandOf(queue, bankSlot) : queue.column;
}

/** Issues the ACT, PRE or SASEL that is a queue's candidate for a bank. @inline */
export function issueRow(queue: RequestQueue, bankSlot: i32): void {
  const command = rowCommandOf(queue, bankSlot);
  const segment = bankQueueOf(queue, bankSlot).candidate!;
  if (command === PRE) issuePrecharge(queue, bankSlot, segment);
  else if (command === ACT) issueActivation(queue, bankSlot, segment);
  else {
    bankOf(bankSlot).selected = subarrayOf(segment.row);
    noteRow(command, bankSlot, segment.row);
    updateCandidates(bankSlot);
    if (s.banksTouched) refreshTouched(bankSlot);
  }
}

/** Issues the chosen ACT for a segment. @inline */
function issueActivation(queue: RequestQueue, bankSlot: i32, segment: Segment): void {
  openBankRow(bankSlot, segment.row);
  if (segment.condition === HIT) segment.condition = MISS;
  countActivation(bankOf(bankSlot).rank, bankSlot);
  noteRow(ACT, bankSlot, segment.row);
  if (opensSubarrays()) updateCandidates(bankSlot);
  else wantColumns(queue, bankSlot, segment);
  if (s.banksTouched) refreshTouched(bankSlot);
}

/** Issues the chosen PRE for a segment. @inline */
function issuePrecharge(queue: RequestQueue, bankSlot: i32, segment: Segment): void {
  const row = rowToClose(queue, bankSlot);
  closeBankRow(bankSlot, row);
  segment.condition = CONFLICT;
  countPrecharge(bankOf(bankSlot).rank, bankSlot);
  noteRow(PRE, bankSlot, row);
  if (opensSubarrays()) updateCandidates(bankSlot);
  else wantActivation(bankSlot);
  if (s.banksTouched) refreshTouched(bankSlot);
}

/** Reports a command to a row of a bank, and updates the earliest cycles of those after it. @inline */
function noteRow(command: i32, bankSlot: i32, row: i32): void {
  const rank = bankOf(bankSlot).rank;
  if (s.observed) reportCommand(command, rank, bankSlot, row);
  noteBankCommand(command, rank, bankSlot, subarrayOf(row), s.cycle);
}

/** Issues the column that is a queue's candidate for a bank, and the columns after it that nothing can interrupt. @inline */
export function issueColumns(queue: RequestQueue, bankSlot: i32, command: i32, limit: i32, more: bool): void {
  const segment = bankQueueOf(queue, bankSlot).candidate!;
  const closes = autoPrecharge() && command !== queue.column;
  if (!closes && mayStreak(segment, bankSlot) && issueStreak(queue, bankSlot, segment, limit, more)) return;
  const cycle = s.cycle;
  if (closes) holdPrecharge(command, bankSlot);
  countColumns(queue, bankSlot, segment, 1, cycle, 0);
  if (s.observed) reportColumns(command, bankSlot, segment, 0, 1, cycle, at(s.columnStep, command));
  finishColumns(queue, command, bankSlot, segment, 1, cycle);
}

/** Issues several columns of a bank, or of two banks in turns, if nothing can interrupt them; false, and nothing issued, if something can. */
function issueStreak(queue: RequestQueue, bankSlot: i32, segment: Segment, limit: i32, more: bool): bool {
  const command = queue.column;
  const cycle = s.cycle;
  const step = at(s.columnStep, command);
  s.chosenBank = bankSlot;
  const count = segment.size > 1 ? streakLength(queue, segment, step, limit, more) : 1;
  const turns = count === 1 && s.turns ? turnsLength(queue, segment, limit, more) : 1;
  noteSearch(count * turns > 1);
  if (turns > 1) issueTurns(queue, segment, turns);
  else if (count > 1) {
    countTurn(queue, bankSlot, segment, count, cycle, step);
    if (s.observed) reportColumns(command, bankSlot, segment, 0, count, cycle, step);
    // Each column makes room for a request that enters a cycle later. The one after the last column enters in `feed`.
    if (s.feeding) enter(cycle + 1, step, count - 1);
    finishTurn(queue, command, bankSlot, segment, count, cycle + (count - 1) * step);
  }
  return count * turns > 1;
}

/** Issues the chosen column of a row that an overdue refresh closes next. Its queue need not be the one that is served. */
export function issueActivated(): void {
  const command = s.chosen;
  const bankSlot = s.chosenBank;
  const cycle = s.cycle;
  const queue = command === RD || command === RDA ? s.reads : s.writes;
  const segment = findRow(bankQueueOf(queue, bankSlot).head, bankOf(bankSlot).openRow)!;
  const step = at(s.columnStep, command);
  if (command === queue.closingColumn) holdPrecharge(command, bankSlot);
  countTurn(queue, bankSlot, segment, 1, cycle, step);
  if (s.observed) reportColumns(command, bankSlot, segment, 0, 1, cycle, step);
  finishTurn(queue, command, bankSlot, segment, 1, cycle);
  // The bank is stopped, so it has no candidate, whose priority the line above may have changed.
  updateCandidate(queue, bankSlot);
}

/** Issues `count` columns in turns, of the chosen bank and of its partner. */
function issueTurns(queue: RequestQueue, segment: Segment, count: i32): void {
  const cycle = s.cycle;
  const bankSlot = s.chosenBank;
  const partner = s.partner;
  const second = bankQueueOf(queue, partner).candidate!;
  const step = turnStep(queue, bankSlot, partner);
  const ofPartner = count >> 1;
  const own = count - ofPartner;
  countTurn(queue, bankSlot, segment, own, cycle, 2 * step);
  countTurn(queue, partner, second, ofPartner, cycle + step, 2 * step);
  if (s.observed)
    for (let i = 0; i < count; i++)
      reportColumns(
        queue.column,
        i & 1 ? partner : bankSlot,
        i & 1 ? second : segment,
        i >> 1,
        1,
        cycle + i * step,
        step,
      );
  if (s.feeding) enter(cycle + 1, step, count - 1);
  const last = cycle + (count - 1) * step;
  // The bank of the last column is finished last, because the latest cycle counts.
  if (own === ofPartner) finishTurn(queue, queue.column, bankSlot, segment, own, last - step);
  finishTurn(queue, queue.column, partner, second, ofPartner, own === ofPartner ? last : last - step);
  if (own > ofPartner) finishTurn(queue, queue.column, bankSlot, segment, own, last);
}

/** The same as `countColumns`, where that need not be fast. */
function countTurn(
  queue: RequestQueue,
  bankSlot: i32,
  segment: Segment,
  count: i32,
  cycle: i32,
  step: i32,
): void {
  countColumns(queue, bankSlot, segment, count, cycle, step);
}

/** The same as `finishColumns`, where that need not be fast. */
function finishTurn(
  queue: RequestQueue,
  command: i32,
  bankSlot: i32,
  segment: Segment,
  count: i32,
  last: i32,
): void {
  finishColumns(queue, command, bankSlot, segment, count, last);
}

/** Removes `count` columns, the last of them issued at `last`, from a segment and updates their bank, rank and queue. @inline */
function finishColumns(
  queue: RequestQueue,
  command: i32,
  bankSlot: i32,
  segment: Segment,
  count: i32,
  last: i32,
): void {
  const bank = bankOf(bankSlot);
  const row = segment.row;
  noteBankCommand(command, bank.rank, bankSlot, subarrayOf(row), last);
  if (idleWork()) {
    const rank = rankOf(bank.rank);
    rank.waiting -= count;
    rank.lastColumn = last;
    bank.used = last;
  }
  if (countsColumns()) bank.columns += count;
  queue.lastColumn = s.start + <i64>last;
  s.lastProgress = last;
  s.cycle = last;
  const emptied = leaveQueue(queue, bankSlot, segment, count);
  const closes = autoPrecharge() && command !== queue.column;
  if (closes) closeBankRow(bankSlot, row);
  if (closes || capsRowHits()) {
    updateCandidate(queue, bankSlot);
    updateCandidates(bankSlot);
  } else if (emptied || autoPrecharge()) renewCandidate(queue, bankSlot);
  else passRequests(queue, bankSlot, count);
  if (s.banksTouched) refreshAll();
  else {
    // A new candidate has its earliest cycle.
    if (!emptied) refreshDelayed(queue, bankSlot, command);
    refreshDelayed(queue === s.reads ? s.writes : s.reads, bankSlot, command);
  }
}

/** @inline */
function addTo(counter: usize, more: f64): void {
  store<f64>(counter, load<f64>(counter) + more);
}

/** Counts columns in the statistics, the first at `cycle` and each `step` cycles after the one before. @inline */
function countColumns(
  queue: RequestQueue,
  bankSlot: i32,
  segment: Segment,
  count: i32,
  cycle: i32,
  step: i32,
): void {
  const columns = <f64>count;
  // By address rather than by branch: which it is cannot be predicted.
  addTo(servedAt(queue, bankSlot, segment.condition), 1);
  if (count > 1) addTo(servedAt(queue, bankSlot, HIT), columns - 1);
  addTo(
    s.subarrayAccesses + ((<usize>(bankSlot * s.subarraysOfBank + subarrayOf(segment.row))) << 3),
    columns,
  );
  const wait = s.start + <i64>cycle - segment.entered;
  if (count === 1) addWait(queue, wait, 1);
  else addWaits(queue, wait, <i64>step - segment.step, count);
}
