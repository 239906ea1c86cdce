/** Policy of a channel's controller; see docs/modelling.md for the semantics. */
export interface ControllerOptions {
  /** Requests (bursts) that wait at most, reads and writes apart. */
  readonly readQueue: number;
  readonly writeQueue: number;
  /** Writes are drained from this many on (or when no reads wait) ... */
  readonly highWatermark: number;
  /** ... until only so many are left and a read waits. */
  readonly lowWatermark: number;
}

export const DEFAULT_CONTROLLER: ControllerOptions = {
  readQueue: 32,
  writeQueue: 32,
  highWatermark: 24,
  lowWatermark: 8,
};
