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
}

/** Runs in order of entry. Fills the caller's run in place, so nothing is allocated per run; false at the end. */
export interface AccessRunReader {
  next(run: AccessRun): boolean;
}

/** Where bytes come from, piece by piece: a file or memory. Fills `target` from its start; 0 at the end. */
export interface ByteSource {
  /** Name for messages. */
  readonly file: string;
  read(target: Uint8Array): number;
}

/** Bytes already in memory. */
export function bytesInMemory(bytes: Uint8Array, file: string): ByteSource {
  let position = 0;
  return {
    file,
    read(target) {
      const piece = bytes.subarray(position, position + target.length);
      target.set(piece);
      position += piece.length;
      return piece.length;
    },
  };
}
