import type { Command } from 'commander';
import { z } from 'zod';
import { optional, required } from '../../settings/setting.ts';
import { text } from '../../settings/values.ts';
import { configureCommand } from '../command-settings.ts';

const isTable = (path: string): boolean => path.toLowerCase().endsWith('.csv');

const REPORT = {
  paths: required({
    schema: z.array(z.string()).min(1).readonly(),
    positional: true,
    value: 'PATH...',
    read: (path: string) => path,
    help: 'folder that run, run --optimise or sweep merge wrote; or CSV files of simulate or of replay',
  }),
  charts: optional({
    ...text,
    value: 'DIR',
    help: 'also write every chart and picture there, as SVG and as PNG',
  }),
};

export function configure(command: Command): void {
  const help =
    'Writes report.html into the folder, or NAME.report.html beside the first CSV file, and prints what it wrote.\n\nExamples:\n  sparkxd report results --charts pictures\n  sparkxd report nominal.csv low.csv';
  configureCommand(command, { job: REPORT, output: {}, help }, async ({ paths, charts }) => {
    const [first, ...others] = paths as [string, ...string[]];
    const tables = paths.every(isTable);
    if (others.length > 0 && !tables)
      command.error('error: give one folder, or CSV files only', { exitCode: 2 });
    const { runReport } = await import('../../report/run-report.ts');
    const written = await runReport(tables ? { tables: [first, ...others] } : { folder: first }, charts);
    process.stdout.write(`${written.join('\n')}\n`);
  });
}
