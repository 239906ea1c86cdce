/** What serving a request took: its row was open; its bank was opened for it; another row was closed for it first. */
export const HIT = 0;
export const MISS = 1;
export const CONFLICT = 2;

/**
 * Requests of one kind (reads or writes) that wait, in lists by bank, oldest first. Requests that follow each other in
 * age, in a row's columns and in equal steps of entry time share one segment. Banks are numbered through the channel.
 */
export interface BankQueue {
  readonly write: boolean;
  readonly capacity: number;
  /** Ages stay below this; the owner calls `renumber` when `youngest` passes half of it. */
  readonly ages: number;
  /** Requests waiting, and the most that ever did. */
  count: number;
  peak: number;
  /** Age of the next request to enter. */
  youngest: number;
  /** The segment that the last request joined; it may have been served since. */
  lastEntered: number;
  /** Per bank: first and last segment, -1 for none. */
  readonly head: Int32Array;
  readonly tail: Int32Array;
  /** Per segment: the next and the previous one of its bank, -1 for none. */
  readonly next: Int32Array;
  readonly previous: Int32Array;
  readonly row: Int32Array;
  /** Of the segment's oldest request: its column burst, order of entry and cycle of entry. */
  readonly column: Int32Array;
  readonly age: Int32Array;
  readonly entered: Float64Array;
  /** Requests in the segment, and the cycles between their entries. */
  readonly size: Int32Array;
  readonly step: Float64Array;
  /** What the segment's oldest request took so far; those behind it are hits. */
  readonly condition: Uint8Array;
  readonly free: Int32Array;
  freeCount: number;
}

/** A queue of `capacity` requests whose ages stay below `ages`, which must be far above the capacity. */
export function createBankQueue(write: boolean, capacity: number, banks: number, ages: number): BankQueue {
  return {
    write,
    capacity,
    ages,
    count: 0,
    peak: 0,
    youngest: 0,
    lastEntered: -1,
    freeCount: capacity,
    head: new Int32Array(banks).fill(-1),
    tail: new Int32Array(banks).fill(-1),
    next: new Int32Array(capacity),
    previous: new Int32Array(capacity),
    row: new Int32Array(capacity),
    column: new Int32Array(capacity),
    age: new Int32Array(capacity),
    entered: new Float64Array(capacity),
    size: new Int32Array(capacity),
    step: new Float64Array(capacity),
    condition: new Uint8Array(capacity),
    free: Int32Array.from({ length: capacity }, (_, segment) => segment),
  };
}

/**
 * Enters `count` requests to consecutive columns, `step` cycles apart from cycle `entered` on; the caller has made sure
 * of room. True if a new segment began.
 */
export function enterQueue(
  queue: BankQueue,
  bank: number,
  row: number,
  column: number,
  entered: number,
  step: number,
  count: number,
): boolean {
  queue.count += count;
  // A streak enters its requests before it takes those out that make room for them, one by one.
  const waiting = Math.min(queue.count, queue.capacity);
  if (waiting > queue.peak) queue.peak = waiting;
  const last = queue.tail[bank]!;
  let joined = 0;
  if (
    last >= 0 &&
    last === queue.lastEntered &&
    queue.row[last] === row &&
    queue.column[last]! + queue.size[last]! === column
  ) {
    joined = joinable(queue, last, entered, step, count);
    queue.size[last] = queue.size[last]! + joined;
  }
  if (joined < count) {
    queue.youngest += joined;
    beginSegment(queue, bank, row, column + joined, entered + joined * step, step, count - joined);
    return true;
  }
  queue.youngest += count;
  return false;
}

function beginSegment(
  queue: BankQueue,
  bank: number,
  row: number,
  column: number,
  entered: number,
  step: number,
  count: number,
): void {
  const segment = queue.free[--queue.freeCount]!;
  queue.row[segment] = row;
  queue.column[segment] = column;
  queue.age[segment] = queue.youngest;
  queue.entered[segment] = entered;
  queue.step[segment] = step;
  queue.size[segment] = count;
  queue.condition[segment] = HIT;
  const last = queue.tail[bank]!;
  queue.next[segment] = -1;
  queue.previous[segment] = last;
  if (last < 0) queue.head[bank] = segment;
  else queue.next[last] = segment;
  queue.tail[bank] = segment;
  queue.lastEntered = segment;
  queue.youngest += count;
}

/** Requests of the run that may join the bank's last segment: all, the first alone, or none. */
function joinable(queue: BankQueue, segment: number, entered: number, step: number, count: number): number {
  const gap = entered - (queue.entered[segment]! + (queue.size[segment]! - 1) * queue.step[segment]!);
  if (queue.size[segment] === 1) queue.step[segment] = gap;
  else if (gap !== queue.step[segment]) return 0;
  return count === 1 || step === gap ? count : 1;
}

/** Takes the oldest `count` requests of a segment out. True if that was all of it. */
export function leaveQueue(queue: BankQueue, bank: number, segment: number, count: number): boolean {
  queue.count -= count;
  const left = queue.size[segment]! - count;
  if (left > 0) {
    queue.size[segment] = left;
    queue.column[segment] = queue.column[segment]! + count;
    queue.age[segment] = queue.age[segment]! + count;
    queue.entered[segment] = queue.entered[segment]! + count * queue.step[segment]!;
    queue.condition[segment] = HIT;
    return false;
  }
  const before = queue.previous[segment]!;
  const after = queue.next[segment]!;
  if (before < 0) queue.head[bank] = after;
  else queue.next[before] = after;
  if (after < 0) queue.tail[bank] = before;
  else queue.previous[after] = before;
  queue.free[queue.freeCount++] = segment;
  return true;
}

/** The first segment of its bank from `segment` on that wants this row, -1 for none. */
export function findRow(queue: BankQueue, segment: number, row: number): number {
  const { row: rows, next } = queue;
  let at = segment;
  while (at >= 0 && rows[at] !== row) at = next[at]!;
  return at;
}

/** Counts ages from 0 again, in their order. */
export function renumber(queue: BankQueue): void {
  const { head, next, age, size } = queue;
  const segments: number[] = [];
  for (const first of head)
    for (let segment = first; segment >= 0; segment = next[segment]!) segments.push(segment);
  segments.sort((a, b) => age[a]! - age[b]!);
  queue.youngest = 0;
  for (const segment of segments) {
    age[segment] = queue.youngest;
    queue.youngest += size[segment]!;
  }
}
