/** An estimate with its two-sided confidence interval. */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  /** Two-sided confidence, for instance 0.95. */
  readonly confidence: number;
}

export function requireConfidence(confidence: number): void {
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(`confidence ${confidence} is not between 0 and 1`);
}

export function requireCounts(successes: number, n: number): void {
  if (!Number.isInteger(n) || !Number.isInteger(successes) || n < 0 || successes < 0 || successes > n)
    throw new RangeError(`${successes} of ${n} is not a count of successes`);
}
