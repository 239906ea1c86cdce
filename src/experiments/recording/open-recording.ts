import { WORKLOADS } from '../../accelerator/workload.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import { requireSameSize } from '../../datasets/same-size.ts';
import type { AddressMapping } from '../../dram/address.ts';
import { InputError } from '../../errors/input-error.ts';
import { ECC_SCHEMES } from '../../faults/ecc.ts';
import { ERROR_MODEL_IDS } from '../../faults/error-model.ts';
import { bytesPerBurst, type Device } from '../../hardware/device.ts';
import { openMemory } from '../../inputs/open-memory.ts';
import { readDataset } from '../../inputs/read-dataset.ts';
import { networkName, readNetwork } from '../../inputs/read-network.ts';
import type { InputRecorder } from '../../inputs/recorder.ts';
import { placementAt } from '../../mapping/placement-at.ts';
import { MAPPING_POLICIES, policyOf } from '../../mapping/policy.ts';
import { rowStarts } from '../../mapping/weight-image.ts';
import { VOTES } from '../../snn/vote.ts';
import { WEIGHT_FORMATS } from '../../snn/weight-format.ts';
import { fetchesThrough } from '../../sparkxd/inference-traffic.ts';
import { requireRecordable } from '../../sparkxd/memory-rules.ts';
import { DEFAULT_REPAIR, LOAD_REPAIRS } from '../../sparkxd/repair-on-load.ts';
import { type MatrixMap, type MemoryMap, numbersOf } from '../../trace/memory-map.ts';
import { rowRanges } from '../../trace/row-ranges.ts';
import { requireResponses } from '../../weights/network-file.ts';
import { openLayeredRecording } from './open-layered-recording.ts';
import type { MatrixRecording, OpenRecording, RecordedReading } from './opened-recording.ts';
import { knownWordOf, readRecordedSamples, readRecordedWeights } from './recorded-origin.ts';
import { rangesAt } from './recorded-ranges.ts';
import { imagesHash } from './recording-metadata.ts';

/**
 * Opens what a recording's memory map names. `mapping` are the addresses of the device. Throws InputError for files that are
 * gone or have changed, for what this program does not know, and for a device that does not hold the recorded addresses.
 */
export function openRecording(
  map: MemoryMap,
  job: RecordedReading,
  device: Device,
  mapping: AddressMapping,
  recorder: InputRecorder,
  datasetOf: (name: string) => Promise<Dataset> = readDataset,
): Promise<OpenRecording> {
  return map.version === 2
    ? openLayeredRecording(map, job, device, mapping, recorder)
    : openMatrixRecording(map, job, device, mapping, recorder, datasetOf);
}

/** The same of a Diehl & Cook network. */
export async function openMatrixRecording(
  map: MatrixMap,
  job: RecordedReading,
  device: Device,
  mapping: AddressMapping,
  recorder: InputRecorder,
  datasetOf: (name: string) => Promise<Dataset> = readDataset,
): Promise<MatrixRecording> {
  const [tensor] = map.tensors;
  const { inference, placement: placed, reading } = map;
  const known = knownWordOf(job.trace);
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
  const stored = await readRecordedWeights(map.weights, job, (name) => readNetwork(name, recorder.note));
  requireResponses(stored.network, stored.file);
  const dataset = await readRecordedSamples(inference, job, 'images', datasetOf, imagesHash);
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
    kind: 'matrix',
    words: {
      network: networkName(stored),
      dataset: dataset.name,
      format: memory.stored.coding.format,
      ecc: memory.stored.coding.ecc,
      vote,
    },
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
    rows: rowRanges(ranges, rowStarts(layout)),
    placement: job.replace ? undefined : placementAt(ranges, device.organisation, mapping),
  };
}
