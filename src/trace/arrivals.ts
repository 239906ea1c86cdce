import type { Cycles, Picoseconds } from '../units/flavours.ts';
import type { AccessTraceOptions } from './access-format.ts';
import { createCycleClock } from './cycle-clock.ts';
import type { FieldScanner } from './field-scanner.ts';

/** Converts the cycles of a text trace's lines, which may not fall, to times. */
export interface Arrivals {
  /** Throws InputError, at the field read last, for a cycle before the previous one and where the clock is not known. */
  atCycle(cycle: Cycles): Picoseconds;
}

export function createArrivals(scanner: FieldScanner, { clock }: AccessTraceOptions): Arrivals {
  const cycles = clock === undefined ? undefined : createCycleClock(clock);
  let before = 0;
  let time = 0;
  return {
    atCycle(cycle) {
      if (cycle === before) return time;
      if (cycle < before) throw scanner.fault(`cycle ${cycle} after cycle ${before}`);
      if (!cycles) throw scanner.fault('cycles of an unknown clock: give --clock MHZ');
      time = cycles.picosecondsAt(cycle);
      if (!Number.isSafeInteger(time)) throw scanner.fault(`cycle ${cycle} begins beyond 2^53 ps`);
      before = cycle;
      return time;
    },
  };
}
