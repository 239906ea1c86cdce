import type { Command } from 'commander';

const isTable = (path: string): boolean => path.toLowerCase().endsWith('.csv');

export function configure(command: Command): void {
  command
    .argument(
      '<PATH...>',
      'folder that run, run --optimise or sweep merge wrote; or CSV files of simulate or of replay',
    )
    .addHelpText(
      'after',
      '\nWrites report.html into the folder, or NAME.report.html beside the first CSV file, and prints where.\n\nExamples:\n  sparkxd report results\n  sparkxd report nominal.csv low.csv',
    )
    .action(async (paths: [string, ...string[]]) => {
      const [path] = paths;
      if (paths.every(isTable)) {
        const { reportTables } = await import('../../experiments/report-tables.ts');
        process.stdout.write(`${await reportTables(paths)}\n`);
        return;
      }
      if (paths.length > 1) command.error('error: give one folder, or CSV files only', { exitCode: 2 });
      const { runReport } = await import('../../experiments/run-report.ts');
      process.stdout.write(`${await runReport(path)}\n`);
    });
}
