import { countReads, type RowReadCounts } from '../../dram/count-reads.ts';
import { leftBySecded, type SideEcc } from '../../faults/side-ecc.ts';
import { bankLevels, subarrayIndex } from '../../hardware/bank-index.ts';
import { burstsPerRow, bytesPerBurst, type Organisation } from '../../hardware/device.ts';
import { watchWrongReads } from './watch-wrong-reads.ts';
import type { WatchedChip, WatchOptions, WrongReads, WrongReadWatch } from './watched-chip.ts';

/**
 * Whether the wrong reads follow from how often each burst is read, whatever the memory does in which order: then one replay
 * counts for all supplies and chips.
 */
export const followFromCounts = (
  chips: readonly WatchedChip[],
  { draw, forwarded, list }: WatchOptions,
): boolean =>
  draw !== 'persistent' && !forwarded && list === undefined && chips.every(({ wrong }) => wrong.alwaysFlips);

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

/** Adds the wrong reads of one row, of whose bursts so many reads were made. */
function tallyOf(organisation: Organisation, chips: readonly WatchedChip[], ecc: SideEcc): RowReadCounts {
  const levels = bankLevels(organisation);
  const burstBits = bytesPerBurst(organisation) * 8;
  const bits = new Uint32Array(Math.max(...chips.map(({ wrong }) => wrong.rowBits)));
  /** The number of the latest row in which a burst was found wrong. */
  const foundIn = new Float64Array(burstsPerRow(organisation));
  let rows = 0;
  return (channel, rank, bank, row, readsOf) => {
    for (const { wrong, found } of chips) {
      const count = wrong.list(channel, rank, bank, row, bits);
      if (count === 0) continue;
      const reads = readsOf();
      const subarray = subarrayIndex(levels, channel, rank, bank, row);
      if (ecc !== 'none') {
        tallyCorrected(bits.subarray(0, count).sort(), reads, burstBits, found, subarray);
        continue;
      }
      rows++;
      let readsWrong = 0;
      let bitsWrong = 0;
      for (let i = 0; i < count; i++) {
        const column = Math.floor(bits[i]! / burstBits);
        const times = reads[column]!;
        bitsWrong += times;
        if (foundIn[column] === rows) continue;
        foundIn[column] = rows;
        readsWrong += times;
      }
      found.readsWrong[subarray]! += readsWrong;
      found.bitsWrong[subarray]! += bitsWrong;
    }
  };
}

/** The same with check bits beside the data; `bits` ascend. */
function tallyCorrected(
  bits: Uint32Array,
  reads: Float64Array,
  burstBits: number,
  found: WrongReads,
  subarray: number,
): void {
  for (let i = 0; i < bits.length; ) {
    const column = Math.floor(bits[i]! / burstBits);
    const first = i;
    while (i < bits.length && bits[i]! < (column + 1) * burstBits) i++;
    // A single wrong bit of a word is always put right.
    if (i - first === 1) continue;
    const left = leftBySecded(Array.from(bits.subarray(first, i), (bit) => bit % burstBits)).length;
    if (left > 0) found.readsWrong[subarray]! += reads[column]!;
    found.bitsWrong[subarray]! += reads[column]! * left;
  }
}
