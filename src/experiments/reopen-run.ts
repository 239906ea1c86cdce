import { streamFetches } from '../accelerator/workload.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { firstImages } from '../datasets/first-images.ts';
import { InputError } from '../errors/input-error.ts';
import { loadAccelerator } from '../hardware/load-accelerator.ts';
import type { ModelSource } from '../hardware/model-source.ts';
import { type OpenMemory, openMemory, type WithChips } from '../inputs/open-memory.ts';
import { readDataset } from '../inputs/read-dataset.ts';
import { readAnyNetwork, type StoredNetwork } from '../inputs/read-network.ts';
import { createInputRecorder, type InputRecorder } from '../inputs/recorder.ts';
import type { RunJob } from '../settings/jobs/run.ts';
import type { Network } from '../snn/network.ts';
import { fetchesOf } from '../sparkxd/inference-traffic.ts';
import type { StoredTensors } from '../sparkxd/stored-tensors.ts';
import type { WeightMemory } from '../sparkxd/weight-memory.ts';
import { layersSubject } from './layers/run-layers.ts';
import type { RunSubject } from './run-inputs.ts';
import { parseRunManifest } from './run-manifest.ts';

/** The memory of a run and the weights in it, made again from the run's manifest. */
export interface ReopenedRun {
  readonly job: RunJob;
  readonly memory: WeightMemory<StoredTensors, unknown> & WithChips;
  readonly models: ModelSource;
  /** The network of one matrix, and what a chip gives back of it at a supply under a mapping; absent of a layered network. */
  readonly matrix?: { readonly network: Network; readonly memory: OpenMemory };
  /** The weight rows that the first inference fetches. */
  firstFetches(): Uint32Array;
}

/**
 * Reads what a run's manifest (its text) names. Throws InputError where the memory cannot be made again: results of
 * another version, inputs that are gone, or that are no longer those of the run.
 */
export async function reopenRun(text: string, file = 'manifest.json'): Promise<ReopenedRun> {
  const { manifest, job } = await parseRunManifest(text, file);
  const recorder = createInputRecorder();
  const stored = await readAnyNetwork(job.weights, recorder.note);
  const run =
    stored.kind === 'layered'
      ? reopened(job, await layersSubject(job, stored, recorder))
      : await reopenMatrix(job, stored, recorder);
  for (const [name, hash] of Object.entries(recorder.hashes()))
    if (hash !== manifest.inputs[name])
      throw new InputError(`${name} is not what the run read: its SHA-256 is another`);
  return run;
}

function reopened<W>(
  job: RunJob,
  { memory, recorder, fetches }: Pick<RunSubject<StoredTensors, W>, 'memory' | 'recorder' | 'fetches'>,
): ReopenedRun {
  return { job, memory, models: recorder.models, firstFetches: () => fetches(memory.stored, 1)[0]! };
}

/** The images are read only where the memory or the traffic follows from them. */
async function reopenMatrix(
  job: RunJob,
  stored: StoredNetwork,
  recorder: InputRecorder,
): Promise<ReopenedRun> {
  const accelerator = await loadAccelerator(job.accelerator, recorder.models);
  const images = async (): Promise<Dataset> => {
    const read = await readDataset(job.dataset);
    const { pixels } = firstImages(read.test, job.images, `test images of ${read.name}`);
    recorder.note('test_images', read.name, pixels);
    return read;
  };
  const memory = await openMemory(job, stored, recorder, images);
  const dataset = job.workload === 'event' ? await images() : undefined;
  return {
    job,
    memory,
    models: recorder.models,
    matrix: { network: memory.stored.network, memory },
    firstFetches: () =>
      dataset
        ? fetchesOf(job.workload, memory.stored, accelerator, dataset.test, 1, job.seed)[0]!
        : streamFetches(memory.stored.layout.rows),
  };
}
