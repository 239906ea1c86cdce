import { InputError } from '../errors/input-error.ts';
import type { Accelerator, AdditionFormat } from '../hardware/accelerator.ts';
import type { WeightFormat } from '../snn/weight-format.ts';
import type { Bytes, Cycles, Picojoules } from '../units/flavours.ts';

/** What one inference makes the chip do. */
export interface OnChipWork {
  readonly neurons: number;
  /** Of one weight row as it is added, and as the buffer gets it from DRAM. */
  readonly rowBytes: Bytes;
  readonly fetchedBytes: Bytes;
  readonly format: WeightFormat;
  /** Rows that came from DRAM, rows added to the neurons, and updates of all neurons. */
  readonly fetches: number;
  readonly passes: number;
  readonly updates: number;
  /** Of the inference, in cycles of the accelerator. */
  readonly latency: Cycles;
}

/** Energy by kind of operation. */
export interface OnChipEnergy {
  readonly addition: Picojoules;
  readonly update: Picojoules;
  readonly bufferWrite: Picojoules;
  readonly bufferRead: Picojoules;
  /** Reads and writes of potentials and thresholds. */
  readonly state: Picojoules;
  /** Static power over the inference's latency. */
  readonly static: Picojoules;
}

/** Bits of a potential, a threshold and a sum. */
const STATE_BITS = 32;
/** A milliwatt for a microsecond. */
const PJ_PER_MW_US = 1000;

/**
 * Each addition reads and writes a potential (or sum), each update reads potential and threshold and writes the
 * potential; whole words of on-chip memory are read and written. Static power counts while the inference lasts, also
 * while it waits for DRAM. Throws InputError for a format whose addition the accelerator gives no energy of.
 */
export function onChipEnergy(
  { neurons, rowBytes, fetchedBytes, format, fetches, passes, updates, latency }: OnChipWork,
  { name, energy, timing }: Pick<Accelerator, 'name' | 'energy' | 'timing'>,
): OnChipEnergy {
  const { addition, update, sramAccess, sramWidth, staticPower } = energy;
  const adder = adderOf(format);
  const perAddition = addition[adder];
  if (perAddition === undefined)
    throw new InputError(`accelerator ${name} gives no energy of an addition in ${adder}`, {
      remedy: `state energy.addition.${adder} in its file, or choose another --format`,
    });
  const words = (bytes: Bytes): number => Math.ceil((bytes * 8) / sramWidth);
  const stateWords = words((neurons * STATE_BITS) / 8);
  return {
    addition: passes * neurons * perAddition,
    update: updates * neurons * update,
    bufferWrite: fetches * words(fetchedBytes) * sramAccess,
    bufferRead: passes * words(rowBytes) * sramAccess,
    state: (2 * passes + 3 * updates) * stateWords * sramAccess,
    static: ((staticPower * latency) / timing.clock) * PJ_PER_MW_US,
  };
}

/** Unsigned integers are added in the adder of their width. */
function adderOf(format: WeightFormat): AdditionFormat {
  if (format === 'uint16') return 'int16';
  if (format === 'uint8') return 'int8';
  return format === 'uint4' ? 'int4' : format;
}
