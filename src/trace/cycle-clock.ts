import { InputError } from '../errors/input-error.ts';
import type { Cycles, Megahertz, Picoseconds } from '../units/flavours.ts';

/** Whole cycles of a clock as picoseconds and back, in exact integer arithmetic. */
export interface CycleClock {
  /** The picosecond nearest to the beginning of a cycle; not a safe integer if it lies beyond 2^53 ps. */
  picosecondsAt(cycle: Cycles): Picoseconds;
  /** The cycle that begins nearest to a time; the inverse of `picosecondsAt`, whose periods exceed 100 ps. */
  nearestCycle(time: Picoseconds): Cycles;
}

const PS_PER_MS = 1e9;
/** Products of a remainder below a millisecond and the clock in kHz stay below 2^53. */
const FASTEST: Megahertz = 9000;

/** Throws InputError for a clock that is not a whole number of kilohertz from 1 kHz to 9 GHz. */
export function createCycleClock(clock: Megahertz): CycleClock {
  const kilohertz = Math.round(clock * 1000);
  if (!(clock > 0 && clock <= FASTEST) || Math.abs(clock * 1000 - kilohertz) > 1e-6)
    throw new InputError(`a clock of ${clock} MHz`, { remedy: 'give 0.001 to 9000 MHz, in whole kilohertz' });
  if (PS_PER_MS % kilohertz === 0) {
    const period = PS_PER_MS / kilohertz;
    return {
      picosecondsAt: (cycle) => cycle * period,
      nearestCycle: (time) => Math.floor(time / period) + Math.round((time % period) / period),
    };
  }
  return {
    picosecondsAt(cycle) {
      const milliseconds = Math.floor(cycle / kilohertz);
      return milliseconds * PS_PER_MS + Math.round(((cycle % kilohertz) * PS_PER_MS) / kilohertz);
    },
    nearestCycle(time) {
      const milliseconds = Math.floor(time / PS_PER_MS);
      return milliseconds * kilohertz + Math.round(((time % PS_PER_MS) * kilohertz) / PS_PER_MS);
    },
  };
}
