import type { PlacementRequest } from './placement-request.ts';
import type { IndexedSubarray } from './row-orders.ts';

type Quality = Pick<PlacementRequest, 'subarrayBer' | 'berLimit'>;

/** Whether a subarray's bit error rate is at most the request's limit. */
export const isSafe =
  ({ subarrayBer, berLimit }: Quality) =>
  ({ index }: IndexedSubarray): boolean =>
    subarrayBer[index]! <= berLimit;

/** Sorts subarrays by ascending bit error rate; equal ones by index. */
export const strongestFirst =
  ({ subarrayBer }: Quality) =>
  (a: IndexedSubarray, b: IndexedSubarray): number =>
    subarrayBer[a.index]! - subarrayBer[b.index]! || a.index - b.index;
