import type { Command } from 'commander';
import { NO_PINS, pinsInWords } from '../../energy/io.ts';
import { VAMPIRE_VENDORS } from '../../energy/vampire.ts';
import type { DataEnergyOutcome } from '../../experiments/data-energy.ts';
import { percent } from '../../report/percent.ts';
import { DATA_ENERGY } from '../../settings/jobs/data-energy.ts';
import { configureCommand } from '../command-settings.ts';
import { formatTable } from '../table.ts';
import { dataEnergies } from '../table-columns.ts';
import { print } from '../terminal.ts';

export function configure(command: Command): void {
  const help = 'Example:\n  sparkxd data-energy n400-mnist --format fp32,int8 --encoding plain,fewest-ones';
  configureCommand(command, { job: DATA_ENERGY, output: {}, help }, async (job, output) => {
    const { runDataEnergy } = await import('../../experiments/data-energy.ts');
    const outcome = await runDataEnergy(job);
    print(output.json ? `${JSON.stringify(outcome)}\n` : forPeople(outcome));
  });
}

function forPeople({ network, device, supply_V, points }: DataEnergyOutcome): string {
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
    formatTable(dataEnergies(VAMPIRE_VENDORS.map((vendor) => vendor.toUpperCase())), rows),
    'The RD term of the device, and the same weighed by the currents that VAMPIRE measured on DDR3L modules of three\n',
    'vendors for such data against data of half ones and half toggles.\n',
    `Energies: ${pinsInWords(NO_PINS)}.\n`,
  ].join('');
}
