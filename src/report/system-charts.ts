import type { Chart } from './chart-parts.ts';
import { sourceKinds } from './source-colours.ts';
import { coresChart, sourceEnergyChart } from './system-bars.ts';
import type { SystemTables } from './system-files.ts';
import { sourceLatencyChart } from './system-latency.ts';
import { bandwidthChart, coresOverTimeChart } from './system-over-time.ts';
import { waitsChart } from './system-waits.ts';

/** The charts of a system that its tables give: what each file adds is drawn where the file is there. */
export function systemCharts(tables: SystemTables): Chart[] {
  const { sources, activity, waits } = tables;
  const kinds = sourceKinds(tables);
  return [
    activity && bandwidthChart(activity, kinds),
    activity && coresOverTimeChart(activity, kinds),
    sources && coresChart(sources),
    waits && waitsChart(waits, kinds),
    sources && sourceLatencyChart(sources),
    sources && sourceEnergyChart(sources),
  ].filter((chart) => chart !== undefined);
}
