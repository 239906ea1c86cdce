import type { Command } from 'commander';
import type { Device } from '../../hardware/device.ts';
import type { Provenance } from '../../hardware/provenance.ts';
import { json } from '../../settings/output-settings.ts';
import { required } from '../../settings/setting.ts';
import { text } from '../../settings/values.ts';
import { configureCommand } from '../command-settings.ts';
import { type Column, formatTable } from '../table.ts';

const SHOW = {
  name: required({
    ...text,
    positional: true,
    value: 'NAME|FILE',
    help: 'device of the package, or your own file',
  }),
};

export function configure(command: Command): void {
  const help = 'Example:\n  sparkxd devices show lpddr3-1600-4gb';
  configureCommand(command, { job: {}, output: { json }, help }, (_job, output) => list(output.json));
  configureCommand(
    command
      .command('show')
      .description('every number of a device with its unit, its source and any doubt about it'),
    { job: SHOW, output: { json }, help },
    ({ name }, output, show) => showDevice(name, output.json || show.optsWithGlobals()['json'] === true),
  );
}

async function list(asJson: boolean): Promise<void> {
  const { modelFiles } = await import('../../inputs/model-files.ts');
  const { loadDevice } = await import('../../hardware/load-device.ts');
  const { MODEL_KINDS } = await import('../../hardware/model-source.ts');
  const names = await modelFiles.list('dram');
  const devices = await Promise.all(names.map((name) => loadDevice(name, modelFiles)));
  const others = await Promise.all(
    MODEL_KINDS.filter((kind) => kind !== 'dram').map(
      async (kind) => [kind, await modelFiles.list(kind)] as const,
    ),
  );
  if (asJson) {
    const dram = devices.map((device) => ({ name: device.name, ...summary(device) }));
    process.stdout.write(`${JSON.stringify({ dram, ...Object.fromEntries(others) })}\n`);
    return;
  }
  const columns: Column[] = [
    { heading: 'device', align: 'left' },
    { heading: 'standard', align: 'left' },
    { heading: 'clock', unit: 'MHz' },
    { heading: 'banks' },
    { heading: 'supply', unit: 'V' },
    { heading: 'range', unit: 'V' },
    { heading: 'rails', align: 'left', unit: 'scaled *' },
    { heading: 'currents', align: 'left' },
  ];
  const rows = devices.map((device) => {
    const { standard, clock_MHz, banks, supply_V, rails, currents } = summary(device);
    return [
      device.name,
      standard,
      String(clock_MHz),
      String(banks),
      supply_V.nominal.toFixed(2),
      `${supply_V.min.toFixed(2)} to ${supply_V.max.toFixed(2)}`,
      rails.map(({ name, scaled }) => `${name}${scaled ? '*' : ''}`).join(' '),
      currents.length === 0 ? 'none: timing only' : currents.join(', '),
    ];
  });
  const rest = others.map(([kind, found]) => `${kind}: ${found.join(', ')}\n`).join('');
  process.stdout.write(`${formatTable(columns, rows)}\n${rest}`);
}

function summary({ standard, clock, organisation, supply, rails, otherCurrents, energyUnknown }: Device) {
  return {
    standard: standard.name,
    clock_MHz: clock,
    banks: organisation.bankGroups * organisation.banksPerGroup,
    supply_V: { nominal: supply.nominal, min: supply.min, max: supply.max },
    rails: rails.map(({ name, nominal, scaled }) => ({ name, nominal_V: nominal, scaled })),
    currents: energyUnknown === undefined ? ['own', ...otherCurrents.map(({ name }) => name)] : [],
  };
}

async function showDevice(name: string, asJson: boolean): Promise<void> {
  const { modelFiles } = await import('../../inputs/model-files.ts');
  const { loadDevice } = await import('../../hardware/load-device.ts');
  const device = await loadDevice(name, modelFiles);
  const { provenance, description, notes, energyUnknown } = device;
  const curve = device.supply.curve;
  if (asJson) {
    const head = { name: device.name, description, ...summary(device), energy_unknown: energyUnknown };
    const numbers = provenance.map(({ path, text, source, note }) => ({ path, value: text, source, note }));
    process.stdout.write(`${JSON.stringify({ ...head, notes, numbers })}\n`);
    return;
  }
  const sources = [...new Set(provenance.map(({ source }) => source))];
  const lines = [
    `${device.name} (${device.standard.name})`,
    description,
    '',
    numberTable(provenance, sources),
    `supply curve ${curve.name}: delays from ${curve.voltages[0]} to ${curve.voltages.at(-1)} V`,
    ...(energyUnknown === undefined ? [] : [`energy unknown: ${energyUnknown}`]),
    ...notes,
    '',
    'Sources',
    ...sources.map((source, i) => `[${i + 1}] ${source}`),
    '',
  ];
  process.stdout.write(lines.join('\n'));
}

function numberTable(provenance: readonly Provenance[], sources: readonly string[]): string {
  const columns: Column[] = [
    { heading: 'number', align: 'left' },
    { heading: 'value', align: 'left' },
    { heading: 'source', align: 'left' },
    { heading: 'doubt', align: 'left' },
  ];
  return formatTable(
    columns,
    provenance.map(({ path, text, source, note = '' }) => [
      path,
      text,
      `[${sources.indexOf(source) + 1}]`,
      note,
    ]),
  );
}
