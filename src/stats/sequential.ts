import type { Interval } from './interval.ts';
import { requireConfidence } from './interval.ts';
import { wilson } from './wilson.ts';

/** What a sample says about "is the proportion at least the bound?" */
export type Verdict = 'above' | 'below' | 'undecided';

/**
 * Confidence to use at look number `look` (1, 2, ...) so that all looks together err at most with probability
 * 1 - confidence: look k spends 1 / (k (k + 1)) of the error, and these shares sum to one (union bound).
 */
export function confidenceAtLook(look: number, confidence: number): number {
  requireConfidence(confidence);
  if (!Number.isInteger(look) || look < 1) throw new RangeError(`look ${look}: looks count from 1`);
  return 1 - (1 - confidence) / (look * (look + 1));
}

/**
 * Sequential test of a proportion against a bound: call it after each batch with the totals so far and stop at the
 * first verdict that is not 'undecided'. However often it is asked, it errs with probability at most
 * 1 - confidence (to the accuracy of Wilson's interval).
 */
export function sequentialVerdict(
  successes: number,
  n: number,
  bound: number,
  look: number,
  confidence = 0.95,
): { verdict: Verdict; interval: Interval } {
  const interval = wilson(successes, n, confidenceAtLook(look, confidence));
  const verdict = interval.low >= bound ? 'above' : interval.high < bound ? 'below' : 'undecided';
  return { verdict, interval };
}
