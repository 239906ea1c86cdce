import type { Dataset } from '../datasets/dataset.ts';
import { firstImages } from '../datasets/first-images.ts';
import { openMemory } from '../inputs/open-memory.ts';
import { readInference } from '../inputs/read-inference.ts';
import type { StoredNetwork } from '../inputs/read-network.ts';
import { createInputRecorder, type InputRecorder, type Remark } from '../inputs/recorder.ts';
import { remarkDoubt } from '../inputs/remark-doubt.ts';
import { dataPinsOf } from '../settings/data-pins.ts';
import type { RunJob } from '../settings/jobs/run.ts';
import { requireResponses } from '../weights/network-file.ts';
import type { WindowInputs } from './run-windows.ts';

/** What a job reads. */
export interface RunInputs extends WindowInputs {
  readonly stored: StoredNetwork;
  readonly dataset: string;
  readonly recorder: InputRecorder;
}

/** Reads the inputs of a job. Throws InputError. */
export async function readRunInputs(
  job: RunJob,
  datasetOf: (name: string) => Promise<Dataset>,
  remark?: Remark,
): Promise<RunInputs> {
  const recorder = createInputRecorder(remark);
  const { accelerator, stored, dataset } = await readInference(job, recorder, datasetOf);
  requireResponses(stored.network, stored.file);
  const images = firstImages(dataset.test, job.images, `test images of ${dataset.name}`);
  recorder.note('test_images', dataset.name, images.pixels);
  recorder.note('test_labels', dataset.name, images.labels);
  const memory = await openMemory({ ...job, needsCurrents: true }, stored, recorder, async () => dataset);
  dataPinsOf(job, memory.device);
  remarkDoubt(memory.device, remark);
  if (job.subarrays !== undefined) await recorder.models.read('subarrays', job.subarrays);
  return { stored, dataset: dataset.name, images, memory, accelerator, recorder };
}
