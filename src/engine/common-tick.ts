import { InputError } from '../errors/input-error.ts';
import type { Cycles } from '../units/flavours.ts';
import type { Kilohertz } from './clock-crossing.ts';

/** Time of a system, counted in whole ticks from 0: every cycle of each of its clocks begins on one. */
export type Ticks = number;

/** Later than any event. */
export const NEVER: Ticks = Number.POSITIVE_INFINITY;

/** Ticks up to which numbers are whole. */
export const LAST_TICK: Ticks = Number.MAX_SAFE_INTEGER;

/** Kilohertz of the finest tick with which a run can last a second. */
const FINEST: Kilohertz = Math.floor(LAST_TICK / 1000);

/**
 * Ticks in a cycle of each clock, where a tick is the longest time of which every cycle is a whole multiple: the clocks
 * (kHz) divide their least common multiple. Throws InputError where a run of a second would exceed 2^53 ticks.
 */
export function ticksPerCycle(clocks: readonly Kilohertz[]): readonly Ticks[] {
  const ticking = clocks.reduce(leastCommonMultiple, 1n);
  if (ticking > BigInt(FINEST))
    throw new InputError(
      `clocks of ${clocks.map((clock) => `${clock / 1000} MHz`).join(', ')} have a common tick of 1 / ${ticking} ms, of which a second has more than 2^53`,
      { remedy: `choose clocks whose least common multiple is at most ${FINEST} kHz` },
    );
  return clocks.map((clock) => Number(ticking / BigInt(clock)));
}

function leastCommonMultiple(multiple: bigint, clock: Kilohertz): bigint {
  let a = multiple;
  let b = BigInt(clock);
  while (b > 0n) [a, b] = [b, a % b];
  return (multiple / a) * BigInt(clock);
}

/** The first cycle of `perCycle` ticks that does not begin before a time. */
export function cycleFrom(time: Ticks, perCycle: Ticks): Cycles {
  const rest = time % perCycle;
  return (time - rest) / perCycle + (rest > 0 ? 1 : 0);
}
