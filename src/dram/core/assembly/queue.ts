// The lists of waiting requests.
import { BankQueue, HIT, Lane, queueOf, Segment, s } from './state';

/**
 * Enters `count` requests to consecutive columns, `step` cycles apart from cycle `entered` on; the caller has made sure
 * of room. True if a new segment began.
 */
export function enterQueue(
  lane: Lane,
  place: i32,
  row: i32,
  column: i32,
  entered: f64,
  step: f64,
  count: i32,
): bool {
  lane.count += count;
  // A streak enters its requests before it takes those out that make room for them, one by one.
  const waiting = min(lane.count, lane.capacity);
  if (waiting > lane.peak) lane.peak = waiting;
  const queue = queueOf(lane, place);
  const last = queue.tail;
  let joined = 0;
  if (last !== null && last === lane.lastEntered && last.row == row && last.column + last.size == column) {
    joined = joinable(last, entered, step, count);
    last.size += joined;
  }
  lane.youngest += joined;
  if (joined == count) return false;
  beginSegment(lane, queue, row, column + joined, entered + <f64>joined * step, step, count - joined);
  return true;
}

function beginSegment(
  lane: Lane,
  queue: BankQueue,
  row: i32,
  column: i32,
  entered: f64,
  step: f64,
  count: i32,
): void {
  const segment = lane.free!;
  lane.free = segment.next;
  segment.row = row;
  segment.column = column;
  segment.age = lane.youngest;
  segment.entered = entered;
  segment.step = step;
  segment.size = count;
  segment.condition = HIT;
  const last = queue.tail;
  segment.next = null;
  segment.previous = last;
  if (last === null) queue.head = segment;
  else last.next = segment;
  queue.tail = segment;
  lane.lastEntered = segment;
  lane.youngest += count;
}

/** Requests of the run that may join the bank's last segment: all, the first alone, or none. */
function joinable(segment: Segment, entered: f64, step: f64, count: i32): i32 {
  const gap = entered - (segment.entered + <f64>(segment.size - 1) * segment.step);
  if (segment.size == 1) segment.step = gap;
  else if (gap != segment.step) return 0;
  return count == 1 || step == gap ? count : 1;
}

/** Takes the oldest `count` requests of a segment out. True if that was all of it. */
export function leaveQueue(lane: Lane, place: i32, segment: Segment, count: i32): bool {
  lane.count -= count;
  const left = segment.size - count;
  if (left > 0) {
    segment.size = left;
    segment.column += count;
    segment.age += count;
    segment.entered += <f64>count * segment.step;
    segment.condition = HIT;
    return false;
  }
  const queue = queueOf(lane, place);
  const before = segment.previous;
  const after = segment.next;
  if (before === null) queue.head = after;
  else before.next = after;
  if (after === null) queue.tail = before;
  else after.previous = before;
  segment.next = lane.free;
  lane.free = segment;
  return true;
}

/** The first segment of its bank from `segment` on that wants this row. */
export function findRow(segment: Segment | null, row: i32): Segment | null {
  let found = segment;
  while (found !== null && found.row != row) found = found.next;
  return found;
}

/** Counts ages from 0 again, in their order: one merge step over the banks for each segment. */
export function renumber(lane: Lane): void {
  let done = -1;
  let youngest = 0;
  for (;;) {
    let oldest: Segment | null = null;
    for (let place = 0; place < s.places; place++) {
      let segment = queueOf(lane, place).head;
      while (segment !== null && segment.age <= done) segment = segment.next;
      if (segment !== null && (oldest === null || segment.age < oldest.age)) oldest = segment;
    }
    if (oldest === null) break;
    done = oldest.age;
    // Kept aside until all are found: an age below `done` means one that has been.
    oldest.condition |= youngest << 2;
    youngest += oldest.size;
  }
  for (let place = 0; place < s.places; place++) {
    let segment = queueOf(lane, place).head;
    while (segment !== null) {
      segment.age = segment.condition >> 2;
      segment.condition &= 3;
      segment = segment.next;
    }
  }
  lane.youngest = youngest;
}
