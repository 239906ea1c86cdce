// Issues what was chosen for a request, and keeps everything that follows from it up to date.
import { countCommand, countsOf, holdPrecharge } from './activity';
import { closeBankRow, openBankRow, refreshTouched, rowToClose, want, wantBoth } from './candidates';
import { enter } from './entry';
import { autoPrecharge, capsRowHits } from './features';
import { addLatencies } from './latency';
import { tellColumns, tellCommand } from './observer';
import { leaveQueue } from './queue';
import {
  ACT,
  at,
  bankOf,
  CONFLICT,
  HIT,
  Lane,
  MISS,
  PRE,
  put,
  queueOf,
  rankOf,
  s,
  Segment,
  subarrayOf,
} from './state';
import { streakLength, turnsLength, turnStep } from './streak';
import { noteCommand } from './timing';

/** Opens, closes or selects a row for the request behind the chosen command. */
// @ts-ignore: decorator
@inline
export function issueRow(lane: Lane): void {
  const command = s.chosen;
  const place = s.chosenBank;
  const bank = bankOf(place);
  const segment = queueOf(lane, place).wanted!;
  const row = command == PRE ? rowToClose(lane, place) : segment.row;
  if (command == ACT) {
    openBankRow(place, row);
    if (segment.condition == HIT) segment.condition = MISS;
  } else if (command == PRE) {
    closeBankRow(place, row);
    segment.condition = CONFLICT;
  } else bank.selected = subarrayOf(row);
  countCommand(command, bank.rank, place);
  if (s.observed) tellCommand(command, bank.rank, place, row);
  noteCommand(command, bank.rank, place, subarrayOf(row), s.cycle);
  wantBoth(place);
  if (s.banksTouched) refreshTouched(place);
}

/** Issues the chosen column and as many after it as nothing can interrupt. */
// @ts-ignore: decorator
@inline
export function issueColumns(lane: Lane, limit: i32, more: bool): void {
  const command = s.chosen;
  const place = s.chosenBank;
  const cycle = s.cycle;
  const segment = queueOf(lane, place).wanted!;
  const step = at(s.columnStep, command);
  let count = 1;
  if (!autoPrecharge() || command == lane.column) {
    if (segment.size > 1) count = streakLength(lane, segment, step, limit, more);
    if (count == 1 && s.turns) {
      const turns = turnsLength(lane, segment, limit, more);
      if (turns > 1) {
        issueTurns(lane, segment, turns);
        return;
      }
    }
  } else holdPrecharge(command, place);
  countColumns(lane, place, segment, count, cycle, step);
  if (s.observed) tellColumns(command, place, segment, 0, count, cycle, step);
  // Each column but the last has made room, filled a cycle later; the last one's is filled by the next cycle's feed.
  if (count > 1 && s.feeding) enter(cycle + 1, step, count - 1);
  finishColumns(lane, command, place, segment, count, cycle + (count - 1) * step);
}

/** Issues columns of the chosen bank and its partner in turns. */
function issueTurns(lane: Lane, segment: Segment, count: i32): void {
  const cycle = s.cycle;
  const place = s.chosenBank;
  const partner = s.partner;
  const second = queueOf(lane, partner).wanted!;
  const step = turnStep(lane, place, partner);
  const ofPartner = count >> 1;
  const own = count - ofPartner;
  countColumns(lane, place, segment, own, cycle, 2 * step);
  countColumns(lane, partner, second, ofPartner, cycle + step, 2 * step);
  if (s.observed)
    for (let i = 0; i < count; i++)
      tellColumns(lane.column, i & 1 ? partner : place, i & 1 ? second : segment, i >> 1, 1, cycle + i * step, step);
  if (s.feeding) enter(cycle + 1, step, count - 1);
  const last = cycle + (count - 1) * step;
  // In the order of time: what comes last counts.
  if (own == ofPartner) finishColumns(lane, lane.column, place, segment, own, last - step);
  finishColumns(lane, lane.column, partner, second, ofPartner, own == ofPartner ? last : last - step);
  if (own > ofPartner) finishColumns(lane, lane.column, place, segment, own, last);
}

/** Takes `count` columns that were issued up to cycle `last` out of a segment, with all that follows for their bank. */
function finishColumns(lane: Lane, command: i32, place: i32, segment: Segment, count: i32, last: i32): void {
  const bank = bankOf(place);
  const row = segment.row;
  noteCommand(command, bank.rank, place, subarrayOf(row), last);
  const rank = rankOf(bank.rank);
  rank.waiting -= count;
  rank.lastColumn = last;
  bank.columns += count;
  bank.used = last;
  const done = s.origin + <f64>last + lane.done;
  if (done > s.lastDone) s.lastDone = done;
  s.lastProgress = last;
  s.cycle = last;
  const emptied = leaveQueue(lane, place, segment, count);
  const closes = autoPrecharge() && command != lane.column;
  if (closes) closeBankRow(place, row);
  if (closes || capsRowHits()) {
    want(lane, place);
    wantBoth(place);
  } else if (emptied || autoPrecharge()) want(lane, place);
  else put(lane.priority, place, at(lane.priority, place) + (count << s.bankBits));
  refreshTouched(place);
}

/** Counts columns from `cycle` on, `step` cycles apart. */
function countColumns(lane: Lane, place: i32, segment: Segment, count: i32, cycle: i32, step: i32): void {
  const columns = <f64>count;
  const counts = countsOf(place);
  if (lane.write) counts.wr += columns;
  else counts.rd += columns;
  counts.hits += columns - 1;
  const condition = segment.condition;
  if (condition == HIT) counts.hits += 1;
  else if (condition == MISS) counts.misses += 1;
  else counts.conflicts += 1;
  const accesses =
    s.subarrayAccesses + (<usize>(place * s.subarraysOfBank + subarrayOf(segment.row)) << 3);
  store<f64>(accesses, load<f64>(accesses) + columns);
  const wait = s.origin + <f64>cycle - segment.entered;
  const growth = <f64>step - segment.step;
  lane.waited += columns * wait + growth * columns * (columns - 1) * 0.5;
  addLatencies(lane.latency, wait + lane.done, growth, count);
}
