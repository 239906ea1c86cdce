import { profileSchema } from '../../hardware/profile-schema.ts';
import type { FormatDescription } from '../format-page.ts';

export const VOLTAGE_PROFILE: FormatDescription = {
  page: 'voltage-profile',
  title: 'Voltage profiles',
  schema: profileSchema,
  example: { folder: 'voltage', name: 'sparkxd-fit' },
  intro: [
    'A voltage profile says how many bits are wrong at a supply, as measured or fitted. Give its name or path to `--profile`; shipped',
    'profiles lie in `hw-models/voltage/`. Between points the logarithm of the rate is linear; below the lowest point nothing is known and',
    'a run is refused. On a device with another nominal supply it is read at the same ratio to nominal. [faults.md](../faults.md) explains it.',
    '',
    'A profile has `members` of its own, or `members_of`. Each member has one of `line`, `points`, `mean_of` and `larger_of`.',
  ],
  keys: {
    nominal: 'nominal supply of the devices that were measured',
    measured_on: 'standards on whose devices the errors were measured: `[ddr3]`',
    published_for: 'other standards for which they were published; a device of any other needs `--profile`',
    test_latency: 'tRCD and tRP of the measurement; without it errors are taken as independent of latency',
    detection_limit: 'least rate that the measurement could see; required with `points`',
    measured: 'true: points are as measured, and a rate that falls with the supply is noise and levelled',
    population: 'true: members are measured modules, of which each chip takes one',
    structure: 'how weak cells cluster; left out only with `members_of`',
    'structure.subarray_spread': 'spread of the logarithm of a subarray’s relative error rate',
    'structure.common_to_banks': 'share of that variance that all banks have in common, 0 to 1',
    members_of: 'profiles whose members are taken together, each with its own structure',
    members: 'curves of bit error rate against supply',
    'members.NAME': 'a curve: a module, or a mean',
    'members.NAME.mean_of': 'profile of whose modules the mean is taken at each supply',
    'members.NAME.larger_of': 'two profiles of one member each: the larger rate holds',
    'members.NAME.line':
      'a straight line of the logarithm: log10(rate) = decades_per_volt x V + log10_at_zero',
    'members.NAME.line.decades_per_volt': 'its slope, below 0',
    'members.NAME.line.log10_at_zero': 'its value at 0 V',
    'members.NAME.line.lowest': 'lowest supply that was measured',
    'members.NAME.points':
      '`[supply, bit error rate]`, falling in supply, the first without an error: `[1.35 V, 0]`; `saturated` where errors could no longer be counted',
    'members.NAME.bank_weights': 'relative error rate of each bank (default: all alike)',
    retention: 'errors of cells that lose their charge, for `--temperature`',
    'retention.detection_limit': 'least rate that the measurement could see',
    'retention.intervals': 'refresh intervals, ascending: `[64 ms, 256 ms]`',
    'retention.series': '`[supply, temperature, [rate at each interval]]`',
  },
};
