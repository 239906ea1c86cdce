import { countReads } from '../../dram/count-reads.ts';
import { leftBySecded, type SideEcc } from '../../faults/side-ecc.ts';
import { bankLevels, subarrayIndex } from '../../hardware/bank-index.ts';
import { bytesPerBurst, type Organisation } from '../../hardware/device.ts';
import { watchWrongReads } from './watch-wrong-reads.ts';
import type { WatchedChip, WatchOptions, WrongReadWatch } from './watched-chip.ts';

/**
 * Whether the wrong reads follow from how often each burst is read, whatever the memory does in which order: then one replay
 * counts for all supplies and chips.
 */
export const followFromCounts = (chips: readonly WatchedChip[], { forwarded, list }: WatchOptions): boolean =>
  !forwarded && list === undefined && chips.every(({ wrong }) => wrong.alwaysFlips);

/** Finds the wrong reads of a replay, for every chip and supply that shares its commands. */
export function watchReplay(
  organisation: Organisation,
  chips: readonly WatchedChip[],
  options: WatchOptions,
): WrongReadWatch {
  if (chips.length === 0) return { settle() {} };
  if (!followFromCounts(chips, options)) return watchWrongReads(organisation, chips, options);
  const take = tallyOf(organisation, chips, options.ecc);
  const { sent, settle } = countReads(organisation, take);
  return { sent, settle };
}

/** Adds the wrong reads of one row, of whose burst c `reads[c]` reads were made. */
function tallyOf(organisation: Organisation, chips: readonly WatchedChip[], ecc: SideEcc) {
  const levels = bankLevels(organisation);
  const burstBits = bytesPerBurst(organisation) * 8;
  return (channel: number, rank: number, bank: number, row: number, reads: Float64Array): void => {
    for (const { wrong, found } of chips) {
      const { bits } = wrong.of(channel, rank, bank, row);
      if (bits.length === 0) continue;
      let readsWrong = 0;
      let bitsWrong = 0;
      for (let i = 0; i < bits.length; ) {
        const column = Math.floor(bits[i]! / burstBits);
        const end = (column + 1) * burstBits;
        const first = i;
        while (i < bits.length && bits[i]! < end) i++;
        const times = reads[column]!;
        if (times === 0) continue;
        const left = ecc === 'none' ? i - first : leftBySecded(ofBurst(bits, first, i, burstBits)).length;
        if (left > 0) readsWrong += times;
        bitsWrong += times * left;
      }
      const subarray = subarrayIndex(levels, channel, rank, bank, row);
      found.readsWrong[subarray]! += readsWrong;
      found.bitsWrong[subarray]! += bitsWrong;
    }
  };
}

/** Bits `from` to before `to` of a row's list, counted from the beginning of their burst. */
const ofBurst = (bits: Uint32Array, from: number, to: number, burstBits: number): number[] =>
  Array.from(bits.subarray(from, to), (bit) => bit % burstBits);
