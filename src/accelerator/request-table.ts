import { bankLevels, rowIndex } from '../hardware/bank-index.ts';
import type { Organisation } from '../hardware/device.ts';
import type { Cycles } from '../units/flavours.ts';

/**
 * Requests under way in a memory, by number, and which of them each column belongs to. A controller serves the requests for one
 * row that go one way (read or written) in the order in which they entered, so a queue for each such row is enough. A
 * request takes no memory once the table has grown to as many as are ever under way.
 */
export interface RequestTable {
  /** A new request, without bursts. */
  open(source: number, tag: number, write: boolean, arrival: Cycles): number;
  /** It gets bursts in a channel. */
  add(request: number, channel: number, bursts: number): void;
  /** The queue of a row, for the three functions below. */
  rowQueue(write: boolean, channel: number, rank: number, bank: number, row: number): number;
  /** Bursts of the request enter the queue, behind all that entered it. */
  enter(queue: number, request: number, bursts: number): void;
  /** The request whose bursts are next. */
  first(queue: number): number;
  /** At most `most` bursts of the first request are served, the data of the last of them ending at `end`; how many. */
  serve(queue: number, channel: number, most: number, end: Cycles, step: Cycles): number;
  /** The burst that entered last leaves the queue again, answered at `end` without a column; its request. */
  forward(queue: number, channel: number, end: Cycles): number;
  /** Forgets a request of which nothing is left. */
  close(request: number): void;
  /** By request: whose it is, whether it writes (1), its name there, how many that source had opened before, when it arrived. */
  readonly source: Int32Array;
  readonly write: Uint8Array;
  readonly tag: Float64Array;
  readonly sequence: Float64Array;
  readonly arrival: Float64Array;
  /** By request: bursts that are not served, and the latest end of data so far. */
  readonly left: Int32Array;
  readonly end: Float64Array;
  /** Bursts that are not served in a channel. */
  leftIn(request: number, channel: number): number;
  /** Requests of a source that are under way: the first `count` of them. */
  underWay(source: number): Int32Array;
  count(source: number): number;
}

const NONE = -1;

