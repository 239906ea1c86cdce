import type { Command } from 'commander';

const isTable = (path: string): boolean => path.toLowerCase().endsWith('.csv');

export function configure(command: Command): void {
  command
    .argument(
      '<PATH...>',
      'folder that run, run --optimise or sweep merge wrote; or CSV files of simulate or of replay',
    )
    .option('--charts <DIR>', 'also write every chart and picture there, as SVG and as PNG')
    .addHelpText(
      'after',
      '\nWrites report.html into the folder, or NAME.report.html beside the first CSV file, and prints what it wrote.\n\nExamples:\n  sparkxd report results --charts pictures\n  sparkxd report nominal.csv low.csv',
    )
    .action(async (paths: [string, ...string[]], { charts }: { readonly charts?: string }) => {
      const [folder] = paths;
      const tables = paths.every(isTable);
      if (paths.length > 1 && !tables)
        command.error('error: give one folder, or CSV files only', { exitCode: 2 });
      const { runReport } = await import('../../report/run-report.ts');
      const written = await runReport(tables ? { tables: paths } : { folder }, charts);
      process.stdout.write(`${written.join('\n')}\n`);
    });
}
