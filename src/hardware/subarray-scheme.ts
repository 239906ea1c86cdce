import type { ModelPlaces } from './model-places.ts';
import type { CommandName } from './standard.ts';

/** A scheme of `hw-models/subarrays/`: what its file says, and where. */
export interface SubarrayScheme {
  readonly keys: {
    readonly name: string;
    readonly title: string;
    readonly sources: Readonly<Record<string, string>>;
    /** Subarrays of a bank that may be open at once. */
    readonly open_subarrays: 1 | 2 | 'all';
    /** Whether a column needs its subarray selected. */
    readonly select: boolean;
    /** Commands that act on the whole bank. */
    readonly whole_bank: readonly CommandName[];
    /** Formulas of the parameters that the scheme adds, in cycles. */
    readonly parameters: Readonly<Record<string, string>>;
    readonly constraints: readonly {
      readonly preceding: readonly CommandName[];
      readonly following: readonly CommandName[];
      readonly latency: string;
      readonly sibling: boolean;
    }[];
  };
  /** Where its formulas stand, by "parameters.NAME" and "constraints.INDEX.latency". */
  readonly formulaPlaces: ModelPlaces;
}
