// How many columns can be issued in a row before anything else could be chosen.

import { allowedByGroup } from './choice';
import { holdsRow, otherQueue } from './entry';
import { autoPrecharge, forwardsWrites, idleWork, inOrder, opensSubarrays } from './features';
import {
  COLUMN_OTHER_GROUP,
  COLUMN_OTHER_RANK,
  COLUMN_OWN_GROUP,
  COLUMN_RELATIONS,
  NEVER,
  PRE,
} from './layout';
import { findRow } from './queue';
import { nextIdleWork } from './rank-work';
import {
  at,
  bankOf,
  bankQueueOf,
  commandOf,
  groupEarliestOf,
  isColumn,
  LOOKUP,
  lookupOf,
  NOTHING,
  PRIORITY,
  READY,
  RequestQueue,
  readyOf,
  Segment,
  s,
  VECTOR,
  vectorOf,
} from './state';

/**
 * How many columns of the chosen bank's segment, from the current one on, `step` cycles apart and before cycle `limit`, are
 * issued whatever happens. Sets `feeding`: whether a request enters after each. The result may be too small but never too
 * large; columns beyond it are chosen one by one.
 */
export function streakLength(queue: RequestQueue, segment: Segment, step: i32, limit: i32, more: bool): i32 {
  const size = segment.size;
  const bankSlot = s.chosenBank;
  if (((s.streaks >> queue.column) & 1) === 0 || s.attention) return 1;
  const before = quietUntil(queue, bankSlot, limit, more);
  if (before < 0) return 1;
  // With auto-precharge the last column to a row may have to close it.
  let count = autoPrecharge() ? size - 1 : size;
  if (s.feeding && (grows(queue, segment, bankSlot, step) || s.portCount < count)) count = s.portCount;
  count = min(count, mayServe(queue));
  // The cap of row hits counts while an older request waits for another row of the bank.
  if (bankQueueOf(queue, bankSlot).head !== segment)
    count = min(count, s.rowHitCap - bankOf(bankSlot).columns);
  if (count <= 1) return 1;
  return bounded(
    count,
    inOrder() ? before : untilOthers(queue, bankSlot, bankSlot, segment.age, before, step),
    step,
  );
}

/** Segments of at least so many requests are always worth a search for a streak. */
const LONG_SEGMENT: i32 = 8;
/** Searches for streaks of shorter ones that are left out at most after one in vain. */
const LONGEST_PAUSE: i32 = 31;

/**
 * Whether a streak of columns may begin with a segment and is worth the search: where searches are in vain, as in mixed
 * streams, short segments are searched ever less often. Columns that are in no streak are chosen one by one. @inline
 */
export function mayStreak(segment: Segment, bankSlot: i32): bool {
  const size = segment.size;
  if (size >= LONG_SEGMENT) return true;
  if (size === 1 && (!s.turns || s.portBank !== bankSlot)) return false;
  if (s.searchRest === 0) return true;
  s.searchRest--;
  return false;
}

/** Notes whether a search found a streak. @inline */
export function noteSearch(found: bool): void {
  s.searchPause = found ? s.searchPause >> 2 : min(LONGEST_PAUSE, 4 * s.searchPause + 7);
  s.searchRest = s.searchPause;
}

/** Fewer columns in turns than this are not worth the search. */
const WORTH_TURNS: i32 = 6;

/**
 * The same for two banks of different groups that issue columns in turns, `turnStep` cycles apart. That is possible where a
 * column delays the next of its own bank group for longer than one of another group, but for at most twice as long. Sets
 * `partner`, the bank that goes second.
 */
