import type { Command } from 'commander';

export function configure(command: Command): void {
  command
    .argument('<DIR>', 'folder that sparkxd run or sweep merge wrote')
    .addHelpText('after', '\nExample:\n  sparkxd report results')
    .action(async (folder: string) => {
      const { runReport } = await import('../../experiments/run-report.ts');
      process.stdout.write(`${await runReport(folder)}\n`);
    });
}
