import type { Filling } from './fill-rows.ts';
import type { PlacementRequest } from './placement-request.ts';
import type { IndexedSubarray } from './row-orders.ts';

/** All that the program knows of a mapping policy. One file of `policies/` each, listed in `policy.ts`. */
export interface MappingPolicyDefinition {
  /** As the user writes it; also the name of its file. */
  readonly name: string;
  /** One line for help texts. */
  readonly summary: string;
  /** Whether the placement depends on the error rates of the subarrays; if not, `subarrayBer` may be empty. */
  readonly needsErrorRates: boolean;
  /**
   * Whether the order of the bits depends on the chip's weak cells at the supply: which cells they are, not only how many a
   * subarray has. Where the weights lie does not depend on it.
   */
  readonly needsWeakCells: boolean;
  /** Whether it refuses subarrays above the limit, and so may find no room on a device that is large enough. */
  readonly careful: boolean;
  /**
   * For a careful policy that refuses them for a part of the image only: what messages call this part, which is the
   * policy's first filling, or those that are `within` a limit of tensors. The other fillings take any subarray.
   */
  readonly carefulPart?: string;
  /** Whether it looks at the limits that tensors have of their own; other policies go by the limit of the request. */
  readonly limitsOfTensors?: true;
  /**
   * How the image lies in its place: `rows`, each weight row as it is; `planes`, the bits of a row sorted by their position
   * (`toBitPlanes`); `rotated`, each word rotated by what its weak cells ask for (`rotatedWords`), which needs them.
   */
  readonly bitLayout: 'rows' | 'planes' | 'rotated';
  /** The pieces of the image and the DRAM rows for them, out of the subarrays that hold no other data. */
  fillings(request: PlacementRequest, free: readonly IndexedSubarray[]): readonly Filling[];
}
