// The lists of requests that wait for each bank.
import { HIT } from './layout';
import { BankQueue, bankQueueOf, RequestQueue, Segment, s } from './state';

/** Keys of rows; a power of two. Most rows that wait have a key of their own. */
export const ROW_KEYS: i32 = 1024;

/** Address of the number of segments whose row has the key of this one. @inline */
function sharersOf(queue: RequestQueue, bankSlot: i32, row: i32): usize {
  return queue.rowKeys + ((<usize>((row ^ (bankSlot << 4)) & (ROW_KEYS - 1))) << 2);
}

/** The oldest segment of a bank whose requests are to this row, null for none. Most often there is none, which is found at once. @inline */
export function findSegment(queue: RequestQueue, bankSlot: i32, row: i32): Segment | null {
  if (load<i32>(sharersOf(queue, bankSlot, row)) === 0) return null;
  return findRow(bankQueueOf(queue, bankSlot).head, row);
}

/**
 * Adds `count` requests to consecutive columns, the first at cycle `entered` and each `step` cycles after the one before.
 * The caller makes sure that they fit. Returns true if a new segment began. @inline
 */
export function enterQueue(
  queue: RequestQueue,
  bankSlot: i32,
  row: i32,
  column: i32,
  entered: i64,
  step: i64,
  count: i32,
): bool {
  queue.count += count;
  // A streak adds its requests before it removes the ones whose room they take.
  const waiting = min(queue.count, queue.capacity);
  if (waiting > queue.peak) queue.peak = waiting;
  const bankQueue = bankQueueOf(queue, bankSlot);
  const last = bankQueue.tail;
  let joined = 0;
  if (last !== null && last === queue.lastEntered && last.row === row && last.column + last.size === column) {
    joined = joinable(last, entered, step, count);
    last.size += joined;
    queue.nextAge += joined;
    if (joined === count) return false;
  }
  beginSegment(
    queue,
    bankSlot,
    bankQueue,
    row,
    column + joined,
    entered + <i64>joined * step,
    step,
    count - joined,
  );
  return true;
}

/** Appends a new segment to the list of a bank. @inline */
function beginSegment(
  queue: RequestQueue,
  bankSlot: i32,
  bankQueue: BankQueue,
  row: i32,
  column: i32,
  entered: i64,
  step: i64,
  count: i32,
): void {
  const segment = queue.free!;
  queue.free = segment.next;
  const sharers = sharersOf(queue, bankSlot, row);
  store<i32>(sharers, load<i32>(sharers) + 1);
  segment.row = row;
  segment.column = column;
  segment.age = queue.nextAge;
  segment.entered = entered;
  segment.step = step;
  segment.size = count;
  segment.condition = HIT;
  const last = bankQueue.tail;
  segment.next = null;
  segment.previous = last;
  if (last === null) bankQueue.head = segment;
  else last.next = segment;
  bankQueue.tail = segment;
  queue.lastEntered = segment;
  queue.nextAge += count;
}

/** How many requests of the run join the bank's last segment: all, one, or none. */
function joinable(segment: Segment, entered: i64, step: i64, count: i32): i32 {
  const gap = entered - (segment.entered + <i64>(segment.size - 1) * segment.step);
  if (segment.size === 1) segment.step = gap;
  else if (gap !== segment.step) return 0;
  return count === 1 || step === gap ? count : 1;
}

/** Removes the oldest `count` requests of a segment. Returns true if none is left. @inline */
export function leaveQueue(queue: RequestQueue, bankSlot: i32, segment: Segment, count: i32): bool {
  queue.count -= count;
  const left = segment.size - count;
  if (left > 0) {
    segment.size = left;
    segment.column += count;
    segment.age += count;
    segment.entered += <i64>count * segment.step;
    segment.condition = HIT;
    return false;
  }
  const bankQueue = bankQueueOf(queue, bankSlot);
  const before = segment.previous;
  const after = segment.next;
  if (before === null) bankQueue.head = after;
  else before.next = after;
  if (after === null) bankQueue.tail = before;
  else after.previous = before;
  segment.next = queue.free;
  queue.free = segment;
  const sharers = sharersOf(queue, bankSlot, segment.row);
  store<i32>(sharers, load<i32>(sharers) - 1);
  return true;
}

/** The first segment from `segment` on whose requests are to this row, null for none. @inline */
export function findRow(segment: Segment | null, row: i32): Segment | null {
  let found = segment;
  for (; found !== null; found = found!.next) if (found.row === row) break;
  return found;
}

/** Renumbers the ages of a queue from 0, in their order, by a merge of the lists of all banks. */
export function renumber(queue: RequestQueue): void {
  let done = -1;
  let nextAge = 0;
  for (;;) {
    let oldest: Segment | null = null;
    for (let bankSlot = 0; bankSlot < s.bankSlots; bankSlot++) {
      let segment = bankQueueOf(queue, bankSlot).head;
      while (segment !== null && segment.age <= done) segment = segment.next;
      if (segment !== null && (oldest === null || segment.age < oldest.age)) oldest = segment;
    }
    if (oldest === null) break;
    done = oldest.age;
    // The new age is kept beside the condition until the end, since `done` is compared with the old ages.
    oldest.condition |= nextAge << 2;
    nextAge += oldest.size;
  }
  for (let bankSlot = 0; bankSlot < s.bankSlots; bankSlot++) {
    let segment = bankQueueOf(queue, bankSlot).head;
    while (segment !== null) {
      segment.age = segment.condition >> 2;
      segment.condition &= 3;
      segment = segment.next;
    }
  }
  queue.nextAge = nextAge;
}
