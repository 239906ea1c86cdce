import type { Placement } from '../hardware/placement.ts';
import { freeSubarrays } from './free-subarrays.ts';
import { placedBytes } from './placed-bytes.ts';
import type { PlacementRequest } from './placement-request.ts';
import { isSafe } from './subarray-safety.ts';

/** How a placement uses the subarrays of a device, counted against the request's limit. */
export interface SubarrayUse {
  /** Subarrays that hold weights. */
  readonly used: number;
  /** Those of them whose bit error rate is above the limit. */
  readonly aboveLimit: number;
  /** Subarrays within the limit that hold no other data. */
  readonly safe: number;
  /** Those of them that hold no weights either. */
  readonly safeLeft: number;
}

/** Counts what a placement uses; `subarrayBer` must hold the error rates even where the policy needs none. */
export function subarrayUse(
  placement: Placement,
  request: Pick<PlacementRequest, 'organisation' | 'subarrayBer' | 'berLimit' | 'occupied'>,
): SubarrayUse {
  const { organisation, subarrayBer, berLimit, occupied = 0 } = request;
  const used = placedBytes(placement, organisation);
  const safe = freeSubarrays(organisation, occupied).filter(isSafe(request));
  return {
    used: used.size,
    aboveLimit: [...used.keys()].filter((index) => subarrayBer[index]! > berLimit).length,
    safe: safe.length,
    safeLeft: safe.filter(({ index }) => !used.has(index)).length,
  };
}
