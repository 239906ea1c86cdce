import { fileURLToPath } from 'node:url';
import { InputError } from '../../errors/input-error.ts';
import { createBatchWorker, groupPoints, type PointBatch } from './batch.ts';
import type { SweepExecutor, SweepWork } from './executor.ts';

/**
 * Points of a batch: enough that input spikes, made once a batch, weigh little; few enough that little is lost when
 * the process is killed.
 */
const MOST_POINTS = 8;

/** Batches each worker should at least find, for an even end. */
const BATCHES_A_WORKER = 4;

/** Works points off on `jobs` threads of this machine; images lie in shared memory. */
export function localExecutor(jobs: number): SweepExecutor {
  return {
    async run(work, onBatch) {
      const batches = batchesOf(work, jobs);
      const threads = Math.min(jobs, batches.length);
      if (threads === 0) return undefined;
      const { run, close } = threads === 1 ? inThisThread(work) : await inWorkers(work, threads);
      let stopped: string | undefined;
      // Each thread takes the next batch when it is free: no more batches wait in memory than threads work.
      let next = 0;
      const drain = async (): Promise<void> => {
        while (next < batches.length && stopped === undefined) {
          const outcome = await run(batches[next++]!);
          stopped ??= outcome.stopped;
          onBatch(outcome);
        }
      };
      try {
        await Promise.all(Array.from({ length: threads }, drain));
      } finally {
        await close();
      }
      if (stopped !== undefined)
        throw new InputError(stopped, { remedy: 'then give the same command again: it goes on from here' });
      return undefined;
    },
  };
}

function batchesOf({ folder, fingerprint, points, pending }: SweepWork, jobs: number): PointBatch[] {
  const size = Math.min(MOST_POINTS, Math.max(1, Math.ceil(pending.size / (jobs * BATCHES_A_WORKER))));
  // Groups are those of the whole plan, so that a job is the same whatever is left of it.
  return groupPoints(points).flatMap(({ job, points: members }) => {
    const left = members.filter(({ hash }) => pending.has(hash));
    return Array.from({ length: Math.ceil(left.length / size) }, (_, i) => ({
      folder,
      fingerprint,
      job,
      points: left.slice(i * size, (i + 1) * size),
    }));
  });
}

function inThisThread({ datasets }: SweepWork) {
  const work = createBatchWorker();
  return { run: (batch: PointBatch) => work(batch, datasets), close: async () => {} };
}

async function inWorkers({ datasets }: SweepWork, threads: number) {
  const { Piscina } = await import('piscina');
  const pool = new Piscina({ filename: workerFile(), minThreads: threads, maxThreads: threads });
  return {
    run: async (batch: PointBatch): Promise<Awaited<ReturnType<ReturnType<typeof createBatchWorker>>>> =>
      pool.run({ batch, dataset: await datasets(batch.job.dataset) }),
    close: () => pool.destroy(),
  };
}

/** Threads run compiled JavaScript: beside this file in the built program, in dist/ when tests run the sources. */
function workerFile(): string {
  const source = import.meta.url.endsWith('.ts');
  return fileURLToPath(
    new URL(source ? '../../../dist/experiments/sweep/worker.js' : './worker.js', import.meta.url),
  );
}
