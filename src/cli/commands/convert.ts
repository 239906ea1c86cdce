import type { Command } from 'commander';
import type { ConvertOutcome } from '../../experiments/convert.ts';
import { CONVERT } from '../../settings/jobs/convert.ts';
import { json } from '../../settings/output-settings.ts';
import { configureCommand } from '../command-settings.ts';

export function configure(command: Command): void {
  const help =
    'Example:\n  sparkxd convert traces/n400-mnist-event.sxt event.trace.gz --to ramulator --access-bytes 32';
  configureCommand(command, { job: CONVERT, output: { json }, help }, async (job, output) => {
    const { runConvert } = await import('../../experiments/convert.ts');
    const outcome = await runConvert(job);
    process.stdout.write(output.json ? `${JSON.stringify(outcome)}\n` : forPeople(job.output, outcome));
    if (!output.quiet && outcome.lost.length > 0)
      process.stderr.write(`not carried over: ${outcome.lost.join('; ')}\n`);
  });
}

const forPeople = (output: string, { from, to, runs, reads, writes }: ConvertOutcome): string => {
  const number = (value: number): string => value.toLocaleString('en');
  return `${output}: ${number(runs)} runs of ${from}, ${number(reads)} bytes read and ${number(writes)} written, as ${to}\n`;
};
