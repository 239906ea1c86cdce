import type { Placement } from '../hardware/placement.ts';
import type { Bytes } from '../units/flavours.ts';
import { freeSubarrays } from './free-subarrays.ts';
import { partOfPlacement } from './part-of-placement.ts';
import { placedBytes } from './placed-bytes.ts';
import type { PlacementRequest } from './placement-request.ts';
import { isSafe } from './subarray-safety.ts';

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

/** A tensor in an image, with the limit of its own. */
export interface TensorLimit {
  readonly firstByte: Bytes;
  readonly endByte: Bytes;
  readonly berLimit: number;
}

/**
 * Counts what a placement uses; `subarrayBer` must hold the error rates even where the policy needs none. `limits` are those of all
 * tensors, where any has one of its own.
 */
export function subarrayUse(
  placement: Placement,
  request: Pick<PlacementRequest, 'organisation' | 'subarrayBer' | 'berLimit' | 'occupied'>,
  limits?: readonly TensorLimit[],
): SubarrayUse {
  const { organisation, subarrayBer, berLimit, occupied = 0 } = request;
  const used = placedBytes(placement, organisation);
  const safe = freeSubarrays(organisation, occupied).filter(isSafe(request));
  const above = (subarrays: Iterable<number>, limit: number): number[] =>
    [...subarrays].filter((index) => subarrayBer[index]! > limit);
  const aboveLimit = limits
    ? new Set(
        limits.flatMap((tensor) =>
          above(
            placedBytes(partOfPlacement(placement, tensor.firstByte, tensor.endByte), organisation).keys(),
            tensor.berLimit,
          ),
        ),
      ).size
    : above(used.keys(), berLimit).length;
  return {
    used: used.size,
    aboveLimit,
    safe: safe.length,
    safeLeft: safe.filter(({ index }) => !used.has(index)).length,
  };
}
