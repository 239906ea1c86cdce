import { markdownTable } from '../report/markdown-table.ts';
import { percent } from '../report/percent.ts';
import { PUBLISHED } from '../report/published.ts';
import { atLowestSupply } from './lowest-supply.ts';
import {
  change,
  groupBy,
  isWithin,
  keepsBound,
  meanOf,
  overChips,
  percentText,
  type Spread,
  saving,
} from './reproduction-statistics.ts';
import type { ReproducedStudy } from './reproduction-study.ts';

/** What one configuration comes to over networks and chips. */
export interface Outcome {
  readonly title: string;
  readonly saving: number;
  /** The least and the greatest that the saving may be; absent where the rows say none. */
  readonly range: { readonly low: number; readonly high: number } | undefined;
  /** Accuracy against clean: mean over networks, interval over chips. */
  readonly change: Spread;
  /** The network that loses most, mean over its chips. */
  readonly worst: { readonly network: string; readonly change: number };
  readonly networksWithin: number;
  readonly networks: number;
  readonly chipsWithin: number;
  readonly chips: number;
}

/** The outcome of studies of one configuration, all of which have rows. */
export function outcomeOf(studies: readonly ReproducedStudy[], title = studies[0]!.title): Outcome {
  const networks = [...groupBy(studies, ({ network }) => network)].map(([network, of]) => ({
    network,
    change: meanOf(of, change),
  }));
  const rows = studies.flatMap((study) => study.rows);
  const ends = rows.flatMap((row) =>
    row.inference_saving_low === undefined || row.inference_saving_high === undefined
      ? []
      : [{ low: row.inference_saving_low, high: row.inference_saving_high }],
  );
  return {
    title,
    saving: meanOf(studies, saving),
    range:
      ends.length === 0
        ? undefined
        : { low: Math.min(...ends.map(({ low }) => low)), high: Math.max(...ends.map(({ high }) => high)) },
    change: overChips('difference', studies, change),
    worst: networks.reduce((a, b) => (b.change < a.change ? b : a)),
    networksWithin: networks.filter((network) => keepsBound(network.change)).length,
    networks: networks.length,
    chipsWithin: rows.filter(isWithin).length,
    chips: rows.length,
  };
}

const HEADER = [
  'what',
  'saving per inference, %',
  'from .. to, %',
  'accuracy against clean, points',
  'worst network, points',
  'networks within 1 point',
  'chips within 1 point',
];

const rangeText = (range: Outcome['range']): string =>
  range === undefined ? '' : `${percent(range.low, 1)} .. ${percent(range.high, 1)}`;

function cells(outcome: Outcome): string[] {
  const { worst, networksWithin, networks, chipsWithin, chips } = outcome;
  return [
    outcome.title,
    percent(outcome.saving),
    rangeText(outcome.range),
    percentText(outcome.change),
    `${percent(worst.change)} (${worst.network})`,
    `${networksWithin} of ${networks}`,
    `${chipsWithin} of ${chips}`,
  ];
}

/** The faithful row: the paper's means, each network at the lowest supply at which all its chips keep the bound. */
export function faithful(paper: readonly ReproducedStudy[]): Outcome | undefined {
  const held = atLowestSupply(paper, 'sparkxd');
  if (held.some(({ rows }) => rows.length === 0)) return undefined;
  return outcomeOf(held, "faithful: the paper's means, each network at the lowest supply at which it holds");
}

/** The table that leads the text. */
export function leadingTable(paper: readonly ReproducedStudy[], ours: readonly ReproducedStudy[]): string {
  const { saving: published, enforceSaving } = PUBLISHED;
  const first = faithful(paper);
  const blank = ['', '', '', '', ''];
  const none = ["faithful: the paper's means", 'a network holds at no supply', ...blank];
  return markdownTable(HEADER, [
    [`published by SparkXD (${published.status})`, `about ${percent(published.value, 0)}`, ...blank],
    first ? cells(first) : none,
    ...[...groupBy(ours, ({ configuration }) => configuration).values()].map((studies) =>
      cells(outcomeOf(studies)),
    ),
    [
      `published by EnforceSNN (${enforceSaving.status})`,
      `up to ${percent(enforceSaving.value, 1)}`,
      ...blank,
    ],
  ]);
}

/** One line a network: what it loses and saves in each configuration. */
export function networkTable(ours: readonly ReproducedStudy[]): string {
  const configurations = [...groupBy(ours, ({ configuration }) => configuration).values()];
  const networks = [...groupBy(ours, ({ network }) => network).keys()];
  return markdownTable(
    ['network', 'clean, %', ...configurations.map(([study]) => study!.title)],
    networks.map((network) => {
      const own = configurations.map((studies) => studies.filter((study) => study.network === network));
      return [
        network,
        percent(own[0]![0]!.rows[0]!.baseline_accuracy),
        ...own.map(
          (studies) =>
            `${percentText(overChips('difference', studies, change))}; saves ${percent(meanOf(studies, saving))}`,
        ),
      ];
    }),
  );
}
