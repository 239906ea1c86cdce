import type { Cycles, Megahertz, Nanoseconds } from './flavours.ts';

/** Picojoules a nanojoule, nanojoules a microjoule, microseconds a millisecond. */
export const PJ_PER_NJ = 1000;
export const NJ_PER_UJ = 1000;
export const US_PER_MS = 1000;

/** Cycles of a clock as time: cycles x 1000 / MHz. */
export const nanosecondsOf = (cycles: Cycles, clock: Megahertz): Nanoseconds => (cycles * 1000) / clock;
