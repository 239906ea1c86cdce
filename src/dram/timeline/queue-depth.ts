import { grown } from '../../bytes/grown.ts';
import type { Cycles } from '../../units/flavours.ts';

/** How many requests wait in a queue, from what the controller tells of each as its column is issued. */
export interface QueueDepth {
  /**
   * `count` requests, the first in the queue from cycle `entered` up to and with cycle `issued`, each `enteredStep` and `step`
   * cycles after the one before.
   */
  served(entered: Cycles, enteredStep: Cycles, issued: Cycles, step: Cycles, count: number): void;
  /** Hands over all that is left. */
  end(): void;
}

/** Entries and departures that are held back: 8 MiB of them. */
const MOST_HELD = 2 ** 20;

/**
 * Calls `take(cycle, depth)` where the depth changes, in order of time. A request is known only once its column is issued, so
 * changes are held back and sorted. Where more than `mostHeld` are held, the earlier half goes: a request that turns out
 * to have waited since before then counts from then on only. Requests that leave by cycle `from` or enter at `to` or later
 * are passed over.
 */
export function createQueueDepth(
  take: (cycle: Cycles, depth: number) => void,
  from: Cycles,
  to: Cycles,
  mostHeld = MOST_HELD,
): QueueDepth {
  /** Twice the cycle, and one more for an entry: so sorted, departures of a cycle come before its entries. */
  let held = new Float64Array(Math.min(1024, mostHeld));
  let count = 0;
  /** Everything before this cycle is handed over. */
  let done: Cycles = 0;
  let depth = 0;

  function hold(cycle: Cycles, entry: 0 | 1): void {
    if (count === held.length) makeRoom();
    held[count++] = 2 * Math.max(cycle, done) + entry;
  }

  function makeRoom(): void {
    if (held.length < mostHeld) held = grown(held, Math.min(mostHeld, held.length * 2));
    else handOver(count >> 1);
  }

  /** Hands over the first `most` changes, and those of the same cycle as the last of them. */
  function handOver(most: number): void {
    const sorted = held.subarray(0, count).sort();
    let next = 0;
    while (next < most) {
      const cycle = Math.floor(sorted[next]! / 2);
      const before = depth;
      for (; next < count && Math.floor(sorted[next]! / 2) === cycle; next++)
        depth += sorted[next]! % 2 === 1 ? 1 : -1;
      if (depth !== before) take(cycle, depth);
      done = cycle + 1;
    }
    held.copyWithin(0, next, count);
    count -= next;
  }

  return {
    served(entered, enteredStep, issued, step, requests) {
      for (let i = 0; i < requests; i++) {
        const begin = entered + i * enteredStep;
        const end = issued + i * step + 1;
        if (end <= from || begin >= to) continue;
        hold(begin, 1);
        hold(end, 0);
      }
    },
    end: () => handOver(count),
  };
}
