import type { Command } from 'commander';
import { RECORD } from '../../settings/jobs/record.ts';
import { configureCommand } from '../command-settings.ts';
import { createRemarks } from '../remarks.ts';
import { print } from '../terminal.ts';

export function configure(command: Command): void {
  const help =
    'Example:\n  sparkxd record --weights n400-mnist --workload event --images 16 --out n400-event.sxt';
  configureCommand(command, { job: RECORD, output: {}, help }, async (job, output) => {
    const { runRecord } = await import('../../experiments/record.ts');
    const outcome = await runRecord(job, createRemarks(output.quiet));
    const { inferences, accesses, bytes } = outcome;
    print(
      output.json
        ? `${JSON.stringify({ out: job.out, ...outcome })}\n`
        : `${job.out}: ${accesses.toLocaleString('en')} accesses, ${bytes.toLocaleString('en')} bytes read in ${inferences} inferences\n`,
    );
  });
}
