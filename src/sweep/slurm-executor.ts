import { execFile } from 'node:child_process';
import { access, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { InputError } from '../errors/input-error.ts';
import { fileFault } from '../files/file-fault.ts';
import type { SweepExecutor } from './executor.ts';
import { findHeader } from './store.ts';

export interface SlurmSettings {
  /** Points of one task. */
  readonly chunk: number;
  /** Further arguments of sbatch: partition, time limit, account ... */
  readonly sbatch: readonly string[];
  /** Wait for the tasks instead of leaving them to the cluster. */
  readonly wait: boolean;
  /** The program, as the nodes start it: Node and the script. */
  readonly program: readonly string[];
}

/** A task of this sweep that Slurm has: its place in the array, and squeue's word for its state. */
interface SlurmTask {
  readonly chunk: number;
  readonly task: number;
  readonly state: string;
}

/** Folder of a sweep's folder that holds the logs of its tasks. */
const LOGS = 'slurm';

/** Seconds between two looks at the queue. */
const POLL_SECONDS = 2;

/**
 * Hands points to Slurm as one job array, a task for each chunk of `chunk` consecutive points of the plan that has
 * points without a result and is not in the queue already: tasks that failed, and they alone, are submitted again.
 */
export function slurmExecutor({ chunk, sbatch, wait, program }: SlurmSettings): SweepExecutor {
  return {
    async run({ folder, fingerprint, points, pending }) {
      const queued = await slurmTasks(fingerprint);
      const other = queued.find((task) => task.chunk !== chunk);
      if (other)
        throw new InputError(
          `tasks of ${other.chunk} points each are still in Slurm's queue, not of ${chunk}`,
          {
            remedy: `give --chunk ${other.chunk}, or cancel them: scancel --name=${jobName(fingerprint, other.chunk)}`,
          },
        );
      const there = new Set(queued.map(({ task }) => task));
      const tasks = new Set(
        points.filter(({ hash }) => pending.has(hash)).map(({ index }) => Math.floor(index / chunk)),
      );
      const fresh = [...tasks].filter((task) => !there.has(task));
      const logs = join(resolve(folder), LOGS);
      await mkdir(logs, { recursive: true }).catch((error: unknown) => {
        throw fileFault(error, 'cannot make the folder of the logs', logs);
      });
      let said = 'nothing to submit';
      if (fresh.length > 0) {
        const command = [...program, 'sweep', 'point', resolve(folder)].map(quote).join(' ');
        const job = await slurm('sbatch', [
          '--parsable',
          `--job-name=${jobName(fingerprint, chunk)}`,
          `--array=${arrayOf(fresh)}`,
          `--output=${join(logs, '%A_%a.log')}`,
          `--chdir=${process.cwd()}`,
          ...sbatch,
          `--wrap=exec ${command} --index "$SLURM_ARRAY_TASK_ID" --chunk ${chunk}`,
        ]);
        said = `${fresh.length} tasks of up to ${chunk} points are Slurm job ${job.trim().split(';')[0]}`;
      }
      if (there.size > 0) said += `, ${there.size} tasks were in the queue already`;
      if (!wait) return said;
      while ((await slurmTasks(fingerprint)).length > 0)
        await new Promise((go) => setTimeout(go, POLL_SECONDS * 1000));
      return said;
    },
  };
}

/** Tasks of a sweep that wait or run. Throws InputError when Slurm does not answer. */
async function slurmTasks(fingerprint: string): Promise<SlurmTask[]> {
  const prefix = jobName(fingerprint);
  const lines = (await slurm('squeue', ['--noheader', '--array', '--format=%j %K %T'])).split('\n');
  return lines.flatMap((line) => {
    const [name = '', task, state = ''] = line.trim().split(/\s+/);
    if (!name.startsWith(prefix)) return [];
    return [{ chunk: Number(name.slice(prefix.length)), task: Number(task), state }];
  });
}

/** Ended tasks by state as the accounting has them, or undefined where the cluster keeps no accounting. */
async function slurmHistory(fingerprint: string): Promise<ReadonlyMap<string, number> | undefined> {
  const options = ['--noheader', '--allocations', '--parsable2', '--array', '--starttime=1970-01-01'];
  const text = await slurm('sacct', [...options, '--format=JobID,JobName,State']).catch(() => undefined);
  return text === undefined ? undefined : endedTasks(text, jobName(fingerprint));
}

/** States of tasks that have not ended; squeue knows these better. */
const UNDER_WAY = new Set(['PENDING', 'RUNNING', 'REQUEUED', 'RESIZING', 'SUSPENDED', 'COMPLETING']);

/**
 * Counts ended tasks by state in sacct's lines `JobID|JobName|State`, of the jobs whose names begin with `prefix`. A
 * task that was submitted again has the state of its last job; "CANCELLED by 1000" is CANCELLED.
 */
export function endedTasks(text: string, prefix: string): ReadonlyMap<string, number> {
  const last = new Map<string, { job: number; state: string }>();
  for (const line of text.split('\n')) {
    const [id = '', name = '', state = ''] = line.trim().split('|');
    const [, job, task] = /^(\d+)_(\d+)$/.exec(id) ?? [];
    const word = state.split(' ')[0]!;
    if (task === undefined || !name.startsWith(prefix)) continue;
    // Tasks of another chunk size are other tasks.
    const key = `${name} ${task}`;
    if ((last.get(key)?.job ?? -1) <= Number(job)) last.set(key, { job: Number(job), state: word });
  }
  const states = new Map<string, number>();
  for (const { state } of last.values())
    if (!UNDER_WAY.has(state)) states.set(state, (states.get(state) ?? 0) + 1);
  return states;
}

/**
 * What Slurm has of a folder's sweep, as lines for people, or undefined where it never had any: tasks in the queue by
 * state, ended tasks by state where accounting is kept. Throws InputError when Slurm does not answer.
 */
export async function slurmStatus(folder: string): Promise<string[] | undefined> {
  const handed = await access(join(folder, LOGS)).then(
    () => true,
    () => false,
  );
  const header = await findHeader(folder);
  if (!handed || !header) return undefined;
  const queue = new Map<string, number>();
  for (const { state } of await slurmTasks(header.fingerprint)) queue.set(state, (queue.get(state) ?? 0) + 1);
  const history = await slurmHistory(header.fingerprint);
  const count = (states: ReadonlyMap<string, number>): string =>
    [...states].map(([state, tasks]) => `${tasks} ${state}`).join(', ') || 'no tasks';
  return [
    `Slurm's queue (squeue): ${count(queue)}`,
    `Slurm's accounting (sacct): ${history ? count(history) : 'none is kept on this cluster'}`,
  ];
}

/** Name under which a sweep's tasks stand in the queue: it finds them again without a file of their ids. */
const jobName = (fingerprint: string, chunk?: number): string =>
  `sparkxd-${fingerprint.slice(0, 16)}-${chunk ?? ''}`;

/** "0-3,7" as sbatch writes arrays. */
export function arrayOf(tasks: readonly number[]): string {
  const sorted = [...tasks].sort((a, b) => a - b);
  const runs: [number, number][] = [];
  for (const task of sorted) {
    const last = runs.at(-1);
    if (last && last[1] === task - 1) last[1] = task;
    else runs.push([task, task]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join();
}

const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

async function slurm(program: string, args: readonly string[]): Promise<string> {
  try {
    return (await promisify(execFile)(program, args, { maxBuffer: 2 ** 28 })).stdout;
  } catch (error) {
    const { code, stderr = '' } = error as NodeJS.ErrnoException & { stderr?: string };
    if (String(code) === 'ENOENT')
      throw new InputError(`Slurm is not here: there is no program ${program}`, {
        remedy: 'run where Slurm is installed, or with --executor local; results so far are kept',
        cause: error,
      });
    const why = stderr.trim().split('\n').at(-1) || String(error);
    throw new InputError(`Slurm refuses (${program}): ${why}`, {
      remedy: 'when that is mended, give the same command again: it goes on from here',
      cause: error,
    });
  }
}
