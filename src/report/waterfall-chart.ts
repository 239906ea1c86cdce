import type { Waterfall, WaterfallTerm } from '../results/waterfall.ts';
import { type Chart, type ChartSpec, SCHEMA, tooltip } from './chart-parts.ts';

const TERM_TITLES: Readonly<Record<WaterfallTerm, string>> = {
  act: 'ACT',
  pre: 'PRE',
  rd: 'RD',
  wr: 'WR',
  ref: 'REF',
  background: 'background',
  io: 'I/O',
};

/** The waterfall as bars: the first run whole, a floating bar for each term that changes, the second run whole. */
export function waterfallChart(
  { from, to, steps }: Waterfall,
  labels: {
    readonly from: string;
    readonly to: string;
    readonly unit: string;
    /** What the energies hold of the data pins, in words. */
    readonly pins: string;
  },
): Chart {
  const description = `DRAM energy of "${labels.from}" and how each term changes it into that of "${labels.to}" (${labels.pins}).`;
  const changing = steps.filter(({ change }) => change !== 0);
  const values: WaterfallBar[] = [
    { bar: labels.from, low: 0, high: from, kind: 'whole', amount: from },
    ...changing.map(
      ({ term, before, after, change }): WaterfallBar => ({
        bar: TERM_TITLES[term],
        low: Math.min(before, after),
        high: Math.max(before, after),
        kind: change < 0 ? 'saved' : 'added',
        amount: change,
      }),
    ),
    { bar: labels.to, low: 0, high: to, kind: 'whole', amount: to },
  ];
  const title = 'Where the energy goes from one run to the other';
  return {
    id: 'waterfall',
    title,
    description,
    spec: waterfallSpec(values, description, `DRAM energy (${labels.unit})`),
  };
}

/** A bar of a waterfall: whole from 0, or a change that hangs between two levels. */
export interface WaterfallBar {
  readonly bar: string;
  readonly low: number;
  readonly high: number;
  readonly kind: 'whole' | 'saved' | 'added';
  /** Height with its sign, written above the bar. */
  readonly amount: number;
}

const KIND_COLOURS = { whole: '#6b7894', saved: '#2a9d6f', added: '#c8553d' } as const;

/** Draws the bars in their order; the legend has the kinds that occur. */
export function waterfallSpec(
  values: readonly WaterfallBar[],
  description: string,
  energyTitle: string,
): ChartSpec {
  const kinds = (['whole', 'saved', 'added'] as const).filter((kind) =>
    values.some((value) => value.kind === kind),
  );
  const x = {
    field: 'bar',
    type: 'nominal',
    sort: null,
    title: null,
    axis: {
      labelAngle: 0,
      labelLimit: { expr: "1.5 * bandwidth('x')" },
      ticks: false,
      labelExpr: "split(datum.label, '\\n')",
    },
  };
  return {
    $schema: SCHEMA,
    description,
    width: { step: 80 },
    height: 280,
    data: { values },
    layer: [
      {
        mark: { type: 'bar', width: { band: 0.55 } },
        encoding: {
          x,
          y: {
            field: 'low',
            type: 'quantitative',
            title: energyTitle,
            // Room for the number above the highest bar.
            scale: { domainMax: 1.08 * Math.max(...values.map(({ high }) => high)), nice: false },
          },
          y2: { field: 'high' },
          color: {
            field: 'kind',
            type: 'nominal',
            title: null,
            scale: { domain: kinds, range: kinds.map((kind) => KIND_COLOURS[kind]) },
          },
          tooltip: tooltip({ bar: ['step'], amount: [energyTitle, ',.1f'] }),
        },
      },
      {
        mark: { type: 'text', dy: -8 },
        encoding: {
          x,
          y: { field: 'high', type: 'quantitative' },
          text: { field: 'amount', type: 'quantitative', format: ',.1f' },
        },
      },
    ],
  };
}
