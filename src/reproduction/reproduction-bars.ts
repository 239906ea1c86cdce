import { markdownTable } from '../report/markdown-table.ts';
import { PUBLISHED } from '../report/published.ts';
import { PUBLISHED_NOMINAL, PUBLISHED_SUPPLIES } from '../results/published-savings.ts';
import { mean } from '../stats/moments.ts';
import { lowestSupply } from './reproduction-grid.ts';
import {
  type CleanAccuracies,
  groupBy,
  isWithin,
  overTrainings,
  percentText,
  rowsAt,
  type Spread,
} from './reproduction-statistics.ts';
import type { ReproducedStudy, WeightKind } from './reproduction-study.ts';

const LOWEST = PUBLISHED_SUPPLIES.at(-1)!;
const SAVING = 'inference_energy_saving_vs_nominal';

/** What one configuration comes to over all networks. */
export interface ConfigurationResult {
  readonly configuration: string;
  readonly title: string;
  readonly weights: WeightKind;
  readonly saving: Spread;
  /** Accuracy - clean accuracy, as a share. */
  readonly change: Spread;
  /** The same of the worst chip. */
  readonly worst: number;
  readonly chipsWithin: number;
  readonly chips: number;
  /** Inferences that the DRAM serves a second, over those of FP32 in the baseline mapping at nominal supply. */
  readonly speed: Spread;
}

/** Each configuration beyond the grid, over networks: mean over networks and chips within a training seed, then over seeds. */
export function configurationResults(
  beyond: readonly ReproducedStudy[],
  grid: readonly ReproducedStudy[],
  clean: CleanAccuracies,
): ConfigurationResult[] {
  const baselineTime = new Map(
    grid.map((study) => [
      `${study.network} ${study.trainingSeed}`,
      rowsAt(study, PUBLISHED_NOMINAL, 'baseline')[0]!.time_ns,
    ]),
  );
  return [...groupBy(beyond, ({ configuration }) => configuration)].map(([configuration, studies]) => {
    const changes = (study: ReproducedStudy): number[] =>
      study.rows.map((row) => row.accuracy - clean(study));
    const seeds = [...groupBy(studies, ({ trainingSeed }) => String(trainingSeed)).values()];
    const all = studies.flatMap(changes);
    return {
      configuration,
      title: studies[0]!.title,
      weights: studies[0]!.weights,
      saving: overTrainings(
        'saving',
        seeds.map((some) => some.flatMap(({ rows }) => rows.map((row) => row[SAVING]))),
      ),
      change: overTrainings(
        'difference',
        seeds.map((some) => some.flatMap(changes)),
      ),
      worst: Math.min(...all),
      chipsWithin: studies.flatMap((study) => study.rows.filter((row) => isWithin(row, clean(study)))).length,
      chips: all.length,
      speed: overTrainings(
        'ratio',
        seeds.map((some) =>
          some.flatMap(({ rows, network, trainingSeed }) =>
            rows.map((row) => baselineTime.get(`${network} ${trainingSeed}`)! / row.time_ns),
          ),
        ),
      ),
    };
  });
}

/** The configurations at the lowest supply, over all networks. */
export function configurationTable(results: readonly ConfigurationResult[]): string {
  return markdownTable(
    [
      "means, all at 1.025 V in SparkXD's mapping",
      'saving per inference, %',
      'accuracy against clean, points',
      'worst chip, points',
      'chips within 1 %',
      'inferences a second over the baseline mapping, FP32, 1.35 V',
    ],
    results.map(({ title, saving, change, worst, chipsWithin, chips, speed }) => [
      title,
      percentText(saving),
      percentText(change),
      (worst * 100).toFixed(2),
      `${chipsWithin} of ${chips}`,
      `${speed.mean.toFixed(2)}x`,
    ]),
  );
}

