import type { ReplayResult } from '../dram/replay.ts';
import { lineBits } from '../energy/line-bits.ts';
import { dataFactor } from '../energy/vampire.ts';
import type { Placement } from '../hardware/placement.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import { controllerOptions } from '../settings/controller-settings.ts';
import type { RunJob } from '../settings/jobs/run.ts';
import { createDramWindows, type DramWindows } from '../sparkxd/dram-windows.ts';
import type { StoredTensors } from '../sparkxd/stored-tensors.ts';
import { type MemoryPlace, PLAIN_CODING, type WeightMemory } from '../sparkxd/weight-memory.ts';
import type { RunSubject } from './run-inputs.ts';

/** Windows of inferences through the DRAM: of the weights as stored, and of what savings are measured against. */
export interface RunWindows {
  readonly inferences: number;
  readonly stored: DramWindows;
  /** All weights in FP32 in the baseline mapping on accurate DRAM, and what their own bits cost to read. */
  accurate(timing: ResolvedTiming): { readonly window: ReplayResult; readonly readFactor: number };
}

/** Windows of a job's inferences. */
export function createRunWindows<S extends StoredTensors, W>(
  job: RunJob,
  { memory, images, fetches }: RunSubject<S, W>,
): RunWindows {
  const inferences = Math.min(job.inferences, images);
  const controller = controllerOptions(job.controller);
  const windowsOf = ({ device, stored }: WeightMemory<S, W>): DramWindows =>
    createDramWindows(device, stored.layout, fetches(stored, inferences), controller);
  const stored = windowsOf(memory);
  const { format, ecc } = PLAIN_CODING;
  const asStored =
    job.format === format &&
    job.ecc === ecc &&
    job.pruneInputs === undefined &&
    job.tensorFormats === undefined;
  const plain = asStored ? memory : memory.recoded(PLAIN_CODING);
  const plainWindows = asStored ? stored : windowsOf(plain);
  const { nominal } = memory.device.supply;
  return {
    inferences,
    stored,
    accurate(timing) {
      const place = memory.at(1, nominal, 'baseline');
      const placement = plain.place(place);
      return {
        window: plainWindows.run(placement, timing),
        readFactor: readFactor(job, plain, place, placement),
      };
    },
  };
}

/** What a read of the weights' own bits costs over one of the datasheet's pattern, by the vendor of the job. */
export function readFactor(
  { dataEnergy }: RunJob,
  { stored, bitLayout }: Pick<WeightMemory<StoredTensors, unknown>, 'stored' | 'bitLayout'>,
  place: MemoryPlace,
  placement: Placement,
): number {
  if (dataEnergy === undefined) return 1;
  return dataFactor(
    dataEnergy,
    'RD',
    'column',
    lineBits(bitLayout(place, placement).write(stored.image), stored.layout.burstBytes),
  );
}
