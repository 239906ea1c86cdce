import type { Dataset } from '../datasets/dataset.ts';
import { firstImages } from '../datasets/first-images.ts';
import { InputError } from '../errors/input-error.ts';
import type { Accelerator } from '../hardware/accelerator.ts';
import { loadAccelerator } from '../hardware/load-accelerator.ts';
import type { ModelSource } from '../hardware/model-source.ts';
import { type OpenMemory, openMemory } from '../inputs/open-memory.ts';
import { readDataset } from '../inputs/read-dataset.ts';
import { readNetwork } from '../inputs/read-network.ts';
import { createInputRecorder } from '../inputs/recorder.ts';
import type { RunJob } from '../settings/jobs/run.ts';
import { parseRunManifest } from './run-manifest.ts';

/** The memory of a run and the weights in it, made again from the run's manifest. */
export interface ReopenedRun {
  readonly job: RunJob;
  readonly memory: OpenMemory;
  readonly accelerator: Accelerator;
  readonly models: ModelSource;
  /** The run's images; only where its traffic follows from them. */
  readonly dataset: Dataset | undefined;
}

/**
 * Reads what a run's manifest (its text) names. Throws InputError where the memory cannot be made again: results of
 * another version, inputs that are gone, or that are no longer those of the run.
 */
export async function reopenRun(text: string, file = 'manifest.json'): Promise<ReopenedRun> {
  const { manifest, job } = await parseRunManifest(text, file);
  const recorder = createInputRecorder();
  const accelerator = await loadAccelerator(job.accelerator, recorder.models);
  const stored = await readNetwork(job.weights, recorder.note);
  const images = async (): Promise<Dataset> => {
    const read = await readDataset(job.dataset);
    const { pixels } = firstImages(read.test, job.images, `test images of ${read.name}`);
    recorder.note('test_images', read.name, pixels);
    return read;
  };
  const memory = await openMemory(job, stored, recorder, images);
  const dataset = job.workload === 'event' ? await images() : undefined;
  for (const [name, hash] of Object.entries(recorder.hashes()))
    if (hash !== manifest.inputs[name])
      throw new InputError(`${name} is not what the run read: its SHA-256 is another`);
  return { job, memory, accelerator, models: recorder.models, dataset };
}
