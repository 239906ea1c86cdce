import type { WeightFormat } from '../snn/weight-format.ts';
import type { WeightRange } from '../snn/weight-range.ts';
import type { ContextTables } from './repair-context.ts';
import type { ReceptiveFields } from './repair-field.ts';

/** All that the program knows of a repair on load. One file of `repairs/` each, listed in `repair-on-load.ts`. */
export type LoadRepairDefinition = WeightRepairDefinition | MatrixRepairDefinition;

interface Described {
  /** As the user writes it; also the name of its file. */
  readonly name: string;
  /** One line for help texts. */
  readonly summary: string;
}

/** A repair that looks at a weight alone, so that a row is repaired as it arrives. */
export interface WeightRepairDefinition extends Described {
  readonly scope: 'weight';
  readonly needsPrior: false;
  /** Whether it knows ranges of weights of both signs. */
  readonly signed: boolean;
  /** The weights for codes as read, any number of them; `codes` stay as they are. */
  load(codes: Uint32Array, format: WeightFormat, range: WeightRange): Float32Array;
}

/** A repair that needs the whole matrix of a Diehl & Cook network, and what is known of it. */
export interface MatrixRepairDefinition extends Described {
  readonly scope: 'tensor';
  /** Whether it decodes with tables that were learned from another network. */
  readonly needsPrior: boolean;
  /**
   * The weights for codes as read, both inputs x neurons; `codes` stay as they are. `tables` are for a repair that needs a prior,
   * which throws an Error without them.
   */
  load(
    codes: Uint32Array,
    format: WeightFormat,
    fields: ReceptiveFields,
    tables?: ContextTables,
  ): Float32Array;
}
