import type { Workload } from '../../accelerator/workload.ts';
import { sha256 } from '../../files/sha256.ts';
import type { Accelerator } from '../../hardware/accelerator.ts';
import type { TimingMode } from '../../hardware/resolved-timing.ts';
import type { OpenLayers } from '../../inputs/open-layers.ts';
import type { OpenLayeredMemory } from '../../inputs/open-memory.ts';
import { networkName } from '../../inputs/read-network.ts';
import { type MappingPolicy, policyOf } from '../../mapping/policy.ts';
import type { WeightRowRuns } from '../../mapping/weight-rows.ts';
import {
  type Dynamics,
  INPUT_KINDS,
  type InputCode,
  type Presentation,
  READOUTS,
} from '../../snn/layers/layered-network.ts';
import { bufferedBytes } from '../../sparkxd/layer-traffic.ts';
import type { LayeredSamples } from '../../sparkxd/layered-samples.ts';
import { requireRecordable } from '../../sparkxd/memory-rules.ts';
import { type NamedValue, namedValue } from '../../sparkxd/tensor-names.ts';
import { type AddressRange, type LayeredMap, stretchesOf } from '../../trace/memory-map.ts';
import type { TraceMetadata } from '../../trace/sxt-format.ts';
import type { Volts } from '../../units/flavours.ts';
import type { KnownWord } from '../recording/recorded-origin.ts';
import { addressRanges, imagesHash } from '../recording/recording-metadata.ts';

/** The inferences of a layered network, and the memory, that a trace is recorded of. */
export interface LayeredRecording {
  readonly open: OpenLayers;
  readonly accelerator: Accelerator;
  readonly memory: OpenLayeredMemory;
  /** Where the weight rows lie, as their requests name them. */
  readonly runs: WeightRowRuns;
  readonly supply: Volts;
  readonly job: {
    readonly weights: string;
    readonly dataset: string;
    readonly workload: Workload;
    readonly images: number;
    readonly mapping: MappingPolicy;
    readonly timing: TimingMode;
    readonly berLimit: number;
    readonly tensorLimits?: readonly NamedValue<number>[] | undefined;
    readonly occupied: number;
    readonly chip: number;
    readonly errorModel: number;
    readonly seed: number;
  };
  /** How the weights were read, where the recording simulated it. */
  readonly reading?: { readonly repair: string; readonly flipProbability: number };
}

/** What such a trace says of its origin. */
export const layeredMetadata = ({ open, accelerator, memory, job }: LayeredRecording): TraceMetadata => ({
  network: networkName(open.stored),
  dataset: open.dataset,
  workload: job.workload,
  inferences: job.images,
  device: memory.device.name,
  accelerator: accelerator.name,
  mapping: job.mapping,
  seed: job.seed,
});

