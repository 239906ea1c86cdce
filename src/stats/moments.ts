/** Arithmetic mean, summed from the first value's distance so that equal values have exactly that mean. */
export function mean(values: ArrayLike<number>): number {
  const first = values[0]!;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! - first;
  return first + sum / values.length;
}

/** Unbiased sample variance (divisor n - 1); needs two values. */
export function sampleVariance(values: ArrayLike<number>): number {
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const from = values[i]! - centre;
    sum += from * from;
  }
  return sum / (values.length - 1);
}
