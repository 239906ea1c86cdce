import { markdownTable } from '../report/markdown-table.ts';
import { percent } from '../report/percent.ts';
import { PUBLISHED } from '../report/published.ts';
import { PUBLISHED_NOMINAL, PUBLISHED_SAVINGS } from '../results/published-savings.ts';
import { LOWEST } from './configurations.ts';
import { lowestSupply } from './lowest-supply.ts';
import {
  change,
  groupBy,
  meanOf,
  overChips,
  percentText,
  saving,
  studyAt,
} from './reproduction-statistics.ts';
import type { ReproducedStudy } from './reproduction-study.ts';

const MAPPINGS = ['baseline', 'sparkxd'] as const;

/** Energy by supply: the paper's savings per access and in all, and ours. */
export function energyBySupply(paper: readonly ReproducedStudy[]): string {
  const at = (supply: number, mapping: string): ReproducedStudy[] =>
    paper.map((study) => studyAt(study, supply, mapping));
  const perAccess = (supply: number, mapping: string): string =>
    percent(meanOf(at(supply, mapping), (row) => row.energy_saving_vs_nominal));
  return markdownTable(
    [
      'supply, V',
      'saving per access, SparkXD †, %',
      'ours, baseline mapping, %',
      "ours, SparkXD's mapping, %",
      'saving in all, SparkXD †, %',
      "ours, SparkXD's mapping, %",
    ],
    PUBLISHED_SAVINGS.map((published) => [
      published.supply.toFixed(3),
      percent(published.perAccess),
      ...MAPPINGS.map((mapping) => perAccess(published.supply, mapping)),
      percent(published.total),
      percent(meanOf(at(published.supply, 'sparkxd'), saving)),
    ]),
  );
}

/** Accuracy and saving of each network with the paper's means. */
export function accuracyByNetwork(paper: readonly ReproducedStudy[]): string {
  const rows = [...groupBy(paper, ({ network }) => network)].map(([network, studies]) => {
    const own = MAPPINGS.flatMap((mapping) => {
      const low = studies.map((study) => studyAt(study, LOWEST, mapping));
      const supply = lowestSupply(studies, mapping);
      return [
        percent(
          meanOf(low, (row) => row.ber_observed),
          4,
        ),
        percentText(overChips('share', low, (row) => row.accuracy)),
        percentText(overChips('difference', low, change)),
        supply?.toFixed(3) ?? 'none',
      ];
    });
    return [network, percent(studies[0]!.rows[0]!.baseline_accuracy), ...own];
  });
  const of = (name: string): string[] => [
    `bits flipped at ${LOWEST} V, ${name}, %`,
    `accuracy at ${LOWEST} V, ${name}, %`,
    'against clean, points',
    'lowest supply with every chip within 1 point, V',
  ];
  return markdownTable(['network', 'clean, %', ...of('baseline mapping'), ...of("SparkXD's mapping")], rows);
}

/** Data throughput of the mapping over the baseline's, at both ends of the supply. */
export function throughput(paper: readonly ReproducedStudy[]): string {
  const range = (supply: number): string => {
    const ratios = paper.map((study) => {
      const of = (mapping: string): number => studyAt(study, supply, mapping).rows[0]!.bandwidth_GBps;
      return of('sparkxd') / of('baseline');
    });
    return `${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(3)}x`;
  };
  return `Data throughput of SparkXD's mapping over the baseline's: ${PUBLISHED.throughput.value}x † in the paper; ours ${range(PUBLISHED_NOMINAL)} with nominal latencies and ${range(LOWEST)} with those stretched for ${LOWEST} V (least and greatest of the networks).`;
}
