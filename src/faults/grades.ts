import { normalCdf, normalQuantile } from '../stats/normal.ts';

/** How many grades the bitlines (or rows) of a subarray fall into. */
export const GRADES = 8;

/**
 * Lines of a subarray sorted into grades of relative weakness. A line is ranked by a random permutation; ranks
 * `start[g]` to `start[g + 1]` have grade g. The mean of `factor` over all lines is exactly 1, so that clustering
 * moves weak cells about and never changes how many there are.
 */
export interface Grades {
  readonly factor: Float64Array;
  readonly start: Uint32Array;
}

/** Limits of the grades of `lines` lines, without their factors: ranks, and the normal quantiles of those ranks. */
export interface GradeLimits {
  readonly start: Uint32Array;
  readonly quantile: Float64Array;
}

export function gradeLimits(lines: number): GradeLimits {
  const grades = Math.min(GRADES, lines);
  const start = Uint32Array.from({ length: grades + 1 }, (_, g) => Math.round((g * lines) / grades));
  const quantile = Float64Array.from(start, (rank) =>
    rank === 0
      ? Number.NEGATIVE_INFINITY
      : rank === lines
        ? Number.POSITIVE_INFINITY
        : normalQuantile(rank / lines),
  );
  return { start, quantile };
}

/**
 * Factors of grades whose lines are log-normal with standard deviation `spread` of the logarithm: each grade has the
 * mean factor of its slice of the distribution (for quantile limits z: Phi(z' - spread) - Phi(z - spread), the Lorenz
 * curve of the log-normal distribution).
 */
export function gradeFactors({ start, quantile }: GradeLimits, spread: number): Float64Array {
  const grades = start.length - 1;
  const lines = start[grades]!;
  const factor = new Float64Array(grades);
  let below = 0;
  for (let g = 0; g < grades; g++) {
    const next = g === grades - 1 ? 1 : normalCdf(quantile[g + 1]! - spread);
    factor[g] = ((next - below) * lines) / (start[g + 1]! - start[g]!);
    below = next;
  }
  return factor;
}

/** Grades of `lines` lines with a spread; a single grade of factor 1 when all lines are alike. */
export function lognormalGrades(lines: number, spread: number): Grades {
  if (spread === 0) return { factor: Float64Array.of(1), start: Uint32Array.of(0, lines) };
  const limits = gradeLimits(lines);
  return { factor: gradeFactors(limits, spread), start: limits.start };
}
