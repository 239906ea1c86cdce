import type { Command } from 'commander';
import type { VoltageLaw } from '../../energy/voltage-law.ts';
import type { ReplayOutcome } from '../../experiments/run-replay.ts';
import { TIMING_MODES, type TimingMode } from '../../hardware/resolved-timing.ts';
import type { ResultRow } from '../../results/result-columns.ts';
import { ACCESS_FORMATS, type AccessFormatName } from '../../trace/access-formats.ts';
import { TEXT_COMMAND_FORMATS, type TextCommandFormat } from '../../trace/command-trace-formats.ts';
import { ARRIVALS, type Arrival } from '../../trace/trace-requests.ts';
import { addControllerOptions, type ControllerFlags, controllerOf } from '../controller-options.ts';
import { voltageLaw } from '../energy-options.ts';
import { oneOf, wholeNumber } from '../option-values.ts';
import { createProgress } from '../progress.ts';
import { supplyList } from '../supply-list.ts';
import { type Column, formatTable } from '../table.ts';

interface ReplayOptions extends ControllerFlags {
  readonly device: string;
  readonly supply?: number[];
  readonly timing: TimingMode;
  readonly arrival: Arrival;
  readonly law: VoltageLaw;
  readonly hash?: boolean;
  readonly csv?: string;
  readonly bankCsv?: string;
  readonly addressMapping: string;
  readonly format?: AccessFormatName;
  readonly accessBytes?: number;
  readonly commands?: string;
  readonly commandsFormat: TextCommandFormat;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function configure(command: Command): void {
  addControllerOptions(command)
    .argument('<TRACE>', 'access trace: .sxt or any format of docs/access-traces.md, gzip or plain')
    .option('--device <NAME|FILE>', 'DRAM device', 'lpddr3-1600-4gb-sparkxd')
    .option('--supply <LIST>', 'supply voltages: 1.35,1.25 or 1.35:1.00:0.025 (default: nominal)', supplyList)
    .option('--timing <NAME>', TIMING_MODES.join(', '), oneOf(TIMING_MODES, 'timings'), 'stretched')
    .option('--arrival <NAME>', ARRIVALS.join(', '), oneOf(ARRIVALS, 'arrivals'), 'asap')
    .option(
      '--law <LAW>',
      'energy against voltage: quadratic, linear, an exponent, or VDD1=linear,VDD2=2.3',
      voltageLaw,
      'quadratic',
    )
    .option(
      '--address-mapping <NAME|FILE>',
      'order of address bits: row-bank-column, RoBaRaCoCh, ..., or a file (docs/address-mapping.md)',
      'row-bank-column',
    )
    .option('--commands <FILE>', 'write every DRAM command (with a single --supply)')
    .option(
      '--commands-format <NAME>',
      TEXT_COMMAND_FORMATS.join(', '),
      oneOf(TEXT_COMMAND_FORMATS, 'formats'),
      'drampower',
    )
    .option(
      '--format <NAME>',
      `${ACCESS_FORMATS.join(', ')} (default: found from the content)`,
      oneOf(ACCESS_FORMATS, 'trace formats'),
    )
    .option(
      '--access-bytes <N>',
      'size of an access in formats that give none (default: one burst)',
      wholeNumber(1),
    )
    .option('--hash', 'print a hash of all commands at each supply')
    .option('--csv <FILE>', 'write the results as CSV')
    .option('--bank-csv <FILE>', 'write row hits, misses, conflicts by bank and accesses by subarray as CSV')
    .option('--json', 'print the results as one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  sparkxd replay traces/n400-mnist-stream.sxt --supply 1.35,1.25,1.025 --csv energy.csv',
    )
    .action(replay);
}

async function replay(trace: string, options: ReplayOptions): Promise<void> {
  const { device, timing, arrival, law, csv, json, quiet } = options;
  const commands =
    options.commands === undefined
      ? {}
      : { commands: { file: options.commands, format: options.commandsFormat } };
  const { runReplay } = await import('../../experiments/run-replay.ts');
  const { loadDevice } = await import('../../hardware/load-device.ts');
  const { modelFiles } = await import('../../inputs/model-files.ts');
  const { writeWhole } = await import('../../files/write-file.ts');
  const { resultsCsv, toCsv } = await import('../../results/csv.ts');
  const { BANK_COUNT_COLUMNS, bankCountCells } = await import('../../results/bank-counts.ts');

  const supplies = options.supply ?? [(await loadDevice(device, modelFiles)).supply.nominal];
  const bar = createProgress('replaying', supplies.length, quiet);
  try {
    const outcome = await runReplay(
      {
        ...{ trace, device, supplies, timing, arrival, law, addressMapping: options.addressMapping },
        ...{ format: options.format, accessBytes: options.accessBytes },
        ...{ controller: controllerOf(options), subarrays: options.subarrays, hash: options.hash ?? false },
        ...commands,
      },
      () => bar.advance(),
    );
    if (csv !== undefined) await writeWhole(csv, await resultsCsv(outcome.rows, { withNetwork: false }));
    if (options.bankCsv !== undefined)
      await writeWhole(options.bankCsv, await toCsv(BANK_COUNT_COLUMNS, bankCountCells(outcome.banks)));
    bar.done();
    process.stdout.write(json ? `${JSON.stringify(outcome)}\n` : forPeople(outcome));
  } finally {
    bar.done();
  }
}

const PJ_PER_NJ = 1000;
const NJ_PER_UJ = 1000;

const COLUMNS: readonly Column[] = [
  { heading: 'supply', unit: 'V' },
  { heading: 'cycles' },
  { heading: 'accesses' },
  { heading: 'hits', unit: '%' },
  { heading: 'misses', unit: '%' },
  { heading: 'conflicts', unit: '%' },
  { heading: 'bandwidth', unit: 'GB/s' },
  { heading: 'energy', unit: 'uJ' },
  { heading: 'per access', unit: 'pJ' },
  { heading: 'saving', unit: '%' },
  { heading: 'by voltage', unit: '%' },
  { heading: 'by timing', unit: '%' },
];

function forPeople({ metadata, rows, effects, hashes }: ReplayOutcome): string {
  const origin = Object.entries(metadata)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
  const line = (row: ResultRow, i: number): string[] => {
    const { voltage, timing } = effects[i]!;
    const accurate = (row.dram_energy_total_nJ as number) * PJ_PER_NJ - voltage - timing;
    const number = (column: keyof ResultRow): number => row[column] as number;
    const share = (column: keyof ResultRow): string =>
      ((number(column) / number('accesses')) * 100).toFixed(2);
    return [
      number('supply_V').toFixed(3),
      number('cycles').toLocaleString('en'),
      number('accesses').toLocaleString('en'),
      share('row_hits'),
      share('row_misses'),
      share('row_conflicts'),
      number('bandwidth_GBps').toFixed(3),
      (number('dram_energy_total_nJ') / NJ_PER_UJ).toFixed(2),
      number('energy_per_access_pJ').toFixed(1),
      (number('energy_saving_vs_nominal') * 100).toFixed(2),
      ((-voltage / accurate) * 100).toFixed(2),
      ((-timing / accurate) * 100).toFixed(2),
    ];
  };
  const hashed = hashes.map((hash, i) => `${(rows[i]!.supply_V as number).toFixed(3)} V: commands ${hash}\n`);
  return `recorded from: ${origin || 'unknown'}\n\n${formatTable(COLUMNS, rows.map(line))}${hashed.join('')}`;
}
