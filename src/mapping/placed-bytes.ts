import { bankLevels, subarrayIndex } from '../hardware/bank-index.ts';
import type { Organisation } from '../hardware/device.ts';
import type { Placement } from '../hardware/placement.ts';

/**
 * Bytes of an image that lie in each subarray that holds any, by the subarray's index (hardware/bank-index.ts), in
 * order of first use.
 */
export function placedBytes(placement: Placement, organisation: Organisation): Map<number, number> {
  const { channel, rank, bank, row } = placement;
  const levels = bankLevels(organisation);
  const used = new Map<number, number>();
  for (let i = 0; i < placement.stretches; i++) {
    const subarray = subarrayIndex(levels, channel[i]!, rank[i]!, bank[i]!, row[i]!);
    used.set(subarray, (used.get(subarray) ?? 0) + placement.bytes[i]!);
  }
  return used;
}
