import type { Command } from 'commander';
import type { VerifyOutcome } from '../../experiments/verify.ts';
import { switchedOn } from '../../settings/output-settings.ts';
import { required, withDefault } from '../../settings/setting.ts';
import { threads } from '../../settings/thread-setting.ts';
import { text, whole } from '../../settings/values.ts';
import { configureCommand } from '../command-settings.ts';
import { EXIT } from '../failure.ts';
import { createPhaseBar, nothingKept } from '../progress.ts';
import { formatTable } from '../table.ts';
import { DIFFERENCES } from '../table-columns.ts';
import { print } from '../terminal.ts';

const VERIFY = {
  folder: required({
    ...text,
    positional: true,
    value: 'DIR',
    help: 'folder of sparkxd run, or of a merged sweep (manifest.json, results.csv)',
  }),
  points: withDefault({ ...whole(1), help: 'points to derive again' }, 3),
  all: switchedOn('derive all points again, and compare the other forms of the results'),
  seed: withDefault({ ...whole(0), help: 'seed of the choice of points' }, 1),
};

export function configure(command: Command): void {
  const help = 'Exit code 1 if anything differs.\n\nExample:\n  sparkxd verify results --points 5';
  configureCommand(command, { job: VERIFY, output: { threads }, help }, async (job, output) => {
    const { folder, all, points, seed } = job;
    const { runVerify } = await import('../../experiments/verify.ts');
    const { findHeader } = await import('../../sweep/store.ts');
    const { verifySweep } = await import('../../sweep/verify-sweep.ts');
    const bar = createPhaseBar(output.quiet, nothingKept);
    try {
      const derive = (await findHeader(folder)) ? verifySweep : runVerify;
      const outcome = await derive({ folder, points: all ? 'all' : points, seed }, output.threads, bar);
      bar.done();
      print(output.json ? `${JSON.stringify(outcome)}\n` : forPeople(outcome));
      if (outcome.differences.length > 0) process.exitCode = EXIT.input;
    } finally {
      bar.done();
    }
  });
}

/** Longest cell that is shown whole; --json has all of it. */
const LONGEST = 40;

function forPeople({ points, lines, differences, stated_revision, derived_revision }: VerifyOutcome): string {
  const which = lines.length === points ? '' : ` (lines ${lines.join(', ')} of results.csv)`;
  const head = `${lines.length} of ${points} points derived again${which}`;
  if (differences.length === 0) return `${head}: the same bytes\n`;
  const short = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);
  const table = formatTable(
    DIFFERENCES,
    differences.map(({ place, what, stated, derived }) => [place, what, short(stated), short(derived)]),
  );
  const revisions =
    stated_revision === derived_revision
      ? ''
      : `\nmade by revision ${stated_revision ?? 'unknown'}, derived by ${derived_revision ?? 'unknown'}\n`;
  return `${head}: ${differences.length} difference${differences.length === 1 ? '' : 's'}\n\n${table}${revisions}`;
}
