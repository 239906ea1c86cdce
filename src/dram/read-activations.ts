import { bankLevels, rowIndex } from '../hardware/bank-index.ts';
import { burstsPerRow, type Organisation } from '../hardware/device.ts';
import type { CoreObserver } from './core/open-core.ts';
import { ACT, RD, RDA } from './issued-commands.ts';
import { type RewritesBefore, watchRewrites } from './row-rewrites.ts';

/** A burst of a memory; `bank` is flat in its rank, `column` counts bursts. */
export interface BurstPlace {
  readonly channel: number;
  readonly rank: number;
  readonly bank: number;
  readonly row: number;
  readonly column: number;
}

/**
 * Which activation of its row served each read of the bursts that are watched. Activations of a row count from 0. Reads of
 * one burst are served in the order in which they were requested.
 */
export interface ReadActivations {
  /** The number of a burst that is watched, which stands for it below; -1 for any other. */
  burst(place: BurstPlace): number;
  /** The activation that served read n (from 0) of a burst. Throws Error for a read that was not served yet. */
  of(burst: number, n: number): number;
  /**
   * The activation that served the first read of the burst's row since the row was last written anew before read n of the
   * burst; 0 where it never was. Throws Error for a read that was not served yet.
   */
  firstSinceRewriting(burst: number, n: number): number;
  /** Lets go of all reads of the bursts but the latest of each; earlier ones will not be asked for. */
  keepLatest(): void;
  /** What the controller of a channel must tell. */
  observer(channel: number): CoreObserver;
}

/** Watches bursts; each may be listed several times. With `rewritesBefore` all rows are written anew now and then. */
export function watchReads(
  organisation: Organisation,
  watched: Iterable<BurstPlace>,
  rewritesBefore?: RewritesBefore,
): ReadActivations {
  const levels = bankLevels(organisation);
  const columns = burstsPerRow(organisation);
  /** Where the bursts of a watched row begin in `burstAt`; its activations so far stand in `activations`. */
  const rows = new Map<number, number>();
  const places: BurstPlace[] = [];
  for (const place of watched) {
    const row = rowIndex(levels, place.channel, place.rank, place.bank, place.row);
    if (!rows.has(row)) rows.set(row, rows.size);
    places.push(place);
  }
  const activations = new Int32Array(rows.size);
  const burstAt = new Int32Array(rows.size * columns).fill(-1);
  const slotOf = ({ channel, rank, bank, row, column }: BurstPlace): number => {
    const slot = rows.get(rowIndex(levels, channel, rank, bank, row));
    return slot === undefined ? -1 : slot * columns + column;
  };
  let bursts = 0;
  for (const place of places) {
    const slot = slotOf(place);
    if (burstAt[slot] === -1) burstAt[slot] = bursts++;
  }
  /** By burst, for each of its reads. */
  const reads: number[][] = Array.from({ length: bursts }, () => []);
  const since: number[][] = reads.map(() => []);
  const forgotten = new Float64Array(bursts);
  const rewritten = rewritesBefore && watchRewrites(levels, columns, rewritesBefore);
  /** By watched row: the activation that served its first read since it was last written anew. */
  const first = new Int32Array(rows.size);

  function latest(of: readonly number[][], burst: number, n: number): number {
    const found = of[burst]![n - forgotten[burst]!];
    if (found === undefined) throw new Error(`read ${n} of burst ${burst} was not served`);
    return found;
  }

  return {
    burst(place) {
      const slot = slotOf(place);
      return slot < 0 ? -1 : burstAt[slot]!;
    },
    of: (burst, n) => latest(reads, burst, n),
    firstSinceRewriting: (burst, n) => (rewritten ? latest(since, burst, n) : 0),
    keepLatest() {
      for (const [burst, served] of reads.entries()) {
        if (served.length < 2) continue;
        forgotten[burst]! += served.length - 1;
        served.splice(0, served.length - 1);
        if (rewritten) since[burst]!.splice(0, since[burst]!.length - 1);
      }
    },
    observer: (channel) => ({
      command(_cycle, command, rank, bank, row) {
        if (command !== ACT) return;
        const slot = rows.get(rowIndex(levels, channel, rank, bank, row));
        if (slot !== undefined) activations[slot]!++;
      },
      columns(_cycle, command, rank, bank, row, column, count) {
        if (command !== RD && command !== RDA) return;
        const index = rowIndex(levels, channel, rank, bank, row);
        const slot = rows.get(index);
        if (slot === undefined) return;
        const activation = activations[slot]! - 1;
        if (rewritten?.(index, column, count)) first[slot] = activation;
        const begin = slot * columns + column;
        for (let i = begin; i < begin + count; i++) {
          const burst = burstAt[i]!;
          if (burst < 0) continue;
          reads[burst]!.push(activation);
          if (rewritten) since[burst]!.push(first[slot]!);
        }
      },
      forwarded() {},
    }),
  };
}
