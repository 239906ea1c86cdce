import type { Interval } from '../stats/interval.ts';
import { meanInterval, predictionInterval } from '../stats/student.ts';

/** How accurate the weights are at one bit error rate, over several masks of errors. */
export interface ToleranceTrial {
  readonly ber: number;
  /** Accuracy under each mask (a fraction). */
  readonly accuracies: readonly number[];
  /** Student's interval of the mean over masks. */
  readonly interval: Interval;
}

/** When enough masks have been tried. */
export interface StoppingRule {
  /** Masks tried at least (2 or more) and at most. */
  readonly fewest: number;
  readonly most: number;
  /** Half-width of the 95 % interval of the mean that is narrow enough (a fraction). */
  readonly precision: number;
}

/** Accuracy under the masks numbered `from` to `to` (exclusive) at a bit error rate. */
export type TryMasks = (ber: number, from: number, to: number) => Promise<readonly number[]>;

/** Tries masks until the mean's interval is narrow enough or the most have been tried. */
export async function tolerate(ber: number, tryMasks: TryMasks, rule: StoppingRule): Promise<ToleranceTrial> {
  const accuracies: number[] = [];
  while (accuracies.length < rule.most) {
    // Doubling the sample between looks keeps the looks, and with them the bias of stopping early, few.
    const to = Math.min(rule.most, Math.max(rule.fewest, 2 * accuracies.length));
    accuracies.push(...(await tryMasks(ber, accuracies.length, to)));
    const { low, high } = meanInterval(accuracies);
    if ((high - low) / 2 <= rule.precision) break;
  }
  return { ber, accuracies, interval: meanInterval(accuracies) };
}

/** What a search for the maximum tolerable bit error rate found. */
export interface ToleratedRate {
  /** The highest rate tried at which one more mask is expected within the bound, with 97.5 % confidence; 0 when none is. */
  readonly ber: number;
  /** The lowest rate tried above it that is not; infinite when the highest rate of the search is within the bound. */
  readonly failing: number;
  readonly trials: readonly ToleranceTrial[];
}

/** Resolution of the search, in decades. */
const RESOLUTION = 0.1;

/**
 * Searches `lowest` to `highest` for the highest bit error rate at which the lower end of the 95 % interval of one more
 * mask's accuracy is at least `required`, by bisection of log10: SparkXD's BER_th. Not the mean: a rate is of use to a
 * chip, and half of the chips are worse than the mean. Accuracy falls with the rate (the masks of a lower rate are part
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
    return predictionInterval(trial.accuracies).low >= required;
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
