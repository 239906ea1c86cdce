import { InputError } from '../errors/input-error.ts';
import { createPool, inThisThread, type Pool } from '../threads/pool.ts';
import { type BatchOutcome, createBatchWorker, type FoundAccuracy, type PointBatch } from './batch.ts';
import { ALL_IMAGES, pointSeconds } from './cost.ts';
import type { SweepExecutor, SweepWork } from './executor.ts';
import { familyOf, groupPoints, type PointGroup, replays } from './point-groups.ts';
import { createSchedule } from './schedule.ts';
import type { BatchTask } from './worker.ts';

/** Works points off on threads of this machine; images lie in shared memory. */
export function localExecutor(threads: number): SweepExecutor {
  return {
    async run(work, onBatch) {
      const groups = groupsLeft(work);
      // Only the order of the work depends on the cost.
      const schedule = createSchedule(groups, threads, ({ job }) =>
        pointSeconds(job, work.sizes, ALL_IMAGES),
      );
      const used = Math.min(threads, schedule.left);
      if (used === 0) return undefined;
      const workers = used === 1 ? [sameThread(work)] : await inWorkers(work, used);
      const found = createExchange();
      let stopped: string | undefined;
      const drain = async ({ run }: Worker, thread: number): Promise<void> => {
        while (stopped === undefined) {
          const portion = schedule.next(thread);
          if (!portion) return;
          const { folder, fingerprint } = work;
          const { job } = portion.group;
          const family = familyOf(job);
          const told = found.newsFor(family, thread);
          const outcome = await run({ folder, fingerprint, job, points: portion.points, found: told });
          found.add(family, thread, outcome.found);
          stopped ??= outcome.stopped;
          onBatch(outcome);
        }
      };
      try {
        await Promise.all(workers.map(drain));
      } finally {
        await Promise.all(workers.map(({ close }) => close()));
      }
      if (stopped !== undefined)
        throw new InputError(stopped, { remedy: 'then give the same command again: it goes on from here' });
      return undefined;
    },
  };
}

/** Groups are those of the whole plan, so that a job is the same whatever is left of it. */
const groupsLeft = ({ points, pending }: SweepWork): PointGroup[] =>
  groupPoints(points)
    .map(({ job, points: members }) => ({ job, points: members.filter(({ hash }) => pending.has(hash)) }))
    .filter((group) => group.points.length > 0);

/** Accuracies on their way from the thread that found them to the others, each told once. */
function createExchange() {
  const families = new Map<string, { thread: number; accuracy: FoundAccuracy }[]>();
  const heard = new Map<string, number>();
  return {
    newsFor(family: string, thread: number): FoundAccuracy[] {
      const all = families.get(family) ?? [];
      const key = `${thread} ${family}`;
      const news = all.slice(heard.get(key) ?? 0).filter((entry) => entry.thread !== thread);
      heard.set(key, all.length);
      return news.map(({ accuracy }) => accuracy);
    },
    add(family: string, thread: number, found: readonly FoundAccuracy[]): void {
      const all = families.get(family) ?? [];
      families.set(family, all);
      for (const accuracy of found) all.push({ thread, accuracy });
    },
  };
}

type Worker = Pool<PointBatch, BatchOutcome>;

function sameThread({ datasets }: SweepWork): Worker {
  const work = createBatchWorker();
  return inThisThread((batch) => work(batch, datasets));
}

/** A pool for each thread: a thread that keeps to its group finds again what the group's points share. */
const inWorkers = ({ datasets }: SweepWork, threads: number): Promise<Worker[]> =>
  Promise.all(
    Array.from({ length: threads }, async (): Promise<Worker> => {
      const { run, close } = await createPool<BatchTask, BatchOutcome>(1, 'sweep/worker.cjs');
      return {
        run: async (batch) =>
          run({ batch, dataset: replays(batch.job) ? undefined : await datasets(batch.job.dataset) }),
        close,
      };
    }),
  );
