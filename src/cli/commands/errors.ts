import type { Command } from 'commander';
import { COMPARE_ERRORS, EXPLAIN_ERRORS, FIT_ERRORS, INSPECT_ERRORS } from '../../settings/jobs/errors.ts';
import { required } from '../../settings/setting.ts';
import { text } from '../../settings/values.ts';
import { configureCommand } from '../command-settings.ts';

const map = (value: string) =>
  required({ ...text, positional: true, value, help: 'map of weak cells (CSV or .wcm)' });

const output = {};

export function configure(command: Command): void {
  const help =
    'Examples:\n' +
    '  sparkxd errors --profile voltron-b --chip 3 --supply 1.1,1.075 --picture chip3.svg\n' +
    '  sparkxd errors --supply 1.06 --banks 0 --export bank0.csv\n' +
    '  sparkxd errors --import bank0.csv --supply 1.1\n' +
    '  sparkxd errors compare a.csv b.csv\n' +
    '  sparkxd errors fit measured.csv\n' +
    '  sparkxd errors explain --weights n400-mnist --supply 1.05';
  configureCommand(command, { job: INSPECT_ERRORS, output, help }, async (job, out) => {
    const { inspectErrors } = await import('../errors/inspect.ts');
    await inspectErrors(job, out);
  });
  const compare = {
    job: { first: map('FIRST'), second: map('SECOND'), ...COMPARE_ERRORS },
    output,
    help: 'Example:\n  sparkxd errors compare a.csv b.csv',
  };
  configureCommand(
    command.command('compare').description('cells that two maps share, and whether one contains the other'),
    compare,
    async ({ first, second, ...job }, out) => {
      const { compareErrors } = await import('../errors/compare.ts');
      await compareErrors(first, second, job, out);
    },
  );
  const fit = {
    job: { map: map('MAP'), ...FIT_ERRORS },
    output,
    help: 'Example:\n  sparkxd errors fit measured.csv',
  };
  configureCommand(
    command
      .command('fit')
      .description('the most likely of the four error models for a map, with its parameters'),
    fit,
    async ({ map: file, ...job }, out) => {
      const { fitErrors } = await import('../errors/fit.ts');
      await fitErrors(file, job, out);
    },
  );
  const explain = {
    job: EXPLAIN_ERRORS,
    output,
    help: 'Example:\n  sparkxd errors explain --weights n400-mnist --supply 1.05',
  };
  configureCommand(
    command
      .command('explain')
      .description(
        'every bit of a network’s weights that the chip flips: weight, bit, cell, subarray, effect',
      ),
    explain,
    async (job, out) => {
      const { explainErrors } = await import('../errors/explain.ts');
      await explainErrors(job, out);
    },
  );
}
