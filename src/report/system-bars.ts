import { SHARED } from '../results/source-names.ts';
import type { SourceRow } from '../results/tables.ts';
import { FRACTION } from './accuracy-axis.ts';
import type { Chart } from './chart-parts.ts';
import { stackedBars } from './stacked-bars.ts';
import { isOfCore } from './system-files.ts';

/** What the processing elements of a core do: a column with the share of time, its name, its colour. */
export const CORE_PARTS = [
  ['pe_utilisation', 'busy', '#2a9d6f'],
  ['wait_dram', 'waiting for DRAM', '#2f74bd'],
  ['wait_lookup', 'waiting for lookups', '#d98e04'],
  ['wait_spikes', 'waiting for spikes', '#9a6fb0'],
  ['wait_cores', 'done before others', '#9aa4ae'],
] as const;

/** Terms of the DRAM energy, in the order of the stack. */
const ENERGY_TERMS = [
  ['dram_energy_act_nJ', 'activate', '#1f5fa8'],
  ['dram_energy_pre_nJ', 'precharge', '#4187cc'],
  ['dram_energy_rd_nJ', 'read', '#80bae6'],
  ['dram_energy_wr_nJ', 'write', '#e8590c'],
  ['dram_energy_io_nJ', 'data pins', '#9a6fb0'],
  ['dram_energy_ref_nJ', 'refresh', '#2a9d6f'],
  ['dram_energy_background_nJ', 'background', '#9aa4ae'],
] as const;

/** What each core does with the time of all inferences. */
export function coresChart(sources: readonly SourceRow[]): Chart {
  const cores = sources.filter(isOfCore);
  const parts = CORE_PARTS.filter(([column]) => cores.some((row) => (row[column] ?? 0) > 0));
  return stackedBars(
    cores.map(({ source }) => source),
    {
      id: 'system-cores',
      title: 'System: what each core does',
      description:
        'Share of the time of all inferences in which the processing elements of a core work, wait for a weight row from DRAM, for the lookup of a row on chip or for spikes of other cores, or are done before those of another core.',
      headings: { run: 'core', amount: 'share of the time (fraction)' },
    },
    cores.map((row) => parts.map(([column]) => row[column] ?? 0)),
    { bar: 'core', title: 'share of the time of all inferences (fraction)', format: FRACTION, parts },
  );
}

/** DRAM energy by source and term, what they share below; undefined where it is not known. */
export function sourceEnergyChart(sources: readonly SourceRow[]): Chart | undefined {
  const known = sources.filter(({ dram_energy_total_nJ }) => dram_energy_total_nJ !== undefined);
  if (known.length === 0) return undefined;
  const parts = ENERGY_TERMS.filter(([column]) => known.some((row) => (row[column] ?? 0) > 0));
  return stackedBars(
    known.map(({ source }) => (source === SHARED ? 'shared by all' : source)),
    {
      id: 'system-energy',
      title: 'System: DRAM energy by source',
      description:
        'DRAM energy of all that was simulated, by whom its commands served; an activation and its precharge are of the request that they were for. What all share is refresh, background, and activations that a refresh undid.',
      headings: { run: 'source', amount: 'DRAM energy (nJ)' },
    },
    known.map((row) => parts.map(([column]) => row[column] ?? 0)),
    { bar: 'source', title: 'DRAM energy (nJ)', parts },
  );
}
