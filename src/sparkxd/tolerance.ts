import { log10 } from '../elementary/logarithm.ts';
import { pow10 } from '../elementary/power.ts';
import { crossedLoss, crossedProportion, type Marks } from '../stats/crossed.ts';
import type { Interval } from '../stats/interval.ts';
import { meanInterval } from '../stats/student.ts';

/** How accurate the weights are at one bit error rate, over several masks of errors. */
export interface ToleranceTrial {
  readonly ber: number;
  /** Accuracy under each mask (a fraction). */
  readonly accuracies: readonly number[];
  /** Mean accuracy, for other masks and other images (`crossedProportion`). */
  readonly interval: Interval;
  /** Accuracy without errors - mean accuracy, image by image, for other masks and other images (`crossedLoss`). */
  readonly lost: Interval;
  /** The same of one more mask. */
  readonly lostByNext: Interval;
}

/** When enough masks have been tried. */
export interface StoppingRule {
  /** Masks tried at least (2 or more) and at most. */
  readonly fewest: number;
  readonly most: number;
  /**
   * Half-width of Student's 95 % interval of the mean over masks, on these images, that is narrow enough (a fraction).
   * More masks narrow no more than that: what the choice of images adds stays.
   */
  readonly precision: number;
}

/** Images, as they are classified without errors and under masks of errors: 1 for right, 0 for wrong. */
export interface MarkedImages {
  readonly clean: ArrayLike<number>;
  /** A row for each of the masks numbered `from` to `to` (exclusive) at a bit error rate. */
  readonly tryMasks: (ber: number, from: number, to: number) => Promise<Marks>;
}

/** Tries masks until the mean over them is known well enough or the most have been tried. */
export async function tolerate(
  ber: number,
  { clean, tryMasks }: MarkedImages,
  rule: StoppingRule,
): Promise<ToleranceTrial> {
  const marks: ArrayLike<number>[] = [];
  const accuracies: number[] = [];
  while (marks.length < rule.most) {
    // Doubling the sample between looks keeps the looks, and with them the bias of stopping early, few.
    const to = Math.min(rule.most, Math.max(rule.fewest, 2 * marks.length));
    const more = await tryMasks(ber, marks.length, to);
    marks.push(...more);
    accuracies.push(...more.map(shareOf));
    const { low, high } = meanInterval(accuracies);
    if ((high - low) / 2 <= rule.precision) break;
  }
  const { mean: lost, next: lostByNext } = crossedLoss(clean, marks);
  return { ber, accuracies, interval: crossedProportion(marks), lost, lostByNext };
}

/** Share of the images that are right. */
function shareOf(marks: ArrayLike<number>): number {
  let right = 0;
  for (let image = 0; image < marks.length; image++) right += marks[image]!;
  return right / marks.length;
}

/** What a search for the maximum tolerable bit error rate found. */
export interface ToleratedRate {
  /**
   * The highest rate tried at which one more mask, on other images of the kind, loses at most the bound with 97.5 %
   * confidence; 0 when none does.
   */
  readonly ber: number;
  /** The lowest rate tried above it that is not; infinite when the highest rate of the search is within the bound. */
  readonly failing: number;
  readonly trials: readonly ToleranceTrial[];
}

/** Resolution of the search, in decades. */
const RESOLUTION = 0.1;

/**
 * Searches `lowest` to `highest` for the highest bit error rate at which the upper end of the 95 % interval of what one
 * more mask costs is at most `bound` (a fraction), by bisection of log10: SparkXD's BER_th. Not the mean: a rate is of
 * use to a chip, and half of the chips are worse than the mean. Accuracy falls with the rate (the masks of a lower rate
 * are part of those of a higher one), which is what makes bisection right.
 */
export async function searchToleratedRate(
  lowest: number,
  highest: number,
  bound: number,
  images: MarkedImages,
  rule: StoppingRule,
): Promise<ToleratedRate> {
  const trials: ToleranceTrial[] = [];
  const holds = async (ber: number): Promise<boolean> => {
    const trial = await tolerate(ber, images, rule);
    trials.push(trial);
    return trial.lostByNext.high <= bound;
  };
  if (await holds(highest)) return { ber: highest, failing: Number.POSITIVE_INFINITY, trials };
  if (!(await holds(lowest))) return { ber: 0, failing: lowest, trials };
  let good = log10(lowest);
  let bad = log10(highest);
  while (bad - good > RESOLUTION) {
    const middle = (good + bad) / 2;
    if (await holds(pow10(middle))) good = middle;
    else bad = middle;
  }
  return { ber: pow10(good), failing: pow10(bad), trials };
}
