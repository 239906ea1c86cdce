import type { Organisation } from '../hardware/device.ts';
import { mix32 } from '../random/counter-hash.ts';
import { allSubarrays, type IndexedSubarray } from './row-orders.ts';

/**
 * The subarrays that other data leaves free when it holds a share of them (0 to 1, rounded down to whole subarrays).
 * Which ones are taken is scattered over the device by a fixed hash of the subarray's index and knows nothing of
 * their errors; those taken at a smaller share are taken at a larger one, too.
 */
export function freeSubarrays(organisation: Organisation, occupied: number): IndexedSubarray[] {
  const places = allSubarrays(organisation);
  const taken = Math.floor(occupied * places.length);
  if (taken === 0) return places;
  return places
    .toSorted((a, b) => mix32(a.index + 1) - mix32(b.index + 1) || a.index - b.index)
    .slice(taken)
    .sort((a, b) => a.index - b.index);
}