/** The memory map of the recording: with its tensors and with how the network steps and is driven, the trace is complete by itself. */
export function layeredMap({
  open,
  accelerator,
  memory,
  runs,
  supply,
  job,
  reading,
}: LayeredRecording): LayeredMap {
  const { stored } = memory;
  const { layout } = stored;
  const { needsErrorRates } = policyOf(job.mapping);
  const chip = memory.measured ? 'measured' : job.chip;
  const buffered = bufferedBytes(stored, accelerator);
  const { dynamics, presentation } = open.runnable;
  return {
    version: 2,
    weights: { file: job.weights, sha256: sha256(open.stored.bytes) },
    tensors: stored.tensors.map(({ name, coding, columns, part, region, range }) => {
      const limit = namedValue(name, job.tensorLimits ?? []);
      return {
        name,
        shape: [part.rows, columns],
        format: coding.format,
        ceiling: range.ceiling,
        ecc: region.scheme,
        ...(region.topBits === undefined ? {} : { parity_bits: region.topBits }),
        row_bytes: part.rowBytes,
        row_stride: part.rowStride,
        burst_bytes: layout.burstBytes,
        bit_layout: requireRecordable(job.mapping),
        rows: stretchesOf(Uint32Array.from({ length: part.rows }, (_, row) => row)),
        runs: addressRanges(runs, layout.burstBytes, part.firstRow, part.firstRow + part.rows).map(
          ([address, bytes]): [number, number] => [address, bytes],
        ),
        buffered_bytes: buffered[part.firstRow]!,
        ...(limit === undefined ? {} : { ber_limit: limit }),
      };
    }),
    network: { dynamics: dynamicsEntry(dynamics), presentation: presentationEntry(presentation) },
    inference: {
      dataset: job.dataset,
      samples: open.samples.kind,
      sha256: samplesHash(open.split('test')),
      split: 'test',
      first_image: 0,
      images: job.images,
      seed: job.seed,
      workload: job.workload,
      accelerator: accelerator.name,
      buffer_bytes: Math.floor(accelerator.weightBuffer / 8),
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

/** SHA-256 of samples with their labels, however their files were packed. */
export function samplesHash(samples: LayeredSamples): string {
  if (samples.kind === 'images') return imagesHash({ test: samples.set });
  const { labels, offsets, times, inputs } = samples.set;
  const [first, end] = [offsets[0]!, offsets.at(-1)!];
  return sha256(
    [
      labels,
      offsets.map((offset) => offset - first),
      Float64Array.from(times.subarray(first, end)),
      inputs.subarray(first, end),
    ]
      .map(({ buffer, byteOffset, byteLength }) => sha256(new Uint8Array(buffer, byteOffset, byteLength)))
      .join(' '),
  );
}

type NetworkEntry = LayeredMap['network'];

const dynamicsEntry = (dynamics: Dynamics): NetworkEntry['dynamics'] => ({
  time_step_s: dynamics.timeStepS,
  integration: dynamics.integration,
  reset: dynamics.reset,
  reset_time: dynamics.resetTime,
  threshold: dynamics.threshold,
});

function presentationEntry({ steps, input, readout }: Presentation): NetworkEntry['presentation'] {
  return {
    steps,
    input: input.kind,
    ...('gain' in input ? { gain: input.gain } : {}),
    ...('encoding' in input
      ? {
          maximum_rate_Hz: input.encoding.maximumRateHz,
          ...(input.encoding.spikesPerImage === undefined
            ? {}
            : { spikes_per_image: input.encoding.spikesPerImage }),
        }
      : {}),
    readout,
  };
}

/** The words that a map may have for each entry. */
const WORDS = {
  integration: ['euler', 'exact'],
  reset: ['value', 'subtract'],
  reset_time: ['same-step', 'next-step', 'snntorch-same-step'],
  threshold: ['gt', 'ge'],
} as const;

/** How a recorded network steps. */
export const recordedDynamics = (
  { time_step_s, integration, reset, reset_time, threshold }: NetworkEntry['dynamics'],
  known: KnownWord,
): Dynamics => ({
  timeStepS: time_step_s,
  integration: known('integration', integration, WORDS.integration),
  reset: known('reset', reset, WORDS.reset),
  resetTime: known('time of the reset', reset_time, WORDS.reset_time),
  threshold: known('threshold', threshold, WORDS.threshold),
});

/** How it was driven. */
export const recordedPresentation = (
  entry: NetworkEntry['presentation'],
  known: KnownWord,
): Presentation => ({
  steps: entry.steps,
  input: inputCode(entry, known('input', entry.input, INPUT_KINDS)),
  readout: known('readout', entry.readout, READOUTS),
});

function inputCode(
  { steps, gain = 1, maximum_rate_Hz = 0, spikes_per_image }: NetworkEntry['presentation'],
  kind: InputCode['kind'],
): InputCode {
  if (kind === 'current' || kind === 'bernoulli') return { kind, gain };
  if (kind !== 'poisson') return { kind };
  const rates = spikes_per_image === undefined ? {} : { spikesPerImage: spikes_per_image };
  return { kind, encoding: { steps, maximumRateHz: maximum_rate_Hz, ...rates } };
}

/** Addresses of the rows of all tensors in the order of the image. */
export const imageRanges = ({ tensors }: LayeredMap): AddressRange[] =>
  tensors.flatMap(({ runs }) => runs.map(([address, bytes]): AddressRange => [address, bytes]));
