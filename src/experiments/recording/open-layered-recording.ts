import { createWeightBuffer } from '../../accelerator/weight-buffer.ts';
import { eventFetches, streamFetches, WORKLOADS, type Workload } from '../../accelerator/workload.ts';
import type { AddressMapping } from '../../dram/address.ts';
import { InputError } from '../../errors/input-error.ts';
import { ECC_SCHEMES } from '../../faults/ecc.ts';
import { ERROR_MODEL_IDS } from '../../faults/error-model.ts';
import { bytesPerBurst, type Device } from '../../hardware/device.ts';
import type { OpenLayers } from '../../inputs/open-layers.ts';
import { type OpenLayeredMemory, openLayeredMemory } from '../../inputs/open-memory.ts';
import { layersInWords, networkName, readAnyNetwork, type StoredLayers } from '../../inputs/read-network.ts';
import { readSamples } from '../../inputs/read-samples.ts';
import type { InputRecorder } from '../../inputs/recorder.ts';
import { placementAt } from '../../mapping/placement-at.ts';
import { MAPPING_POLICIES, policyOf } from '../../mapping/policy.ts';
import { rowStarts } from '../../mapping/weight-image.ts';
import { weightTensors } from '../../snn/layers/layered-network.ts';
import { WEIGHT_FORMATS, type WeightFormat } from '../../snn/weight-format.ts';
import { createLayerReads } from '../../sparkxd/layer-reads.ts';
import { rowsInOrder } from '../../sparkxd/layer-traffic.ts';
import { createSampleInput, firstSamples, requireSamplesFit } from '../../sparkxd/layered-samples.ts';
import { requireRecordable } from '../../sparkxd/memory-rules.ts';
import { DEFAULT_REPAIR, LOAD_REPAIRS } from '../../sparkxd/repair-on-load.ts';
import type { LayeredMap } from '../../trace/memory-map.ts';
import { rowRanges } from '../../trace/row-ranges.ts';
import { formatsInWords } from '../layers/formats-in-words.ts';
import {
  imageRanges,
  recordedDynamics,
  recordedPresentation,
  samplesHash,
} from '../layers/layered-recording.ts';
import type { LayeredRecordingOpen, RecordedReading } from './opened-recording.ts';
import { knownWordOf, readRecordedSamples, readRecordedWeights } from './recorded-origin.ts';
import { rangesAt } from './recorded-ranges.ts';

