import type { CurvePoint, EnergyTerm, PointView } from '../messages.ts';
import type { Visited } from './model.ts';
import type { Colours } from './theme.ts';

/** A chart: a Vega-Lite specification over named data, which change while the specification stays. */
export interface LiveChart {
  readonly spec: Readonly<Record<string, unknown>>;
  readonly data: Readonly<Record<string, readonly object[]>>;
}

const X = {
  field: 'supply',
  type: 'quantitative',
  title: 'supply voltage (V)',
  scale: { zero: false, reverse: true, nice: false, padding: 14 },
  axis: { format: '.3~f', tickCount: 8 },
} as const;

/** Spans the whole range of supplies, and marks the one that is chosen. */
const frame = (colours: Colours) => [
  { data: { name: 'frame' }, mark: { type: 'point', opacity: 0 }, encoding: { x: X } },
  {
    data: { name: 'now' },
    mark: { type: 'rule', color: colours.mark, strokeWidth: 1.5 },
    encoding: { x: X },
  },
];

const common = { width: 'container', height: 230, autosize: { type: 'fit', contains: 'padding' } } as const;

const frameData = ({ range, supply }: PointView) => ({
  frame: [{ supply: range.lowest }, { supply: range.nominal }],
  now: [{ supply }],
});

const TERMS: readonly (readonly [EnergyTerm, string, string])[] = [
  ['background', 'background', '#8a93a0'],
  ['ref', 'refresh', '#56a0a0'],
  ['rd', 'read', '#3c78b4'],
  ['wr', 'write', '#7d5fb2'],
  ['act', 'activate', '#d98032'],
  ['pre', 'precharge', '#c9a227'],
  ['io', 'data pins', '#b5546a'],
];

/** Energy per access by term against the supply. */
export function energyChart(view: PointView, curve: readonly CurvePoint[], colours: Colours): LiveChart {
  const terms = TERMS.filter(([term]) => curve.some(({ energy }) => energy[term] > 0));
  return {
    spec: {
      ...common,
      layer: [
        {
          data: { name: 'curve' },
          mark: { type: 'area', line: false, opacity: 0.92 },
          encoding: {
            x: X,
            y: { field: 'energy', type: 'quantitative', stack: 'zero', title: 'energy per access (pJ)' },
            color: {
              field: 'part',
              type: 'nominal',
              title: null,
              scale: { domain: terms.map(([, name]) => name), range: terms.map(([, , colour]) => colour) },
              legend: { orient: 'top', columns: 4, symbolType: 'square' },
            },
            order: { field: 'order', type: 'quantitative' },
          },
        },
        ...frame(colours),
      ],
    },
    data: {
      ...frameData(view),
      curve: curve.flatMap(({ supply, energy }) =>
        terms.map(([term, part], order) => ({ supply, part, order, energy: energy[term] })),
      ),
    },
  };
}

const SERIES = ['where the weights lie', 'mean of the chip'];

/** Expected bit error rates against the supply; rates of 0 have no place on their axis. */
export function berChart(view: PointView, curve: readonly CurvePoint[], colours: Colours): LiveChart {
  const y = {
    field: 'ber',
    type: 'quantitative',
    title: 'expected bit error rate',
    scale: { type: 'log' },
    axis: { format: '.0e', tickCount: 6 },
  } as const;
  return {
    spec: {
      ...common,
      layer: [
        {
          data: { name: 'limit' },
          mark: { type: 'rule', strokeDash: [2, 4], color: colours.faint },
          encoding: { y },
        },
        {
          data: { name: 'rates' },
          mark: { type: 'line', point: { size: 24 }, strokeWidth: 2 },
          encoding: {
            x: X,
            y,
            color: {
              field: 'series',
              type: 'nominal',
              title: null,
              scale: { domain: SERIES, range: [colours.orange, colours.blue] },
              legend: { orient: 'top' },
            },
            // The two often lie one upon the other.
            strokeDash: {
              condition: { test: `datum.series === '${SERIES[1]}'`, value: [5, 4] },
              value: [1, 0],
            },
          },
        },
        ...frame(colours),
      ],
    },
    data: {
      ...frameData(view),
      limit: [{ ber: view.berLimit }],
      rates: curve.flatMap(({ supply, berPlaced, berChip }) =>
        [
          { supply, series: SERIES[0], ber: berPlaced },
          { supply, series: SERIES[1], ber: berChip },
        ].filter(({ ber }) => ber > 0),
      ),
    },
  };
}

/** Accuracy at the supplies that were looked at, with its interval; the bound below that of the clean weights. */
export function accuracyChart(
  view: PointView,
  visited: readonly Visited[],
  clean: number | undefined,
  colours: Colours,
): LiveChart {
  const y = {
    field: 'accuracy',
    type: 'quantitative',
    title: 'accuracy',
    scale: { zero: false, nice: true },
    axis: { format: '.1%', tickCount: 6 },
  } as const;
  return {
    spec: {
      ...common,
      layer: [
        {
          data: { name: 'clean' },
          mark: { type: 'rule', color: colours.faint },
          encoding: { y },
        },
        {
          data: { name: 'bound' },
          mark: { type: 'rule', strokeDash: [4, 4], color: colours.faint },
          encoding: { y },
        },
        {
          data: { name: 'visited' },
          mark: { type: 'rule', color: colours.blue, strokeWidth: 2, opacity: 0.6 },
          encoding: { x: X, y: { ...y, field: 'low' }, y2: { field: 'high' } },
        },
        {
          data: { name: 'visited' },
          mark: { type: 'point', filled: true, size: 55, color: colours.blue, opacity: 1 },
          encoding: { x: X, y },
        },
        ...frame(colours),
      ],
    },
    data: {
      ...frameData(view),
      visited,
      clean: clean === undefined ? [] : [{ accuracy: clean }],
      bound: clean === undefined ? [] : [{ accuracy: clean - view.bound }],
    },
  };
}