export function createRequestTable(organisation: Organisation, sources: number): RequestTable {
  const levels = bankLevels(organisation);
  const { channels } = organisation;
  const opened = new Float64Array(sources);
  const own = Array.from({ length: sources }, () => ({ requests: new Int32Array(16), count: 0 }));
  const queues = createRowQueues();
  const queueOf = createNumbering(2 * channels * levels.ranks * levels.banks * levels.rows);
  let latestKey = -1;
  let latestQueue = -1;

  /** By [request * channels + channel]. */
  let leftIn = new Int32Array(0);
  /** Where the request stands in the list of its source. */
  let listed = new Int32Array(0);
  /** Numbers that are free, the last of which is taken next. */
  let free = new Int32Array(0);
  let freeCount = 0;

  function grow(): void {
    const before = table.source.length;
    const size = Math.max(64, 2 * before);
    table.source = larger(table.source, size);
    table.write = larger(table.write, size);
    table.tag = larger(table.tag, size);
    table.sequence = larger(table.sequence, size);
    table.arrival = larger(table.arrival, size);
    table.left = larger(table.left, size);
    table.end = larger(table.end, size);
    leftIn = larger(leftIn, size * channels);
    listed = larger(listed, size);
    free = larger(free, size);
    for (let request = size - 1; request >= before; request--) free[freeCount++] = request;
  }

  function served(request: number, channel: number, bursts: number, at: Cycles): void {
    table.left[request]! -= bursts;
    leftIn[request * channels + channel]! -= bursts;
    if (at > table.end[request]!) table.end[request] = at;
  }

  const table: Mutable<RequestTable> = {
    open(of, name, writes, cycle) {
      if (freeCount === 0) grow();
      const request = free[--freeCount]!;
      table.source[request] = of;
      table.write[request] = writes ? 1 : 0;
      table.tag[request] = name;
      table.sequence[request] = opened[of]!++;
      table.arrival[request] = cycle;
      table.left[request] = 0;
      table.end[request] = 0;
      const list = own[of]!;
      if (list.count === list.requests.length) list.requests = larger(list.requests, 2 * list.count);
      listed[request] = list.count;
      list.requests[list.count++] = request;
      return request;
    },
    add(request, channel, bursts) {
      table.left[request]! += bursts;
      leftIn[request * channels + channel]! += bursts;
    },
    rowQueue(write, channel, rank, bank, row) {
      const key = 2 * rowIndex(levels, channel, rank, bank, row) + (write ? 1 : 0);
      if (key === latestKey) return latestQueue;
      let queue = queueOf.get(key);
      if (queue < 0) {
        queue = queues.create();
        queueOf.set(key, queue);
      }
      latestKey = key;
      latestQueue = queue;
      return queue;
    },
    enter: queues.enter,
    first: queues.first,
    serve(queue, channel, most, at, step) {
      const request = queues.first(queue);
      const bursts = queues.take(queue, most);
      served(request, channel, bursts, at + (bursts - 1) * step);
      return bursts;
    },
    forward(queue, channel, at) {
      const request = queues.takeBack(queue);
      served(request, channel, 1, at);
      return request;
    },
    close(request) {
      const list = own[table.source[request]!]!;
      const last = list.requests[--list.count]!;
      list.requests[listed[request]!] = last;
      listed[last] = listed[request]!;
      free[freeCount++] = request;
    },
    source: new Int32Array(0),
    write: new Uint8Array(0),
    tag: new Float64Array(0),
    sequence: new Float64Array(0),
    arrival: new Float64Array(0),
    left: new Int32Array(0),
    end: new Float64Array(0),
    leftIn: (request, channel) => leftIn[request * channels + channel]!,
    underWay: (of) => own[of]!.requests,
    count: (of) => own[of]!.count,
  };
  return table;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Numbers by key, -1 for keys without one: in an array where there are not too many keys. */
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

/** Queues of [request, bursts], their entries in one pool. */
function createRowQueues() {
  let request = new Int32Array(0);
  let bursts = new Int32Array(0);
  let next = new Int32Array(0);
  let head = new Int32Array(0);
  let tail = new Int32Array(0);
  let count = 0;
  let free = NONE;

  function growPool(): void {
    const before = next.length;
    const size = Math.max(64, 2 * before);
    request = larger(request, size);
    bursts = larger(bursts, size);
    next = larger(next, size);
    for (let entry = before; entry < size; entry++) {
      next[entry] = free;
      free = entry;
    }
  }
  function release(queue: number): void {
    const entry = head[queue]!;
    head[queue] = next[entry]!;
    if (head[queue] === NONE) tail[queue] = NONE;
    next[entry] = free;
    free = entry;
  }

  return {
    create(): number {
      if (count === head.length) {
        head = larger(head, Math.max(64, 2 * count));
        tail = larger(tail, head.length);
      }
      head[count] = NONE;
      tail[count] = NONE;
      return count++;
    },
    enter(queue: number, of: number, entering: number): void {
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
    first: (queue: number): number => request[head[queue]!]!,
    take(queue: number, most: number): number {
      const entry = head[queue]!;
      const taken = Math.min(most, bursts[entry]!);
      bursts[entry]! -= taken;
      if (bursts[entry] === 0) release(queue);
      return taken;
    },
    /** Takes the burst that entered last, which is an entry of its own; answers its request. */
    takeBack(queue: number): number {
      const last = tail[queue]!;
      const of = request[last]!;
      if (head[queue] === last) {
        release(queue);
        return of;
      }
      let before = head[queue]!;
      while (next[before] !== last) before = next[before]!;
      next[before] = NONE;
      tail[queue] = before;
      next[last] = free;
      free = last;
      return of;
    },
  };
}

/** The array with room for `size` numbers. */
function larger<A extends Uint8Array | Int32Array | Float64Array>(array: A, size: number): A {
  const grown = new (array.constructor as new (length: number) => A)(size);
  grown.set(array);
  return grown;
}
