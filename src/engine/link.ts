import type { Bytes, Cycles } from '../units/flavours.ts';
import type { Arbiter } from './arbiter.ts';
import { cycleFrom, NEVER, type Ticks } from './common-tick.ts';
import type { EventLoop } from './event-loop.ts';
import { createNumberQueue } from './number-queue.ts';

/** A way that messages of several sources share. */
export interface LinkShape {
  /** Ticks in a cycle of its clock. */
  readonly perCycle: Ticks;
  /** Bytes that cross in a cycle. */
  readonly width: Bytes;
  /** Cycles from the end of a transfer to its arrival. */
  readonly latency: Cycles;
}

/** Hears of each message as its transfer begins, with the time at which it arrives. */
export type Delivery = (source: number, tag: number, arrival: Ticks) => void;

/**
 * A link carries one message at a time: from the first cycle of its clock at which it is free and a message is ready, for
 * bytes / width cycles (at least one). Between sources the arbiter chooses, cycle by cycle; messages of one source go in the
 * order in which they are ready, then in that of their sequence numbers.
 */
export interface Link {
  /** A message, ready to be sent from a time on that is not yet past. */
  send(source: number, ready: Ticks, bytes: Bytes, tag: number, sequence: number): void;
  /** Cycles in which something crosses, and bytes, so far. */
  readonly busy: Cycles;
  readonly bytes: Bytes;
}

/** A message in its queue: [ready, bytes, tag, sequence]. */
const MESSAGE = 4;

/** Adds a link of so many sources to a loop. */
export function createLink(
  loop: EventLoop,
  { perCycle, width, latency }: LinkShape,
  sources: number,
  arbiter: Arbiter,
  deliver: Delivery,
): Link {
  const queues = Array.from({ length: sources }, () => createNumberQueue(MESSAGE));
  /** When the first message of each source is ready. */
  const since = new Float64Array(sources).fill(NEVER);
  /** First cycle at which the link is free. */
  let free: Cycles = 0;
  let busy: Cycles = 0;
  let carried: Bytes = 0;

  const component = loop.add({ advance: transfer });

  /** The cycle at which the next transfer begins, as a time. */
  function next(): Ticks {
    let first = NEVER;
    for (let source = 0; source < sources; source++) first = Math.min(first, since[source]!);
    return first === NEVER ? NEVER : Math.max(free, cycleFrom(first, perCycle)) * perCycle;
  }

  function transfer(now: Ticks): Ticks {
    const source = arbiter.choose(since, now);
    const queue = queues[source]!;
    const { data } = queue;
    const at = queue.at(0);
    const bytes = data[at + 1]!;
    const tag = data[at + 2]!;
    queue.pop();
    since[source] = queue.length === 0 ? NEVER : data[queue.at(0)]!;
    const cycles = Math.max(1, Math.ceil(bytes / width));
    free = now / perCycle + cycles;
    busy += cycles;
    carried += bytes;
    arbiter.grant(source, bytes);
    deliver(source, tag, (free + latency) * perCycle);
    return next();
  }

  return {
    send(source, ready, bytes, tag, sequence) {
      const queue = queues[source]!;
      queue.push();
      const { data } = queue;
      // What others are ready later than this one moves up.
      let place = queue.length - 1;
      for (; place > 0; place--) {
        const before = queue.at(place - 1);
        if (data[before]! < ready || (data[before] === ready && data[before + 3]! < sequence)) break;
        const to = queue.at(place);
        for (let i = 0; i < MESSAGE; i++) data[to + i] = data[before + i]!;
      }
      const to = queue.at(place);
      data[to] = ready;
      data[to + 1] = bytes;
      data[to + 2] = tag;
      data[to + 3] = sequence;
      since[source] = data[queue.at(0)]!;
      loop.announce(component, next());
    },
    get busy() {
      return busy;
    },
    get bytes() {
      return carried;
    },
  };
}
