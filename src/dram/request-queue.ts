/**
 * Requests waiting in one queue (reads or writes), as slots in typed arrays, linked per bank in order of age. Bank
 * numbers are flat over the ranks of the channel.
 */
export interface RequestQueue {
  readonly capacity: number;
  count: number;
  /** Per bank: oldest waiting slot, -1 for none. */
  readonly oldest: Int32Array;
  /** Per slot: the next younger slot of the same bank, -1 for none. */
  readonly younger: Int32Array;
  readonly row: Int32Array;
  readonly column: Int32Array;
  /** Order of entry; smaller is older. */
  readonly age: Float64Array;
  /** Cycle of entry. */
  readonly entered: Float64Array;
  /** What serving the request took so far: `HIT`, `MISS` or `CONFLICT`. */
  readonly condition: Uint8Array;
  /** Enters a request as the youngest; there must be room. */
  push(bank: number, row: number, column: number, age: number, cycle: number): void;
  /** Takes a waiting slot out. */
  remove(bank: number, slot: number): void;
}

export const HIT = 0;
export const MISS = 1;
export const CONFLICT = 2;

export function createRequestQueue(capacity: number, banks: number): RequestQueue {
  const oldest = new Int32Array(banks).fill(-1);
  const youngest = new Int32Array(banks).fill(-1);
  const younger = new Int32Array(capacity).fill(-1);
  const older = new Int32Array(capacity).fill(-1);
  const free = Int32Array.from({ length: capacity }, (_, slot) => slot);
  let freeCount = capacity;
  const queue: RequestQueue = {
    capacity,
    count: 0,
    oldest,
    younger,
    row: new Int32Array(capacity),
    column: new Int32Array(capacity),
    age: new Float64Array(capacity),
    entered: new Float64Array(capacity),
    condition: new Uint8Array(capacity),
    push(bank, row, column, age, cycle) {
      const slot = free[--freeCount]!;
      queue.row[slot] = row;
      queue.column[slot] = column;
      queue.age[slot] = age;
      queue.entered[slot] = cycle;
      queue.condition[slot] = HIT;
      younger[slot] = -1;
      const last = youngest[bank]!;
      older[slot] = last;
      if (last < 0) oldest[bank] = slot;
      else younger[last] = slot;
      youngest[bank] = slot;
      queue.count++;
    },
    remove(bank, slot) {
      const before = older[slot]!;
      const after = younger[slot]!;
      if (before < 0) oldest[bank] = after;
      else younger[before] = after;
      if (after < 0) youngest[bank] = before;
      else older[after] = before;
      free[freeCount++] = slot;
      queue.count--;
    },
  };
  return queue;
}
