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
  /** Whether it refuses subarrays above the limit, and so may find no room on a device that is large enough. */
  readonly careful: boolean;
  /**
   * For a careful policy that refuses them for a part of the image only: what messages call this part, which is the
   * policy's first filling. The other fillings take any subarray.
   */
  readonly carefulPart?: string;
  /** Whether the image holds each weight row as it is, or its bits sorted by their position (`toBitPlanes`). */
  readonly bitLayout: 'rows' | 'planes';
  /** The pieces of the image and the DRAM rows for them, out of the subarrays that hold no other data. */
  fillings(request: PlacementRequest, free: readonly IndexedSubarray[]): readonly Filling[];
}
