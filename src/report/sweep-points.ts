import { ACCURACY } from './accuracy-axis.ts';
import { boundRules, rulesInWords } from './bound-rules.ts';
import { type Chart, type ChartSpec, expressionTitle } from './chart-parts.ts';
import { observedBerAxis } from './observed-ber.ts';
import { HOLLOW } from './series-look.ts';
import { base, type Common, groupTooltip, lookInWords, sweepLook } from './sweep-axes.ts';

const MEAN_ACCURACY = { ...ACCURACY, field: 'accuracy' } as const;

const ENERGY = {
  field: 'dram_energy_per_inference_nJ',
  type: 'quantitative',
  title: 'DRAM energy per inference (nJ)',
  scale: { zero: false, nice: false, padding: 12 },
} as const;

const rulesOf = ({ rows }: Common): ChartSpec[] => boundRules(rows, 'baseline_accuracy');

const saidRules = (common: Common): string => rulesInWords(rulesOf(common));

/** The interval of what was averaged, behind its point. */
const whiskers = (x: unknown, common: Common): ChartSpec => ({
  transform: sweepLook(common).ranks,
  mark: { type: 'rule' },
  encoding: {
    x,
    y: { ...ACCURACY, field: 'accuracy_low' },
    y2: { field: 'accuracy_high' },
    ...sweepLook(common).interval,
  },
});

/** A point for each group, whose numbers show under the pointer. */
const points = (x: unknown, y: unknown, common: Common, more = {}): ChartSpec => ({
  ...(common.pick === undefined ? {} : { params: [common.pick] }),
  mark: HOLLOW,
  encoding: { x, y, ...sweepLook(common).point, tooltip: groupTooltip(common), ...more },
});

/** A line for each setting of the other axes. */
function lines(common: Common, y: unknown): ChartSpec {
  const detail = common.axes
    .filter(({ axis, field }) => axis !== 'axis_supply' && field !== common.across)
    .map(({ field, label }) => ({ field, type: 'nominal', title: expressionTitle(label) }));
  const { ranks, line } = sweepLook(common);
  return { transform: ranks, mark: { type: 'line' }, encoding: { x: common.x, y, ...line, detail } };
}

const chart = (common: Common, { id, title, description }: Omit<Chart, 'spec'>, spec: ChartSpec): Chart => ({
  ...{ id, title, description },
  spec: { ...base(common, description), params: common.params, height: 260, ...spec },
  headings: common.headings,
});

/** Accuracy against the axis across. */
export function sweepAccuracy(common: Common): Chart {
  const description = `Mean accuracy against ${common.acrossName}, a line for each setting of the other axes; the whiskers reach from the lowest to the highest end of the 95 % intervals of what was averaged${saidRules(common)}.${lookInWords(common)}${common.says}`;
  const layer = [
    ...rulesOf(common),
    whiskers(common.x, common),
    lines(common, MEAN_ACCURACY),
    points(common.x, MEAN_ACCURACY, common),
  ];
  return chart(common, { id: 'accuracy', title: 'Accuracy', description }, { layer });
}

/** Energy against the axis across. */
export function sweepEnergy(common: Common): Chart {
  const description = `DRAM energy of one inference against ${common.acrossName}, a line for each setting of the other axes.${lookInWords(common)}${common.says}`;
  const layer = [lines(common, ENERGY), points(common.x, ENERGY, common)];
  return chart(common, { id: 'energy', title: 'Energy', description }, { layer });
}

/** Energy against the worst accuracy, and the Pareto front. */
export function sweepPareto(common: Common): Chart {
  const description = `Each point is one group: DRAM energy of an inference against its worst accuracy. Up and to the left is better; the broken line joins the Pareto front of all groups of a dataset (no other costs less and is as accurate), whose points have a cross in them${saidRules(common)}.${lookInWords(common)}${common.says}`;
  const y = { ...ACCURACY, field: 'accuracy_worst', title: 'worst accuracy (fraction)' };
  const dataset = common.axes.find(({ axis }) => axis === 'axis_dataset');
  const front = {
    transform: [{ filter: 'datum.front' }],
    mark: { type: 'line', interpolate: 'step-after', strokeWidth: 2, strokeDash: [5, 3], color: '#888888' },
    encoding: {
      ...{ x: ENERGY, y },
      ...(dataset === undefined ? {} : { detail: { field: dataset.field, type: 'nominal' } }),
    },
  };
  const onFront = {
    transform: [{ filter: 'datum.front' }],
    mark: { type: 'point', shape: 'cross', filled: true, size: 24, color: '#888888', aria: false },
    encoding: { x: ENERGY, y },
  };
  const layer = [...rulesOf(common), front, onFront, points(ENERGY, y, common)];
  return chart(common, { id: 'pareto', title: 'Energy against accuracy', description }, { layer });
}

/** Accuracy against the bit errors that were observed in the weights; none where no bit was wrong. */
export function sweepBer(common: Common, rates: readonly number[]): Chart[] {
  const axis = observedBerAxis(rates);
  if (axis === undefined) return [];
  const description = `Each point is one group: its mean accuracy against the mean share of the stored bits that were read wrong; the whiskers reach from the lowest to the highest end of the 95 % intervals of what was averaged${saidRules(common)}.${axis.zeros}${lookInWords(common)}${common.says}`;
  const drawn = {
    calculate: `datum.ber_observed > 0 ? datum.ber_observed : ${axis.drawnAt(0)}`,
    as: 'drawn_at',
  };
  const layer = [...rulesOf(common), whiskers(axis.x, common), points(axis.x, MEAN_ACCURACY, common)];
  const transform = [...common.filters, drawn];
  return [
    chart(common, { id: 'ber', title: 'Accuracy against bit errors', description }, { transform, layer }),
  ];
}
