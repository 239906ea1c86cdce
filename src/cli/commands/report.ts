import type { Command } from 'commander';
import { z } from 'zod';
import { optional, required } from '../../settings/setting.ts';
import { text } from '../../settings/values.ts';
import { configureCommand } from '../command-settings.ts';
import { EXIT } from '../failure.ts';
import { print } from '../terminal.ts';

const isTable = (path: string): boolean => /\.csv(\.gz)?$/i.test(path);

const REPORT = {
  paths: required({
    schema: z.array(z.string()).min(1).readonly(),
    positional: true,
    value: 'PATH...',
    read: (path: string) => path,
    help: 'folder that run, run --optimise or sweep merge wrote; or CSV files of simulate or of replay (--csv, and beside it --bank-csv, --over-time, and of a system --sources, --activity, --waits)',
  }),
  charts: optional({
    ...text,
    value: 'DIR',
    help: 'also write every chart and picture there, as SVG and as PNG',
  }),
};

export function configure(command: Command): void {
  const help =
    'Writes report.html into the folder, or NAME.report.html beside the first CSV file, and prints what it wrote.\n\nExamples:\n  sparkxd report results --charts pictures\n  sparkxd report nominal.csv low.csv\n  sparkxd report replay.csv banks.csv\n  sparkxd report system.csv sources.csv activity.csv waits.csv';
  configureCommand(command, { job: REPORT, output: {}, help }, async ({ paths, charts }, output) => {
    const [first, ...others] = paths as [string, ...string[]];
    const tables = paths.every(isTable);
    if (others.length > 0 && !tables)
      command.error('give one folder, or CSV files only', { exitCode: EXIT.usage });
    const { runReport } = await import('../../report/run-report.ts');
    const written = await runReport(tables ? { tables: [first, ...others] } : { folder: first }, charts);
    print(output.json ? `${JSON.stringify({ written })}\n` : `${written.join('\n')}\n`);
  });
}
