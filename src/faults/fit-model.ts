import { exp } from '../elementary/exponential.ts';
import { log, log1p } from '../elementary/logarithm.ts';
import { InputError } from '../errors/input-error.ts';
import { clopperPearson } from '../stats/binomial.ts';
import type { Interval } from '../stats/interval.ts';
import { invertIncreasing } from '../stats/invert.ts';
import { normalQuantile } from '../stats/normal.ts';
import {
  ANTI_ROWS,
  type AntiRows,
  ERROR_MODEL_IDS,
  type ErrorModelId,
  isAntiRow,
  MAX_SPREAD,
} from './error-model.ts';
import { gradeFactors, gradeLimits } from './grades.ts';
import { countLines, type LineData } from './line-counts.ts';
import type { WeakCellMap } from './weak-cell-map.ts';

/** One model's account of a map. Likelihoods are relative to model 0's. */
export interface ModelFit {
  readonly id: ErrorModelId;
  /** ln(likelihood / that of model 0), both at their likeliest parameters. */
  readonly logLikelihoodRatio: number;
  /** The same less what an additional parameter must gain; the model with the highest score is taken. */
  readonly score: number;
  /** Models 1 and 2: spread of the weak shares. */
  readonly spread?: Interval;
  /** Flip probability of weak cells; models 0 to 2 do not ask what they store. */
  readonly flip?: Interval;
  /** Model 3: by the charge of the cell, with the rows of anti cells that explain the map best. */
  readonly flipCharged?: Interval;
  readonly flipDischarged?: Interval;
  readonly antiRows?: AntiRows;
}

export interface MapFit {
  readonly weak: number;
  /** Share of the cells that are weak (EDEN's P). */
  readonly share: Interval;
  readonly best: ErrorModelId;
  /** Models 0 to 3, in this order. */
  readonly models: readonly ModelFit[];
}

const CONFIDENCE = 0.95;
/** How often a map without a model's structure may be taken to have it. */
const CHANCE = 0.01;
/**
 * What a model with a parameter more than model 0 must gain in log-likelihood: twice the gain that chance gives is,
 * with the parameter at the end of its range, zero or chi-square of one degree, half and half (Chernoff 1954).
 */
const PRICE = halfSquare(normalQuantile(1 - CHANCE));

/**
 * The most likely of EDEN's four models for a measured map, by maximum likelihood, as EDEN selects its model; a model
 * with a parameter more must be likelier than chance would make it once in a hundred maps, so a map without structure
 * is model 0's.
 *
 * Spatial structure is judged within each subarray (subarrays differ under every model): the counts per bitline or row
 * are binomial with the subarray's share times the line's factor, whose distribution is the generator's own. Flip
 * probabilities are taken as measured over `reads` reads with the cell storing 0 and as many storing 1.
 *
 * Considers the cells that fail at `supply`; `cells` is how many cells the map is about (the whole memory's, or those of
 * the part that was measured). Throws InputError when there are fewer than two weak ones.
 */
export function fitErrorModel(map: WeakCellMap, supply: number, reads: number, cells: number): MapFit {
  const bitlines = countLines(map, supply, 'bitlines');
  const rows = countLines(map, supply, 'rows');
  const flips = countFlips(map, supply, reads);
  const { weak } = flips;
  if (weak < 2)
    throw new InputError(`${weak} weak cells at ${supply} V are too few to fit a model to`, {
      remedy: 'fit at a lower supply, or measure more of the memory',
    });
  const along = { 1: fitSpread(bitlines), 2: fitSpread(rows) };
  const data = fitDataDependence(flips);
  const models: ModelFit[] = ERROR_MODEL_IDS.map((id) => {
    if (id === 0) return { id, logLikelihoodRatio: 0, score: 0, flip: flips.all };
    if (id === 3)
      return {
        id,
        logLikelihoodRatio: data.ratio,
        score: data.ratio - PRICE,
        flipCharged: data.charged,
        flipDischarged: data.discharged,
        antiRows: data.antiRows,
      };
    const { ratio, spread } = along[id];
    return { id, logLikelihoodRatio: ratio, score: ratio - PRICE, spread, flip: flips.all };
  });
  const top = Math.max(...models.map(({ score }) => score));
  return {
    weak,
    share: clopperPearson(weak, cells, CONFIDENCE),
    // The first of equals: ties go to the simpler model.
    best: models.find(({ score }) => score === top)!.id,
    models,
  };
}

/** Most likely spread of the lines' factors, its likelihood against no spread, and its profile-likelihood interval. */
function fitSpread(data: LineData): { ratio: number; spread: Interval } {
  const limits = gradeLimits(data.linesPerSubarray);
  const weights = Float64Array.from(
    { length: limits.start.length - 1 },
    (_, g) => (limits.start[g + 1]! - limits.start[g]!) / data.linesPerSubarray,
  );
  const ratioAt = (spread: number): number => logRatio(data, gradeFactors(limits, spread), weights);
  const estimate = maximise(ratioAt, 0, MAX_SPREAD);
  const ratio = ratioAt(estimate);
  if (ratio <= 0) return { ratio: 0, spread: spreadInterval(ratioAt, 0, 0) };
  return { ratio, spread: spreadInterval(ratioAt, estimate, ratio) };
}

/** Spreads whose likelihood is within half a chi-square quantile of the best (Wilks 1938). */
function spreadInterval(ratioAt: (spread: number) => number, estimate: number, best: number): Interval {
  const drop = halfSquare(normalQuantile((1 + CONFIDENCE) / 2));
  const level = best - drop;
  const low = ratioAt(0) >= level ? 0 : solve((s) => ratioAt(s), level, 0, estimate);
  const high =
    ratioAt(MAX_SPREAD) >= level ? MAX_SPREAD : solve((s) => -ratioAt(s), -level, estimate, MAX_SPREAD);
  return { estimate, low, high, confidence: CONFIDENCE };
}

