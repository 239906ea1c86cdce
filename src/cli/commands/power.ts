import type { Command } from 'commander';
import type { PowerOutcome } from '../../experiments/power.ts';
import { remarkDoubt } from '../../inputs/remark-doubt.ts';
import { POWER } from '../../settings/jobs/power.ts';
import { csv, maybeFile } from '../../settings/output-settings.ts';
import { described } from '../../settings/setting.ts';
import { configureCommand } from '../command-settings.ts';
import { note, print } from '../terminal.ts';

const OUTPUT = {
  csv: described(csv, 'write one row a supply'),
  ledger: maybeFile('write every cell of the ledger: supply, rank, bank, rail, term'),
};

export function configure(command: Command): void {
  const help = 'Example:\n  sparkxd power commands.csv --device lpddr3-1600-4gb --supply 1.2,1.1,1.0';
  configureCommand(command, { job: POWER, output: OUTPUT, help }, async (job, output) => {
    const { runPower } = await import('../../experiments/power.ts');
    const { ledgerRows, powerJson, powerRow } = await import('../../experiments/power-rows.ts');
    const { writeWhole } = await import('../../files/write-file.ts');
    const { LEDGER_TABLE, POWER_TABLE } = await import('../../results/tables.ts');
    const { tableCsv } = await import('../../results/write-rows.ts');
    const { powerTable } = await import('../power-table.ts');

    const outcome = await runPower(job);
    const { points } = outcome;
    if (output.csv !== undefined) {
      const rows = points.map((point) => powerRow(outcome, point));
      await writeWhole(output.csv, await tableCsv(POWER_TABLE, rows));
    }
    if (output.ledger !== undefined) {
      const { ranks } = outcome.device.organisation;
      const rows = points.flatMap((point) => ledgerRows(point, ranks));
      await writeWhole(output.ledger, await tableCsv(LEDGER_TABLE, rows));
    }
    const remarks = remarksOf(outcome);
    print(output.json ? `${JSON.stringify({ ...powerJson(outcome), remarks })}\n` : powerTable(outcome));
    if (!output.quiet && !output.json) note(remarks.map((line) => `${line}\n`).join(''));
  });
}

const number = (value: number): string => value.toLocaleString('en');

/** What is to say of the energy: that it must be doubted, or what it leaves out. */
function remarksOf({ violations, skipped, device, channels }: PowerOutcome): string[] {
  const { counts, first } = skipped;
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const lines: string[] = [];
  remarkDoubt(device, (line) => lines.push(line));
  const all = device.organisation.channels;
  if (channels < all)
    lines.push(
      `${device.name} has ${all} channels: the energy is of the ${channels} whose commands were given`,
    );
  if (first) {
    const kinds = Object.entries(counts).map(([name, count]) => `${number(count)} ${name}`);
    const at = `cycle ${first.cycle}${first.line === undefined ? '' : ` (line ${first.line})`}`;
    lines.push(
      `skipped ${number(total)} command${total === 1 ? '' : 's'} that the device could not do: ${kinds.join(', ')}; the first: ${first.name} at ${at}: ${first.why}`,
    );
  }
  if (violations > 0)
    lines.push(
      `the trace breaks the protocol of ${device.name}: ${number(violations)} violation${violations === 1 ? '' : 's'}, which sparkxd check lists`,
    );
  return lines;
}
