import { type Interval, requireConfidence } from './interval.ts';
import { mean, sampleVariance } from './moments.ts';
import { normalQuantile } from './normal.ts';
import { studentQuantile } from './student.ts';
import { scoreInterval } from './wilson.ts';

/**
 * Intervals for results in which every image is seen under every mask of errors. Both are samples: another mask and
 * other images would give another mean. The values form a table, a row a mask and a column an image, with random effects
 * of both (the crossed two-way layout of the analysis of variance). With M masks and n images the variance of the mean is
 *
 *     masks  + images,   masks  = max(0, variance of the rows' means / M - residual mean square / (M n))
 *                        images = variance of the columns' means / n
 *
 * where the residual part is subtracted because both of the other terms contain it. The degrees of freedom follow
 * Satterthwaite (Biometrics Bulletin 1946), with the images' part taken as known, since images are many:
 * (M - 1) (masks + images)^2 / (variance of the rows' means / M)^2.
 */
export type Marks = readonly ArrayLike<number>[];

/** The parts of the variance of a table's mean. */
interface Parts {
  readonly mean: number;
  readonly columnMeans: Float64Array;
  /** Variance of the rows' means, divisor M - 1. */
  readonly ofRows: number;
  /** What the choice of rows adds to the variance of the mean. */
  readonly rows: number;
}

/**
 * Mean of marks (1 right, 0 wrong) with the interval for other masks and other images: Wilson's at the sample size that
 * explains the variance, p (1 - p) / variance, with Student's quantile (the effective sample size of survey statistics:
 * Korn and Graubard, Survey Methodology 1998). It lies within [0, 1]; where all masks agree it is Wilson's of the images.
 * One mask says nothing of others: [0, 1]. Throws RangeError for rows of different lengths or no marks.
 */
export function crossedProportion(marks: Marks, confidence = 0.95): Interval {
  requireConfidence(confidence);
  const parts = partsOf(marks);
  const { mean: p, columnMeans, rows, ofRows } = parts;
  if (marks.length === 1) return { estimate: p, low: 0, high: 1, confidence };
  const n = columnMeans.length;
  const images = squaresAround(columnMeans, p) / n / n;
  const variance = rows + images;
  const size = variance === 0 ? n : Math.min((p * (1 - p)) / variance, n * marks.length);
  const z = quantile(confidence, marks.length, variance, ofRows / marks.length);
  return { ...scoreInterval(p, size, z), confidence };
}

/** What damage costs: the mean over masks, and one more mask, both for other images of the same kind. */
export interface CrossedLoss {
  readonly mean: Interval;
  /** Wider: the next mask has a spread of its own. */
  readonly next: Interval;
}

/**
 * Share of images right without errors less the share right with them, image by image, so that what an image costs
 * either way cancels. Half an image is added to each of the four outcomes of a pair, as Agresti and Min do (Biometrics
 * 2005), so that no loss seen among n images is no proof of none. Ends lie within [-1, 1]; one mask gives those ends.
 */
export function crossedLoss(clean: ArrayLike<number>, marks: Marks, confidence = 0.95): CrossedLoss {
  requireConfidence(confidence);
  const lost = marks.map((row) => {
    if (row.length !== clean.length)
      throw new RangeError(`${row.length} values cannot be paired with ${clean.length}`);
    return Float64Array.from(row, (mark, image) => clean[image]! - mark);
  });
  const { mean: estimate, columnMeans, rows, ofRows } = partsOf(lost);
  if (marks.length === 1) {
    const unknown = { estimate, low: -1, high: 1, confidence };
    return { mean: unknown, next: unknown };
  }
  const { centre, variance: images } = smoothed(columnMeans);
  const masks = marks.length;
  const around = (variance: number, ofMasks: number): Interval =>
    within(
      estimate,
      centre,
      quantile(confidence, masks, variance, ofMasks) * Math.sqrt(variance),
      confidence,
    );
  return {
    mean: around(rows + images, ofRows / masks),
    next: around(rows + images + ofRows, ofRows * (1 + 1 / masks)),
  };
}

/**
 * Difference of the shares of images that two treatments get right, a - b, over other images of the same kind: the
 * adjusted Wald interval of Agresti and Min (Biometrics 2005). It has a width even where the two agree on every image.
 * Throws RangeError when the lengths differ.
 */
export function pairedShares(a: ArrayLike<number>, b: ArrayLike<number>, confidence = 0.95): Interval {
  requireConfidence(confidence);
  if (a.length !== b.length) throw new RangeError(`${a.length} values cannot be paired with ${b.length}`);
  const differences = Float64Array.from(a, (value, image) => value - b[image]!);
  const { centre, variance } = smoothed(differences);
  const half = normalQuantile((1 + confidence) / 2) * Math.sqrt(variance);
  return within(mean(differences), centre, half, confidence);
}

/** Mean and its variance with half an image added to each outcome of a pair: two images, whose differences are -1, 0, 0 and 1 by halves. */
function smoothed(differences: Float64Array): { readonly centre: number; readonly variance: number } {
  const n = differences.length + 2;
  const centre = sum(differences) / n;
  const squares = differences.reduce((total, value) => total + value * value, 0) + 1;
  return { centre, variance: (squares / n - centre * centre) / n };
}

const within = (estimate: number, centre: number, half: number, confidence: number): Interval => ({
  estimate,
  low: Math.max(-1, centre - half),
  high: Math.min(1, centre + half),
  confidence,
});

function partsOf(table: Marks): Parts {
  const masks = table.length;
  const n = table[0]?.length ?? 0;
  if (n === 0) throw new RangeError('the mean of no values');
  const columnMeans = new Float64Array(n);
  let squares = 0;
  for (const row of table) {
    if (row.length !== n) throw new RangeError(`a row of ${row.length} values beside one of ${n}`);
    for (let image = 0; image < n; image++) {
      columnMeans[image]! += row[image]! / masks;
      squares += row[image]! * row[image]!;
    }
  }
  const rowMeans = table.map((row) => mean(row));
  const centre = mean(rowMeans);
  if (masks === 1) return { mean: centre, columnMeans, ofRows: 0, rows: 0 };
  const ofRows = sampleVariance(rowMeans);
  const betweenRows = squaresAround(rowMeans, centre) * n;
  const betweenColumns = squaresAround(columnMeans, centre) * masks;
  const residual = squares - masks * n * centre * centre - betweenRows - betweenColumns;
  const residualMeanSquare = Math.max(0, residual) / ((masks - 1) * Math.max(1, n - 1));
  const rows = Math.max(0, ofRows / masks - residualMeanSquare / (masks * n));
  return { mean: centre, columnMeans, ofRows, rows };
}

/** Student's quantile by the degrees of freedom of a variance of which `ofMasks` was estimated from `masks` masks. */
function quantile(confidence: number, masks: number, variance: number, ofMasks: number): number {
  const p = (1 + confidence) / 2;
  const ratio = variance / ofMasks;
  const df = (masks - 1) * (ratio * ratio);
  // Also where the masks agree, and nothing is left to divide by.
  if (!(df < MANY)) return normalQuantile(p);
  return studentQuantile(p, Math.max(df, masks - 1));
}

/** Degrees of freedom from which on Student's quantile is the normal one to six digits. */
const MANY = 1e6;

const sum = (values: ArrayLike<number>): number => {
  let total = 0;
  for (let k = 0; k < values.length; k++) total += values[k]!;
  return total;
};

const squaresAround = (values: ArrayLike<number>, centre: number): number => {
  let total = 0;
  for (let k = 0; k < values.length; k++) {
    const from = values[k]! - centre;
    total += from * from;
  }
  return total;
};
