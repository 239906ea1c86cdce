import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageFolder } from '../files/package.ts';

/** Runs tasks on threads, each on the first thread that is free. */
export interface Pool<Task, Result> {
  run(task: Task): Promise<Result>;
  close(): Promise<void>;
}

/** What a thread runs: a module beside the caller's (`url` is its import.meta.url) whose default export takes a task. */
export interface WorkerModule {
  readonly url: string;
  /** Its compiled name, such as `./evaluate-worker.js`. */
  readonly name: string;
}

/** A pool of that many threads, all started now. */
export async function createPool<Task, Result>(
  threads: number,
  worker: WorkerModule,
): Promise<Pool<Task, Result>> {
  const { Piscina } = await import('piscina');
  const pool = new Piscina({ filename: workerFile(worker), minThreads: threads, maxThreads: threads });
  return { run: (task) => pool.run(task), close: () => pool.destroy() };
}

/**
 * Runs tasks in the calling thread, one after the other: what a pool does where a second thread would only cost time.
 * Between tasks the thread hears signals and timers.
 */
export const inThisThread = <Task, Result>(
  work: (task: Task) => Result | Promise<Result>,
): Pool<Task, Result> => {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run(task) {
      const result = last.then(nextTurn).then(() => work(task));
      last = result.catch(() => {});
      return result;
    },
    close: async () => {},
  };
};

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Threads run compiled JavaScript: beside the caller in the built program, in dist/ when tests run the sources. */
function workerFile({ url, name }: WorkerModule): string {
  const file = fileURLToPath(new URL(name, url));
  return url.endsWith('.ts') ? join(packageFolder, 'dist', relative(join(packageFolder, 'src'), file)) : file;
}
