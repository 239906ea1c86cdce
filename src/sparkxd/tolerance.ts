import type { Interval } from '../stats/interval.ts';
import { meanOverDraws, meanProportion, nextDraw } from '../stats/repeated-proportion.ts';
import type { Accuracy } from './accuracy.ts';

/** How accurate the weights are at one bit error rate, over several masks of errors. */
export interface ToleranceTrial {
  readonly ber: number;
  /** Accuracy under each mask (a fraction). */
  readonly accuracies: readonly number[];
  /** Images that each mask was tried on, the same for all. */
  readonly images: number;
  /** 95 % interval of the mean accuracy: what the choice of the images varies and what the masks vary (`meanProportion`). */
  readonly interval: Interval;
  /** 95 % interval of the mean accuracy on these very images: what the masks vary alone (`meanOverDraws`). */
  readonly overMasks: Interval;
  /** 95 % interval of the accuracy on these very images under one more mask (`nextDraw`). */
  readonly nextMask: Interval;
}

/** When enough masks have been tried. */
export interface StoppingRule {
  /** Masks tried at least (2 or more) and at most. */
  readonly fewest: number;
  readonly most: number;
  /** Half-width of the 95 % interval over masks that is narrow enough (a fraction); more masks narrow no other. */
  readonly precision: number;
}

/** Accuracy under the masks numbered `from` to `to` (exclusive) at a bit error rate, on the same images for all. */
export type TryMasks = (
  ber: number,
  from: number,
  to: number,
) => Promise<readonly Pick<Accuracy, 'correct' | 'images'>[]>;

/** Tries masks until the mean's interval over masks is narrow enough or the most have been tried. */
export async function tolerate(ber: number, tryMasks: TryMasks, rule: StoppingRule): Promise<ToleranceTrial> {
  const correct: number[] = [];
  let images = 0;
  while (correct.length < rule.most) {
    // Doubling the sample between looks keeps the looks, and with them the bias of stopping early, few.
    const to = Math.min(rule.most, Math.max(rule.fewest, 2 * correct.length));
    const scored = await tryMasks(ber, correct.length, to);
    images = scored[0]!.images;
    correct.push(...scored.map((score) => score.correct));
    const { low, high } = meanOverDraws(correct, images);
    if ((high - low) / 2 <= rule.precision) break;
  }
  return {
    ber,
    accuracies: correct.map((count) => count / images),
    images,
    interval: meanProportion(correct, images),
    overMasks: meanOverDraws(correct, images),
    nextMask: nextDraw(correct, images),
  };
}

/** What a search for the maximum tolerable bit error rate found. */
export interface ToleratedRate {
  /** The highest rate tried at which one more mask is expected within the bound, on the images of the search, with 97.5 % confidence; 0 when none is. */
  readonly ber: number;
  /** The lowest rate tried above it that is not; infinite when the highest rate of the search is within the bound. */
  readonly failing: number;
  readonly trials: readonly ToleranceTrial[];
}

/** Resolution of the search, in decades. */
const RESOLUTION = 0.1;

/**
 * Searches `lowest` to `highest` for the highest bit error rate at which the lower end of the 95 % interval of one more
 * mask's accuracy on the same images is at least `required`, by bisection of log10: SparkXD's BER_th. Not the mean: a rate is of use to a
 * chip, and half of the chips are worse than the mean. `required` comes from the same images without errors, so what the
 * choice of the images varies is in both and does not count. Accuracy falls with the rate (the masks of a lower rate are part
 * of those of a higher one), which is what makes bisection right.
 */
export async function searchToleratedRate(
  lowest: number,
  highest: number,
  required: number,
  tryMasks: TryMasks,
  rule: StoppingRule,
): Promise<ToleratedRate> {
  const trials: ToleranceTrial[] = [];
  const holds = async (ber: number): Promise<boolean> => {
    const trial = await tolerate(ber, tryMasks, rule);
    trials.push(trial);
    return trial.nextMask.low >= required;
  };
  if (await holds(highest)) return { ber: highest, failing: Number.POSITIVE_INFINITY, trials };
  if (!(await holds(lowest))) return { ber: 0, failing: lowest, trials };
  let good = Math.log10(lowest);
  let bad = Math.log10(highest);
  while (bad - good > RESOLUTION) {
    const middle = (good + bad) / 2;
    if (await holds(10 ** middle)) good = middle;
    else bad = middle;
  }
  return { ber: 10 ** good, failing: 10 ** bad, trials };
}
