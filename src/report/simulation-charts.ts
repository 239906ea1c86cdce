import { pinsOfRows } from '../results/pins-of-rows.ts';
import type { SimulateRow } from '../results/tables.ts';
import type { Chart } from './chart-parts.ts';
import { simulationsWithEnergy } from './energy-rows.ts';
import { stackedBars } from './stacked-bars.ts';

/** Terms of the energy of an inference, on the memory's side and on the chip's, in the order of the stack. */
const ENERGY_TERMS = [
  ['dram_energy_act_per_inference_nJ', 'DRAM activate', '#08306b'],
  ['dram_energy_pre_per_inference_nJ', 'DRAM precharge', '#2171b5'],
  ['dram_energy_rd_per_inference_nJ', 'DRAM read', '#4292c6'],
  ['dram_energy_wr_per_inference_nJ', 'DRAM write', '#6baed6'],
  ['dram_energy_ref_per_inference_nJ', 'DRAM refresh', '#9ecae1'],
  ['dram_energy_background_per_inference_nJ', 'DRAM background', '#7f8fa6'],
  ['dram_energy_io_per_inference_nJ', 'DRAM data pins', '#4a148c'],
  ['accelerator_energy_addition_per_inference_nJ', 'additions', '#a63603'],
  ['accelerator_energy_update_per_inference_nJ', 'neuron updates', '#d94801'],
  ['accelerator_energy_buffer_write_per_inference_nJ', 'buffer, written', '#f16913'],
  ['accelerator_energy_buffer_read_per_inference_nJ', 'buffer, read', '#fd8d3c'],
  ['accelerator_energy_state_per_inference_nJ', 'neuron state', '#fdae6b'],
  ['accelerator_energy_interconnect_per_inference_nJ', 'interconnect', '#8c6d31'],
  ['accelerator_energy_static_per_inference_nJ', 'static power', '#b5a642'],
] as const;

/** Parts of the latency: a column with a share of it, and what the processing elements do in it. */
const LATENCY_PARTS = [
  ['pe_utilisation', 'compute', '#2a9d6f'],
  ['wait_dram', 'waiting for DRAM', '#2171b5'],
  ['wait_lookup', 'waiting for lookups', '#d98e04'],
  ['wait_spikes', 'waiting for spikes', '#9a6fb0'],
  ['wait_cores', 'done before other cores', '#9aa4ae'],
] as const;

/** Columns that tell simulations apart. */
const IDENTITY = [
  'network',
  'device',
  'accelerator',
  'workload',
  'mapping',
  'weight_format',
  'ecc',
  'supply_V',
  'chip',
  'rewrite_every',
  'images',
] as const satisfies readonly (keyof SimulateRow)[];

/** Names of rows: the columns in which they differ; rows that agree in all are told apart by their number. */
export function rowNames(rows: readonly SimulateRow[]): string[] {
  const differing = IDENTITY.filter((column) => new Set(rows.map((row) => row[column])).size > 1);
  const columns = differing.length > 0 ? differing : (['supply_V'] as const);
  const names = rows.map((row) => columns.map((column) => identityOf(row, column)).join(', '));
  return names.map((name, i) =>
    names.indexOf(name) === names.lastIndexOf(name) ? name : `${name} (${i + 1})`,
  );
}

function identityOf(row: SimulateRow, column: (typeof IDENTITY)[number]): string {
  if (column === 'supply_V') return `${row.supply_V} V`;
  if (column !== 'rewrite_every') return String(row[column]);
  return row.rewrite_every === undefined ? 'written once' : `written every ${row.rewrite_every} inferences`;
}

/** Energy and latency of an inference by their parts, a bar a row of `simulate --csv`. */
export function simulationCharts(rows: readonly SimulateRow[]): Chart[] {
  const names = rowNames(rows);
  const known = simulationsWithEnergy(rows);
  const terms = ENERGY_TERMS.filter(([column]) => known.some((row) => (row[column] ?? 0) > 0));
  const parts = LATENCY_PARTS.filter(([column]) => rows.some((row) => (row[column] ?? 0) > 0));
  const energy =
    known.length > 0 &&
    stackedBars(
      names.filter((_, i) => known.some((row) => row === rows[i])),
      {
        id: 'energy-split',
        title: 'Energy of an inference: DRAM and chip',
        description: `Energy of one inference by its parts: DRAM in blues, the accelerator in oranges, a bar a simulation; ${pinsOfRows(known)}.`,
      },
      known.map((row) => terms.map(([column]) => row[column] ?? 0)),
      { bar: 'simulation', title: 'energy of an inference (nJ)', parts: terms },
    );
  return [
    ...(energy ? [energy] : []),
    stackedBars(
      names,
      {
        id: 'latency-split',
        title: 'Latency of an inference: compute, DRAM, lookups',
        description:
          'Mean latency of one inference by what the processing elements do: work, wait for a weight row from DRAM, or wait for the lookup of a row on chip; of several cores, the mean of all, with their waiting for each other.',
      },
      rows.map((row) => parts.map(([column]) => (row[column] ?? 0) * row.latency_mean_us)),
      { bar: 'simulation', title: 'latency of an inference (us)', parts },
    ),
  ];
}
