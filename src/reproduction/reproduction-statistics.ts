import type { RunRow } from '../results/columns.ts';
import { mean } from '../stats/moments.ts';
import { meanInterval } from '../stats/student.ts';
import type { ReproducedStudy } from './reproduction-study.ts';

/** A mean with half the width of its 95 % interval; no half where one value shows no spread. */
export interface Spread {
  readonly mean: number;
  readonly half: number | undefined;
}

/**
 * Mean over chips within each training, then over trainings; the interval is Student's over the trainings' means, since
 * chips of one training share its weights. With one training it is over its chips.
 */
export function overTrainings(trainings: readonly (readonly number[])[]): Spread {
  const values = trainings.length === 1 ? trainings[0]! : trainings.map((chips) => mean(chips));
  const { estimate, high } = meanInterval(values);
  return { mean: estimate, half: Number.isFinite(high) ? high - estimate : undefined };
}

/** The same of a column of some studies, those of one training together. */
export const spreadOf = (
  studies: readonly ReproducedStudy[],
  of: (row: RunRow, study: ReproducedStudy) => number,
): Spread =>
  overTrainings(
    [...groupBy(studies, ({ trainingSeed }) => String(trainingSeed)).values()].map((some) =>
      some.flatMap((study) => study.rows.map((row) => of(row, study))),
    ),
  );

/** "42.98 ± 0.01": shares as percent. */
export function percentText({ mean: value, half }: Spread, digits = 2): string {
  const text = (value * 100).toFixed(digits);
  return half === undefined ? text : `${text} ± ${(half * 100).toFixed(digits)}`;
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
