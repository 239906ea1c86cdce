import type { Dataset } from '../datasets/dataset.ts';
import { requireSameSize } from '../datasets/same-size.ts';
import type { Accelerator } from '../hardware/accelerator.ts';
import { loadAccelerator } from '../hardware/load-accelerator.ts';
import { readDataset } from './read-dataset.ts';
import { readNetwork, type StoredNetwork } from './read-network.ts';
import type { InputRecorder } from './recorder.ts';

/** A network, the accelerator that runs it, and the images that it classifies. */
export interface InferenceInputs {
  readonly accelerator: Accelerator;
  readonly stored: StoredNetwork;
  readonly dataset: Dataset;
}

/**
 * Reads what an inference needs besides its memory. `datasetOf` gives a dataset by name where it is in memory already.
 * Throws InputError for files that cannot serve, and for images of another size than the network's.
 */
export async function readInference(
  job: { readonly accelerator: string; readonly weights: string; readonly dataset: string },
  recorder: InputRecorder,
  datasetOf: (name: string) => Promise<Dataset> = readDataset,
): Promise<InferenceInputs> {
  const stored = await readNetwork(job.weights, recorder.note);
  return readInferenceOf(job, stored, recorder, datasetOf);
}

/** The same of a network that is read. */
export async function readInferenceOf(
  job: { readonly accelerator: string; readonly dataset: string },
  stored: StoredNetwork,
  recorder: InputRecorder,
  datasetOf: (name: string) => Promise<Dataset> = readDataset,
): Promise<InferenceInputs> {
  const accelerator = await loadAccelerator(job.accelerator, recorder.models);
  const dataset = await datasetOf(job.dataset);
  requireSameSize(stored, dataset);
  return { accelerator, stored, dataset };
}
