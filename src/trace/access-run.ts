import type { Place } from '../errors/input-error.ts';
import type { Bytes, Picoseconds } from '../units/flavours.ts';

/**
 * A run of accesses: `bytes` bytes from `address` on, all read or all written. The memory that replays it cuts it into
 * its own bursts, so a trace belongs to no device.
 */
export interface AccessRun {
  address: number;
  bytes: Bytes;
  write: boolean;
  /** Earliest time of the run's first access; 0 means as fast as the memory accepts it. Never falls from run to run. */
  arrival: Picoseconds;
  /** Who made the access: a thread, core or requestor of the traced system; 0 where a trace does not say. */
  source: number;
}

/** A run for a reader to fill. */
export const emptyRun = (): AccessRun => ({ address: 0, bytes: 0, write: false, arrival: 0, source: 0 });

/** Reads runs in the order of the trace. `next` fills the caller's run, so that none is allocated; false at the end. */
export interface AccessRunReader {
  next(run: AccessRun): boolean;
  /**
   * Makes what follows a part of the run that was read last, while it goes on where that ends, in the same direction, at the same
   * time and by the same source, in accesses of a multiple of `unit` bytes, and the whole stays within `most` bytes. A reader of
   * lines does so several times as fast as its caller could. `place` is then that of what was looked at last.
   */
  join?(run: AccessRun, unit: Bytes, most: Bytes): void;
  /** Where the run that was read last stands, as far as the format has lines. */
  place?(): Place;
}

/** Where the run that was read last stands, as a part of an InputError's options. */
export function placeOfRun(reader: AccessRunReader): { place?: Place } {
  const place = reader.place?.();
  return place === undefined ? {} : { place };
}
