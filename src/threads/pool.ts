import { join } from 'node:path';
import type { Piscina } from 'piscina';
import { packageFolder } from '../files/package.ts';
import { createTurn } from '../files/turn.ts';

/** Runs tasks on threads, each on the first thread that is free. */
export interface Pool<Task, Result> {
  run(task: Task): Promise<Result>;
  close(): Promise<void>;
}

/** What a thread runs: a module of the bundle whose default export takes a task, such as "sweep/worker.cjs". */
export type WorkerModule = (typeof WORKER_MODULES)[number];

/** The build bundles each of them (scripts/bundle.mjs). */
export const WORKER_MODULES = ['sweep/worker.cjs', 'experiments/accuracy/evaluate-worker.cjs'] as const;

/** A pool of that many threads, all started now. */
export async function createPool<Task, Result>(
  threads: number,
  worker: WorkerModule,
): Promise<Pool<Task, Result>> {
  const { Piscina } = await import('piscina');
  // Threads run the built program, also where tests run the sources.
  const at = (file: string): string => join(packageFolder, 'dist', file);
  const name = `${threads} ${worker}`;
  const pool =
    kept?.get(name)?.pop() ??
    new Piscina({
      filename: at('threads/thread.cjs'),
      workerData: { module: at(worker) },
      minThreads: threads,
      maxThreads: threads,
    });
  return { run: (task) => pool.run(task), close: () => keepOrDestroy(name, pool) };
}

/** Pools that were closed and may be opened again, by their number of threads and what these run. */
let kept: Map<string, Piscina[]> | undefined;

/** Work that opens one pool after the other: their threads start once, and end with the work. */
export async function keepPools<Result>(work: () => Promise<Result>): Promise<Result> {
  if (kept !== undefined) return work();
  const pools = new Map<string, Piscina[]>();
  kept = pools;
  try {
    return await work();
  } finally {
    kept = undefined;
    await Promise.all([...pools.values()].flat().map((pool) => pool.destroy()));
  }
}

async function keepOrDestroy(name: string, pool: Piscina): Promise<void> {
  if (kept === undefined) return pool.destroy();
  const idle = kept.get(name);
  if (idle) idle.push(pool);
  else kept.set(name, [pool]);
}

/**
 * Runs tasks in the calling thread, one after the other: what a pool does where a second thread would only cost time.
 * Signals and timers have their turn between them.
 */
export function inThisThread<Task, Result>(
  work: (task: Task) => Result | Promise<Result>,
): Pool<Task, Result> {
  const turn = createTurn();
  let last: Promise<void> = Promise.resolve();
  return {
    run: (task) => {
      const done = last.then(async () => {
        await turn();
        return work(task);
      });
      last = done.then(
        () => {},
        () => {},
      );
      return done;
    },
    close: async () => {},
  };
}
