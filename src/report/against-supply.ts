import { EXACT_FRACTION } from './accuracy-axis.ts';
import {
  type Chart,
  expressionTitle,
  FADE,
  guideTitle,
  PANEL,
  SCHEMA,
  SUPPLY,
  supplyAxis,
  tooltip,
} from './chart-parts.ts';
import { nameLabels } from './name-labels.ts';
import { nominalSupplies } from './nominal-supplies.ts';
import type { Series } from './replay-axes.ts';
import { type TraceRow, tracesOf, trafficRows } from './replay-rows.ts';

const PANEL_HEIGHT = 190;
/** Of series that may coincide: wide lines lie below thin ones, large marks around small ones. */
const WIDTHS = [5, 1.5, 3, 1];
const SIZES = [150, 40, 90, 20];

/** A quantity of a replay: field, title of the axis with its unit, format under the pointer. */
type Quantity = readonly [field: string, title: string, format: string];

const TIME: Quantity = ['time_ns', 'time (ns)', ',.1f'];
const LATENCY: Quantity = ['read_latency_mean_ns', 'mean latency of reads (ns)', ',.1f'];
const LATENCY_P99: Quantity = ['read_latency_p99_ns', '99th percentile of read latency (ns)', ',.1f'];
const BANDWIDTH: Quantity = ['bandwidth_GBps', 'bandwidth (GB/s)', ',.3f'];
const PER_ACCESS: Quantity = ['energy_per_access_pJ', 'DRAM energy per access (pJ)', ',.1f'];
const PER_BIT: Quantity = ['energy_per_bit_pJ', 'DRAM energy per bit (pJ)', ',.2f'];
const SAVING: Quantity = ['energy_saving_vs_nominal', 'saving per access (fraction)', EXACT_FRACTION];

/**
 * Energy, saving, time and bandwidth against supply, a panel each and a line a trace; undefined for a single supply. Energy
 * is per bit where devices differ, since their accesses may have different sizes. The axis is the supply over the nominal
 * one where devices have different nominal supplies and the rows say all of them, and volts otherwise.
 */
export function againstSupplyChart(rows: readonly TraceRow[], series: Series): Chart | undefined {
  if (new Set(rows.map(({ supply_V }) => supply_V)).size < 2) return undefined;
  const devices = new Set(rows.map(({ device }) => device));
  const nominal = nominalSupplies(rows);
  const relative = nominal.size === devices.size && new Set(nominal.values()).size > 1;
  const several = tracesOf(rows).length > 1;
  const energy = devices.size > 1 ? PER_BIT : PER_ACCESS;
  const values = trafficRows(rows).map((row) => ({
    supply_V: row.supply_V,
    ...(relative ? { supply_share: Number((row.supply_V / nominal.get(row.device)!).toPrecision(6)) } : {}),
    trace: row.mapping,
    series: series.of(row.mapping),
    [energy[0]]: energy === PER_BIT ? row.energy_per_bit_pJ : row.energy_per_access_pJ,
    energy_saving_vs_nominal: row.energy_saving_vs_nominal,
    time_ns: row.time_ns,
    read_latency_mean_ns: row.read_latency_mean_ns,
    read_latency_p99_ns: row.read_latency_p99_ns,
    bandwidth_GBps: row.bandwidth_GBps,
  }));
  const reads = values.some(({ read_latency_mean_ns }) => read_latency_mean_ns !== undefined);
  const known = values.some(({ energy_saving_vs_nominal: saving }) => saving !== undefined);
  const quantities = [
    ...(known ? [energy, SAVING] : []),
    TIME,
    BANDWIDTH,
    ...(reads ? [LATENCY, LATENCY_P99] : []),
  ];
  const pale = series.axis === undefined ? '' : `, a line the mean of the traces of one ${series.label}`;
  const x = relative
    ? { ...SUPPLY, field: 'supply_share', title: 'supply / nominal supply' }
    : { ...SUPPLY, ...supplyAxis(rows) };
  const color = several
    ? {
        color: {
          ...{ field: 'series', type: 'nominal', title: expressionTitle(series.label), sort: null },
          legend: {
            title: guideTitle(series.label),
            orient: 'bottom',
            columns: 2,
            ...nameLabels(values.map((row) => row.series)),
          },
        },
      }
    : {};
  const coinciding = (range: readonly number[]) => ({
    ...{ field: 'series', type: 'ordinal', title: expressionTitle(series.label), sort: null },
    scale: { range },
    legend: color.color?.legend,
  });
  const panels = quantities.map(([field, title, format], i) => {
    const encoding = {
      x,
      y: { aggregate: 'mean', field, type: 'quantitative', title, scale: { zero: false } },
      ...color,
    };
    const pick = { name: 'picked', select: { type: 'point', fields: ['series'] }, bind: 'legend' };
    return {
      width: PANEL,
      height: PANEL_HEIGHT,
      transform: [{ filter: `isValid(datum.${field})` }],
      layer: [
        {
          mark: { type: 'line', strokeWidth: 1.5 },
          encoding: {
            ...encoding,
            ...(several ? { strokeOpacity: FADE, strokeWidth: coinciding(WIDTHS) } : {}),
          },
        },
        {
          ...(several && i === 0 ? { params: [pick] } : {}),
          // Rings, so that those below show.
          mark: { type: 'point', filled: false, size: 40, strokeWidth: 1.8 },
          encoding: {
            ...encoding,
            ...(several ? { opacity: FADE, shape: color.color, size: coinciding(SIZES) } : {}),
            tooltip: [
              ...tooltip({
                supply_V: ['supply (V)', '.3f'],
                ...(relative ? { supply_share: ['supply / nominal supply', '.3f'] as const } : {}),
                ...(several ? { series: [series.label] as const } : {}),
              }),
              { aggregate: 'mean', field, type: 'quantitative', title, format },
            ],
          },
        },
      ],
    };
  });
  const description = `${known ? 'DRAM energy, saving against the nominal supply, time, bandwidth' : 'Time, bandwidth'}${reads ? ' and latency of reads' : ''} of the whole trace against the ${relative ? 'supply over the nominal supply of the device' : 'supply voltage'}, which falls from left to right${several ? pale || ', a line a trace' : ''}. Axes begin where the data do.`;
  return {
    id: 'against-supply',
    title: known ? 'Energy, saving and speed against supply' : 'Speed against supply',
    description,
    headings: { ...Object.fromEntries(quantities), supply_share: 'supply / nominal supply' },
    spec: { $schema: SCHEMA, description, data: { values }, concat: panels, columns: 2 },
  };
}
