import { sinOfTurns } from '../elementary/circle.ts';
import { exp } from '../elementary/exponential.ts';
import { log } from '../elementary/logarithm.ts';

const LANCZOS_G = 7;
/** Coefficients of Godfrey's form of Lanczos' approximation for g = 7, n = 9; relative error below 1e-14. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;

/** Natural logarithm of the gamma function for x > 0. */
export function logGamma(x: number): number {
  if (x < 0.5) return log(Math.PI / sinOfTurns(x / 2)) - logGamma(1 - x);
  const shifted = x - 1;
  let sum: number = LANCZOS[0];
  for (let i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i]! / (shifted + i);
  const t = shifted + LANCZOS_G + 0.5;
  return 0.5 * log(2 * Math.PI) + (shifted + 0.5) * log(t) - t + log(sum);
}

const TERMS = 10_000;
const PRECISION = 1e-16;
const TINY = 1e-300;

/** Upper regularised incomplete gamma function Q(a, x) = Gamma(a, x) / Gamma(a), for a > 0 and x >= 0. */
export function upperIncompleteGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  return x < a + 1 ? 1 - lowerSeries(a, x) : upperFraction(a, x);
}

/** Lower regularised incomplete gamma function P(a, x) = 1 - Q(a, x), accurate where it is small. */
export function lowerIncompleteGamma(a: number, x: number): number {
  if (x <= 0) return 0;
  return x < a + 1 ? lowerSeries(a, x) : 1 - upperFraction(a, x);
}

function lowerSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < TERMS; n++) {
    term *= x / (a + n);
    sum += term;
    if (term < sum * PRECISION) break;
  }
  return sum * exp(a * log(x) - x - logGamma(a));
}

/** Legendre's continued fraction by Lentz' method. */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < TERMS; n++) {
    const numerator = n * (a - n);
    b += 2;
    d = 1 / nonZero(numerator * d + b);
    c = nonZero(b + numerator / c);
    fraction *= c * d;
    if (Math.abs(c * d - 1) < PRECISION * 4) break;
  }
  return fraction * exp(a * log(x) - x - logGamma(a));
}

const nonZero = (x: number): number => (Math.abs(x) < TINY ? TINY : x);
