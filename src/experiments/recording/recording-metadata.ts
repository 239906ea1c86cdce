import type { Workload } from '../../accelerator/workload.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import { sha256 } from '../../files/sha256.ts';
import type { Accelerator } from '../../hardware/accelerator.ts';
import type { TimingMode } from '../../hardware/resolved-timing.ts';
import type { OpenMemory } from '../../inputs/open-memory.ts';
import type { StoredNetwork } from '../../inputs/read-network.ts';
import { type MappingPolicy, policyOf } from '../../mapping/policy.ts';
import type { WeightRowRuns } from '../../mapping/weight-rows.ts';
import { inputCount } from '../../snn/network.ts';
import type { Vote } from '../../snn/vote.ts';
import { requireRecordable } from '../../sparkxd/memory-rules.ts';
import { rowRegion } from '../../sparkxd/stored-tensors.ts';
import { type AddressRange, type MatrixMap, stretchesOf } from '../../trace/memory-map.ts';
import type { TraceMetadata } from '../../trace/sxt-format.ts';
import type { Volts } from '../../units/flavours.ts';

/** The inferences and the memory that a trace is recorded of. */
export interface Recording {
  readonly stored: StoredNetwork;
  readonly dataset: Dataset;
  readonly accelerator: Accelerator;
  /** Weight rows that the accelerator's buffer holds. */
  readonly bufferRows: number;
  readonly memory: OpenMemory;
  /** Where the weight rows lie, as their requests name them. */
  readonly runs: WeightRowRuns;
  readonly supply: Volts;
  readonly vote: Vote;
  readonly job: {
    readonly weights: string;
    readonly dataset: string;
    readonly workload: Workload;
    readonly images: number;
    readonly mapping: MappingPolicy;
    readonly timing: TimingMode;
    readonly berLimit: number;
    readonly occupied: number;
    readonly chip: number;
    readonly errorModel: number;
    readonly seed: number;
  };
  /** How the weights were read, where the recording simulated it. */
  readonly reading?: { readonly repair: string; readonly flipProbability: number };
}

/** What a recorded trace says of its origin; the order of the entries is part of the file. */
export const recordingMetadata = ({
  stored,
  dataset,
  accelerator,
  memory,
  job,
}: Recording): TraceMetadata => ({
  network: `n${stored.network.neurons}-${dataset.name}`,
  dataset: dataset.name,
  workload: job.workload,
  inferences: job.images,
  device: memory.device.name,
  accelerator: accelerator.name,
  mapping: job.mapping,
  seed: job.seed,
});

/** The memory map of a recording. */
export function recordingMap(recording: Recording): MatrixMap {
  const { stored, dataset, accelerator, bufferRows, memory, runs, supply, vote, job, reading } = recording;
  const { layout, inputs, coding } = memory.stored;
  const { needsErrorRates } = policyOf(job.mapping);
  const { scheme, topBits } = rowRegion(stored.network.neurons, coding);
  const chip = memory.measured ? 'measured' : job.chip;
  return {
    version: 1,
    weights: { file: job.weights, sha256: sha256(stored.bytes) },
    tensors: [
      {
        name: 'weight',
        shape: [inputCount(stored.network), stored.network.neurons],
        format: coding.format,
        ceiling: memory.stored.network.ceiling,
        ecc: scheme,
        ...(topBits === undefined ? {} : { parity_bits: topBits }),
        row_bytes: layout.rowBytes,
        row_stride: layout.rowStride,
        burst_bytes: layout.burstBytes,
        bit_layout: requireRecordable(job.mapping),
        rows: stretchesOf(inputs),
        runs: addressRanges(runs, layout.burstBytes).map(([address, bytes]) => [address, bytes]),
      },
    ],
    inference: {
      dataset: job.dataset,
      sha256: imagesHash(dataset),
      split: 'test',
      first_image: 0,
      images: job.images,
      seed: job.seed,
      workload: job.workload,
      vote,
      accelerator: accelerator.name,
      buffer_rows: bufferRows,
    },
    placement: {
      policy: job.mapping,
      device: memory.device.name,
      profile: memory.profile.name,
      supply_V: supply,
      timing: job.timing,
      ber_limit: job.berLimit,
      occupied: job.occupied,
      chip: needsErrorRates ? chip : null,
      chip_seed: job.seed,
      error_model: job.errorModel,
    },
    ...(reading
      ? { reading: { repair: reading.repair, flip_probability: reading.flipProbability, chip } }
      : {}),
  };
}

/** SHA-256 of a dataset's test images and their labels. */
export function imagesHash({ test }: Pick<Dataset, 'test'>): string {
  const bytes = new Uint8Array(test.pixels.length + test.labels.length);
  bytes.set(test.pixels);
  bytes.set(test.labels, test.pixels.length);
  return sha256(bytes);
}

/** Where weight rows (`first` to before `end`, all by default) lie one after the other, in bytes; runs that follow each other are one. */
export function addressRanges(
  { start, burst, count }: WeightRowRuns,
  burstBytes: number,
  first = 0,
  end = start.length - 1,
): AddressRange[] {
  const ranges: [number, number][] = [];
  for (let run = start[first]!; run < start[end]!; run++) {
    const address = burst[run]! * burstBytes;
    const bytes = count[run]! * burstBytes;
    const last = ranges.at(-1);
    if (last && last[0] + last[1] === address) last[1] += bytes;
    else ranges.push([address, bytes]);
  }
  return ranges;
}
