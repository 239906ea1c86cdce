import { presetsSchema } from '../../hardware/import/presets-from-yaml.ts';
import type { FormatDescription } from '../format-page.ts';

export const PRESETS: FormatDescription = {
  page: 'presets',
  title: 'Presets of other simulators',
  schema: presetsSchema,
  example: { folder: 'presets', name: 'ramulator2-ddr4' },
  intro: [
    'A table of presets says what the names of organisations and speeds mean that a Ramulator 2 configuration uses, so that',
    '`sparkxd devices import` can make a device of it ([device-import.md](../device-import.md)). The shipped ones lie in `hw-models/presets/`.',
  ],
  keys: {
    implementation: 'name of the DRAM implementation in the configuration, such as `DDR4`',
    standard: 'standard of the devices that are made',
    source: 'name of the source of all numbers',
    channel_width: 'data pins of a channel (default of the configuration)',
    data_rate: 'transfers a clock cycle',
    organisations: 'organisations by name',
    'organisations.NAME': 'an organisation, such as `DDR4_8Gb_x8`',
    'organisations.NAME.density': 'capacity of a device, Mbit',
    'organisations.NAME.dq': 'data pins of a device',
    'organisations.NAME.bankgroup': 'bank groups',
    'organisations.NAME.bank': 'banks a group',
    'organisations.NAME.row': 'rows a bank',
    'organisations.NAME.column': 'columns a row',
    speed_columns: 'what the numbers of a speed are, in their order: `[rate, nBL, nCL, ...]`',
    speeds: 'speeds by name',
    'speeds.NAME': 'a speed: a number for each column, times in cycles',
    by_width: 'times that depend on the data pins of a device',
    'by_width.rates': 'the rates, MT/s, to which the numbers below belong',
    'by_width.NAME': 'a time: cycles at each rate, by data pins',
    'by_width.NAME.NAME': 'data pins of a device: cycles at each rate',
    by_density: 'times that depend on the capacity of a device',
    'by_density.NAME': 'a time in ns, by capacity',
    'by_density.NAME.NAME': 'capacity in Mbit: ns',
    refresh_interval_ns: 'tREFI, ns',
  },
};
