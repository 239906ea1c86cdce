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
  type Quantity,
  rowsAt,
} from './reproduction-statistics.ts';
import type { ReproducedStudy } from './reproduction-study.ts';

/** Savings by supply beside the published ones, means over networks, trainings and chips. */
export function supplyTable(grid: readonly ReproducedStudy[]): string {
  const percent = (share: number): string => (share * 100).toFixed(2);
  const rows = PUBLISHED_SAVINGS.map(({ supply, perAccess, total }) => {
    const average = (mapping: string, column: NumberColumn<RunRow>): number =>
      mean(grid.flatMap((study) => rowsAt(study, supply, mapping).map((row) => row[column])));
    return [
      supply.toFixed(3),
      percent(perAccess),
      percent(average('baseline', 'energy_saving_vs_nominal')),
      percent(average('sparkxd', 'energy_saving_vs_nominal')),
      percent(total),
      percent(average('sparkxd', 'inference_energy_saving_vs_nominal')),
    ];
  });
  const header = [
    'supply, V',
    'saving per access, SparkXD †, %',
    'saving per access, ours, baseline mapping, %',
    "saving per access, ours, SparkXD's mapping, %",
    'saving per inference, SparkXD †, %',
    "saving per inference, ours, SparkXD's mapping, %",
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
      const at = (volts: number, quantity: Quantity, of: NumberColumn<RunRow>): string =>
        percentText(
          overTrainings(
            quantity,
            trainings.map((study) => rowsAt(study, volts, mapping).map((row) => row[of])),
          ),
        );
      return [
        at(lowest, 'share', 'accuracy'),
        supply?.toFixed(3) ?? 'none',
        supply === undefined ? '-' : at(supply, 'saving', 'inference_energy_saving_vs_nominal'),
      ];
    };
    const accuracy = percentText(
      overTrainings(
        'share',
        trainings.map((study) => [clean(study)]),
      ),
    );
    return [network, String(trainings.length), accuracy, ...cells('baseline'), ...cells('sparkxd')];
  });
  const of = (mapping: string): string[] => [
    `accuracy at ${lowest} V, ${mapping}, %`,
    `lowest supply with every chip within 1 %, ${mapping}, V`,
    `saving per inference at that supply, ${mapping}, %`,
  ];
  return markdownTable(
    ['network', 'trainings', 'clean accuracy, %', ...of('baseline'), ...of('sparkxd')],
    rows,
  );
}
