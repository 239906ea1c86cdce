import { pinsOfRows } from '../results/pins-of-rows.ts';
import type { RunRow } from '../results/tables.ts';
import { ACCURACY, EXACT_FRACTION } from './accuracy-axis.ts';
import { BOUND_IN_WORDS, boundRules } from './bound-rules.ts';
import {
  type Chart,
  type ChartSpec,
  FADE,
  MAPPING,
  PICK,
  SCHEMA,
  SUPPLY,
  supplyAxis,
  tooltip,
  WIDTH,
} from './chart-parts.ts';
import { HOLLOW, HOLLOW_LEGEND, type SeriesLook, seriesLook } from './series-look.ts';

/** A row of a run with the accuracy that its bound requires. */
export type BoundRow = RunRow & { readonly required?: number };

/** The legend of mappings; none where there is one to see. */
export const mappingLegend = (rows: readonly RunRow[]): typeof MAPPING => ({
  ...MAPPING,
  ...{ legend: severalMappings(rows) ? HOLLOW_LEGEND : null },
});

export const severalMappings = (rows: readonly { readonly mapping: string }[]): boolean =>
  new Set(rows.map(({ mapping }) => mapping)).size > 1;

export const severalChips = (rows: readonly { readonly chip?: unknown }[]): boolean =>
  new Set(rows.map(({ chip }) => chip)).size > 1;

/** " (means over chips)", where there are several. */
export const chipMeans = (rows: readonly { readonly chip?: unknown }[]): string =>
  severalChips(rows) ? ' (means over chips)' : '';

/** What a point is, for its tooltip: no mapping and no chip where there is one. */
export const pointTips = (rows: readonly RunRow[]): Record<string, readonly [string, string?]> => ({
  supply_V: ['supply (V)', '.3f'],
  ...(severalMappings(rows) ? { mapping: ['mapping'] as const } : {}),
  ...(severalChips(rows) ? { chip: ['chip'] as const } : {}),
});

/** The intervals of accuracies over x, behind their points. */
export const accuracyIntervals = (x: ChartSpec, look: SeriesLook, more: ChartSpec = {}): ChartSpec => ({
  transform: look.ranks,
  mark: { type: 'rule' },
  encoding: {
    x,
    y: { ...ACCURACY, field: 'accuracy_low' },
    y2: { field: 'accuracy_high' },
    ...look.interval,
    ...more,
  },
});

/** Accuracies over x as points that can be picked, with these tooltips. */
export const accuracyPoints = (
  x: ChartSpec,
  look: SeriesLook,
  tips: Parameters<typeof tooltip>[0],
): ChartSpec => ({
  params: [PICK],
  mark: HOLLOW,
  encoding: {
    x,
    y: { ...ACCURACY, field: 'accuracy' },
    ...look.point,
    opacity: FADE,
    tooltip: tooltip(tips),
  },
});

const ENERGY_TITLE = 'DRAM energy per inference (nJ)';

/** Accuracy against supply over energy against supply, one axis of supply for both. */
export function voltageChart(rows: readonly BoundRow[]): Chart {
  const each = severalChips(rows) ? 'of each chip ' : '';
  const bound = rows[0]!.required === undefined ? '' : `, ${BOUND_IN_WORDS}`;
  const description = `Accuracy ${each}with its 95 % interval over images and DRAM energy of one inference (${pinsOfRows(rows)}) against the supply voltage, which falls from left to right; the dashed rule is the accuracy without errors${bound}.`;
  const x = { ...SUPPLY, ...supplyAxis(rows) };
  const look = seriesLook(mappingLegend(rows));
  const y = {
    field: 'dram_energy_per_inference_nJ',
    type: 'quantitative',
    title: ENERGY_TITLE,
    scale: { zero: false, nice: false, padding: 8 },
  };
  const means = ['dram_energy_per_inference_nJ', 'energy_saving_vs_nominal', 'bandwidth_GBps'];
  return {
    id: 'voltage',
    title: 'Supply voltage: what it costs and what it saves',
    description,
    spec: {
      $schema: SCHEMA,
      description,
      data: { values: rows },
      resolve: { scale: { x: 'shared' } },
      spacing: 12,
      vconcat: [
        {
          width: WIDTH,
          height: 200,
          layer: [
            ...boundRules(rows, 'baseline_accuracy'),
            accuracyIntervals(x, look, { opacity: FADE }),
            accuracyPoints(x, look, {
              ...pointTips(rows),
              accuracy: ['accuracy (fraction)', EXACT_FRACTION],
              flipped_bits: ['flipped bits', ','],
              meets_bound: ['within the bound'],
            }),
          ],
        },
        {
          width: WIDTH,
          height: 200,
          transform: [
            {
              aggregate: means.map((field) => ({ op: 'mean', field, as: field })),
              groupby: ['supply_V', 'mapping'],
            },
            ...look.ranks,
          ],
          layer: [
            { mark: { type: 'line' }, encoding: { x, y, ...look.line, strokeOpacity: FADE } },
            {
              mark: HOLLOW,
              encoding: {
                x,
                y,
                ...look.point,
                opacity: FADE,
                tooltip: tooltip({
                  supply_V: ['supply (V)', '.3f'],
                  ...(severalMappings(rows) ? { mapping: ['mapping'] as const } : {}),
                  dram_energy_per_inference_nJ: [ENERGY_TITLE, ',.0f'],
                  energy_saving_vs_nominal: ['saving per access (fraction)', EXACT_FRACTION],
                  bandwidth_GBps: ['bandwidth (GB/s)', '.3f'],
                }),
              },
            },
          ],
        },
      ],
    },
  };
}

/** Energy per inference against accuracy: what one gets for what one pays. */
export function paretoChart(rows: readonly BoundRow[]): Chart {
  const point = severalChips(rows) ? 'one chip at one supply voltage' : 'one supply voltage';
  const bound = rows[0]!.required === undefined ? '' : `; ${BOUND_IN_WORDS}`;
  const description = `Each point is ${point}: DRAM energy of an inference (${pinsOfRows(rows)}) against accuracy. Up and to the left is better; the dashed rule is the accuracy without errors${bound}.`;
  const { point: look } = seriesLook(mappingLegend(rows));
  return {
    id: 'pareto',
    title: 'Energy against accuracy',
    description,
    spec: {
      $schema: SCHEMA,
      description,
      data: { values: rows },
      width: WIDTH,
      height: 260,
      layer: [
        ...boundRules(rows, 'baseline_accuracy'),
        {
          params: [PICK],
          mark: HOLLOW,
          encoding: {
            x: {
              field: 'dram_energy_per_inference_nJ',
              type: 'quantitative',
              title: ENERGY_TITLE,
              scale: { zero: false, nice: false, padding: 12 },
            },
            y: { ...ACCURACY, field: 'accuracy' },
            ...look,
            color: {
              field: 'supply_V',
              type: 'ordinal',
              title: 'supply (V)',
              sort: 'descending',
              scale: { scheme: 'viridis' },
            },
            opacity: FADE,
            tooltip: tooltip({
              ...pointTips(rows),
              accuracy: ['accuracy (fraction)', EXACT_FRACTION],
              dram_energy_per_inference_nJ: [ENERGY_TITLE, ',.0f'],
              inference_energy_saving_vs_nominal: ['saving per inference (fraction)', EXACT_FRACTION],
            }),
          },
        },
      ],
    },
  };
}
