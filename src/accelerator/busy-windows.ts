import type { Ticks } from '../engine/common-tick.ts';

/** Windows of one length from time 0 on, and how long each of several series was busy in each of them. */
export interface BusyWindows {
  /** Adds an interval to a series; what crosses a border is split there. Intervals may come in any order. */
  add(series: number, from: Ticks, to: Ticks): void;
  /** Time of a series in a window. */
  time(series: number, window: number): Ticks;
  /** Length of a window so far. */
  readonly length: Ticks;
  /** How often the length was doubled. */
  readonly doublings: number;
}

/** More windows than this are joined in pairs, so that a long run takes no more memory than a short one. */
export const MOST_WINDOWS = 2000;

/** `length` need not be whole; `most` is even. */
export function createBusyWindows(series: number, length: Ticks, most = MOST_WINDOWS): BusyWindows {
  const times = Array.from({ length: series }, () => new Float64Array(most));
  let doublings = 0;
  function join(): void {
    for (const time of times) {
      for (let window = 0; window < most / 2; window++)
        time[window] = time[2 * window]! + time[2 * window + 1]!;
      time.fill(0, most / 2);
    }
    length *= 2;
    doublings++;
  }
  return {
    add(one, from, to) {
      while (to > length * most) join();
      const time = times[one]!;
      for (let window = Math.floor(from / length), at = from; at < to; window++) {
        const end = Math.min(to, (window + 1) * length);
        // Rounding may find the border where the interval begins.
        if (end > at) {
          time[window]! += end - at;
          at = end;
        }
      }
    },
    time: (one, window) => times[one]![window] ?? 0,
    get length() {
      return length;
    },
    get doublings() {
      return doublings;
    },
  };
}
