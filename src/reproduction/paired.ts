import { mean } from '../stats/moments.ts';
import type { ReproducedStudy } from './reproduction-study.ts';

/**
 * Accuracy of each training less that of its partner, the study of the same network and seed among the others: mean over the
 * chips that both have, chip by chip. With a single training, a value a chip.
 */
export function pairedBy(studies: readonly ReproducedStudy[], others: readonly ReproducedStudy[]): number[] {
  const differences = studies.map(({ network, trainingSeed, rows }) => {
    const partner = others.find((other) => other.network === network && other.trainingSeed === trainingSeed);
    const accuracyOf = new Map(partner?.rows.map(({ chip, accuracy }) => [chip, accuracy]));
    return rows.flatMap(({ chip, accuracy }) => {
      const other = accuracyOf.get(chip);
      return other === undefined ? [] : [accuracy - other];
    });
  });
  return differences.length === 1 ? differences[0]! : differences.map((chips) => mean(chips));
}
