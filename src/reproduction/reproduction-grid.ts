import { markdownTable } from '../report/markdown-table.ts';
import type { NumberColumn, RunRow } from '../results/columns.ts';
import { PUBLISHED_SAVINGS, PUBLISHED_SUPPLIES } from '../results/published-savings.ts';
import { mean } from '../stats/moments.ts';
import {
  type CleanAccuracies,
  groupBy,
  isWithin,
  overTrainings,
  percentText,
  rowsAt,
} from './reproduction-statistics.ts';
import type { ReproducedStudy } from './reproduction-study.ts';

/** Savings by supply beside the published ones, means over networks, trainings and chips. */
export function supplyTable(grid: readonly ReproducedStudy[]): string {
  const share = (value: number): string => `${(value * 100).toFixed(2)} %`;
  const rows = PUBLISHED_SAVINGS.map(({ supply, perAccess, total }) => {
    const average = (mapping: string, column: NumberColumn<RunRow>): number =>
      mean(grid.flatMap((study) => rowsAt(study, supply, mapping).map((row) => row[column])));
    return [
      supply.toFixed(3),
      share(perAccess),
      share(average('baseline', 'energy_saving_vs_nominal')),
      share(average('sparkxd', 'energy_saving_vs_nominal')),
      share(total),
      share(average('sparkxd', 'inference_energy_saving_vs_nominal')),
    ];
  });
  const header = [
    'supply, V',
    'per access, SparkXD (from memory, not verified)',
    'per access, ours, baseline mapping',
    "ours, SparkXD's mapping",
    'per inference, SparkXD (from memory, not verified)',
    "per inference, ours, SparkXD's mapping",
  ];
  return `Saving of DRAM energy against the accurate DRAM at 1.35 V, mean over the networks; all accuracies, whether within the bound or not.\n\n${markdownTable(header, rows)}`;
}

/** The lowest supply at which every chip of every training keeps the bound; undefined if none. */
export function lowestSupply(
  trainings: readonly ReproducedStudy[],
  mapping: string,
  clean: CleanAccuracies,
): number | undefined {
  const ascending = [...PUBLISHED_SUPPLIES].sort((a, b) => a - b);
  // All higher supplies must hold as well, lest chance at one of them be taken for tolerance.
  const broken = ascending.filter((supply) =>
    trainings.some((study) => rowsAt(study, supply, mapping).some((row) => !isWithin(row, clean(study)))),
  );
  return ascending.find((supply) => broken.every((other) => other < supply));
}

/** One line a network: accuracies at the lowest supply, and down to which supply the bound holds. */
export function networkTable(grid: readonly ReproducedStudy[], clean: CleanAccuracies): string {
  const lowest = PUBLISHED_SUPPLIES.at(-1)!;
  const rows = [...groupBy(grid, ({ network }) => network)].map(([network, trainings]) => {
    const cells = (mapping: string): string[] => {
      const supply = lowestSupply(trainings, mapping, clean);
      const at = (volts: number, of: NumberColumn<RunRow>): string =>
        percentText(
          overTrainings(trainings.map((study) => rowsAt(study, volts, mapping).map((row) => row[of]))),
        );
      return [
        at(lowest, 'accuracy'),
        supply?.toFixed(3) ?? 'none',
        supply === undefined ? '-' : at(supply, 'inference_energy_saving_vs_nominal'),
      ];
    };
    const accuracy = percentText(overTrainings(trainings.map((study) => [clean(study)])));
    return [network, String(trainings.length), accuracy, ...cells('baseline'), ...cells('sparkxd')];
  });
  const of = (mapping: string): string[] => [
    `accuracy at ${lowest} V, ${mapping}, %`,
    `every chip within 1 % down to, ${mapping}, V`,
    `saving per inference there, %`,
  ];
  return markdownTable(
    ['network', 'trainings', 'clean accuracy, %', ...of('baseline'), ...of('sparkxd')],
    rows,
  );
}
