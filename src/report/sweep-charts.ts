import type { Chart } from './chart-parts.ts';
import { sweepCommon } from './sweep-axes.ts';
import { sweepBars } from './sweep-bars.ts';
import { ENERGY_TERMS, type SweepGroups } from './sweep-groups.ts';
import { sweepAccuracy, sweepBer, sweepEnergy, sweepPareto } from './sweep-points.ts';

/** All charts of a merged sweep; they share one set of groups and obey the same controls. */
export function sweepCharts(groups: SweepGroups): Chart[] {
  const common = sweepCommon(groups);
  const rates = groups.groups.map(({ ber_observed }) => ber_observed);
  const each = groups.unit.replace('pJ per ', '');
  return [
    sweepAccuracy(common),
    sweepEnergy(common),
    sweepPareto(common),
    ...sweepBer(common, rates),
    sweepBars(common, {
      id: 'breakdown',
      title: 'Where the energy goes',
      description: `DRAM energy per ${each} by term: means over all that the choices above leave.`,
      fields: Object.keys(ENERGY_TERMS),
      kind: 'term',
      amount: `DRAM energy (${groups.unit})`,
    }),
    sweepBars(common, {
      id: 'conditions',
      title: 'Row misses and conflicts',
      description:
        'Row misses and conflicts per thousand accesses: means over all that the choices above leave; the other accesses are row hits.',
      fields: ['row conflicts', 'row misses'],
      kind: 'condition',
      amount: 'per 1000 accesses',
    }),
  ];
}
