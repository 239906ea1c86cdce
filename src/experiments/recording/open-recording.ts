import { WORKLOADS } from '../../accelerator/workload.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import { requireSameSize } from '../../datasets/same-size.ts';
import type { AddressMapping } from '../../dram/address.ts';
import { InputError } from '../../errors/input-error.ts';
import { quoted } from '../../errors/printable.ts';
import { ECC_SCHEMES } from '../../faults/ecc.ts';
import { ERROR_MODEL_IDS } from '../../faults/error-model.ts';
import { sha256 } from '../../files/sha256.ts';
import { bytesPerBurst, type Device } from '../../hardware/device.ts';
import type { Placement } from '../../hardware/placement.ts';
import { type OpenMemory, openMemory } from '../../inputs/open-memory.ts';
import { readDataset } from '../../inputs/read-dataset.ts';
import { readNetwork, type StoredNetwork } from '../../inputs/read-network.ts';
import type { InputRecorder } from '../../inputs/recorder.ts';
import { placementAt } from '../../mapping/placement-at.ts';
import { MAPPING_POLICIES, type MappingPolicy, policyOf } from '../../mapping/policy.ts';
import type { ReplayJob } from '../../settings/jobs/replay.ts';
import { VOTES } from '../../snn/vote.ts';
import { WEIGHT_FORMATS } from '../../snn/weight-format.ts';
import { fetchesThrough } from '../../sparkxd/inference-traffic.ts';
import { requireRecordable } from '../../sparkxd/memory-rules.ts';
import { DEFAULT_REPAIR, LOAD_REPAIRS, type LoadRepair } from '../../sparkxd/repair-on-load.ts';
import { emptyRun } from '../../trace/access-run.ts';
import { windowed } from '../../trace/address-window.ts';
import { type AddressRange, type MemoryMap, numbersOf, storedRows } from '../../trace/memory-map.ts';
import { type RowRanges, rowRanges } from '../../trace/row-ranges.ts';
import { requireResponses } from '../../weights/network-file.ts';
import { imagesHash } from './recording-metadata.ts';

/** A recording whose network, images and memory are open. */
export interface OpenRecording {
  readonly map: MemoryMap;
  readonly stored: StoredNetwork;
  readonly dataset: Dataset;
  /** The weights as they were stored for the recording, on the device of the replay. */
  readonly memory: OpenMemory;
  /** The mapping under which the weights lie: as recorded, or that under which they are placed anew. */
  readonly policy: MappingPolicy;
  readonly workload: (typeof WORKLOADS)[number];
  /** As recorded, or that of the replay. */
  readonly vote: (typeof VOTES)[number];
  readonly repair: LoadRepair;
  /** Number of the chip that the recording names, if it names one. */
  readonly chip: number | undefined;
  /** Rows of each inference in the order of their fetches. */
  readonly fetches: readonly Uint32Array[];
  /** Where the trace reads the rows (as the replay takes its addresses, unless weights are placed anew), and where that is in the device. */
  readonly rows: RowRanges;
  /** Absent where the weights are placed anew. */
  readonly placement: Placement | undefined;
}

/** What is chosen for a replay, completed by what the recording says. */
export type RecordedReading = Pick<
  ReplayJob,
  | 'device'
  | 'timing'
  | 'latencyCurve'
  | 'profile'
  | 'errorModel'
  | 'weakCells'
  | 'temperature'
  | 'flipProbability'
  | 'repair'
  | 'vote'
  | 'prior'
  | 'ecc'
  | 'weights'
  | 'dataset'
  | 'seed'
  | 'offset'
  | 'wrap'
  | 'trace'
  | 'replace'
  | 'mapping'
>;

/**
 * Opens what a recording's memory map names. `mapping` are the addresses of the device. Throws InputError for files that are
 * gone or have changed, for what this program does not know, and for a device that does not hold the recorded addresses.
 */
