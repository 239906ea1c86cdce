import type { Command } from 'commander';
import { OWN_CURRENTS } from '../../energy/current-set.ts';
import { ENERGY_MODELS, type EnergyModel } from '../../energy/energy-of.ts';
import type { IoModel } from '../../energy/io.ts';
import type { VoltageLaw } from '../../energy/voltage-law.ts';
import { COMMAND_TRACE_FORMATS, type CommandTraceFormat } from '../../trace/command-trace-formats.ts';
import { picofarads, voltageLaw } from '../energy-options.ts';
import { numberBetween, oneOf, wholeNumber } from '../option-values.ts';
import { supplyList } from '../supply-list.ts';

interface PowerOptions {
  readonly device: string;
  readonly currents: string;
  readonly supply?: number[];
  readonly endCycle?: number;
  readonly law: VoltageLaw;
  readonly model: EnergyModel;
  readonly rho: number;
  readonly format?: CommandTraceFormat;
  readonly ioCapacitance?: number;
  readonly ioVoltage: number;
  readonly ioTermination: number;
  readonly csv?: string;
  readonly ledger?: string;
  readonly json?: boolean;
}

export function configure(command: Command): void {
  command
    .argument('<COMMANDS>', 'command trace of one channel, gzip or plain')
    .option('--device <NAME|FILE>', 'DRAM device', 'lpddr3-1600-4gb-sparkxd')
    .option('--currents <NAME>', 'which of the public sets of currents', OWN_CURRENTS)
    .option('--supply <LIST>', 'supply voltages: 1.35,1.25 or 1.35:1.00:0.025 (default: nominal)', supplyList)
    .option(
      '--end-cycle <N>',
      'end of the window (default: when the last command is complete)',
      wholeNumber(0),
    )
    .option(
      '--law <LAW>',
      'energy against voltage: quadratic, linear, an exponent, or VDD1=linear,VDD2=2.3',
      voltageLaw,
      'quadratic',
    )
    .option('--model <NAME>', ENERGY_MODELS.join(', '), oneOf(ENERGY_MODELS, 'models'), 'drampower4')
    .option('--rho <SHARE>', 'of drampower6: active current common to the banks', numberBetween(0, 1), 1)
    .option(
      '--format <NAME>',
      COMMAND_TRACE_FORMATS.join(', '),
      oneOf(COMMAND_TRACE_FORMATS, 'command formats'),
    )
    .option('--io-capacitance <C>', 'adds the data pins: load of one pin, such as 1.8pF', picofarads)
    .option('--io-voltage <V>', 'voltage of the data pins', numberBetween(0.1, 5), 1.2)
    .option('--io-termination <MW>', 'power of one terminated pin during a write', numberBetween(0, 1000), 0)
    .option('--csv <FILE>', 'write one row a supply')
    .option('--ledger <FILE>', 'write every cell of the ledger: supply, rank, bank, rail, term')
    .option('--json', 'print the results as one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  sparkxd power commands.csv --device lpddr3-1600-4gb --supply 1.2,1.1,1.0',
    )
    .action(power);
}

async function power(commands: string, options: PowerOptions): Promise<void> {
  const { runPower } = await import('../../experiments/run-power.ts');
  const { ledgerRows, LEDGER_HEADER, powerColumns, powerJson } = await import(
    '../../experiments/power-columns.ts'
  );
  const { writeWhole } = await import('../../files/write-file.ts');
  const { toCsv } = await import('../../results/csv.ts');
  const { powerTable } = await import('../power-table.ts');

  const { device, currents, supply, endCycle, law, model, rho, format, csv, ledger, json } = options;
  const io = ioModel(options);
  const outcome = await runPower({
    ...{ commands, device, currents, supplies: supply, law, model, rho },
    ...(endCycle === undefined ? {} : { endCycle }),
    ...(format === undefined ? {} : { format }),
    ...(io === undefined ? {} : { io }),
  });
  if (csv !== undefined) {
    const rows = outcome.points.map((point) => powerColumns(outcome, point));
    await writeWhole(csv, await toCsv(Object.keys(rows[0]!), rows.map(Object.values)));
  }
  if (ledger !== undefined)
    await writeWhole(ledger, await toCsv([...LEDGER_HEADER], outcome.points.flatMap(ledgerRows)));
  process.stdout.write(json ? `${JSON.stringify(powerJson(outcome))}\n` : powerTable(outcome));
}

function ioModel({ ioCapacitance, ioVoltage, ioTermination }: PowerOptions): IoModel | undefined {
  if (ioCapacitance === undefined) return undefined;
  return {
    capacitance_pF: ioCapacitance,
    voltage: ioVoltage,
    scaled: true,
    writeTermination_mW: ioTermination,
  };
}
