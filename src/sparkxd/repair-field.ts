import type { WeightRange } from '../snn/weight-range.ts';

/**
 * What a loader knows about weights without looking at the images they were trained on: each neuron's weights form a
 * picture as large as the input, its receptive field, and training brought their sum to a known value.
 */
export interface ReceptiveFields extends WeightRange {
  readonly imageRows: number;
  readonly imageColumns: number;
  readonly neurons: number;
  readonly weightSum: number;
  /** What each neuron's weights sum to, where it differs between them; by default `weightSum` for all. */
  readonly sums?: Float32Array;
}

/** Scales each neuron's weights to the known sum, none above the ceiling; a neuron without weights stays so. In place. */
export function restoreSums(
  weights: Float32Array,
  { neurons, weightSum, sums, ceiling }: ReceptiveFields,
): void {
  const found = neuronSums(weights, neurons);
  for (let first = 0; first < weights.length; first += neurons)
    for (let neuron = 0; neuron < neurons; neuron++) {
      if (found[neuron] === 0) continue;
      const weight = weights[first + neuron]! * ((sums?.[neuron] ?? weightSum) / found[neuron]!);
      weights[first + neuron] = Math.min(weight, ceiling);
    }
}

/** How far a weight may be from the median of its neighbours before it counts as an error, as a share of the ceiling. */
const OUTLIER = 0.25;

/**
 * Receptive fields are smooth: a weight further than a quarter of the ceiling from the median of its neighbours (up to 8 in the picture)
 * is replaced by that median. Judged on the weights as given, not on those already replaced. In place.
 */
export function replaceOutliers(weights: Float32Array, fields: ReceptiveFields): void {
  const { neurons } = fields;
  const farthest = OUTLIER * fields.ceiling;
  const given = weights.slice();
  const around = new Float32Array(8);
  forEachPixel(fields, (pixel, neighbours) => {
    for (let neuron = 0; neuron < neurons; neuron++) {
      for (let n = 0; n < neighbours.length; n++) around[n] = given[neighbours[n]! * neurons + neuron]!;
      const middle = median(around, neighbours.length);
      const at = pixel * neurons + neuron;
      if (Math.abs(given[at]! - middle) > farthest) weights[at] = middle;
    }
  });
}

/** Mean of each weight's neighbours in its receptive field, in the order of the weights. */
export function neighbourMeans(weights: Float32Array, fields: ReceptiveFields): Float32Array {
  const { neurons } = fields;
  const means = new Float32Array(weights.length);
  forEachPixel(fields, (pixel, neighbours) => {
    for (let neuron = 0; neuron < neurons; neuron++) {
      let sum = 0;
      for (let n = 0; n < neighbours.length; n++) sum += weights[neighbours[n]! * neurons + neuron]!;
      means[pixel * neurons + neuron] = neighbours.length === 0 ? 0 : sum / neighbours.length;
    }
  });
  return means;
}

/** Each pixel of the picture with those around it: 8 inside, fewer at the edge. */
function forEachPixel(
  { imageRows, imageColumns }: ReceptiveFields,
  visit: (pixel: number, neighbours: readonly number[]) => void,
): void {
  for (let row = 0; row < imageRows; row++)
    for (let column = 0; column < imageColumns; column++) {
      const neighbours: number[] = [];
      for (let r = Math.max(0, row - 1); r <= Math.min(imageRows - 1, row + 1); r++)
        for (let c = Math.max(0, column - 1); c <= Math.min(imageColumns - 1, column + 1); c++)
          if (r !== row || c !== column) neighbours.push(r * imageColumns + c);
      visit(row * imageColumns + column, neighbours);
    }
}

/** The middle of the first `count` values, or the mean of the two in the middle; sorts them. Of no values: 0. */
function median(values: Float32Array, count: number): number {
  for (let k = 1; k < count; k++) {
    const value = values[k]!;
    let at = k;
    for (; at > 0 && values[at - 1]! > value; at--) values[at] = values[at - 1]!;
    values[at] = value;
  }
  if (count === 0) return 0;
  const half = count >> 1;
  return count % 2 === 1 ? values[half]! : (values[half - 1]! + values[half]!) / 2;
}

/** Sum of each neuron's weights. */
export function neuronSums(weights: Float32Array, neurons: number): Float64Array {
  const sums = new Float64Array(neurons);
  for (let first = 0; first < weights.length; first += neurons)
    for (let neuron = 0; neuron < neurons; neuron++) sums[neuron]! += weights[first + neuron]!;
  return sums;
}
