import { percent } from '../report/percent.ts';
import type { RunRow } from '../results/tables.ts';
import { boundedMean, positiveMean } from '../stats/bounded-mean.ts';
import type { Interval } from '../stats/interval.ts';
import { mean } from '../stats/moments.ts';
import type { ReproducedStudy } from './reproduction-study.ts';

/** A mean with its 95 % interval; no interval where one value shows no spread. */
export interface Spread {
  readonly mean: number;
  readonly interval?: { readonly low: number; readonly high: number };
}

/** What values are, which bounds their intervals: shares 0 to 1, their differences -1 to 1, ratios above 0. */
export type Quantity = 'share' | 'difference' | 'ratio';

const INTERVALS: Readonly<Record<Quantity, (values: readonly number[]) => Interval>> = {
  share: (values) => boundedMean(values, [0, 1]),
  difference: (values) => boundedMean(values, [-1, 1]),
  ratio: (values) => positiveMean(values),
};

/** The mean of values that are independent of each other, with its interval. */
export function spread(quantity: Quantity, values: readonly number[]): Spread {
  const { estimate, low, high } = INTERVALS[quantity](values);
  return values.length === 1 ? { mean: estimate } : { mean: estimate, interval: { low, high } };
}

/** A number of each row of a study. */
export type Of = (row: RunRow, study: ReproducedStudy) => number;

/** Over trainings: chips and networks are averaged within a training, since they share its weights. */
export const overTrainings = (quantity: Quantity, studies: readonly ReproducedStudy[], of: Of): Spread =>
  spread(
    quantity,
    meansBy(studies, of, (_row, { trainingSeed }) => String(trainingSeed)),
  );

/** Over chips: networks and trainings are averaged within a chip, since they share its cells. */
export const overChips = (quantity: Quantity, studies: readonly ReproducedStudy[], of: Of): Spread =>
  spread(
    quantity,
    meansBy(studies, of, ({ chip }) => String(chip)),
  );

/** Over what varies more: trainings where there are several, else chips. */
export const overSample = (quantity: Quantity, studies: readonly ReproducedStudy[], of: Of): Spread =>
  new Set(studies.map(({ trainingSeed }) => trainingSeed)).size > 1
    ? overTrainings(quantity, studies, of)
    : overChips(quantity, studies, of);

/** Mean of a number of each row. */
export const meanOf = (studies: readonly ReproducedStudy[], of: Of): number =>
  mean(studies.flatMap((study) => study.rows.map((row) => of(row, study))));

function meansBy(
  studies: readonly ReproducedStudy[],
  of: Of,
  key: (row: RunRow, study: ReproducedStudy) => string,
): number[] {
  const groups = new Map<string, number[]>();
  for (const study of studies)
    for (const row of study.rows) {
      const name = key(row, study);
      const group = groups.get(name) ?? [];
      group.push(of(row, study));
      groups.set(name, group);
    }
  return [...groups.values()].map((values) => mean(values));
}

/** "93.40 (93.07 to 93.73)": shares as percent; the interval only where it is wider than the last digit. */
export function percentText({ mean: value, interval }: Spread, digits = 2): string {
  const text = percent(value, digits);
  if (interval === undefined) return text;
  const [low, high] = [percent(interval.low, digits), percent(interval.high, digits)];
  return low === text && high === text ? text : `${text} (${low} to ${high})`;
}

/** Accuracy that may be lost, against the same training without errors: one percentage point. */
export const BOUND = 0.01;

/** Accuracy of a row - accuracy of the same weights without errors, as trained, in FP32: paired, image by image. */
export const change: Of = (row) => row.accuracy - row.baseline_accuracy;

/** Whether a loss keeps the bound; a little slack for the last bit of a difference of shares. */
export const keepsBound = (lost: number): boolean => lost >= -BOUND - 1e-12;
export const isWithin = (row: RunRow): boolean => keepsBound(row.accuracy - row.baseline_accuracy);

/** Half of an interval, in accuracy, from which on a leading row is computed on all test images. */
const WIDE = 0.002;

/** Whether what a study loses is known too loosely from the images that it has: by its interval over chips. */
export function isWide(study: ReproducedStudy): boolean {
  const { interval } = overChips('difference', [study], change);
  return interval !== undefined && (interval.high - interval.low) / 2 >= WIDE;
}

/** Saving of DRAM energy of an inference. */
export const saving: Of = (row) => row.inference_energy_saving_vs_nominal;

/** The study with those of its rows that are at a supply, in a mapping. */
export const studyAt = (study: ReproducedStudy, supply: number, mapping: string): ReproducedStudy => ({
  ...study,
  rows: study.rows.filter((row) => row.supply_V === supply && row.mapping === mapping),
});

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

/** "FP32, zero": how weights are stored, and what is done to them on load. */
export const wayText = (format: string, repair: string): string =>
  `${format.toUpperCase()}, ${repair === 'none' ? 'no repair' : repair}`;
