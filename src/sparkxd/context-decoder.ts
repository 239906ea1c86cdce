import { log10 } from '../elementary/logarithm.ts';
import { pow10 } from '../elementary/power.ts';
import type { WeightFormat } from '../snn/weight-format.ts';
import { type ContextTables, learnContextTables, type WeightPrior } from './repair-context.ts';

/** Tables of the repair `context` for any format and bit error rate, learnt from one prior. */
export interface ContextDecoder {
  /** Tables for a rate above 0, rounded to a tenth of a decade: a loader has a few tables, not one for every chip. */
  tables(format: WeightFormat, ber: number): ContextTables;
  /** Tables for exactly this rate, above 0. */
  learn(format: WeightFormat, ber: number): ContextTables;
}

/** A decoder for codes that `ceiling` scales; it learns each table when it is first needed, and keeps it. */
export function createContextDecoder(prior: WeightPrior, ceiling: number): ContextDecoder {
  const known = new Map<string, ContextTables>();
  return {
    learn: (format, ber) => learnContextTables(prior, format, ber, ceiling),
    tables(format, ber) {
      const tenths = Math.round(10 * log10(ber));
      const key = `${format} ${tenths}`;
      const tables = known.get(key) ?? learnContextTables(prior, format, pow10(tenths / 10), ceiling);
      known.set(key, tables);
      return tables;
    },
  };
}
