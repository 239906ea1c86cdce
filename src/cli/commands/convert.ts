import type { Command } from 'commander';
import type { ConvertOutcome } from '../../experiments/convert.ts';
import type { TraceReading } from '../../experiments/trace-reading.ts';
import { CONVERT } from '../../settings/jobs/convert.ts';
import { configureCommand } from '../command-settings.ts';
import { note, print } from '../terminal.ts';
import { readingNotes } from '../trace-notes.ts';

export function configure(command: Command): void {
  const help =
    'Example:\n  sparkxd convert traces/n400-mnist-event.sxt event.trace.gz --to ramulator --access-bytes 32';
  configureCommand(command, { job: CONVERT, output: {}, help }, async (job, output) => {
    const { runConvert } = await import('../../experiments/convert.ts');
    const outcome = await runConvert(job);
    print(output.json ? `${JSON.stringify(outcome)}\n` : forPeople(job.output, outcome));
    if (output.quiet) return;
    const { lost, reading } = outcome;
    // What a trace says itself needs no word; what was assumed of it does.
    const notes = output.json || !isRemarkable(reading) ? [] : readingNotes(reading, '--from');
    if (lost.length > 0) notes.push(`not carried over: ${lost.join('; ')}`);
    note(notes.map((line) => `${line}\n`).join(''));
  });
}

const forPeople = (output: string, { from, to, runs, reads, writes }: ConvertOutcome): string => {
  const number = (value: number): string => value.toLocaleString('en');
  return `${output}: ${number(runs)} runs of ${from}, ${number(reads)} bytes read and ${number(writes)} written, as ${to}\n`;
};

const isRemarkable = ({
  assumed_access_bytes,
  access_bytes_given,
  bare_digits_in_base_16,
  late_requests,
  skipped,
}: TraceReading): boolean =>
  (assumed_access_bytes !== undefined && !access_bytes_given) ||
  bare_digits_in_base_16 ||
  late_requests > 0 ||
  Object.keys(skipped).length > 0;
