import { InputError } from '../errors/input-error.ts';
import type { Cycles, Megahertz, Picoseconds } from '../units/flavours.ts';

/** A clock as a whole number of kilohertz, so that times of several clocks compare as fractions, without rounding. */
export type Kilohertz = number;

const FASTEST: Kilohertz = 9_000_000;
const PS_PER_MS = 1e9;

/** Throws InputError for a clock that is not a whole number of kilohertz from 1 kHz to 9 GHz. */
export function kilohertzOf(clock: Megahertz): Kilohertz {
  const kilohertz = Math.round(clock * 1000);
  if (!(kilohertz >= 1 && kilohertz <= FASTEST) || Math.abs(clock * 1000 - kilohertz) > 1e-6)
    throw new InputError(`a clock of ${clock} MHz`, { remedy: 'give 0.001 to 9000 MHz, in whole kilohertz' });
  return kilohertz;
}

/**
 * The first cycle of the clock `to` that does not begin before a cycle of the clock `from`; both count from time 0.
 * Exact: a millisecond holds a whole number of cycles of either, and products within one stay below 2^53.
 */
export function crossClock(cycle: Cycles, from: Kilohertz, to: Kilohertz): Cycles {
  if (from === to) return cycle;
  const milliseconds = Math.floor(cycle / from);
  return milliseconds * to + ceilQuotient((cycle - milliseconds * from) * to, from);
}

/**
 * The last whole picosecond not after the beginning of a cycle. A memory with this clock takes it for the same cycle
 * again, since it rounds up and its cycles are longer than a picosecond.
 */
export function picosecondBefore(cycle: Cycles, clock: Kilohertz): Picoseconds {
  const milliseconds = Math.floor(cycle / clock);
  const product = (cycle - milliseconds * clock) * PS_PER_MS;
  // At most 9e6 x 1e9: just below 2^53.
  return milliseconds * PS_PER_MS + (product - (product % clock)) / clock;
}

/** The first cycle of a clock that does not begin before a time, given in whole picoseconds. Exact, as `crossClock`. */
export function cycleNotBefore(time: Picoseconds, clock: Kilohertz): Cycles {
  // Picoseconds are the cycles of a clock of a terahertz.
  const terahertzCycle: number = time;
  return crossClock(terahertzCycle, PS_PER_MS, clock);
}

/** Quotient of whole numbers below 2^53, rounded up; the remainder is exact where the quotient is not. */
const ceilQuotient = (dividend: number, divisor: number): number => {
  const rest = dividend % divisor;
  return (dividend - rest) / divisor + (rest > 0 ? 1 : 0);
};