/** One line a network: saving and accuracy change of each configuration. */
export function networkSavings(beyond: readonly ReproducedStudy[], clean: CleanAccuracies): string {
  const configurations = [...groupBy(beyond, ({ configuration }) => configuration)];
  const networks = [...groupBy(beyond, ({ network }) => network).keys()];
  const cell = (trainings: readonly ReproducedStudy[]): string => {
    const saving = overTrainings(
      'saving',
      trainings.map(({ rows }) => rows.map((row) => row[SAVING])),
    );
    const change = overTrainings(
      'difference',
      trainings.map((study) => study.rows.map((row) => row.accuracy - clean(study))),
    );
    return `${percentText(saving)} (${percentText(change)})`;
  };
  return markdownTable(
    ['network', ...configurations.map(([, studies]) => studies[0]!.title)],
    networks.map((network) => [
      network,
      ...configurations.map(([, studies]) => cell(studies.filter((study) => study.network === network))),
    ]),
  );
}

/** The best of some kinds of weights that keeps the bound on every chip of every network; undefined if none does. */
const bestOf = (
  results: readonly ConfigurationResult[],
  kinds: readonly WeightKind[],
): ConfigurationResult | undefined =>
  results
    .filter(({ weights, chipsWithin, chips }) => kinds.includes(weights) && chipsWithin === chips)
    .sort((a, b) => b.saving.mean - a.saving.mean)[0];

/** Every network with the best of its configurations that keeps the bound on all its chips, over networks. */
function bestOfEach(studies: Studies, kinds: readonly WeightKind[]): ConfigurationResult | undefined {
  const chosen = [...groupBy(studies.beyond, ({ network }) => network).values()].map((ofNetwork) => {
    const results = configurationResults(ofNetwork, studies.grid, studies.clean);
    const best = bestOf(results, kinds)?.configuration;
    return ofNetwork.filter(({ configuration }) => configuration === best);
  });
  if (chosen.some((some) => some.length === 0)) return undefined;
  const names = [...new Set(chosen.map((some) => some[0]!.title))];
  const together = chosen.flat().map((study) => ({
    ...study,
    configuration: 'best',
    title: names.length === 1 ? names[0]! : `each network the best of: ${names.join('; ')}`,
  }));
  return configurationResults(together, studies.grid, studies.clean)[0];
}

/** The low end of the interval, or the mean where there is none. */
const leastOf = ({ mean: value, interval }: Spread): number => interval?.low ?? value;

/** What the bars are computed from. */
interface Studies {
  readonly grid: readonly ReproducedStudy[];
  readonly beyond: readonly ReproducedStudy[];
  readonly clean: CleanAccuracies;
}

