import { InputError } from '../errors/input-error.ts';

/** Policy of a channel's controller; docs/controller.md has the semantics. */
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

/**
 * Throws InputError unless the queues hold something and the watermarks are apart: at equal marks a drain would begin
 * and end in turns, and what happens would depend on how often the controller looks.
 */
export function requireController(options: ControllerOptions): void {
  for (const [name, size] of Object.entries(options))
    if (!Number.isSafeInteger(size) || size < (name === 'lowWatermark' ? 0 : 1))
      throw new InputError(`${name} of the controller must be a whole number above 0, not ${size}`);
  const { writeQueue, highWatermark, lowWatermark } = options;
  if (!(lowWatermark < highWatermark && highWatermark <= writeQueue))
    throw new InputError(
      `write drain from ${highWatermark} down to ${lowWatermark} of ${writeQueue} writes makes no sense`,
      { remedy: 'lowWatermark < highWatermark <= writeQueue' },
    );
}
