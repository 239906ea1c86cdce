import type { AcceleratorEnergy, AdditionFormat } from '../hardware/accelerator.ts';
import type { Bytes, Picojoules } from '../units/flavours.ts';

/** What one inference makes the chip do. */
export interface OnChipWork {
  readonly neurons: number;
  /** Of one weight row. */
  readonly rowBytes: Bytes;
  readonly format: AdditionFormat;
  /** Rows that came from DRAM, rows added to the neurons, and updates of all neurons. */
  readonly fetches: number;
  readonly passes: number;
  readonly updates: number;
}

/** Energy by kind of operation. */
export interface OnChipEnergy {
  readonly addition: Picojoules;
  readonly update: Picojoules;
  readonly bufferWrite: Picojoules;
  readonly bufferRead: Picojoules;
  /** Reads and writes of potentials and thresholds. */
  readonly state: Picojoules;
}

/** Bits of a potential, a threshold and a sum. */
const STATE_BITS = 32;

/**
 * Each addition reads and writes a potential (or sum), each update reads potential and threshold and writes the
 * potential; whole words of on-chip memory are read and written. No static power.
 */
export function onChipEnergy(
  { neurons, rowBytes, format, fetches, passes, updates }: OnChipWork,
  { addition, update, sramAccess, sramWidth }: AcceleratorEnergy,
): OnChipEnergy {
  const rowWords = Math.ceil((rowBytes * 8) / sramWidth);
  const stateWords = Math.ceil((neurons * STATE_BITS) / sramWidth);
  return {
    addition: passes * neurons * addition[format],
    update: updates * neurons * update,
    bufferWrite: fetches * rowWords * sramAccess,
    bufferRead: passes * rowWords * sramAccess,
    state: (2 * passes + 3 * updates) * stateWords * sramAccess,
  };
}
