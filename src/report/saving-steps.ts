import { pinsOfRows } from '../results/pins-of-rows.ts';
import type { RunRow } from '../results/tables.ts';
import { severalChips } from './accuracy-charts.ts';
import type { Chart } from './chart-parts.ts';
import { percent } from './percent.ts';
import { averageOf, everyChipHolds, pointGroups } from './run-summary.ts';
import { type WaterfallBar, waterfallSpec } from './waterfall-chart.ts';

/** A stage on the way from the accurate DRAM to the point chosen, with DRAM energy of one inference in nJ. */
export interface SavingStage {
  readonly name: string;
  readonly energy: number;
}

/** Changes below this share of the accurate DRAM's energy are rounding: it is worked out from a stated saving. */
const ROUNDING = 1e-9;

/**
 * The way of a run's energy: all weights in FP32 on accurate DRAM, then stored as the run stores them, then at the
 * supply of the point chosen, then under its mapping. The point is that of least energy whose chips all meet the bound,
 * or of least energy at all where none does. Means over chips. Stages that change nothing are left out.
 */
export function savingStages(rows: readonly RunRow[]): { stages: SavingStage[]; meetsBound: boolean } {
  const groups = pointGroups(rows);
  const energyOf = (group: readonly RunRow[]): number => averageOf(group, 'dram_energy_per_inference_nJ');
  const met = groups.filter(everyChipHolds);
  const chosen = (met.length > 0 ? met : groups).reduce((a, b) => (energyOf(b) < energyOf(a) ? b : a));
  const [target] = chosen as [RunRow];
  const plain = groups.find(([row]) => row!.mapping === 'baseline')?.[0] ?? groups[0]![0]!;
  const groupAt = (supply: unknown): RunRow[] | undefined =>
    groups.find(([row]) => row!.mapping === plain.mapping && row!.supply_V === supply);
  const highest = groups.reduce((most, [row]) => Math.max(most, row!.supply_V), Number.NEGATIVE_INFINITY);

  const [first] = rows as [RunRow];
  const accurate = first.dram_energy_per_inference_nJ / (1 - first.inference_energy_saving_vs_nominal);
  const stages: SavingStage[] = [{ name: 'accurate\nDRAM,\nFP32', energy: accurate }];
  const add = (name: string, group: readonly RunRow[] | undefined): void => {
    if (!group) return;
    const energy = energyOf(group);
    if (Math.abs(energy - stages.at(-1)!.energy) > ROUNDING * accurate) stages.push({ name, energy });
  };
  add(`as stored\nat ${highest} V`, groupAt(highest));
  if (target.supply_V !== highest) add(`supply\n${target.supply_V} V`, groupAt(target.supply_V));
  if (target.mapping !== plain.mapping) add(`mapping\n${target.mapping}`, chosen);
  return { stages, meetsBound: met.length > 0 };
}

/** `savingStages` as a waterfall; undefined for rows whose saving leaves no accurate energy to begin from. */
export function savingStepsChart(rows: readonly RunRow[]): Chart | undefined {
  if (!rows.every((row) => row.inference_energy_saving_vs_nominal < 1)) return undefined;
  const { stages, meetsBound } = savingStages(rows);
  const [accurate, ...others] = stages as [SavingStage, ...SavingStage[]];
  const last = stages.at(-1)!;
  const bars: WaterfallBar[] = [
    { bar: accurate.name, low: 0, high: accurate.energy, kind: 'whole', amount: accurate.energy },
    ...others.map(({ name, energy }, i): WaterfallBar => {
      const before = stages[i]!.energy;
      return {
        bar: name,
        low: Math.min(before, energy),
        high: Math.max(before, energy),
        kind: energy < before ? 'saved' : 'added',
        amount: energy - before,
      };
    }),
    { bar: 'point\nchosen', low: 0, high: last.energy, kind: 'whole', amount: last.energy },
  ];
  const several = severalChips(rows);
  const which = meetsBound
    ? `the point of least energy ${several ? 'whose chips all meet the bound' : 'that meets the bound'}`
    : `the point of least energy; none keeps ${several ? 'every chip' : 'the accuracy'} within the bound`;
  const description = `DRAM energy of one inference from the accurate DRAM (all weights in FP32, nominal supply, baseline mapping) step by step to ${which}: ${percent(1 - last.energy / accurate.energy)} % less (${pinsOfRows(rows)}).${several ? ' Means over chips.' : ''}`;
  return {
    id: 'saving-steps',
    title: 'Where the saving comes from',
    description,
    spec: waterfallSpec(bars, description, 'DRAM energy of one inference (nJ)'),
  };
}
