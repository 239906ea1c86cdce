import type { Cycles, Picoseconds } from '../units/flavours.ts';
import type { AccessTraceOptions, Losses } from './access-format.ts';
import { createCycleClock } from './cycle-clock.ts';
import type { FieldScanner } from './field-scanner.ts';

/** What to do about a time before that of the request before it. */
export const LATE_REMEDY =
  '--late-times issues such a request at once, as DRAMSys does; replay --arrival asap takes no account of times';

/** Converts the cycles of a text trace's lines to times. */
export interface Arrivals {
  /**
   * The time of a cycle; for a cycle before the previous one the latest time so far, which is counted. Throws
   * InputError, at the field read last, where late times are not allowed, and where the clock is not known.
   */
  atCycle(cycle: Cycles): Picoseconds;
  /** The same for a cycle that is not before the previous one and has a time; -1, and nothing counted, for any other. */
  atPlainCycle(cycle: Cycles): Picoseconds;
}

export function createArrivals(
  scanner: FieldScanner,
  { clock, lateTimes = false }: AccessTraceOptions,
  losses: Losses,
): Arrivals {
  const cycles = clock === undefined ? undefined : createCycleClock(clock);
  let before = 0;
  let time = 0;
  return {
    atCycle(cycle) {
      if (cycle === before) return time;
      if (cycle < before) {
        if (!lateTimes) throw scanner.fault(`cycle ${cycle} after cycle ${before}`, LATE_REMEDY);
        losses.lateTimes++;
        return time;
      }
      if (!cycles) throw scanner.fault('cycles of an unknown clock: give --clock MHZ');
      time = cycles.picosecondsAt(cycle);
      if (!Number.isSafeInteger(time)) throw scanner.fault(`cycle ${cycle} begins beyond 2^53 ps`);
      before = cycle;
      return time;
    },
    atPlainCycle(cycle) {
      if (cycle === before) return time;
      if (cycle < before || !cycles) return -1;
      const later = cycles.picosecondsAt(cycle);
      if (!Number.isSafeInteger(later)) return -1;
      before = cycle;
      time = later;
      return later;
    },
  };
}