/** An increasing function reaches a target; four digits are plenty for an interval's end. */
function solve(f: (x: number) => number, target: number, low: number, high: number): number {
  const digits = 1e4;
  return (
    Math.round(invertIncreasing((x) => f(Math.round(x * digits) / digits), target, low, high) * digits) /
    digits
  );
}

/**
 * ln(likelihood of the counts when lines have these factors / when all lines are alike): for each line with c weak
 * cells of n, the mean over factors f of Binomial(c; n, p f), against Binomial(c; n, p).
 */
function logRatio(
  { cellsPerLine: n, subarrays }: LineData,
  factors: Float64Array,
  weights: Float64Array,
): number {
  let sum = 0;
  const weak = new Float64Array(factors.length);
  const sound = new Float64Array(factors.length);
  for (const { share, count, lines } of subarrays) {
    const alike = log1p(-Math.min(share, MOST));
    for (let g = 0; g < factors.length; g++) {
      const p = Math.min(share * factors[g]!, MOST);
      weak[g] = log(p / share);
      sound[g] = log1p(-p) - alike;
    }
    for (let i = 0; i < count.length; i++) {
      const c = count[i]!;
      let mixture = 0;
      for (let g = 0; g < factors.length; g++)
        mixture += weights[g]! * exp(c * weak[g]! + (n - c) * sound[g]!);
      sum += lines[i]! * log(mixture);
    }
  }
  return sum;
}

/** A line whose every cell is weak is as good as certain, not certain: its logarithm stays finite. */
const MOST = 1 - 1e-9;

/** Where a function of one hump is highest, to four digits: golden-section search. */
function maximise(f: (x: number) => number, low: number, high: number): number {
  const golden = (Math.sqrt(5) - 1) / 2;
  let [left, right] = [low, high];
  let a = right - golden * (right - left);
  let b = left + golden * (right - left);
  let [atA, atB] = [f(a), f(b)];
  while (right - left > 1e-4) {
    if (atA >= atB) {
      [right, b, atB] = [b, a, atA];
      a = right - golden * (right - left);
      atA = f(a);
    } else {
      [left, a, atA] = [a, b, atB];
      b = left + golden * (right - left);
      atB = f(b);
    }
  }
  return (left + right) / 2;
}

/** Flips seen and reads made, by stored value and by the parity of the row (anti cells alternate, if at all). */
interface FlipCounts {
  readonly weak: number;
  /** [row parity][stored] */
  readonly flipped: readonly [[number, number], [number, number]];
  readonly reads: readonly [[number, number], [number, number]];
  readonly all: Interval;
}

function countFlips(map: WeakCellMap, supply: number, readsPerValue: number): FlipCounts {
  const flipped: [[number, number], [number, number]] = [
    [0, 0],
    [0, 0],
  ];
  const reads: [[number, number], [number, number]] = [
    [0, 0],
    [0, 0],
  ];
  let weak = 0;
  for (let i = 0; i < map.size; i++) {
    if (!(map.failureVoltage[i]! > supply)) continue;
    weak++;
    const parity = map.row[i]! % 2 === 1 ? 1 : 0;
    for (const stored of [0, 1] as const) {
      flipped[parity][stored] += Math.round(map.flips[2 * i + stored]! * readsPerValue);
      reads[parity][stored] += readsPerValue;
    }
  }
  const total = (counts: [[number, number], [number, number]]): number =>
    counts.flat().reduce((a, b) => a + b, 0);
  return { weak, flipped, reads, all: clopperPearson(total(flipped), total(reads), CONFIDENCE) };
}

/** The likeliest layout of anti cells, with flip probabilities by charge, against one probability for all. */
function fitDataDependence(flips: FlipCounts) {
  const { flipped, reads } = flips;
  const alike = logBinomial(
    flipped.flat().reduce((a, b) => a + b, 0),
    reads.flat().reduce((a, b) => a + b, 0),
  );
  const layouts = ANTI_ROWS.map((antiRows) => {
    const charged = { flipped: 0, reads: 0 };
    const discharged = { flipped: 0, reads: 0 };
    for (const parity of [0, 1] as const)
      for (const stored of [0, 1] as const) {
        const side = (stored === 1) !== isAntiRow(antiRows, parity) ? charged : discharged;
        side.flipped += flipped[parity][stored];
        side.reads += reads[parity][stored];
      }
    return {
      antiRows,
      ratio:
        logBinomial(charged.flipped, charged.reads) +
        logBinomial(discharged.flipped, discharged.reads) -
        alike,
      charged: clopperPearson(charged.flipped, charged.reads, CONFIDENCE),
      discharged: clopperPearson(discharged.flipped, discharged.reads, CONFIDENCE),
    };
  });
  // Odd and even anti rows are each other's mirror image; charged cells are those that flip more.
  const sensible = layouts.filter(
    ({ antiRows, charged, discharged }) => antiRows === 'none' || charged.estimate >= discharged.estimate,
  );
  return sensible.reduce((best, layout) => (layout.ratio > best.ratio ? layout : best));
}

/** ln of the highest likelihood of k flips in n reads. */
function logBinomial(k: number, n: number): number {
  if (k === 0 || k === n) return 0;
  return k * log(k / n) + (n - k) * log1p(-k / n);
}

function halfSquare(x: number): number {
  return (x * x) / 2;
}
