import type { Bytes, Picoseconds } from '../units/flavours.ts';

/**
 * A run of accesses: `bytes` bytes from `address` on, all read or all written. The memory that replays it cuts it into
 * its own bursts, so a trace belongs to no device.
 */
export interface AccessRun {
  address: number;
  bytes: Bytes;
  write: boolean;
  /** Earliest time of the run's first access; 0 means as fast as accepted. Never falls from run to run. */
  arrival: Picoseconds;
  /** Who asks: a thread, core or requestor of the system that was traced; 0 where a trace does not say. */
  source: number;
}

/** A run to be filled by a reader. */
export const emptyRun = (): AccessRun => ({ address: 0, bytes: 0, write: false, arrival: 0, source: 0 });

/** Runs in order of entry. Fills the caller's run in place, so nothing is allocated per run; false at the end. */
export interface AccessRunReader {
  next(run: AccessRun): boolean;
}
