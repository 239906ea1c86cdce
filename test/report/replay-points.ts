import { parse, View } from 'vega';
import { compile } from 'vega-lite';
import type { Chart } from '../../src/report/chart-parts.ts';
import type { TraceRow } from '../../src/report/replay-rows.ts';
import type { ReplayRow } from '../../src/results/tables.ts';
import { replayRow } from '../results/rows.ts';

/** A row of a replay: supply, chip, the share of wrong reads. */
export const point = (
  supply: number,
  chip: number,
  share: number,
  more: Partial<ReplayRow> = {},
): TraceRow => ({
  ...replayRow({
    ...{
      supply_V: supply,
      chip,
      reads_wrong: share * 1000,
      reads_wrong_share: share,
      ber_observed: share / 10,
    },
    ...{ energy_per_access_pJ: supply * 1000, dram_energy_total_nJ: supply, accuracy: 1 - share, images: 16 },
    ...{ energy_saving_vs_nominal: 1.35 - supply, meets_bound: share < 0.1, baseline_accuracy: 1, ...more },
  }),
  trace: 'trace',
});

export const chartOf = (charts: readonly Chart[], id: string) => charts.find((chart) => chart.id === id);
export const valuesOf = (chart: Chart | undefined) =>
  (chart!.spec['data'] as { values: Readonly<Record<string, unknown>>[] }).values;

/** Draws a chart, and says what Vega-Lite warned of. */
export async function drawn({ spec }: Chart): Promise<{ svg: string; warnings: string[] }> {
  const warnings: string[] = [];
  const note = (...said: unknown[]): object => {
    warnings.push(said.join(' '));
    return logger;
  };
  const quiet = (): object => logger;
  const logger = { level: quiet, error: note, warn: note, info: quiet, debug: quiet };
  const { spec: compiled } = compile(spec as never, { logger: logger as never });
  return { svg: await new View(parse(compiled), { renderer: 'none' }).toSVG(), warnings };
}
export const marks = (svg: string, kind: string): number =>
  svg.match(new RegExp(`aria-roledescription="${kind}"`, 'g'))?.length ?? 0;
