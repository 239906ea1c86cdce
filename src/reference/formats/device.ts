import { MOST } from '../../hardware/bounds.ts';
import { CURRENTS } from '../../hardware/currents.ts';
import { deviceSchema } from '../../hardware/device-from-yaml.ts';
import type { FormatDescription } from '../format-page.ts';

/** What each current is measured in, by JEDEC's name. */
export const CURRENT_MEANINGS: Readonly<Record<(typeof CURRENTS)[number], string>> = {
  IDD0: 'one bank activated and precharged every tRC',
  IDD2N: 'all banks closed, clock running',
  IDD2P0: 'power-down, all banks closed, slow exit',
  IDD2P1: 'power-down, all banks closed, fast exit; as IDD2P0 where the source has one IDD2P',
  IDD3N: 'a bank open, clock running',
  IDD3P0: 'power-down with an open bank, slow exit',
  IDD3P1: 'power-down with an open bank, fast exit; as IDD3P0 where the source has one IDD3P',
  IDD4R: 'reading bursts one after the other',
  IDD4W: 'writing bursts one after the other',
  IDD5: 'refresh commands at the least distance (IDD5B)',
  IDD5PB: 'per-bank refresh; must say `average_over`',
  IDD6: 'self-refresh',
};

const most = (key: keyof typeof MOST): string => `1 to ${MOST[key]}`;

