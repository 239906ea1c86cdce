import type { Command } from 'commander';
import { POWER } from '../../settings/jobs/power.ts';
import { csv, json, maybeFile } from '../../settings/output-settings.ts';
import { described } from '../../settings/setting.ts';
import { configureCommand } from '../command-settings.ts';

const OUTPUT = {
  csv: described(csv, 'write one row a supply'),
  ledger: maybeFile('write every cell of the ledger: supply, rank, bank, rail, term'),
  json,
};

export function configure(command: Command): void {
  const help = 'Example:\n  sparkxd power commands.csv --device lpddr3-1600-4gb --supply 1.2,1.1,1.0';
  configureCommand(command, { job: POWER, output: OUTPUT, help }, async (job, output) => {
    const { runPower } = await import('../../experiments/power.ts');
    const { ledgerRows, powerJson, powerRow } = await import('../../experiments/power-rows.ts');
    const { writeWhole } = await import('../../files/write-file.ts');
    const { LEDGER_TABLE, POWER_TABLE } = await import('../../results/columns.ts');
    const { tableCsv } = await import('../../results/write-rows.ts');
    const { powerTable } = await import('../power-table.ts');

    const outcome = await runPower(job);
    const { points } = outcome;
    if (output.csv !== undefined) {
      const rows = points.map((point) => powerRow(outcome, point));
      await writeWhole(output.csv, await tableCsv(POWER_TABLE, rows));
    }
    if (output.ledger !== undefined)
      await writeWhole(output.ledger, await tableCsv(LEDGER_TABLE, points.flatMap(ledgerRows)));
    process.stdout.write(output.json ? `${JSON.stringify(powerJson(outcome))}\n` : powerTable(outcome));
  });
}
