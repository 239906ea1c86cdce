import { normalCdf, normalQuantile } from '../stats/normal.ts';

/** How many grades the bitlines (or rows) of a subarray fall into. */
export const GRADES = 16;

/**
 * Lines of a subarray sorted into grades of relative weakness. A line is ranked by a random permutation; ranks
 * `start[g]` to `start[g + 1]` have grade g. The mean of `factor` over all lines is exactly 1, so that clustering
 * moves weak cells about and never changes how many there are.
 */
export interface Grades {
  readonly factor: Float64Array;
  readonly start: Uint32Array;
}

/**
 * Grades of `lines` lines whose factors are log-normal with standard deviation `spread` of the logarithm: each grade
 * is one sixteenth of the lines and has the mean factor of its slice of the distribution
 * (for quantile limits z: Phi(z' - spread) - Phi(z - spread), the Lorenz curve of the log-normal distribution).
 */
export function lognormalGrades(lines: number, spread: number): Grades {
  if (spread === 0) return { factor: Float64Array.of(1), start: Uint32Array.of(0, lines) };
  const grades = Math.min(GRADES, lines);
  const start = Uint32Array.from({ length: grades + 1 }, (_, g) => Math.round((g * lines) / grades));
  const below = (share: number): number =>
    share === 0 ? 0 : share === 1 ? 1 : normalCdf(normalQuantile(share) - spread);
  const factor = new Float64Array(grades);
  for (let g = 0; g < grades; g++) {
    const width = start[g + 1]! - start[g]!;
    factor[g] = ((below(start[g + 1]! / lines) - below(start[g]! / lines)) * lines) / width;
  }
  return { factor, start };
}
