// How many columns of one segment follow each other whatever comes.
import { sharedByRows } from './choice';
import { nextIdleWork } from './rank-work';
import { findRow } from './queue';
import {
  at,
  bankOf,
  isColumn,
  Lane,
  NEVER,
  NOTHING,
  PRE,
  queueOf,
  s,
  Segment,
} from './state';

/**
 * Plain columns of the chosen bank's segment from the current cycle on, `step` cycles apart and all before cycle
 * `limit`; `feeding` tells whether a request enters after each. A bound may be narrower than need be, never wider:
 * columns beyond it are chosen one by one.
 */
export function streakLength(lane: Lane, segment: Segment, step: i32, limit: i32, more: bool): i32 {
  const size = segment.size;
  const place = s.chosenBank;
  if (((s.streaks >> lane.column) & 1) == 0 || s.attention) return 1;
  // The last column that the queue wants of a row may have to close it.
  let count = s.autoPrecharge ? size - 1 : size;
  let before = min(limit, s.nextUrgent);

  if (s.portCount == 0) {
    if (more) return 1;
  } else if (s.portArrival > s.cycle) before = min(before, s.portArrival);
  else {
    const port = s.portLane;
    if (port.count < port.capacity || mayForward(port)) return 1;
    if (port === lane) {
      if (entryChangesBank(lane, place)) return 1;
      s.feeding = 1;
      // Whatever enters after the run's last request may be of any kind.
      if (grows(lane, segment, size, step) || s.portCount < count) count = s.portCount;
      count = min(count, (s.ages >> 1) - lane.capacity);
    }
  }
  // A drain ends at the low watermark; a row may not be hit for ever while an older request waits for another.
  if (lane === s.writes && !s.feeding) count = min(count, lane.count - s.lowWatermark);
  if (queueOf(lane, place).head !== segment) count = min(count, s.rowHitCap - bankOf(place).columns);
  if (count <= 1) return 1;
  // A column goes before idle work of the same cycle.
  if (s.idleWork) before = min(before, nextIdleWork() + 1);
  return s.inOrder ? bounded(count, before, step) : untilOthers(lane, segment, count, before, step);
}

/**
 * Bounds a streak by what other banks want: their rows, their older columns, and those that come up in between; four
 * banks at once. A bank that wants nothing is never ready, and so bounds nothing.
 */
function untilOthers(lane: Lane, segment: Segment, count: i32, end: i32, step: i32): i32 {
  const bank = bankOf(s.chosenBank);
  const age = i32x4.splat(segment.age);
  const one = i32x4.splat(1);
  const never = i32x4.splat(NEVER);
  const own = i32x4.splat(s.chosenBank);
  const column = i32x4.splat(lane.column);
  const lastColumn = i32x4.splat(lane.lastColumn);
  let places = i32x4(0, 1, 2, 3);
  let before = i32x4.splat(end);
  let place: usize = 0;
  for (let group = 0; group < s.groups; group++) {
    const relation = group == bank.group ? 0 : group / s.bankGroups == bank.rank ? 1 : 2;
    // A younger column of the same kind never goes first where it waits as long after each column: it loses ties. The
    // ages of a segment follow each other, so that none lies between them.
    const waits = i32x4.splat(at(s.columnDelay, lane.column * 3 + relation) >= step ? -1 : 0);
    for (const groupEnd = place + (<usize>s.placesPerGroup << 2); place < groupEnd; place += 16) {
      const command = v128.load(lane.command + place);
      const ready = v128.load(lane.ready + place);
      const plain = i32x4.eq(command, column);
      const younger = i32x4.gt_s(i32x4.shr_s(v128.load(lane.priority + place), s.bankBits), age);
      const spared = v128.or(v128.and(v128.and(plain, younger), waits), i32x4.eq(places, own));
      // A column goes before a row that is ready in the same cycle.
      const row = i32x4.add(i32x4.max_s(ready, sharedByRows(group, command)), one);
      const anyColumn = v128.or(plain, i32x4.eq(command, lastColumn));
      const bound = v128.bitselect(ready, row, anyColumn);
      before = i32x4.min_s(before, v128.bitselect(never, bound, spared));
      places = i32x4.add(places, i32x4.splat(4));
    }
  }
  before = i32x4.min_s(before, v128.shuffle<i32>(before, before, 2, 3, 0, 1));
  before = i32x4.min_s(before, v128.shuffle<i32>(before, before, 1, 0, 3, 2));
  return bounded(count, i32x4.extract_lane(before, 0), step);
}

function bounded(count: i32, before: i32, step: i32): i32 {
  const left = before - 1 - s.cycle;
  return left < 0 ? 1 : max(1, min(count, left / step + 1));
}

/** Whether a read that wants to enter may find its burst among the waiting writes. */
function mayForward(port: Lane): bool {
  return (
    s.forwardWrites && port === s.reads && findRow(queueOf(s.writes, s.portBank).head, s.portRow) !== null
  );
}

/** Whether the waiting run, by entering, changes what its bank wants; a bank that sleeps wants nothing. */
function entryChangesBank(lane: Lane, served: i32): bool {
  const place = s.portBank;
  if (place == served) return false;
  const wanted = at(lane.command, place);
  if (wanted == NOTHING || wanted == lane.lastColumn) return true;
  return (
    !isColumn(wanted) && (s.openSubarrays > 1 || (wanted == PRE && bankOf(place).openRow == s.portRow))
  );
}

/** Whether each request of the waiting run joins the segment whose column makes room for it. */
function grows(lane: Lane, segment: Segment, size: i32, step: i32): bool {
  return (
    segment === lane.lastEntered &&
    segment === queueOf(lane, s.portBank).tail &&
    s.portBank == s.chosenBank &&
    s.portRow == segment.row &&
    s.portColumn == segment.column + size &&
    segment.step == <f64>step &&
    segment.entered + <f64>size * <f64>step == s.origin + <f64>(s.cycle + 1)
  );
}
