/** What serving a request took: its row was open; its bank was opened for it; another row was closed for it first. */
export const HIT = 0;
export const MISS = 1;
export const CONFLICT = 2;

/**
 * Requests of one kind (reads or writes) that wait, in lists by bank, oldest first. Requests that follow each other in
 * age, in a row's columns and in equal steps of entry time share one segment. Banks are numbered through the channel.
 */
export interface BankQueue {
  readonly capacity: number;
  /** Requests waiting. */
  count: number;
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
  /** The segment that the last request joined; it may have been served since. */
  lastEntered: number;
  /**
   * Enters `count` requests, `step` cycles apart from cycle `entered` on; the caller has made sure of room. True if a
   * new segment began.
   */
  enter(bank: number, row: number, column: number, entered: number, step: number, count: number): boolean;
  /** Takes the oldest `count` requests of a segment out. */
  leave(bank: number, segment: number, count: number): void;
  /** The first segment of the bank from `segment` on that wants this row, -1 for none. */
  find(segment: number, row: number): number;
  /** Whether ages near their limit; `renumber` then counts them from 0 again, in their order. */
  agesRunOut(): boolean;
  renumber(): void;
}

/** A queue of `capacity` requests whose ages stay below `ages`, which must be far above the capacity. */
export function createBankQueue(capacity: number, banks: number, ages: number): BankQueue {
  const next = new Int32Array(capacity);
  const previous = new Int32Array(capacity);
  const head = new Int32Array(banks).fill(-1);
  const tail = new Int32Array(banks).fill(-1);
  const row = new Int32Array(capacity);
  const column = new Int32Array(capacity);
  const age = new Int32Array(capacity);
  const entered = new Float64Array(capacity);
  const size = new Int32Array(capacity);
  const step = new Float64Array(capacity);
  const condition = new Uint8Array(capacity);
  const free = Int32Array.from({ length: capacity }, (_, segment) => segment);
  let freeCount = capacity;
  let youngest = 0;

  function begin(bank: number, ofRow: number, atColumn: number, cycle: number): number {
    const segment = free[--freeCount]!;
    row[segment] = ofRow;
    column[segment] = atColumn;
    age[segment] = youngest;
    entered[segment] = cycle;
    size[segment] = 0;
    condition[segment] = HIT;
    const last = tail[bank]!;
    next[segment] = -1;
    previous[segment] = last;
    if (last < 0) head[bank] = segment;
    else next[last] = segment;
    tail[bank] = segment;
    queue.lastEntered = segment;
    return segment;
  }

  /** Requests of the run that may join the bank's last segment: all, the first alone, or none. */
  function join(segment: number, cycle: number, between: number, count: number): number {
    const gap = cycle - (entered[segment]! + (size[segment]! - 1) * step[segment]!);
    if (size[segment] === 1) step[segment] = gap;
    else if (gap !== step[segment]) return 0;
    return count === 1 || between === gap ? count : 1;
  }

  function renumber(): void {
    const segments: number[] = [];
    for (let bank = 0; bank < banks; bank++)
      for (let segment = head[bank]!; segment >= 0; segment = next[segment]!) segments.push(segment);
    segments.sort((a, b) => age[a]! - age[b]!);
    youngest = 0;
    for (const segment of segments) {
      age[segment] = youngest;
      youngest += size[segment]!;
    }
  }

  const queue: BankQueue = {
    ...{ capacity, count: 0, head, tail, next, previous, row, column, age, entered, size, step, condition },
    lastEntered: -1,
    enter(bank, ofRow, atColumn, cycle, between, count) {
      queue.count += count;
      const last = tail[bank]!;
      let done = 0;
      const follows =
        last >= 0 &&
        last === queue.lastEntered &&
        row[last] === ofRow &&
        column[last]! + size[last]! === atColumn;
      if (follows) {
        done = join(last, cycle, between, count);
        size[last] = size[last]! + done;
      }
      const began = done < count;
      youngest += done;
      if (began) {
        const segment = begin(bank, ofRow, atColumn + done, cycle + done * between);
        step[segment] = between;
        size[segment] = count - done;
        youngest += count - done;
      }
      return began;
    },
    leave(bank, segment, count) {
      queue.count -= count;
      const left = size[segment]! - count;
      if (left > 0) {
        size[segment] = left;
        column[segment] = column[segment]! + count;
        age[segment] = age[segment]! + count;
        entered[segment] = entered[segment]! + count * step[segment]!;
        condition[segment] = HIT;
        return;
      }
      const before = previous[segment]!;
      const after = next[segment]!;
      if (before < 0) head[bank] = after;
      else next[before] = after;
      if (after < 0) tail[bank] = before;
      else previous[after] = before;
      free[freeCount++] = segment;
    },
    find(segment, ofRow) {
      let at = segment;
      while (at >= 0 && row[at] !== ofRow) at = next[at]!;
      return at;
    },
    agesRunOut: () => youngest >= ages / 2,
    renumber,
  };
  return queue;
}
