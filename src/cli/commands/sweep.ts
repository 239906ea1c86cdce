import { join } from 'node:path';
import type { Command } from 'commander';
import type { UnknownPoint } from '../../experiments/unknown-points.ts';
import { also, switchedOn } from '../../settings/output-settings.ts';
import type { RowFormat } from '../../settings/row-formats.ts';
import { type JobOf, optional, required, withDefault } from '../../settings/setting.ts';
import { threads } from '../../settings/thread-setting.ts';
import { listOf, oneOf, text, whole } from '../../settings/values.ts';
import type { RefusedPoints } from '../../sweep/check-points.ts';
import type { SweepState } from '../../sweep/run-sweep.ts';
import { configureCommand, type Everywhere } from '../command-settings.ts';
import { createPhaseBar } from '../progress.ts';
import { createRemarks } from '../remarks.ts';
import { formatTable } from '../table.ts';
import { SWEEP_POINTS } from '../table-columns.ts';
import { note, print } from '../terminal.ts';

const EXECUTORS = ['local', 'slurm'] as const;

const chunk = { ...whole(1, 1_000_000) };

const SWEEP = {
  plan: required({
    ...text,
    positional: true,
    value: 'PLAN',
    help: 'plan in YAML: axes, their values, what to leave out (docs/sweeps.md)',
  }),
  dryRun: switchedOn('print the points and an estimate, run nothing'),
  initOnly: switchedOn('write sweep.json for `sparkxd sweep point`, run nothing'),
  executor: withDefault({ ...oneOf(EXECUTORS, 'executors'), help: EXECUTORS.join(', ') }, 'local'),
  chunk: withDefault({ ...chunk, help: 'points of one task (Slurm, --init-only)' }, 16),
  sbatch: optional({
    ...listOf({ ...text }, 100),
    value: 'ARG',
    read: (argument: string) => [argument],
    repeatable: true,
    help: 'Slurm: a further argument of sbatch, such as --time=1:00:00; repeatable',
  }),
  wait: switchedOn('Slurm: wait for the tasks and merge'),
};
type SweepJob = JobOf<typeof SWEEP>;

const SWEEP_OUTPUT = {
  out: withDefault(
    { ...text, value: 'DIR', help: 'folder of the results; a sweep that was stopped goes on there' },
    'sweep',
  ),
  threads,
  also,
};
type SweepOutput = JobOf<typeof SWEEP_OUTPUT> & Everywhere;

const FOLDER = {
  folder: required({ ...text, positional: true, value: 'DIR', help: 'folder of a sweep' }),
};
const POINT = {
  ...FOLDER,
  index: required({ ...whole(0), help: 'number of the chunk, from 0' }),
  chunk: withDefault({ ...chunk, help: 'points of a chunk' }, 1),
};

export function configure(command: Command): void {
  const spec = {
    job: SWEEP,
    output: SWEEP_OUTPUT,
    help: 'Example:\n  sparkxd sweep docs/examples/paper-grid.yaml --out grid',
    conflicts: { initOnly: ['dryRun'] },
  };
  configureCommand(command, spec, sweep);
  configureCommand(
    command
      .command('status')
      .description('how a sweep stands: done, failed and why, left; and what Slurm has of it'),
    { job: FOLDER, output: {}, help: 'Example:\n  sparkxd sweep status grid' },
    ({ folder }, output) => status(folder, output.json),
  );
  configureCommand(
    command.command('merge').description('write results.csv and manifest.json from the points that are done'),
    { job: FOLDER, output: { also }, help: 'Example:\n  sparkxd sweep merge grid' },
    async ({ folder }, output) => {
      const placed = await merge(folder, output.also, output);
      if (!output.quiet && !output.json) note(placed.map((line) => `${line}\n`).join(''));
    },
  );
  configureCommand(
    command
      .command('point')
      .description('run one chunk of the points in this process: what a task of a cluster does'),
    { job: POINT, output: {}, help: 'Example:\n  sparkxd sweep point grid --index 3 --chunk 16' },
    ({ folder, index, chunk: size }, output) => point(folder, index, size, output.json),
  );
}

