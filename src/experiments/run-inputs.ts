import type { Dataset, ImageSet } from '../datasets/dataset.ts';
import { firstImages } from '../datasets/first-images.ts';
import type { Accelerator } from '../hardware/accelerator.ts';
import type { Device } from '../hardware/device.ts';
import { type OpenMemory, openMemory, type WithChips } from '../inputs/open-memory.ts';
import { readInferenceOf } from '../inputs/read-inference.ts';
import { networkName, type StoredNetwork } from '../inputs/read-network.ts';
import type { InputRecorder } from '../inputs/recorder.ts';
import { remarkDoubt } from '../inputs/remark-doubt.ts';
import { dataPinsOf } from '../settings/data-pins.ts';
import type { RunJob } from '../settings/jobs/run.ts';
import { inputCount } from '../snn/network.ts';
import { fetchesOf } from '../sparkxd/inference-traffic.ts';
import type { StoredTensors } from '../sparkxd/stored-tensors.ts';
import type { StoredWeights } from '../sparkxd/stored-weights.ts';
import type { WeightMemory } from '../sparkxd/weight-memory.ts';
import { requireResponses } from '../weights/network-file.ts';
import { classifyHeld, type HeldAccuracies, type KnownAccuracies } from './accuracy/classify-held.ts';
import { refuseLayeredSettings } from './layers/layered-job.ts';
import type { PhaseMonitor } from './monitor.ts';

/** What the points of a run are made of, whatever kind of network runs: weights as stored (S) and as loaded (W). */
export interface RunSubject<S extends StoredTensors, W> {
  /** What results call the network and the data. */
  readonly network: string;
  readonly dataset: string;
  /** How spikes become a class. */
  readonly vote: string;
  /** Images or samples that are classified. */
  readonly images: number;
  readonly memory: WeightMemory<S, W> & WithChips;
  /** Inputs whose weights are not stored. */
  readonly prunedInputs: number;
  readonly recorder: InputRecorder;
  /** Weight rows that the first inferences fetch, a list an inference, of weights that are stored like these. */
  fetches(stored: S, inferences: number): Uint32Array[];
  /** Accuracies of the weights as trained, and of each of `held`; what is found is added to `known`. */
  classify(
    held: readonly W[],
    known: KnownAccuracies,
    threads: number,
    monitor: PhaseMonitor,
  ): Promise<HeldAccuracies>;
}

/** What a job of a Diehl & Cook network reads. */
export interface RunInputs {
  readonly stored: StoredNetwork;
  readonly dataset: string;
  readonly images: ImageSet;
  readonly memory: OpenMemory;
  readonly accelerator: Accelerator;
  readonly recorder: InputRecorder;
}

/** Reads the inputs of a job whose network is read. Throws InputError. */
export async function readRunInputs(
  job: RunJob,
  stored: StoredNetwork,
  recorder: InputRecorder,
  datasetOf: (name: string) => Promise<Dataset>,
): Promise<RunInputs> {
  refuseLayeredSettings(job, stored.file);
  const { accelerator, dataset } = await readInferenceOf(job, stored, recorder, datasetOf);
  requireResponses(stored.network, stored.file);
  const images = firstImages(dataset.test, job.images, `test images of ${dataset.name}`);
  recorder.note('test_images', dataset.name, images.pixels);
  recorder.note('test_labels', dataset.name, images.labels);
  const memory = await openMemory({ ...job, needsCurrents: true }, stored, recorder, async () => dataset);
  await checkDevice(job, memory.device, recorder);
  return { stored, dataset: dataset.name, images, memory, accelerator, recorder };
}

/** Throws InputError for what a job says of pins and subarrays that the device does not have; remarks what is doubtful of it. */
export async function checkDevice(job: RunJob, device: Device, recorder: InputRecorder): Promise<void> {
  dataPinsOf(job, device);
  remarkDoubt(device, recorder.remark);
  if (job.subarrays !== undefined) await recorder.models.read('subarrays', job.subarrays);
}

/** The subject of a run of a Diehl & Cook network. */
export function matrixSubject(
  job: RunJob,
  { stored, dataset, images, memory, accelerator, recorder }: RunInputs,
): RunSubject<StoredWeights, Float32Array> {
  return {
    network: networkName(stored),
    dataset,
    vote: job.vote,
    images: images.count,
    memory,
    prunedInputs: inputCount(stored.network) - memory.stored.inputs.length,
    recorder,
    fetches: (weights, inferences) =>
      fetchesOf(job.workload, weights, accelerator, images, inferences, job.seed),
    classify: (held, known, threads, monitor) =>
      classifyHeld(held, { stored, images, seed: job.seed, vote: job.vote }, known, threads, monitor),
  };
}
