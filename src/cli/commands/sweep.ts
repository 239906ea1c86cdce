import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import type { RowFormat } from '../../results/write-rows.ts';
import type { SweepState } from '../../sweep/run-sweep.ts';
import { alsoOption } from '../also-option.ts';
import { oneOf, wholeNumber } from '../option-values.ts';
import { createPhaseBar } from '../progress.ts';

const EXECUTORS = ['local', 'slurm'] as const;

interface SweepOptions {
  readonly out: string;
  readonly dryRun?: boolean;
  readonly initOnly?: boolean;
  readonly jobs: number;
  readonly executor: (typeof EXECUTORS)[number];
  readonly chunk: number;
  readonly sbatch: string[];
  readonly wait?: boolean;
  readonly also: RowFormat[];
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function configure(command: Command): void {
  command
    .argument('<PLAN>', 'plan in YAML: axes, their values, what to leave out (docs/sweeps.md)')
    .option('--out <DIR>', 'folder of the results; a sweep that was stopped goes on there', 'sweep')
    .option('--dry-run', 'print the points and an estimate, run nothing')
    .addOption(
      new Option('--init-only', 'write sweep.json for `sparkxd sweep point`, run nothing').conflicts(
        'dryRun',
      ),
    )
    .option('--jobs <N>', 'threads', wholeNumber(1), availableParallelism())
    .option('--executor <NAME>', EXECUTORS.join(', '), oneOf(EXECUTORS, 'executors'), 'local')
    .option('--chunk <N>', 'points of one task (Slurm, --init-only)', wholeNumber(1), 16)
    .option(
      '--sbatch <ARG>',
      'Slurm: a further argument of sbatch, such as --time=1:00:00; repeatable',
      append,
      [],
    )
    .option('--wait', 'Slurm: wait for the tasks and merge')
    .addOption(alsoOption())
    .option('--json', 'print how the sweep stands as one JSON object')
    .addHelpText('after', '\nExample:\n  sparkxd sweep docs/examples/paper-grid.yaml --out grid')
    .action(sweep);
  const sub = (name: string, summary: string): Command =>
    command
      .command(name)
      .description(summary)
      .argument('<DIR>', 'folder of a sweep')
      .option('--quiet', 'no progress and no notes on stderr')
      .option('--debug', 'stack traces of failures');
  sub('status', 'how a sweep stands: done, failed and why, left; and what Slurm has of it')
    .option('--json', 'print it as one JSON object')
    .addHelpText('after', '\nExample:\n  sparkxd sweep status grid')
    .action(status);
  sub('merge', 'write results.csv and manifest.json from the points that are done')
    .addHelpText('after', '\nExample:\n  sparkxd sweep merge grid')
    .addOption(alsoOption())
    .action((folder: string, options: SweepOptions) => merge(folder, options));
  sub('point', 'run one chunk of the points in this process: what a task of a cluster does')
    .requiredOption('--index <I>', 'number of the chunk, from 0', wholeNumber(0))
    .option('--chunk <N>', 'points of a chunk', wholeNumber(1), 1)
    .addHelpText('after', '\nExample:\n  sparkxd sweep point grid --index 3 --chunk 16')
    .action(point);
}

const append = (word: string, before: string[]): string[] => [...before, word];

async function sweep(planFile: string, options: SweepOptions): Promise<void> {
  const { out, dryRun, initOnly, jobs, executor: name, chunk, sbatch, wait = false } = options;
  const { also, json, quiet } = options;
  const { initSweep, planSweep, runSweep } = await import('../../sweep/run-sweep.ts');
  if (dryRun) {
    const { points, cpuSeconds, classifications, replays } = await planSweep(planFile);
    if (json)
      process.stdout.write(
        `${JSON.stringify({ points, cpu_seconds: cpuSeconds, classifications, replays, jobs })}\n`,
      );
    else {
      for (const { index, hash, settings } of points)
        process.stdout.write(`${index} ${hash.slice(0, 12)} ${JSON.stringify(settings)}\n`);
      const costs =
        classifications > 0
          ? [
              `the images are classified about ${classifications} times (once for weights that load alike), about ${(cpuSeconds / 60).toFixed(1)} min of CPU time`,
            ]
          : [];
      const replaying = replays > 0 ? [`${replays} replay a trace, which is not estimated`] : [];
      process.stdout.write(`${[`${points.length} points`, ...costs, ...replaying].join('; ')}\n`);
    }
    return;
  }
  if (initOnly) {
    const { header, points } = await initSweep(planFile, out);
    const chunks = Math.ceil(points.length / chunk);
    const { fingerprint } = header;
    if (json)
      process.stdout.write(`${JSON.stringify({ points: points.length, chunk, chunks, fingerprint })}\n`);
    else
      process.stdout.write(
        `${points.length} points in ${chunks} chunks: sparkxd sweep point ${out} --index I --chunk ${chunk}, I from 0 to ${chunks - 1}\n`,
      );
    return;
  }
  const { localExecutor } = await import('../../sweep/local-executor.ts');
  const { slurmExecutor } = await import('../../sweep/slurm-executor.ts');
  const program = [process.execPath, process.argv[1]!];
  const executor = name === 'local' ? localExecutor(jobs) : slurmExecutor({ chunk, sbatch, wait, program });
  const bar = createPhaseBar(quiet);
  let state: SweepState;
  try {
    state = await runSweep(planFile, out, executor, bar);
  } finally {
    bar.done();
  }
  const ended = state.handedOver === undefined || wait;
  if (ended && state.done > 0) await merge(out, { also, quiet: true });
  if (json) process.stdout.write(`${JSON.stringify(state)}\n`);
  else {
    process.stdout.write(describe(state));
    if (!quiet && (state.done > 0 || !ended))
      process.stderr.write(
        ended
          ? `${out}: results.csv with every point, manifest.json\n`
          : `sparkxd sweep status ${out} shows how it goes; the same command again submits what failed\n`,
      );
  }
  if (state.failed > 0 || (ended && state.done < state.points)) process.exitCode = 1;
}

async function status(folder: string, { json }: SweepOptions): Promise<void> {
  const { sweepState } = await import('../../sweep/run-sweep.ts');
  const { slurmStatus } = await import('../../sweep/slurm-executor.ts');
  const state = await sweepState(folder);
  const cluster = await slurmStatus(folder);
  if (json) process.stdout.write(`${JSON.stringify({ ...state, slurm: cluster ?? null })}\n`);
  else {
    process.stdout.write(describe(state));
    for (const line of cluster ?? []) process.stdout.write(`${line}\n`);
  }
}

async function merge(folder: string, { also, quiet }: Pick<SweepOptions, 'also' | 'quiet'>): Promise<void> {
  const { mergeSweep } = await import('../../sweep/run-sweep.ts');
  const { writeWhole } = await import('../../files/write-file.ts');
  const { rows, missing, manifest, write } = await mergeSweep(folder);
  for (const form of ['csv', ...also] as const)
    await writeWhole(join(folder, `results.${form}`), await write(form));
  await writeWhole(join(folder, 'manifest.json'), manifest);
  if (!quiet)
    process.stderr.write(
      `${join(folder, 'results.csv')}: ${rows} points${missing > 0 ? `, ${missing} have no result yet` : ''}\n`,
    );
}

async function point(folder: string, { index, chunk }: SweepOptions & { index: number }): Promise<void> {
  const { runSweepPoints } = await import('../../sweep/run-sweep.ts');
  const failed = await runSweepPoints(folder, index * chunk, chunk);
  if (failed === 0) return;
  process.stderr.write(`sparkxd: ${failed} points failed\n  sparkxd sweep status ${folder} says why\n`);
  process.exitCode = 1;
}

function describe({ points, done, failed, failures, handedOver }: SweepState): string {
  const lines = [`${points} points: ${done} done, ${failed} failed, ${points - done - failed} left`];
  for (const { error, points: count, first } of failures)
    lines.push(`failed: ${count} points, first point ${first.index}: ${error}`);
  if (handedOver !== undefined) lines.push(handedOver);
  return `${lines.join('\n')}\n`;
}
