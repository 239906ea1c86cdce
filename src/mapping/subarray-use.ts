import type { Organisation } from '../hardware/device.ts';
import type { Placement } from '../hardware/placement.ts';
import { freeSubarrays } from './free-subarrays.ts';
import { partOfPlacement } from './part-of-placement.ts';
import { placedBytes } from './placed-bytes.ts';
import type { PlacementRequest, TensorContents } from './placement-request.ts';
import { isSafe } from './subarray-safety.ts';
import { byLimit } from './tensor-limits.ts';

/** How a placement uses the subarrays of a device, counted against the request's limit. */
export interface SubarrayUse {
  /** Subarrays that hold weights. */
  readonly used: number;
  /** Those of them whose bit error rate is above the limit; of tensors with limits of their own above that of one that lies there. */
  readonly aboveLimit: number;
  /** Subarrays within the limit that hold no other data. */
  readonly safe: number;
  /** Those of them that hold no weights either. */
  readonly safeLeft: number;
}

/** Counts what a placement uses; `subarrayBer` must hold the error rates even where the policy needs none. */
export function subarrayUse(
  placement: Placement,
  request: Pick<PlacementRequest, 'organisation' | 'subarrayBer' | 'berLimit' | 'occupied' | 'contents'>,
): SubarrayUse {
  const { organisation, subarrayBer, berLimit, occupied = 0, contents = [] } = request;
  const used = placedBytes(placement, organisation);
  const safe = freeSubarrays(organisation, occupied).filter(isSafe(request));
  const above = contents.some((tensor) => tensor.berLimit !== undefined)
    ? new Set(
        byLimit(contents, berLimit).flatMap((group) =>
          group.tensors.flatMap((tensor) =>
            subarraysOf(tensor, placement, organisation).filter(
              (index) => subarrayBer[index]! > group.berLimit,
            ),
          ),
        ),
      ).size
    : [...used.keys()].filter((index) => subarrayBer[index]! > berLimit).length;
  return {
    used: used.size,
    aboveLimit: above,
    safe: safe.length,
    safeLeft: safe.filter(({ index }) => !used.has(index)).length,
  };
}

/** The subarrays that hold bytes of a tensor. */
function subarraysOf(
  { firstByte, rowStride, fragility }: TensorContents,
  placement: Placement,
  organisation: Organisation,
): number[] {
  const end = firstByte + rowStride * fragility.length;
  return [...placedBytes(partOfPlacement(placement, firstByte, end), organisation).keys()];
}