export function turnsLength(queue: RequestQueue, segment: Segment, limit: i32, more: bool): i32 {
  const bankSlot = s.chosenBank;
  if (((s.turns >> queue.column) & 1) === 0 || s.attention) return 1;
  if (2 * segment.size < WORTH_TURNS && s.portBank !== bankSlot) return 1;
  const partner = oldestOfOtherGroup(queue, bankSlot);
  if (partner < 0) return 1;
  const second = bankQueueOf(queue, partner).candidate!;
  if (2 * second.size < WORTH_TURNS && s.portBank !== partner) return 1;
  const own = at(s.columnStep, queue.column);
  const step = turnStep(queue, bankSlot, partner);
  if (step >= own || 2 * step < own) return 1;
  const shared = at(groupEarliestOf(partner), queue.column);
  if (max(readyOf(queue, partner), shared) > s.cycle + step) return 1;

  const before = quietUntil(queue, bankSlot, limit, more);
  if (before < 0) return 1;
  const growsFirst = s.feeding && grows(queue, segment, bankSlot, step);
  const growsSecond = s.feeding && grows(queue, second, partner, step);
  // After its last column a bank may have another candidate, so no column of the other may follow that one.
  let count = min(
    growsFirst ? i32.MAX_VALUE : 2 * segment.size - 1,
    growsSecond ? i32.MAX_VALUE : 2 * second.size,
  );
  // The second request of a segment sets the interval of its entries.
  if (growsFirst) segment.step = <i64>step;
  if (growsSecond) second.step = <i64>step;
  if (s.feeding) count = min(count, s.portCount);
  count = min(count, mayServe(queue));
  if (count < WORTH_TURNS) return 1;
  s.partner = partner;
  const age = max(segment.age, second.age);
  return bounded(count, untilOthers(queue, bankSlot, partner, age, before, step), step);
}

/** Cycles from a column of one bank to the next column of the other. */
export function turnStep(queue: RequestQueue, bankSlot: i32, partner: i32): i32 {
  return at(s.columnDelay, queue.column * COLUMN_RELATIONS + relation(bankSlot, bankOf(partner).group));
}

/** The bank outside the chosen bank's group with the oldest column as its candidate, -1 for none. */
function oldestOfOtherGroup(queue: RequestQueue, bankSlot: i32): i32 {
  const own = bankOf(bankSlot).group;
  let least = i32x4.splat(s.rowPriority);
  let candidates = queue.candidates;
  for (let group = 0; group < s.groups; group++)
    for (const end = candidates + vectorOf(s.slotsPerGroup); candidates < end; candidates += VECTOR)
      if (group !== own) least = i32x4.min_s(least, v128.load(candidates, PRIORITY));
  least = i32x4.min_s(least, v128.shuffle<i32>(least, least, 2, 3, 0, 1));
  least = i32x4.min_s(least, v128.shuffle<i32>(least, least, 1, 0, 3, 2));
  const oldest = i32x4.extract_lane(least, 0);
  return oldest < s.rowPriority ? oldest & s.bankMask : -1;
}

/**
 * The cycle before which the limit, refreshes, arriving requests and idle work leave the columns of the served bank
 * undisturbed; -1 if one of them may disturb at once. Sets `feeding`: whether a request enters after each column.
 */
function quietUntil(queue: RequestQueue, bankSlot: i32, limit: i32, more: bool): i32 {
  s.feeding = 0;
  let before = min(limit, s.nextUrgent);
  if (s.portCount === 0) {
    if (more) return -1;
  } else if (s.portArrival > s.cycle) before = min(before, s.portArrival);
  else {
    const port = s.portQueue;
    if (port.count < port.capacity || mayForward(port)) return -1;
    if (port === queue) {
      if (mayWaitForOther() || entryChangesBank(queue, bankSlot)) return -1;
      s.feeding = 1;
    }
  }
  // In the same cycle a column goes before idle work.
  return idleWork() ? min(before, nextIdleWork() + 1) : before;
}

/** Columns after which a drain may end at the low watermark, or ages must be renumbered. */
function mayServe(queue: RequestQueue): i32 {
  if (s.feeding) return (s.ages >> 1) - queue.capacity;
  return queue === s.writes ? queue.count - s.lowWatermark : i32.MAX_VALUE;
}

/**
 * The first cycle, but at most `end`, at which a candidate of a bank other than `one` and `two` could go before their
 * columns; four banks at once. A bank without a candidate is never ready, so it sets no bound. `age` is the age of the
 * served segment, of two segments the greater.
 */