export const DEVICE: FormatDescription = {
  page: 'device',
  title: 'Device files',
  schema: deviceSchema,
  example: { folder: 'dram', name: 'ddr4-2400-8gb' },
  intro: [
    'A device file describes one DRAM part, or a module of them: how it is built up, its timing, its supply and its currents.',
    'Give its path to `--device`; shipped devices lie in `hw-models/dram/`. `sparkxd devices show FILE` reads it and prints every',
    'number, or says with file, line and column what is wrong. An unknown key is an error, so a misspelt one is found.',
    '',
    '- **Numbers have units and sources.** A quantity is written `17 tCK`, `13.75 ns`, `48 mA`; arithmetic is allowed',
    '  (`tRAS + tRP`, `max(4 tCK, 7.5 ns)`) over units, tCK and the times above it in the file; what has a comma stands in quotation marks',
    '  inside braces: `{ value: "max(4 tCK, 7.5 ns)", source: gem5 }`. A section has a `source:` (a name of',
    '  `sources`) for all its numbers; one number may have its own: `{ value: 21 ns, source: gem5, note: "a doubt" }`.',
    '- **`timing` has exactly the parameters of the standard**, listed [below](#timing-parameters-of-each-standard): all of them, no others.',
    '  In cycles (`17 tCK`) they follow the clock; in ns they are rounded up to whole cycles.',
    '- **Currents** are of one device (one die or package), in mA, by rail. An energy that needs a current that is missing is refused.',
    '  A device without public currents has `rails: {}` and says why in `energy_unknown`: it is simulated for time alone.',
    '- **To change little of a device** write `based_on: NAME`, a `name` of your own, and only what differs. Each changed value then',
    '  has a `source` of its own; `rails` replaces all that the base says of its energy.',
    '',
    'To make one: copy the [whole file](#a-whole-file) at the end, change it key by key, and run',
    '',
    '    sparkxd devices show ./mine.yaml',
    '    sparkxd devices show ./mine.yaml --supply 100%,95%,90%',
    '',
    'The second shows the latencies in ns and cycles and the energies at each supply. It needs `supply.min` to lie that low (the data',
    'sheet’s own limit, 1.14 V of DDR4, refuses a study of reduced voltage) and `supply.curve`, by which latencies grow; a device',
    'without a curve takes `--timing nominal`. Energies that need a missing current are refused here, not by the first command.',
  ],
  keys: {
    based_on: 'a device (shipped name, or path) whose keys hold where this file gives none',
    standard: 'DRAM standard: a file of `hw-models/standards/` (`ddr4`), or the path of your own',
    organisation: 'how the memory is built up',
    'organisation.channels': `independent channels, each with a controller; ${most('channels')}`,
    'organisation.ranks': `ranks a channel; ${most('ranks')}`,
    'organisation.bank_groups': `bank groups a rank; 1 where the standard has none; ${most('bank_groups')}`,
    'organisation.banks_per_group': `banks a bank group; ${most('banks_per_group')}`,
    'organisation.rows': `rows a bank; ${most('rows')}`,
    'organisation.columns': `columns a row, each as wide as the device; ${most('columns')}. A row of one device has columns x device_width bits`,
    'organisation.rows_per_subarray':
      'rows of a subarray, a divisor of rows (default: all rows, one subarray)',
    'organisation.device_width': `data pins of one device: 8 bit for a x8 part; ${most('device_width')} bit`,
    'organisation.devices_per_rank': `devices side by side in a rank: 8 x8 parts make a 64-bit module; ${most('devices_per_rank')}`,
    'organisation.burst_length': `transfers of one burst: 8 for DDR3, DDR4 and LPDDR3, 16 for LPDDR4 and DDR5; ${most('burst_length')}`,
    'organisation.data_rate': `transfers a clock cycle: 2 for double data rate; ${most('data_rate')}`,
    on_die_ecc: 'error correction inside the device, if it has any',
    'on_die_ecc.data': 'bits of one corrected word',
    'on_die_ecc.check': 'check bits beside it',
    'on_die_ecc.corrects': 'wrong bits of a word that are corrected',
    clock:
      'command clock: half of the transfers a second (DDR4-2400: `{ value: 1200 MHz, source: NAME }`); a frequency, not a period',
    timing: 'the timing parameters of the standard, by JEDEC’s names',
    'timing.NAME':
      'a parameter of the standard; of tREFI `{ value: 3900 ns, up_to: 95 degC }` says up to which temperature it holds',
    supply: 'the supply that `--supply` turns',
    'supply.nominal': 'nominal supply, at which the timing and the currents hold',
    'supply.min':
      'lowest supply that is simulated; below the data sheet’s limit where reduced voltage is studied',
    'supply.max':
      'highest supply that is simulated; above nominal only with `--timing nominal`, unless the curve goes that far',
    'supply.curve':
      'circuit curve by which latencies grow as the supply falls: `voltron-spice`, `voltron-table` or a path; without one only nominal timing is known away from nominal supply (`--timing nominal`)',
    rails: 'the supply rails with their currents; `{}` with `energy_unknown`',
    'rails.NAME': 'a rail such as VDD or VPP: a letter, then at most 31 letters, digits and _',
    'rails.NAME.nominal': 'its nominal voltage',
    'rails.NAME.scaled': 'whether `--supply` scales the rail, in the same ratio',
    'rails.NAME.currents':
      'its currents for one device; those of VPP (IPP0, ...) are written IDD0, ... under the rail VPP',
    ...Object.fromEntries(CURRENTS.map((name) => [`rails.NAME.currents.${name}`, CURRENT_MEANINGS[name]])),
    other_currents: 'other public currents of the same part: `--range` shows what they change',
    'other_currents.NAME': 'a set of currents',
    'other_currents.NAME.source': 'name of its source',
    'other_currents.NAME.rails': 'its currents by rail',
    'other_currents.NAME.rails.NAME': 'the currents of a rail',
    ...Object.fromEntries(
      CURRENTS.map((name) => [`other_currents.NAME.rails.NAME.${name}`, CURRENT_MEANINGS[name]]),
    ),
    energy_unknown: 'why there are no currents; required where `rails` is empty',
    energy_doubt: 'a reason to doubt the energies, printed by every command with energy',
    io: 'the data pins, which `--io-capacitance device` counts',
    'io.capacitance': 'load of one pin',
    'io.voltage': 'voltage of the pins',
    'io.write_termination': 'power of one terminated pin during a write (default: 0)',
    own_rails: 'device file of the same part with the rails that it really has, where these are a study’s',
  },
};
