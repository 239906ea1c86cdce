import type { WeightFormat } from '../snn/weight-format.ts';
import type { ContextTables } from './repair-context.ts';
import type { ReceptiveFields } from './repair-field.ts';

/** All that the program knows of a repair on load. One file of `repairs/` each, listed in `repair-on-load.ts`. */
export interface LoadRepairDefinition {
  /** As the user writes it; also the name of its file. */
  readonly name: string;
  /** One line for help texts. */
  readonly summary: string;
  /**
   * What must have been read before a weight can be repaired: `weight`, the weight alone, so that a row is repaired as
   * it arrives; `tensor`, the whole matrix.
   */
  readonly scope: 'weight' | 'tensor';
  /** Whether it decodes with tables that were learned from another network. */
  readonly needsPrior: boolean;
  /**
   * The weights for codes as read, both inputs x neurons; `codes` stay as they are. A repair of scope `weight` looks
   * at nothing but the range of `fields` and takes any number of weights. `tables` are for a repair that needs a prior, which throws an
   * Error without them.
   */
  load(
    codes: Uint32Array,
    format: WeightFormat,
    fields: ReceptiveFields,
    tables?: ContextTables,
  ): Float32Array;
}
