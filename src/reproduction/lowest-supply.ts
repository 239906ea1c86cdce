import { PUBLISHED_SUPPLIES } from '../results/published-savings.ts';
import { isWithin, studyAt } from './reproduction-statistics.ts';
import type { ReproducedStudy } from './reproduction-study.ts';

/** The lowest supply of the paper at which every chip of the studies keeps the bound; undefined if none. */
export function lowestSupply(studies: readonly ReproducedStudy[], mapping: string): number | undefined {
  const ascending = [...PUBLISHED_SUPPLIES].sort((a, b) => a - b);
  // All higher supplies must hold as well, lest chance at one of them be taken for tolerance.
  const broken = ascending.filter((supply) =>
    studies.some((study) => studyAt(study, supply, mapping).rows.some((row) => !isWithin(row))),
  );
  return ascending.find((supply) => broken.every((other) => other < supply));
}

/** Each study at the lowest supply at which its network keeps the bound, in a mapping; without rows where it never does. */
export const atLowestSupply = (studies: readonly ReproducedStudy[], mapping: string): ReproducedStudy[] =>
  studies.map((study) => {
    const same = studies.filter(({ network }) => network === study.network);
    const supply = lowestSupply(same, mapping);
    return supply === undefined ? { ...study, rows: [] } : studyAt(study, supply, mapping);
  });
