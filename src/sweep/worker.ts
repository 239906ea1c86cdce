import type { Dataset } from '../datasets/dataset.ts';
import { createBatchWorker, type PointBatch } from './batch.ts';

/** A worker's task: a batch, and its images in shared memory. */
export interface BatchTask {
  readonly batch: PointBatch;
  /** Absent for traces, which show no images. */
  readonly dataset: Dataset | undefined;
}

const work = createBatchWorker();

/** Entry of a worker thread of a sweep (piscina calls the default export). */
export default ({ batch, dataset }: BatchTask) => work(batch, async () => dataset!);
