import type { Command } from 'commander';
import { BUS_ENCODINGS, type BusEncoding } from '../../energy/line-bits.ts';
import { INTERLEAVINGS, type Interleaving, VAMPIRE_VENDORS } from '../../energy/vampire.ts';
import type { VoltageLaw } from '../../energy/voltage-law.ts';
import type { DataEnergyOutcome } from '../../experiments/run-data-energy.ts';
import { WEIGHT_FORMATS, type WeightFormat } from '../../snn/weight-format.ts';
import { voltageLaw } from '../energy-options.ts';
import { listOf, numberBetween, oneOf } from '../option-values.ts';
import { type Column, formatTable } from '../table.ts';

interface DataEnergyOptions {
  readonly format: WeightFormat[];
  readonly encoding: BusEncoding[];
  readonly interleaving: Interleaving;
  readonly device: string;
  readonly supply?: number;
  readonly law: VoltageLaw;
  readonly json?: boolean;
}

export function configure(command: Command): void {
  command
    .argument('<WEIGHTS>', 'trained weights: a shipped name or a safetensors file')
    .option('--format <LIST>', WEIGHT_FORMATS.join(', '), listOf(WEIGHT_FORMATS, 'formats'), [
      ...WEIGHT_FORMATS,
    ])
    .option('--encoding <LIST>', BUS_ENCODINGS.join(', '), listOf(BUS_ENCODINGS, 'encodings'), [
      ...BUS_ENCODINGS,
    ])
    .option(
      '--interleaving <NAME>',
      `how one burst follows another: ${INTERLEAVINGS.join(', ')}`,
      oneOf(INTERLEAVINGS, 'interleavings'),
      'column',
    )
    .option('--device <NAME|FILE>', 'DRAM device', 'lpddr3-1600-4gb-sparkxd')
    .option('--supply <V>', 'supply voltage (default: nominal)', numberBetween(0, 10))
    .option(
      '--law <LAW>',
      'energy against voltage: quadratic, linear, an exponent, or VDD1=linear,VDD2=2.3',
      voltageLaw,
      'quadratic',
    )
    .option('--json', 'print the results as one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  sparkxd data-energy n400-mnist --format fp32,int8 --encoding plain,fewest-ones',
    )
    .action(dataEnergy);
}

async function dataEnergy(weights: string, options: DataEnergyOptions): Promise<void> {
  const { runDataEnergy } = await import('../../experiments/run-data-energy.ts');
  const { format, encoding, interleaving, device, supply, law, json } = options;
  const outcome = await runDataEnergy({
    ...{ weights, formats: format, encodings: encoding, interleaving, device, supply, law },
  });
  process.stdout.write(json ? `${JSON.stringify(outcome)}\n` : forPeople(outcome));
}

const COLUMNS: readonly Column[] = [
  { heading: 'format', align: 'left' },
  { heading: 'encoding', align: 'left' },
  { heading: 'bursts' },
  { heading: 'ones', unit: '%' },
  { heading: 'toggles', unit: '%' },
  { heading: 'reads', unit: 'uJ' },
  ...VAMPIRE_VENDORS.map((vendor): Column => ({ heading: `vendor ${vendor.toUpperCase()}`, unit: 'uJ' })),
  ...VAMPIRE_VENDORS.map((vendor): Column => ({ heading: vendor.toUpperCase(), unit: 'factor' })),
];

function forPeople({ network, device, supply_V, points }: DataEnergyOutcome): string {
  const percent = (share: number): string => (share * 100).toFixed(2);
  const microjoules = (energy: number): string => (energy / 1e6).toFixed(3);
  const rows = points.map(({ format, encoding, bursts, ones, toggles, read_energy_pJ, vendors }) => [
    format,
    encoding,
    bursts.toLocaleString('en'),
    percent(ones),
    percent(toggles),
    microjoules(read_energy_pJ),
    ...VAMPIRE_VENDORS.map((vendor) => microjoules(vendors[vendor].read_energy_pJ)),
    ...VAMPIRE_VENDORS.map((vendor) => vendors[vendor].factor.toFixed(3)),
  ]);
  return [
    `${network} read once from ${device} at ${supply_V} V\n`,
    formatTable(COLUMNS, rows),
    'The RD term of the device, and the same weighed by the currents that VAMPIRE measured on DDR3L modules of three\n',
    'vendors for such data against data of half ones and half toggles.\n',
  ].join('');
}
