import { type Chart, expressionTitle, FADE, guideTitle, SCHEMA, SUPPLY, tooltip } from './chart-parts.ts';
import { nominalSupplies } from './nominal-supplies.ts';
import { type TraceRow, tracesOf, trafficRows } from './replay-rows.ts';

const PANEL_WIDTH = 240;
const PANEL_HEIGHT = 160;
const NS_PER_US = 1000;

/** A quantity of a replay: field, title of the axis with its unit, format under the pointer. */
type Quantity = readonly [field: string, title: string, format: string];

const TIME: Quantity = ['time_us', 'time (us)', ',.2f'];
const BANDWIDTH: Quantity = ['bandwidth_GBps', 'bandwidth (GB/s)', ',.3f'];
const PER_ACCESS: Quantity = ['energy_per_access_pJ', 'DRAM energy per access (pJ)', ',.1f'];
const PER_BIT: Quantity = ['energy_per_bit_pJ', 'DRAM energy per bit (pJ)', ',.2f'];
const SAVING: Quantity = ['saving_percent', 'saving per access (%)', '.2f'];

/**
 * Energy, saving, time and bandwidth against supply, a panel each and a line a trace; undefined for a single supply. Energy
 * is per bit where devices differ, since their accesses may have different sizes. The axis is the supply over the nominal
 * one where devices have different nominal supplies and the rows say all of them, and volts otherwise.
 */
export function againstSupplyChart(rows: readonly TraceRow[]): Chart | undefined {
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
    [energy[0]]: energy === PER_BIT ? row.energy_per_bit_pJ : row.energy_per_access_pJ,
    saving_percent:
      row.energy_saving_vs_nominal === undefined ? undefined : row.energy_saving_vs_nominal * 100,
    time_us: row.time_ns / NS_PER_US,
    bandwidth_GBps: row.bandwidth_GBps,
  }));
  const known = values.some(({ saving_percent }) => saving_percent !== undefined);
  const quantities = [...(known ? [energy, SAVING] : []), TIME, BANDWIDTH];
  const x = relative ? { ...SUPPLY, field: 'supply_share', title: 'supply / nominal supply' } : SUPPLY;
  const color = several
    ? {
        color: {
          ...{ field: 'trace', type: 'nominal', title: expressionTitle('trace'), sort: null },
          legend: { title: guideTitle('trace'), orient: 'bottom', columns: 2, labelLimit: 260 },
        },
      }
    : {};
  const panels = quantities.map(([field, title, format], i) => {
    const encoding = {
      x,
      y: { aggregate: 'mean', field, type: 'quantitative', title, scale: { zero: false } },
      ...color,
    };
    const pick = { name: 'picked', select: { type: 'point', fields: ['trace'] }, bind: 'legend' };
    return {
      width: PANEL_WIDTH,
      height: PANEL_HEIGHT,
      transform: [{ filter: `isValid(datum.${field})` }],
      layer: [
        {
          mark: { type: 'line', strokeWidth: 1.5 },
          encoding: { ...encoding, ...(several ? { strokeOpacity: FADE } : {}) },
        },
        {
          ...(several && i === 0 ? { params: [pick] } : {}),
          mark: { type: 'point', filled: true, size: 40 },
          encoding: {
            ...encoding,
            ...(several ? { opacity: FADE } : {}),
            tooltip: [
              ...tooltip({
                supply_V: ['supply (V)', '.3f'],
                ...(relative ? { supply_share: ['supply / nominal supply', '.3f'] as const } : {}),
                ...(several ? { trace: ['trace'] as const } : {}),
              }),
              { aggregate: 'mean', field, type: 'quantitative', title, format },
            ],
          },
        },
      ],
    };
  });
  const description = `${known ? 'DRAM energy, saving against the nominal supply, time and bandwidth' : 'Time and bandwidth'} of the whole trace against the ${relative ? 'supply over the nominal supply of the device' : 'supply voltage'}, which falls from left to right${several ? ', a line a trace' : ''}. Axes begin where the data do.`;
  return {
    id: 'against-supply',
    title: known ? 'Energy, saving, time and bandwidth against supply' : 'Time and bandwidth against supply',
    description,
    headings: { ...Object.fromEntries(quantities), supply_share: 'supply / nominal supply' },
    spec: { $schema: SCHEMA, description, data: { values }, concat: panels, columns: 2 },
  };
}