/** Opens what the memory map of a layered network names, as `openRecording` does for all. */
export async function openLayeredRecording(
  map: LayeredMap,
  job: RecordedReading,
  device: Device,
  mapping: AddressMapping,
  recorder: InputRecorder,
): Promise<LayeredRecordingOpen> {
  const { inference, placement: placed, reading } = map;
  const known = knownWordOf(job.trace);
  requireLayeredReading(map, job);
  const policy = job.mapping ?? known('mapping', placed.policy, MAPPING_POLICIES);
  requireRecordable(policy);
  const workload = known('workload', inference.workload, WORKLOADS);
  const repair = job.repair ?? (reading ? known('repair', reading.repair, LOAD_REPAIRS) : DEFAULT_REPAIR);
  const stored = await readRecordedWeights(map.weights, job, (name) => readLayers(name, recorder));
  const open = await openRecorded(map, job, stored, recorder);
  requireTensors(map, stored, job.trace);

  const ecc = known('ECC scheme', map.tensors[0]!.ecc, ECC_SCHEMES);
  const burstBytes = job.replace ? bytesPerBurst(device.organisation) : map.tensors[0]!.burst_bytes;
  const formats = map.tensors.map(({ name, format }): [string, WeightFormat] => [
    name,
    known('format', format, WEIGHT_FORMATS),
  ]);
  const parity = new Set(map.tensors.map(({ parity_bits }) => parity_bits));
  const limits = map.tensors.flatMap(({ name, ber_limit }): [string, number][] =>
    ber_limit === undefined ? [] : [[name, ber_limit]],
  );
  const memory = await openLayeredMemory(
    {
      device: job.device,
      timing: job.timing,
      latencyCurve: job.latencyCurve,
      profile: job.profile ?? placed.profile,
      errorModel:
        job.errorModel ??
        (job.weakCells === undefined ? known('error model', placed.error_model, ERROR_MODEL_IDS) : 0),
      modelOptions: { flipCharged: job.flipProbability ?? reading?.flip_probability ?? 1 },
      weakCells: job.weakCells,
      temperature: job.temperature,
      repair,
      prior: job.prior,
      format: formats[0]![1],
      tensorFormats: formats,
      ecc,
      // Where tensors differ, each has as many as its format usually has.
      parityBits: parity.size === 1 ? [...parity][0] : undefined,
      berLimit: placed.ber_limit,
      ...(limits.length > 0 ? { tensorLimits: limits } : {}),
      occupied: placed.occupied,
      burstBytes,
      seed: job.seed ?? placed.chip_seed,
    },
    weightTensors(stored.network).map((tensor, k) => ({ ...tensor, ceiling: map.tensors[k]!.ceiling })),
    recorder,
  );
  requireLayout(map, memory, job, policyOf(known('mapping', placed.policy, MAPPING_POLICIES)).bitLayout);
  const bytes = mapping.bursts * bytesPerBurst(device.organisation);
  const ranges = job.replace ? imageRanges(map) : rangesAt(imageRanges(map), job, bytes, device);
  const starts = job.replace ? recordedStarts(map) : rowStarts(memory.stored.layout);
  const chip = reading?.chip ?? placed.chip;
  return {
    kind: 'layers',
    words: {
      network: networkName(stored),
      dataset: open.dataset,
      format: formatsInWords(memory.stored),
      ecc,
      vote: open.runnable.presentation.readout,
    },
    map,
    open,
    memory,
    policy,
    workload,
    repair,
    chip: typeof chip === 'number' ? chip : undefined,
    fetches: fetchesOf(map, open, memory, workload),
    rows: rowRanges(ranges, starts),
    placement: job.replace ? undefined : placementAt(ranges, device.organisation, mapping),
  };
}

/** The network and its samples, as they were recorded. Throws InputError for others. */
async function openRecorded(
  map: LayeredMap,
  job: RecordedReading,
  stored: StoredLayers,
  recorder: InputRecorder,
): Promise<OpenLayers> {
  const { inference, network } = map;
  const known = knownWordOf(job.trace);
  const kind = known('kind of samples', inference.samples, ['images', 'events'] as const);
  const found = await readRecordedSamples(
    inference,
    job,
    kind,
    async (name) => {
      const read = await readSamples(name, { parts: ['test'], noteHash: recorder.noteHash });
      const samples =
        read.kind === 'images'
          ? ({ kind: 'images', set: read.test } as const)
          : ({ kind: 'events', set: read.test! } as const);
      return { name: read.name, samples };
    },
    ({ samples }) => samplesHash(samples),
  );
  requireSamplesFit(stored.network, stored.file, found.samples, found.name);
  const runnable = {
    network: stored.network,
    dynamics: recordedDynamics(network.dynamics, known),
    presentation: recordedPresentation(network.presentation, known),
  };
  const { images } = inference;
  if (images > found.samples.set.count)
    throw new InputError(
      `its memory map has ${images} inferences, ${found.name} has ${found.samples.set.count} test samples`,
      { place: { file: job.trace }, remedy: 'name the samples that were recorded with --dataset' },
    );
  const split = (_: 'test' | 'validation', count?: number) =>
    firstSamples(found.samples, count, `test samples of ${found.name}`);
  return { stored, runnable, dataset: found.name, samples: split('test', images), split };
}

