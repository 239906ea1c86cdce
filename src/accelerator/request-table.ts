import { grown } from '../bytes/grown.ts';
import type { Cycles } from '../units/flavours.ts';

/** Requests under way in a memory, by number. A request takes no memory once the table has grown to as many as are ever under way. */
export interface RequestTable {
  /** A new request, without bursts. */
  open(source: number, tag: number, write: boolean, arrival: Cycles): number;
  /** It gets bursts in a channel. */
  add(request: number, channel: number, bursts: number): void;
  /** Bursts of it are served in a channel, the data of the last of them ending at `end`. */
  serve(request: number, channel: number, bursts: number, end: Cycles): void;
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

export function createRequestTable(channels: number, sources: number): RequestTable {
  const opened = new Float64Array(sources);
  const own = Array.from({ length: sources }, () => ({ requests: new Int32Array(16), count: 0 }));
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
    table.source = grown(table.source, size);
    table.write = grown(table.write, size);
    table.tag = grown(table.tag, size);
    table.sequence = grown(table.sequence, size);
    table.arrival = grown(table.arrival, size);
    table.left = grown(table.left, size);
    table.end = grown(table.end, size);
    leftIn = grown(leftIn, size * channels);
    listed = grown(listed, size);
    free = grown(free, size);
    for (let request = size - 1; request >= before; request--) free[freeCount++] = request;
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
      if (list.count === list.requests.length) list.requests = grown(list.requests, 2 * list.count);
      listed[request] = list.count;
      list.requests[list.count++] = request;
      return request;
    },
    add(request, channel, bursts) {
      table.left[request]! += bursts;
      leftIn[request * channels + channel]! += bursts;
    },
    serve(request, channel, bursts, end) {
      table.left[request]! -= bursts;
      leftIn[request * channels + channel]! -= bursts;
      if (end > table.end[request]!) table.end[request] = end;
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
