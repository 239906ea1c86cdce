import type { SystemPlan } from '../../accelerator/build-system.ts';
import { type OnChipEnergy, onChipEnergy } from '../../accelerator/on-chip-energy.ts';
import type { Schedule } from '../../accelerator/schedule.ts';
import type { System, SystemTiming } from '../../accelerator/system.ts';
import type { Accelerator } from '../../hardware/accelerator.ts';
import type { ChannelActivity } from '../../hardware/activity.ts';
import type { WeightFormat } from '../../snn/weight-format.ts';
import type { Cycles } from '../../units/flavours.ts';

/** Inferences that a system did together, and what they took. */
export interface SimulatedBatch {
  readonly images: number;
  readonly items: number;
  readonly timing: SystemTiming;
  /** Of the chip, all cores together. */
  readonly energy: OnChipEnergy;
}

/** What writing the weights took, of each time that they were written. */
export interface SimulatedLoad {
  readonly latency: Cycles;
  /** Of the memory from the beginning to its end. */
  readonly activity: ChannelActivity;
}

/** What the chip spends on a batch: each core on its part of the rows and of the neurons. */
export function chipEnergyOf(
  { neurons, sliceBytes, storedBytes, shape }: SystemPlan,
  { passes, updates }: Schedule,
  { latency, cores }: SystemTiming,
  format: WeightFormat,
  accelerator: Accelerator,
): OnChipEnergy {
  const { shared } = shape.store;
  const added = sum(passes);
  const updated = sum(updates);
  const each = cores.map(({ fetches }, k) =>
    onChipEnergy(
      {
        neurons: neurons[k]!,
        rowBytes: sliceBytes[k]!,
        fetchedBytes: shared ? storedBytes : sliceBytes[k]!,
        format,
        fetches,
        passes: added,
        updates: updated,
        // The static power is the whole chip's.
        latency: k === 0 ? latency : 0,
      },
      accelerator,
    ),
  );
  const all = (kind: keyof OnChipEnergy): number => each.reduce((total, core) => total + core[kind], 0);
  return {
    addition: all('addition'),
    update: all('update'),
    bufferWrite: all('bufferWrite'),
    bufferRead: all('bufferRead'),
    state: all('state'),
    static: all('static'),
  };
}

function sum(numbers: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < numbers.length; i++) total += numbers[i]!;
  return total;
}

/** Events between two turns of others: some hundredths of a second. */
const EVENTS = 50_000;

/** Runs an action, `turn` now and then letting others have theirs, such as an interrupt. */
export async function runSchedule(
  system: System,
  schedule: Schedule | readonly Schedule[],
  turn: () => Promise<void>,
): Promise<SystemTiming> {
  system.begin(schedule);
  let timing = system.step(EVENTS);
  while (!timing) {
    await turn();
    timing = system.step(EVENTS);
  }
  return timing;
}

/** Runs a batch. */
export async function runBatch(
  system: System,
  plan: SystemPlan,
  schedule: Schedule,
  format: WeightFormat,
  accelerator: Accelerator,
  turn: () => Promise<void>,
): Promise<SimulatedBatch> {
  const timing = await runSchedule(system, schedule, turn);
  return {
    images: schedule.images,
    items: schedule.rows.length,
    timing,
    energy: chipEnergyOf(plan, schedule, timing, format, accelerator),
  };
}
