import type { RunRow } from '../results/columns.ts';
import { boundedMean, positiveMean } from '../stats/bounded-mean.ts';
import type { Interval } from '../stats/interval.ts';
import { mean } from '../stats/moments.ts';
import type { ReproducedStudy } from './reproduction-study.ts';

/** A mean with its 95 % interval; no interval where one value shows no spread. */
export interface Spread {
  readonly mean: number;
  readonly interval?: { readonly low: number; readonly high: number };
}

/** What values are, which bounds their intervals: shares 0 to 1, their differences -1 to 1, savings below 1, ratios above 0. */
export type Quantity = 'share' | 'difference' | 'saving' | 'ratio';

const INTERVALS: Readonly<Record<Quantity, (values: readonly number[]) => Interval>> = {
  share: (values) => boundedMean(values, [0, 1]),
  difference: (values) => boundedMean(values, [-1, 1]),
  // What is left is positive.
  saving: (values) => {
    const { estimate, low, high, confidence } = positiveMean(values.map((saving) => 1 - saving));
    return { estimate: 1 - estimate, low: 1 - high, high: 1 - low, confidence };
  },
  ratio: (values) => positiveMean(values),
};

/**
 * Mean over chips within each training, then over trainings; the interval is over the trainings' means, since chips of one
 * training share its weights, and stays within what the quantity can be. With one training it is over its chips.
 */
export function overTrainings(quantity: Quantity, trainings: readonly (readonly number[])[]): Spread {
  const values = trainings.length === 1 ? trainings[0]! : trainings.map((chips) => mean(chips));
  const { estimate, low, high } = INTERVALS[quantity](values);
  return values.length === 1 ? { mean: estimate } : { mean: estimate, interval: { low, high } };
}

/** The same of a column of some studies, those of one training together. */
export const spreadOf = (
  quantity: Quantity,
  studies: readonly ReproducedStudy[],
  of: (row: RunRow, study: ReproducedStudy) => number,
): Spread =>
  overTrainings(
    quantity,
    [...groupBy(studies, ({ trainingSeed }) => String(trainingSeed)).values()].map((some) =>
      some.flatMap((study) => study.rows.map((row) => of(row, study))),
    ),
  );

/** "93.40 (93.07 to 93.73)": shares as percent; the interval only where it is wider than the last digit. */
export function percentText({ mean: value, interval }: Spread, digits = 2): string {
  const percent = (share: number): string => (share * 100).toFixed(digits);
  const text = percent(value);
  if (interval === undefined) return text;
  const [low, high] = [percent(interval.low), percent(interval.high)];
  return low === text && high === text ? text : `${text} (${low} to ${high})`;
}

/** Accuracy of each network and training without errors, as trained. */
export type CleanAccuracies = (study: Pick<ReproducedStudy, 'network' | 'trainingSeed'>) => number;

/** Taken from the first study of each network and training that has rows: the weights as trained, in FP32. */
export function cleanAccuracies(studies: readonly ReproducedStudy[]): CleanAccuracies {
  const key = ({ network, trainingSeed }: Pick<ReproducedStudy, 'network' | 'trainingSeed'>): string =>
    `${network} ${trainingSeed}`;
  const clean = new Map<string, number>();
  for (const study of studies)
    if (study.rows.length > 0 && !clean.has(key(study)))
      clean.set(key(study), study.rows[0]!.baseline_accuracy);
  return (study) => clean.get(key(study))!;
}

/** Accuracy that may be lost, against the same training without errors: one percentage point. */
export const BOUND = 0.01;

/** Whether a row keeps the bound; a little slack for the last bit of a difference of shares. */
export const isWithin = (row: RunRow, clean: number): boolean => row.accuracy >= clean - BOUND - 1e-12;

/** Rows of a study at a supply, in a mapping. */
export const rowsAt = ({ rows }: ReproducedStudy, supply: number, mapping: string): RunRow[] =>
  rows.filter((row) => row.supply_V === supply && row.mapping === mapping);

/** The studies by a key, in the order of its first appearance. */
export function groupBy(
  studies: readonly ReproducedStudy[],
  key: (study: ReproducedStudy) => string,
): ReadonlyMap<string, readonly ReproducedStudy[]> {
  const groups = new Map<string, ReproducedStudy[]>();
  for (const study of studies) {
    const group = groups.get(key(study));
    if (group) group.push(study);
    else groups.set(key(study), [study]);
  }
  return groups;
}
