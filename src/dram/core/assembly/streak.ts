// How many columns of one segment follow each other whatever comes.
import { nextIdleWork } from './rank-work';
import { findRow } from './queue';
import {
  at,
  bankOf,
  isColumn,
  Lane,
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

/** Bounds a streak by what other banks want: their rows, their older columns, and those that come up in between. */
function untilOthers(lane: Lane, segment: Segment, count: i32, end: i32, step: i32): i32 {
  const place = s.chosenBank;
  const age = segment.age;
  let before = end;
  for (let other = 0; other < s.places; other++) {
    const its = at(lane.command, other);
    if (other == place || its == NOTHING) continue;
    const own = at(lane.ready, other);
    if (!isColumn(its)) {
      // A column goes before a row that is ready in the same cycle.
      const shared = at(s.groupEarliest, (bankOf(other).group << 3) + its);
      before = min(before, max(own, shared) + 1);
      continue;
    }
    // A younger column of the same kind never goes first: it waits as long after each column, and loses ties. The ages
    // of a segment follow each other, so that none lies between them.
    const delay = at(s.columnDelay, lane.column * 3 + relation(place, other));
    const younger = at(lane.priority, other) >> s.bankBits > age && its == lane.column;
    if (!(younger && delay >= step) && own < before) before = own;
  }
  return bounded(count, before, step);
}

/** 0 in the same bank group, 1 in the same rank, 2 in another. */
function relation(place: i32, other: i32): i32 {
  const one = bankOf(place);
  const two = bankOf(other);
  if (one.group == two.group) return 0;
  return one.rank == two.rank ? 1 : 2;
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