/** The bars that this program set itself and the published figures, beside what was reached. */
export function barTable(
  grid: readonly ReproducedStudy[],
  beyond: readonly ReproducedStudy[],
  clean: CleanAccuracies,
): string {
  const studies = { grid, beyond, clean };
  const results = configurationResults(beyond, grid, clean);
  const share = (value: number, digits = 1): string => `${(value * 100).toFixed(digits)} %`;
  const savingRow = (
    what: string,
    bar: number,
    shown: string,
    status: string,
    result: ConfigurationResult | undefined,
  ): string[] => {
    if (!result) return [what, shown, status, 'nothing keeps every chip of every network within 1 %', 'no'];
    const { saving, title, change, worst, chipsWithin, chips } = result;
    const text = `${percentText(saving)} % (${title}; accuracy ${percentText(change)} points, worst chip ${(worst * 100).toFixed(2)}, ${chipsWithin} of ${chips} chips within 1 %)`;
    return [what, shown, status, text, leastOf(saving) >= bar ? 'yes' : 'no'];
  };
  const speedRow = (
    what: string,
    bar: number,
    shown: string,
    status: string,
    result?: ConfigurationResult,
  ) => [
    ...[what, shown, status],
    result ? `${result.speed.mean.toFixed(2)}x` : '-',
    result && result.speed.mean >= bar ? 'yes' : 'no',
  ];
  const { saving, throughput, enforceSaving, enforceThroughput } = PUBLISHED;
  const paper = paperSaving(grid, clean);
  const sparkxd = results.find(
    ({ configuration, chipsWithin, chips }) => configuration === 'median' && chipsWithin === chips,
  );
  const single = bestOf(results, ['single']);
  const quantised = bestOfEach(studies, ['integer']);
  return markdownTable(
    ['what', 'bar or published', 'status', 'ours', 'reached with its interval'],
    [
      [
        "saving within 1 %, mean over networks: SparkXD's mapping, FP32, clamp, each network at the lowest supply of the paper at which it holds",
        `about ${share(saving.value, 0)}`,
        `SparkXD, ${saving.status}`,
        `${percentText(paper)} %`,
        leastOf(paper) >= saving.value ? 'yes' : 'no',
      ],
      savingRow(
        'the same with repair median at 1.025 V',
        saving.value,
        `about ${share(saving.value, 0)}`,
        `SparkXD, ${saving.status}`,
        sparkxd,
      ),
      savingRow('saving within 1 % with FP32 weights', 0.45, share(0.45, 0), 'own bar', single),
      savingRow(
        'the same with 16-bit floating point',
        0.45,
        share(0.45, 0),
        'own bar',
        bestOf(results, ['half']),
      ),
      savingRow(
        'saving within 1 % with quantisation, one format for all networks',
        0.87,
        share(0.87, 0),
        'own bar',
        bestOf(results, ['integer']),
      ),
      savingRow(
        'saving within 1 % with quantisation, the best format for each network',
        0.87,
        share(0.87, 0),
        'own bar',
        quantised,
      ),
      savingRow(
        'the same',
        enforceSaving.value,
        `up to ${share(enforceSaving.value)}`,
        `EnforceSNN, ${enforceSaving.status}`,
        quantised,
      ),
      ...throughputRows(grid),
      speedRow(
        "inferences a second over the baseline mapping, FP32, 1.35 V: SparkXD's mapping, FP32, latencies of 1.025 V",
        throughput.value,
        `${throughput.value}x †`,
        'SparkXD, data throughput',
        sparkxd,
      ),
      speedRow(
        'the same with FP32 weights, the line of the saving above',
        sparkxd?.speed.mean ?? throughput.value,
        "faster than SparkXD's mapping",
        'own bar',
        single,
      ),
      speedRow(
        'the same with quantisation, the best format for each network',
        enforceThroughput.value,
        `up to ${enforceThroughput.value}x`,
        `EnforceSNN, ${enforceThroughput.status}`,
        quantised,
      ),
    ],
  );
}

/** Saving of the grid's means, every network at the lowest supply at which all its chips keep the bound. */
export function paperSaving(grid: readonly ReproducedStudy[], clean: CleanAccuracies): Spread {
  const networks = [...groupBy(grid, ({ network }) => network).values()];
  const seeds = new Map<number, number[]>();
  for (const trainings of networks) {
    const supply = lowestSupply(trainings, 'sparkxd', clean);
    for (const study of trainings) {
      const rows = supply === undefined ? [] : rowsAt(study, supply, 'sparkxd');
      const savings = rows.length === 0 ? [0] : rows.map((row) => row[SAVING]);
      seeds.set(study.trainingSeed, [...(seeds.get(study.trainingSeed) ?? []), mean(savings)]);
    }
  }
  return overTrainings('saving', [...seeds.values()]);
}

/** Data throughput of the mapping, at the nominal supply and on the latencies of the lowest. */
function throughputRows(grid: readonly ReproducedStudy[]): string[][] {
  const ratios = (supply: number): number[] =>
    grid.map((study) => {
      const of = (mapping: string): number => rowsAt(study, supply, mapping)[0]!.bandwidth_GBps;
      return of('sparkxd') / of('baseline');
    });
  const range = (values: readonly number[]): string =>
    `${Math.min(...values).toFixed(3)} to ${Math.max(...values).toFixed(3)}x`;
  const row = (supply: number, latencies: string): string[] => {
    const values = ratios(supply);
    return [
      `data throughput of SparkXD's mapping over the baseline's, ${latencies}`,
      `${PUBLISHED.throughput.value}x †`,
      'SparkXD',
      `${range(values)} (of the networks)`,
      Math.min(...values) >= PUBLISHED.throughput.value ? 'yes' : 'no',
    ];
  };
  return [row(PUBLISHED_NOMINAL, 'nominal latencies'), row(LOWEST, `latencies stretched for ${LOWEST} V`)];
}
