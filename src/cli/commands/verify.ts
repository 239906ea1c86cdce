import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import type { VerifyOutcome } from '../../experiments/run-verify.ts';
import { EXIT } from '../failure.ts';
import { wholeNumber } from '../option-values.ts';
import { createPhaseBar } from '../progress.ts';
import { type Column, formatTable } from '../table.ts';

interface VerifyOptions {
  readonly all?: boolean;
  readonly points: number;
  readonly seed: number;
  readonly jobs: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function configure(command: Command): void {
  command
    .argument('<DIR>', 'folder of sparkxd run, or of a merged sweep (manifest.json, results.csv)')
    .option('--points <N>', 'points to derive again', wholeNumber(1), 3)
    .option('--all', 'derive all points again, and compare the other forms of the results')
    .option('--seed <N>', 'seed of the choice of points', wholeNumber(0), 1)
    .option('--jobs <N>', 'threads', wholeNumber(1), availableParallelism())
    .option('--json', 'print the outcome as one JSON object')
    .addHelpText(
      'after',
      '\nExit code 1 if anything differs.\n\nExample:\n  sparkxd verify results --points 5',
    )
    .action(verify);
}

async function verify(folder: string, options: VerifyOptions): Promise<void> {
  const { all, points, seed, jobs, json, quiet } = options;
  const { runVerify } = await import('../../experiments/run-verify.ts');
  const { findHeader } = await import('../../sweep/store.ts');
  const { verifySweep } = await import('../../sweep/verify-sweep.ts');
  const bar = createPhaseBar(quiet);
  try {
    const derive = (await findHeader(folder)) ? verifySweep : runVerify;
    const outcome = await derive({ folder, points: all ? 'all' : points, seed }, jobs, bar);
    bar.done();
    process.stdout.write(json ? `${JSON.stringify(outcome)}\n` : forPeople(outcome));
    if (outcome.differences.length > 0) process.exitCode = EXIT.input;
  } finally {
    bar.done();
  }
}

const COLUMNS: readonly Column[] = [
  { heading: 'where', align: 'left' },
  { heading: 'what', align: 'left' },
  { heading: 'stated', align: 'left' },
  { heading: 'derived', align: 'left' },
];
/** Longest cell that is shown whole; --json has all of it. */
const LONGEST = 40;

function forPeople({ points, lines, differences, stated_revision, derived_revision }: VerifyOutcome): string {
  const which = lines.length === points ? '' : ` (lines ${lines.join(', ')} of results.csv)`;
  const head = `${lines.length} of ${points} points derived again${which}`;
  if (differences.length === 0) return `${head}: the same bytes\n`;
  const short = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);
  const table = formatTable(
    COLUMNS,
    differences.map(({ place, what, stated, derived }) => [place, what, short(stated), short(derived)]),
  );
  const revisions =
    stated_revision === derived_revision
      ? ''
      : `\nmade by revision ${stated_revision ?? 'unknown'}, derived by ${derived_revision ?? 'unknown'}\n`;
  return `${head}: ${differences.length} difference${differences.length === 1 ? '' : 's'}\n\n${table}${revisions}`;
}