export async function openRecording(
  map: MemoryMap,
  job: RecordedReading,
  device: Device,
  mapping: AddressMapping,
  recorder: InputRecorder,
  datasetOf: (name: string) => Promise<Dataset> = readDataset,
): Promise<OpenRecording> {
  const [tensor] = map.tensors;
  const { inference, placement: placed, reading } = map;
  const known = <T extends string | number>(what: string, value: string | number, words: readonly T[]): T => {
    const found = words.find((word) => word === value);
    if (found !== undefined) return found;
    throw new InputError(
      `its memory map names an unknown ${what}: ${typeof value === 'string' ? quoted(value) : value}`,
      {
        place: { file: job.trace },
        remedy:
          'it was recorded by another version of this program; --no-accuracy replays it without its memory map',
      },
    );
  };
  if (job.ecc !== undefined && job.ecc !== 'none')
    throw new InputError(`a recording has the check bits that its weights were stored with (${tensor.ecc})`, {
      remedy: 'leave out --ecc',
    });
  const recordedPolicy = known('mapping', placed.policy, MAPPING_POLICIES);
  const policy = job.mapping ?? recordedPolicy;
  requireRecordable(policy);
  const workload = known('workload', inference.workload, WORKLOADS);
  const vote = job.vote ?? known('vote', inference.vote, VOTES);

  const repair = job.repair ?? (reading ? known('repair', reading.repair, LOAD_REPAIRS) : DEFAULT_REPAIR);
  const stored = await readWeights(map, job, recorder);
  requireResponses(stored.network, stored.file);
  const dataset = await readImages(map, job, datasetOf);
  recorder.noteHash('test_images', dataset.name, map.inference.sha256);
  requireSameSize(stored, dataset);
  const { neurons, imageRows, imageColumns } = stored.network;
  const shape = [imageRows * imageColumns, neurons];
  if (shape.join() !== tensor.shape.join())
    throw new InputError(
      `its memory map has weights of ${tensor.shape.join(' x ')}, the network has ${shape.join(' x ')}`,
      { place: { file: job.trace } },
    );

  const burstBytes = job.replace ? bytesPerBurst(device.organisation) : tensor.burst_bytes;
  const memory = await openMemory(
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
      format: known('format', tensor.format, WEIGHT_FORMATS),
      // Integers were scaled by 1 before maps said their scale.
      ceiling: tensor.ceiling ?? (tensor.format.startsWith('int') ? 1 : undefined),
      ecc: known('ECC scheme', tensor.ecc, ECC_SCHEMES),
      // Parity covered two bits before maps said how many.
      parityBits: tensor.parity_bits ?? 2,
      berLimit: placed.ber_limit,
      occupied: placed.occupied,
      storedBefore: { inputs: numbersOf(tensor.rows), burstBytes },
      seed: job.seed ?? placed.chip_seed,
    },
    stored,
    recorder,
    async () => dataset,
  );
  const { layout } = memory.stored;
  const stride = job.replace ? layout.rowStride : tensor.row_stride;
  if (
    layout.rowStride !== stride ||
    layout.rowBytes !== tensor.row_bytes ||
    policyOf(recordedPolicy).bitLayout !== tensor.bit_layout
  )
    throw new InputError(
      `its memory map has rows of ${tensor.row_bytes} bytes in ${tensor.row_stride} (${tensor.bit_layout}), the network in ${tensor.format} with ${tensor.ecc} has ${layout.rowBytes} in ${layout.rowStride} (${policyOf(recordedPolicy).bitLayout})`,
      { place: { file: job.trace } },
    );
  const bytes = mapping.bursts * bytesPerBurst(device.organisation);
  const ranges = job.replace ? tensor.runs : rangesAt(tensor.runs, job, bytes, device);
  const images = inference.images;
  if (images > dataset.test.count)
    throw new InputError(
      `its memory map has ${images} inferences, ${dataset.name} has ${dataset.test.count} test images`,
      { place: { file: job.trace }, remedy: 'name the images that were recorded with --dataset' },
    );
  const chip = reading?.chip ?? placed.chip;
  return {
    map,
    stored,
    dataset,
    memory,
    policy,
    workload,
    vote,
    repair,
    chip: typeof chip === 'number' ? chip : undefined,
    fetches: fetchesThrough(
      workload,
      memory.stored,
      inference.buffer_rows,
      dataset.test,
      images,
      inference.seed,
    ),
    rows: rowRanges(ranges, storedRows(tensor), tensor.row_stride),
    placement: job.replace ? undefined : placementAt(ranges, device.organisation, mapping),
  };
}

/** Reads the weights of the recording. Throws InputError for others, and where they cannot be read. */
async function readWeights(
  map: MemoryMap,
  { trace, weights }: RecordedReading,
  recorder: InputRecorder,
): Promise<StoredNetwork> {
  const { file, sha256: recorded } = map.weights;
  const remedy = 'name the file with these weights: --weights FILE; or --no-accuracy for energy alone';
  const stored =
    weights === undefined
      ? await readNamed(`the weights that ${trace} was recorded of`, remedy, () =>
          readNetwork(file, recorder.note),
        )
      : await readNetwork(weights, recorder.note);
  const found = sha256(stored.bytes);
  if (found === recorded) return stored;
  throw new InputError(
    `these are not the weights that ${trace} was recorded of: ${hashesInWords(found, recorded)}`,
    { place: { file: stored.file }, remedy },
  );
}

/** The same of its images. */
async function readImages(
  map: MemoryMap,
  { trace, dataset: given }: RecordedReading,
  datasetOf: (name: string) => Promise<Dataset>,
): Promise<Dataset> {
  const { dataset: name, sha256: recorded } = map.inference;
  const remedy = 'name the folder with these images: --dataset DIR; or --no-accuracy for energy alone';
  const dataset =
    given === undefined
      ? await readNamed(`the images that ${trace} was recorded of`, remedy, () => datasetOf(name))
      : await datasetOf(given);
  const found = imagesHash(dataset);
  if (found === recorded) return dataset;
  throw new InputError(
    `the test images of ${given ?? name} are not those that ${trace} was recorded of: ${hashesInWords(found, recorded)}`,
    { remedy },
  );
}

/** Reads what a recording names; an InputError then says what it was for, and what to do. */
async function readNamed<T>(what: string, remedy: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(`${what} cannot be read: ${error.what}`, { remedy, cause: error });
  }
}

const hashesInWords = (found: string, recorded: string): string =>
  `SHA-256 ${found.slice(0, 16)}..., recorded ${recorded.slice(0, 16)}...`;

/** The recorded addresses as the replay takes them, less the offset and modulo the device's size where that is asked. */
function rangesAt(
  runs: readonly AddressRange[],
  { offset, wrap, trace }: RecordedReading,
  deviceBytes: number,
  device: Device,
): AddressRange[] {
  let next = 0;
  const reader = windowed(
    {
      next(run) {
        if (next === runs.length) return false;
        [run.address, run.bytes] = runs[next++]!;
        return true;
      },
    },
    { offset, ...(wrap ? { wrap: deviceBytes } : {}) },
  );
  const ranges: AddressRange[] = [];
  const run = emptyRun();
  while (reader.next(run)) {
    if (run.address + run.bytes > deviceBytes)
      throw new InputError(
        `the recorded weights lie up to address 0x${(run.address + run.bytes - 1).toString(16)}, beyond the ${deviceBytes} bytes of ${device.name}`,
        {
          place: { file: trace },
          remedy: 'choose a larger device, --wrap, or --replace to place the weights anew',
        },
      );
    ranges.push([run.address, run.bytes]);
  }
  return ranges;
}
