import { rowBytesOf } from '../../accelerator/buffer-rows.ts';
import type { LayerPlan, SystemTensor } from '../../accelerator/build-layers.ts';
import { type OnChipEnergy, onChipEnergy } from '../../accelerator/on-chip-energy.ts';
import type { Schedule } from '../../accelerator/schedule.ts';
import type { Accelerator } from '../../hardware/accelerator.ts';
import type { WeightFormat } from '../../snn/weight-format.ts';
import type { Cycles } from '../../units/flavours.ts';

/** A tensor of a simulated system. */
export interface SimulatedTensor extends SystemTensor {
  readonly format: WeightFormat;
}

/** What an inference of layers made a system do. */
export interface LayerWorkDone {
  /** By core. */
  readonly schedules: readonly Schedule[];
  /** Rows that were fetched, by core and tensor. */
  readonly fetches: readonly ArrayLike<number>[];
  readonly latency: Cycles;
}

const KINDS = ['addition', 'update', 'bufferWrite', 'bufferRead', 'state', 'static'] as const;

/** What the chip spends on it: each core on its part of the rows of each tensor and of the neurons of each population. */
export function chipEnergyOfLayers(
  plan: LayerPlan,
  tensors: readonly SimulatedTensor[],
  { schedules, fetches, latency }: LayerWorkDone,
  accelerator: Accelerator,
): OnChipEnergy {
  const total = { addition: 0, update: 0, bufferWrite: 0, bufferRead: 0, state: 0, static: 0 };
  const nothing = { rowBytes: 0, fetchedBytes: 0, fetches: 0, passes: 0, updates: 0, latency: 0 };
  const spend = (
    work: Omit<Parameters<typeof onChipEnergy>[0], keyof typeof nothing> & Partial<typeof nothing>,
  ) => {
    const energy = onChipEnergy({ ...nothing, ...work }, accelerator);
    for (const kind of KINDS) total[kind] += energy[kind];
  };
  const { format } = tensors[0]!;
  const { shared } = plan.shape.store;
  for (const [core, schedule] of schedules.entries()) {
    const passes = passesOf(schedule, tensors);
    for (const [tensor, { columns: all, bitsPerWeight, format: own }] of tensors.entries()) {
      const columns = plan.columns[core]![tensor]!;
      spend({
        neurons: columns,
        rowBytes: rowBytesOf(columns, bitsPerWeight),
        fetchedBytes: rowBytesOf(shared ? all : columns, bitsPerWeight),
        format: own,
        fetches: fetches[core]![tensor]!,
        passes: passes[tensor]!,
      });
    }
    const updates = updatesOf(schedule, plan.neurons[core]!.length);
    if (plan.stages) {
      const neurons = plan.neurons[core]!.reduce((a, b) => a + b, 0);
      spend({ neurons, format, updates: updates.reduce((a, b) => a + b, 0) });
    } else
      for (const [population, neurons] of plan.neurons[core]!.entries())
        spend({ neurons, format, updates: updates[population]! });
  }
  // The static power is the whole chip's.
  spend({ neurons: 0, format, latency });
  return total;
}

/** How often rows of each tensor are added. */
function passesOf({ rows, passes }: Schedule, tensors: readonly SystemTensor[]): number[] {
  const tensorOf = (row: number): number =>
    tensors.findIndex(({ firstRow, rows: own }) => row >= firstRow && row < firstRow + own);
  const counts = tensors.map(() => 0);
  for (let item = 0; item < rows.length; item++) counts[tensorOf(rows[item]!)]! += passes[item]!;
  return counts;
}

/** How often each population is updated. */
function updatesOf({ populations }: Schedule, count: number): number[] {
  const counts = new Array<number>(Math.max(1, count)).fill(0);
  for (let n = 0; n < populations!.length; n++) counts[populations![n]!]!++;
  return counts;
}