async function sweep(
  { plan: planFile, dryRun, initOnly, executor: name, chunk, sbatch = [], wait }: SweepJob,
  { out, threads: count, also: forms, json: asJson, quiet }: SweepOutput,
): Promise<void> {
  const { initSweep, planSweep, runSweep } = await import('../../sweep/run-sweep.ts');
  if (dryRun) {
    const { points, refused, unknown, cpuSeconds, classifications, replays } = await planSweep(
      planFile,
      createRemarks(quiet),
    );
    if (asJson)
      print(
        `${JSON.stringify({ points, refused, unknown, cpu_seconds: cpuSeconds, classifications, replays, threads: count })}\n`,
      );
    else {
      const lines = points.map(({ index, hash, settings }) => [
        String(index),
        hash.slice(0, 12),
        JSON.stringify(settings),
      ]);
      print(formatTable(SWEEP_POINTS, lines));
      const costs =
        classifications > 0
          ? [
              `the images are classified about ${classifications} times (once for weights that load alike), about ${(cpuSeconds / 60).toFixed(1)} min of CPU time`,
            ]
          : [];
      const replaying = replays > 0 ? [`${replays} replay a trace, which is not estimated`] : [];
      print(`${[`${points.length} points`, ...costs, ...replaying].join('; ')}\n`);
    }
    if (refused.length > 0) process.exitCode = 1;
    if (!asJson) {
      note(await refusals(refused, points.length));
      if (unknown.length > 0) note(await notKnown(unknown));
    }
    return;
  }
  if (initOnly) {
    const { header, points } = await initSweep(planFile, out);
    const chunks = Math.ceil(points.length / chunk);
    const { fingerprint } = header;
    if (asJson) print(`${JSON.stringify({ points: points.length, chunk, chunks, fingerprint })}\n`);
    else
      print(
        `${points.length} points in ${chunks} chunks: sparkxd sweep point ${out} --index I --chunk ${chunk}, I from 0 to ${chunks - 1}\n`,
      );
    return;
  }
  const { localExecutor } = await import('../../sweep/local-executor.ts');
  const { slurmExecutor } = await import('../../sweep/slurm-executor.ts');
  const program = [process.execPath, process.argv[1]!];
  const executor = name === 'local' ? localExecutor(count) : slurmExecutor({ chunk, sbatch, wait, program });
  const { countDone } = await import('../../sweep/store.ts');
  const bar = createPhaseBar(
    quiet,
    () =>
      `${countDone(out)} points have their results, kept in ${out}; the same command goes on with the rest`,
  );
  let state: SweepState;
  try {
    state = await runSweep(planFile, out, executor, bar);
  } finally {
    bar.done();
  }
  const ended = state.handedOver === undefined || wait;
  const placed = ended && state.done > 0 ? await merge(out, forms, { quiet: true, json: false }) : [];
  if (asJson) print(`${JSON.stringify(state)}\n`);
  else {
    print([await describe(state), ...placed.map((line) => `${line}\n`)].join(''));
    if (!quiet && (state.done > 0 || !ended))
      note(
        ended
          ? `${out}: results.csv with ${state.done === state.points ? 'all' : `${state.done} of`} ${state.points} points, manifest.json\n`
          : `sparkxd sweep status ${out} shows how it goes; the same command again submits what failed\n`,
      );
  }
  const settled = state.done + state.unknown;
  if (state.failed > 0 || (ended && (settled < state.points || state.done === 0))) process.exitCode = 1;
}

/** Reasons shown; --json has all. */
const MOST_REASONS = 10;

/** Which points cannot run and why, for people; nothing when all can. */
async function refusals(refused: readonly RefusedPoints[], all: number): Promise<string> {
  if (refused.length === 0) return '';
  const { numbersText } = await import('../../sweep/check-points.ts');
  const count = refused.reduce((sum, { points }) => sum + points.length, 0);
  const lines = [`sparkxd: ${count} of ${all} points cannot run`];
  for (const { error, points } of refused.slice(0, MOST_REASONS))
    lines.push(`  points ${numbersText(points)}: ${error.split('\n').join('; ')}`);
  if (refused.length > MOST_REASONS)
    lines.push(`  and ${refused.length - MOST_REASONS} further reasons: --json has all`);
  return `${lines.join('\n')}\n`;
}

async function status(folder: string, asJson: boolean): Promise<void> {
  const { sweepState } = await import('../../sweep/run-sweep.ts');
  const { slurmStatus } = await import('../../sweep/slurm-executor.ts');
  const state = await sweepState(folder);
  const cluster = await slurmStatus(folder);
  if (asJson) print(`${JSON.stringify({ ...state, slurm: cluster ?? null })}\n`);
  else {
    print(await describe(state));
    for (const line of cluster ?? []) print(`${line}\n`);
  }
}

/** Writes the tables and says so; answers with what is to say of the placements. */
async function merge(
  folder: string,
  forms: readonly RowFormat[],
  { quiet, json: asJson }: Pick<Everywhere, 'json' | 'quiet'>,
): Promise<string[]> {
  const { mergeSweep } = await import('../../sweep/run-sweep.ts');
  const { writeWhole } = await import('../../files/write-file.ts');
  const { sweepPlacementLines } = await import('../placement-lines.ts');
  const { rows, missing, unknown, manifest, placed: points, write } = await mergeSweep(folder);
  const placed = sweepPlacementLines(points);
  for (const form of ['csv', ...forms] as const)
    await writeWhole(join(folder, `results.${form}`), await write(form));
  await writeWhole(join(folder, 'manifest.json'), manifest);
  if (asJson) print(`${JSON.stringify({ written: join(folder, 'results.csv'), rows, missing, unknown })}\n`);
  else if (!quiet)
    note(
      `${join(folder, 'results.csv')}: ${rows} points${missing > 0 ? `, ${missing} have no result yet` : ''}${unknown > 0 ? `, ${unknown} not known` : ''}\n`,
    );
  return placed;
}

async function point(folder: string, index: number, chunk: number, asJson: boolean): Promise<void> {
  const { runSweepPoints } = await import('../../sweep/run-sweep.ts');
  const failed = await runSweepPoints(folder, index * chunk, chunk);
  if (asJson) print(`${JSON.stringify({ index, chunk, failed })}\n`);
  if (failed === 0) return;
  note(`sparkxd: ${failed} points failed\n  sparkxd sweep status ${folder} says why\n`);
  process.exitCode = 1;
}

async function describe(state: SweepState): Promise<string> {
  const { points, done, failed, unknown, failures, handedOver } = state;
  const left = points - done - failed - unknown;
  const lines = [
    `${points} points: ${done} done, ${failed} failed, ${unknown > 0 ? `${unknown} not known, ` : ''}${left} left`,
  ];
  for (const { error, points: count, first } of failures)
    lines.push(`failed: ${count} points, first point ${first.index}: ${error}`);
  if (unknown > 0) lines.push((await notKnown(state.unknownPoints)).trimEnd());
  if (handedOver !== undefined) lines.push(handedOver);
  return `${lines.join('\n')}\n`;
}

/** Of which modules nothing is known at which supplies, for people. */
async function notKnown(points: readonly UnknownPoint[]): Promise<string> {
  const { unknownInWords } = await import('../../experiments/unknown-points.ts');
  return unknownInWords(points)
    .map((line) => `not known: ${line}\n`)
    .join('');
}