async function readLayers(name: string, recorder: InputRecorder): Promise<StoredLayers> {
  const read = await readAnyNetwork(name, recorder.note);
  if (read.kind === 'layered') return read;
  throw new InputError('a network of Diehl & Cook, where the recording is of one of layers', {
    place: { file: read.file },
    remedy: 'name the file with the recorded weights: --weights FILE',
  });
}

/** Throws InputError for what a replay of layers has no use for. */
function requireLayeredReading({ tensors }: LayeredMap, { ecc, vote, trace }: RecordedReading): void {
  if (ecc !== undefined && ecc !== 'none')
    throw new InputError(
      `a recording has the check bits that its weights were stored with (${tensors[0]!.ecc})`,
      { remedy: 'leave out --ecc' },
    );
  if (vote !== undefined)
    throw new InputError('--vote is of Diehl & Cook networks: this one has its classes as outputs', {
      place: { file: trace },
      remedy: 'leave out --vote',
    });
}

/** Throws InputError where the tensors of the map are not those of the network. */
function requireTensors(map: LayeredMap, { network }: StoredLayers, trace: string): void {
  const inWords = (tensors: readonly { name: string; shape: readonly number[] }[]): string =>
    tensors.map(({ name, shape }) => `${name} ${shape.join(' x ')}`).join(', ');
  const mapped = inWords(map.tensors);
  const own = inWords(
    weightTensors(network).map(({ name, rows, columns }) => ({ name, shape: [rows, columns] })),
  );
  if (mapped !== own)
    throw new InputError(`its memory map has the tensors ${mapped}; ${layersInWords(network)} has ${own}`, {
      place: { file: trace },
    });
}

/** Throws InputError where the weights would not be stored as they were recorded. */
function requireLayout(
  map: LayeredMap,
  { stored }: OpenLayeredMemory,
  { replace, trace }: RecordedReading,
  bitLayout: string,
): void {
  for (const [k, { part, region }] of stored.tensors.entries()) {
    const { name, row_bytes, row_stride, bit_layout, ecc } = map.tensors[k]!;
    const stride = replace ? part.rowStride : row_stride;
    if (
      part.rowBytes === row_bytes &&
      part.rowStride === stride &&
      bit_layout === bitLayout &&
      ecc === region.scheme
    )
      continue;
    throw new InputError(
      `its memory map has rows of ${row_bytes} bytes in ${row_stride} (${ecc}, ${bit_layout}) for ${name}, the network has ${part.rowBytes} in ${part.rowStride} (${region.scheme}, ${bitLayout})`,
      { place: { file: trace } },
    );
  }
}

/** Where rows begin in the image as it was recorded, whose padding may be another device's. */
function recordedStarts({ tensors }: LayeredMap): Float64Array {
  const starts = [0];
  for (const { shape, row_stride } of tensors)
    for (let row = 0; row < shape[0]; row++) starts.push(starts.at(-1)! + row_stride);
  return Float64Array.from(starts);
}

/** Rows of each inference in the order of their fetches, through the buffer that the map describes. */
function fetchesOf(
  { inference, tensors }: LayeredMap,
  { runnable, samples }: OpenLayers,
  { stored }: OpenLayeredMemory,
  workload: Workload,
): Uint32Array[] {
  const { layout } = stored;
  if (workload === 'stream') {
    const rows = streamFetches(layout.rows);
    return Array.from({ length: inference.images }, () => rows);
  }
  const sizes = new Uint32Array(layout.rows);
  for (const [k, { firstRow, rows }] of layout.parts.entries())
    sizes.fill(tensors[k]!.buffered_bytes, firstRow, firstRow + rows);
  const buffer = createWeightBuffer(inference.buffer_bytes, layout.rows, sizes);
  const input = createSampleInput(runnable, samples, inference.seed);
  const reads = createLayerReads(runnable);
  return Array.from({ length: inference.images }, (_, sample) =>
    eventFetches(rowsInOrder(layout, reads(input(sample)).tensors), buffer),
  );
}