function untilOthers(queue: RequestQueue, one: i32, two: i32, age: i32, end: i32, step: i32): i32 {
  const ages = i32x4.splat(age);
  const next = i32x4.splat(1);
  const never = i32x4.splat(NEVER);
  const column = i32x4.splat(lookupOf(queue.column));
  const lastColumn = i32x4.splat(lookupOf(queue.closingColumn));
  let slots = i32x4(0, 1, 2, 3);
  let before = i32x4.splat(end);
  let candidates = queue.candidates;
  let earliest = s.vectors;
  for (let group = 0; group < s.groups; group++) {
    // A younger column of the same kind never goes first if each served column delays it as long as the next served one,
    // because it loses ties. No age lies between those of a segment, so comparing with one of them is enough.
    const wait = min(
      at(s.columnDelay, queue.column * COLUMN_RELATIONS + relation(one, group)),
      at(s.columnDelay, queue.column * COLUMN_RELATIONS + relation(two, group)),
    );
    const waits = i32x4.splat(wait >= step ? -1 : 0);
    for (const end = candidates + vectorOf(s.slotsPerGroup); candidates < end; candidates += VECTOR) {
      const lookup = v128.load(candidates, LOOKUP);
      const ready = v128.load(candidates, READY);
      const plain = i32x4.eq(lookup, column);
      const younger = i32x4.gt_s(i32x4.shr_s(v128.load(candidates, PRIORITY), s.bankBits), ages);
      const served = v128.or(i32x4.eq(slots, i32x4.splat(one)), i32x4.eq(slots, i32x4.splat(two)));
      const spared = v128.or(v128.and(v128.and(plain, younger), waits), served);
      // In the same cycle a column goes before a row command.
      const shared = allowedByGroup(earliest, lookup);
      const row = i32x4.add(i32x4.max_s(ready, shared), next);
      const anyColumn = v128.or(plain, i32x4.eq(lookup, lastColumn));
      const bound = v128.bitselect(ready, row, anyColumn);
      before = i32x4.min_s(before, v128.bitselect(never, bound, spared));
      slots = i32x4.add(slots, i32x4.splat(4));
      earliest += VECTOR;
    }
  }
  before = i32x4.min_s(before, v128.shuffle<i32>(before, before, 2, 3, 0, 1));
  before = i32x4.min_s(before, v128.shuffle<i32>(before, before, 1, 0, 3, 2));
  return i32x4.extract_lane(before, 0);
}

/** The relation of a bank group to a bank, as columns count it. */
function relation(bankSlot: i32, group: i32): i32 {
  const bank = bankOf(bankSlot);
  return group === bank.group
    ? COLUMN_OWN_GROUP
    : group / s.bankGroups === bank.rank
      ? COLUMN_OTHER_GROUP
      : COLUMN_OTHER_RANK;
}

/** `count` columns, `step` cycles apart, cut to those before cycle `before`; at least the current one. */
function bounded(count: i32, before: i32, step: i32): i32 {
  const left = before - 1 - s.cycle;
  return left < 0 ? 1 : max(1, min(count, left / step + 1));
}

/** Whether the next request to enter may be a read that the write queue answers. */
function mayForward(port: RequestQueue): bool {
  return (
    forwardsWrites() &&
    port === s.reads &&
    findRow(bankQueueOf(s.writes, s.portBank).head, s.portRow) !== null
  );
}

/** Whether requests of the entering run may have to wait for requests to the same bursts in the other queue. */
function mayWaitForOther(): bool {
  return !s.portClear && holdsRow(otherQueue());
}

/** Whether requests of the entering run change the candidate of their bank, if that is not the served one. */
function entryChangesBank(queue: RequestQueue, served: i32): bool {
  const bankSlot = s.portBank;
  if (bankSlot === served) return false;
  const candidate = commandOf(queue, bankSlot);
  if (candidate === NOTHING || candidate === queue.closingColumn) return true;
  return (
    !isColumn(candidate) &&
    (opensSubarrays() || (candidate === PRE && bankOf(bankSlot).openRow === s.portRow))
  );
}

/** Whether requests of the entering run join this segment if each enters `step` cycles after the one before. */
function grows(queue: RequestQueue, segment: Segment, bankSlot: i32, step: i32): bool {
  return (
    segment === queue.lastEntered &&
    segment === bankQueueOf(queue, s.portBank).tail &&
    s.portBank === bankSlot &&
    s.portRow === segment.row &&
    s.portColumn === segment.column + segment.size &&
    (segment.size === 1 || segment.step === <i64>step) &&
    segment.entered + <i64>segment.size * <i64>step === s.start + <i64>(s.cycle + 1)
  );
}
