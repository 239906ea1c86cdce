import type { Split } from '../../datasets/dataset.ts';
import type { ToleranceRow } from '../../results/tables.ts';
import type { ToleranceJob } from '../../settings/jobs/tolerance.ts';
import { type Accuracy, scoreMarks } from '../../sparkxd/accuracy.ts';
import {
  type MarkedImages,
  type StoppingRule,
  searchToleratedRate,
  type ToleranceTrial,
  type ToleratedRate,
  tolerate,
} from '../../sparkxd/tolerance.ts';
import { type Damage, MASK_STRIDE, type MaskRates } from '../../sparkxd/tolerance-damage.ts';
import { mean } from '../../stats/moments.ts';

/** A trial with the bit error rates of its masks, each a mean over them. */
export interface RatedTrial extends ToleranceTrial {
  readonly berObserved: number;
  /** Absent where no chip holds the weights. */
  readonly berChip?: number;
  readonly berPlaced?: number;
}

/** A search on the validation images, and what the rate found does on the test images. */
export interface SearchedRate {
  readonly search: Omit<ToleratedRate, 'trials'> & { readonly trials: readonly RatedTrial[] };
  /** Is the whole interval of the mean loss within the bound? Absent when the search found no rate. */
  readonly confirmation?: RatedTrial & { readonly holds: boolean };
}

/** What a network is damaged in: everything, or a part alone. */
export interface ToleranceStudy<W> {
  /** Accuracy on a split without errors. */
  readonly clean: Record<Split, Accuracy>;
  /** Test images under errors of a kind at a rate. */
  trial(ber: number, damage: RatedDamage<W>): Promise<RatedTrial>;
  /** The highest rate within the bound, from `lowest` to `highest`. */
  search(damage: RatedDamage<W>, lowest?: number, highest?: number): Promise<SearchedRate>;
}

/** Range of the search for the tolerable rate: below it a model of a million weights sees no flip, above it is noise. */
const LOWEST = 1e-7;
const HIGHEST = 0.3;

/** Masks tried at each rate before the search may stop. */
const FEWEST_MASKS = 4;

/**
 * Opens a study of weights of any form: `mark` gives a mark to each image of a split under each variant of them, `sound` are those
 * without errors.
 */
export async function openTolerance<W>(
  job: Pick<ToleranceJob, 'trials' | 'precision' | 'bound'>,
  sound: W,
  mark: (variants: readonly W[], split: Split) => Promise<Uint8Array[]>,
): Promise<ToleranceStudy<W>> {
  const rule: StoppingRule = {
    fewest: Math.min(FEWEST_MASKS, job.trials),
    most: job.trials,
    precision: job.precision,
  };
  const test = (await mark([sound], 'test'))[0]!;
  const validation = (await mark([sound], 'validation'))[0]!;
  const damagedBy = (split: Split, { weights }: RatedDamage<W>): MarkedImages => ({
    clean: split === 'test' ? test : validation,
    tryMasks: (ber, from, to) =>
      mark(
        Array.from({ length: to - from }, (_, i) => weights(ber, from + i)),
        split,
      ),
  });
  const trial = async (ber: number, damage: RatedDamage<W>): Promise<RatedTrial> =>
    damage.rate(await tolerate(ber, damagedBy('test', damage), rule));
  return {
    clean: { test: scoreMarks(test), validation: scoreMarks(validation) },
    trial,
    async search(damage, lowest = LOWEST, highest = HIGHEST) {
      const onValidation = damagedBy('validation', damage);
      const searched = await searchToleratedRate(lowest, highest, job.bound, onValidation, rule);
      const search = { ...searched, trials: searched.trials.map(damage.rate) };
      if (search.ber === 0) return { search };
      const confirmed = await trial(search.ber, damage);
      return { search, confirmation: { ...confirmed, holds: confirmed.lost.high <= job.bound } };
    },
  };
}

/** Damage by numbered masks that remembers the bit error rates of each. */
export interface RatedDamage<W> {
  weights(ber: number, mask: number): W;
  /** The trial with the mean rates of its masks. */
  readonly rate: (trial: ToleranceTrial) => RatedTrial;
}

/** Mask m of every rate follows from (seed, m). */
export function createRatedDamage<W>(damage: Damage<W>, seed: number): RatedDamage<W> {
  const known = new Map<number, MaskRates[]>();
  return {
    weights(ber, mask) {
      const ofRate = known.get(ber) ?? [];
      known.set(ber, ofRate);
      return damage(ber, seed + mask * MASK_STRIDE, (rates) => {
        ofRate[mask] = rates;
      });
    },
    rate(trial) {
      const masks = known.get(trial.ber)!.slice(0, trial.accuracies.length);
      const chips = masks.flatMap(({ chip }) => chip ?? []);
      const places = masks.flatMap(({ placed }) => placed ?? []);
      return {
        ...trial,
        berObserved: mean(masks.map(({ observed }) => observed)),
        ...(chips.length > 0 ? { berChip: mean(chips) } : {}),
        ...(places.length > 0 ? { berPlaced: mean(places) } : {}),
      };
    },
  };
}

/** A trial as a row of the table. */
export const toleranceRow = (
  split: Split,
  vote: string,
  damaged_part: string,
  { ber, accuracies, interval, lost, berChip, berPlaced, berObserved }: RatedTrial,
): ToleranceRow => ({
  split,
  vote,
  damaged_part,
  ber_injected: ber,
  ber_chip: berChip,
  ber_placed: berPlaced,
  ber_observed: berObserved,
  accuracy: interval.estimate,
  accuracy_low: interval.low,
  accuracy_high: interval.high,
  accuracy_lost: lost.estimate,
  accuracy_lost_low: lost.low,
  accuracy_lost_high: lost.high,
  masks: accuracies.length,
});

/** The rows of a search and its confirmation. */
export const searchRows = (
  vote: string,
  part: string,
  { search, confirmation }: SearchedRate,
): ToleranceRow[] => [
  ...search.trials.map((trial) => toleranceRow('validation', vote, part, trial)),
  ...(confirmation ? [toleranceRow('test', vote, part, confirmation)] : []),
];
