import { curveSchema } from '../../hardware/circuit-curve-from-yaml.ts';
import type { FormatDescription } from '../format-page.ts';

export const CIRCUIT_CURVE: FormatDescription = {
  page: 'circuit-curve',
  title: 'Circuit curves',
  schema: curveSchema,
  example: { folder: 'circuit', name: 'voltron-table' },
  intro: [
    'A circuit curve says how much longer tRCD, tRAS and tRP take as the supply falls. A device names one by `supply.curve`, and',
    '`--curve` another; shipped curves lie in `hw-models/circuit/`. Only the ratio to the reference supply counts: a device whose nominal',
    'supply differs is read at the same share of nominal. Between points it is linear; beyond them a supply is refused.',
  ],
  keys: {
    source: 'name of the source of the points',
    reference: 'supply at which the factors are 1; a row of `points` has it',
    points:
      'rows `[supply, tRCD, tRAS, tRP]`, falling in supply, at least two: `[1.35 V, 10.2 ns, 24.8 ns, 9.4 ns]`',
  },
};
