import { banksPerRank, type Organisation, subarraysPerBank } from '../hardware/device.ts';
import type { Placement } from '../hardware/placement.ts';

/**
 * Bytes of an image that lie in each subarray that holds any, by the subarray's number
 * ((channel * ranks + rank) * banks + bank) * subarrays + subarray, in order of first use.
 */
export function placedBytes(placement: Placement, organisation: Organisation): Map<number, number> {
  const used = new Map<number, number>();
  for (let i = 0; i < placement.stretches; i++) {
    const rank = placement.channel[i]! * organisation.ranks + placement.rank[i]!;
    const bank = rank * banksPerRank(organisation) + placement.bank[i]!;
    const subarray =
      bank * subarraysPerBank(organisation) + Math.floor(placement.row[i]! / organisation.rowsPerSubarray);
    used.set(subarray, (used.get(subarray) ?? 0) + placement.bytes[i]!);
  }
  return used;
}
