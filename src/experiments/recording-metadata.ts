import type { Workload } from '../accelerator/workload.ts';
import type { Dataset } from '../datasets/dataset.ts';
import type { Accelerator } from '../hardware/accelerator.ts';
import type { Device } from '../hardware/device.ts';
import type { MappingPolicy } from '../mapping/policy.ts';
import type { Network } from '../snn/network.ts';
import type { TraceMetadata } from '../trace/sxt-format.ts';

/** What a recorded trace says of its origin; the order of the entries is part of the file. */
export const recordingMetadata = (
  { neurons }: Network,
  dataset: Dataset,
  device: Device,
  accelerator: Accelerator,
  job: {
    readonly workload: Workload;
    readonly images: number;
    readonly mapping: MappingPolicy;
    readonly seed: number;
  },
): TraceMetadata => ({
  network: `n${neurons}-${dataset.name}`,
  dataset: dataset.name,
  workload: job.workload,
  inferences: job.images,
  device: device.name,
  accelerator: accelerator.name,
  mapping: job.mapping,
  seed: job.seed,
});
