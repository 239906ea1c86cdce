import { grown } from '../bytes/grown.ts';
import { bankLevels, rowIndex } from '../hardware/bank-index.ts';
import type { Organisation } from '../hardware/device.ts';

/**
 * Which request each column of a controller belongs to. A controller serves the bursts of one row that go one way (read or
 * written) in the order in which they entered, so a queue for each such row is enough. A queue takes no memory for an entry once
 * all of them together have grown to as many as are ever under way.
 */
export interface RowQueues {
  /** The queue of a row, for the functions below. */
  of(write: boolean, channel: number, rank: number, bank: number, row: number): number;
  /** Bursts of the request enter the queue, behind all that entered it. */
  enter(queue: number, request: number, bursts: number): void;
  /** The request whose bursts are next. Throws Error where none is: a column was issued that no request asked for. */
  first(queue: number): number;
  /** At most `most` bursts of the first request leave the queue; how many. */
  take(queue: number, most: number): number;
  /** The burst that entered last, which is an entry of its own, leaves the queue again; its request. */
  takeBack(queue: number): number;
}

const NONE = -1;

export function createRowQueues(organisation: Organisation): RowQueues {
  const levels = bankLevels(organisation);
  const numbers = createNumbering(2 * levels.channels * levels.ranks * levels.banks * levels.rows);
  /** Entries, in one pool: [request, bursts], the one behind it in its queue, or the next free one. */
  let request = new Int32Array(0);
  let bursts = new Int32Array(0);
  let next = new Int32Array(0);
  let free = NONE;
  /** By queue. */
  let head = new Int32Array(0);
  let tail = new Int32Array(0);
  let queues = 0;
  let latestKey = NONE;
  let latestQueue = NONE;

  function growPool(): void {
    const before = next.length;
    const size = Math.max(64, 2 * before);
    request = grown(request, size);
    bursts = grown(bursts, size);
    next = grown(next, size);
    for (let entry = before; entry < size; entry++) {
      next[entry] = free;
      free = entry;
    }
  }
  function createQueue(): number {
    if (queues === head.length) {
      head = grown(head, Math.max(64, 2 * queues));
      tail = grown(tail, head.length);
    }
    head[queues] = NONE;
    tail[queues] = NONE;
    return queues++;
  }
  /** Frees an entry; `before` is the one in front of it, NONE if it is the first. */
  function release(queue: number, before: number, entry: number): void {
    if (before === NONE) head[queue] = next[entry]!;
    else next[before] = next[entry]!;
    if (tail[queue] === entry) tail[queue] = before;
    next[entry] = free;
    free = entry;
  }
  function headOf(queue: number): number {
    const entry = head[queue]!;
    if (entry === NONE) throw new Error('a column was issued that no request asked for');
    return entry;
  }

  return {
    of(write, channel, rank, bank, row) {
      const key = 2 * rowIndex(levels, channel, rank, bank, row) + (write ? 1 : 0);
      if (key === latestKey) return latestQueue;
      let queue = numbers.get(key);
      if (queue === NONE) {
        queue = createQueue();
        numbers.set(key, queue);
      }
      latestKey = key;
      latestQueue = queue;
      return queue;
    },
    enter(queue, of, entering) {
      if (free === NONE) growPool();
      const entry = free;
      free = next[entry]!;
      request[entry] = of;
      bursts[entry] = entering;
      next[entry] = NONE;
      if (tail[queue] === NONE) head[queue] = entry;
      else next[tail[queue]!] = entry;
      tail[queue] = entry;
    },
    first: (queue) => request[headOf(queue)]!,
    take(queue, most) {
      const entry = headOf(queue);
      const taken = Math.min(most, bursts[entry]!);
      bursts[entry]! -= taken;
      if (bursts[entry] === 0) release(queue, NONE, entry);
      return taken;
    },
    takeBack(queue) {
      const last = tail[queue]!;
      let before = NONE;
      for (let entry = head[queue]!; entry !== last; entry = next[entry]!) before = entry;
      release(queue, before, last);
      return request[last]!;
    },
  };
}

/** Numbers by key, NONE for keys without one: in an array where there are not too many keys. */
function createNumbering(keys: number): { get(key: number): number; set(key: number, number: number): void } {
  if (keys > MOST_IN_ARRAY) {
    const numbers = new Map<number, number>();
    return { get: (key) => numbers.get(key) ?? NONE, set: (key, number) => numbers.set(key, number) };
  }
  const numbers = new Int32Array(keys).fill(NONE);
  return {
    get: (key) => numbers[key]!,
    set(key, number) {
      numbers[key] = number;
    },
  };
}
const MOST_IN_ARRAY = 2 ** 21;
