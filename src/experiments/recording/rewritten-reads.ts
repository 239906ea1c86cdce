import type { AddressMapping } from '../../dram/address.ts';
import type { RewritesBefore } from '../../dram/row-rewrites.ts';
import { bankLevels, rowIndex } from '../../hardware/bank-index.ts';
import { burstsPerRow, bytesPerBurst, type Organisation } from '../../hardware/device.ts';
import type { FetchListener } from '../../trace/follow-fetches.ts';

/** How often the weights of a recording had been written anew when each of its reads was requested. */
export interface RewrittenReads {
  /** Hears of the runs that are sent to the memory, in order. */
  readonly listener: FetchListener;
  /** Answers for reads that were sent. */
  readonly rewritesBefore: RewritesBefore;
}

/** The reads of one burst that were sent: how many, by which run the latest, and which of them came first after a rewriting. */
interface SentReads {
  reads: number;
  run: number;
  readonly first: number[];
  readonly rewrites: number[];
}

/** Follows the reads of a recording whose weights are written anew after every `every` inferences. */
export function followRewrites(
  every: number,
  { banksPerGroup, ...rest }: Organisation,
  { decode }: AddressMapping,
): RewrittenReads {
  const organisation = { banksPerGroup, ...rest };
  const levels = bankLevels(organisation);
  const columns = burstsPerRow(organisation);
  const burstBytes = bytesPerBurst(organisation);
  /** By number of the burst in the order of addresses, and by row and column. */
  const byAddress = new Map<number, SentReads>();
  const byPlace = new Map<number, SentReads>();
  const at = new Int32Array(6);
  let runs = -1;

  function sentReads(burst: number): SentReads {
    let sent = byAddress.get(burst);
    if (sent === undefined) {
      decode(burst, at);
      const [channel, rank, group, bank, row, column] = at;
      const index = rowIndex(levels, channel!, rank!, group! * banksPerGroup + bank!, row!);
      sent = { reads: 0, run: -1, first: [], rewrites: [] };
      byAddress.set(burst, sent);
      byPlace.set(index * columns + column!, sent);
    }
    return sent;
  }

  return {
    listener: {
      run() {
        runs++;
      },
      part(_row, _offset, address, bytes, inference) {
        const rewrites = Math.floor(inference / every);
        const end = Math.ceil((address + bytes) / burstBytes);
        for (let burst = Math.floor(address / burstBytes); burst < end; burst++) {
          const sent = sentReads(burst);
          // A run reads a burst once, whatever rows its bytes belong to.
          if (sent.run === runs) continue;
          sent.run = runs;
          if (rewrites > (sent.rewrites.at(-1) ?? 0)) {
            sent.first.push(sent.reads);
            sent.rewrites.push(rewrites);
          }
          sent.reads++;
        }
      },
    },
    rewritesBefore(row, column, n) {
      const sent = byPlace.get(row * columns + column);
      if (sent === undefined) return 0;
      // Reads that are served were sent shortly before: the search begins at the latest.
      let i = sent.first.length - 1;
      while (i >= 0 && sent.first[i]! > n) i--;
      return i < 0 ? 0 : sent.rewrites[i]!;
    },
  };
}
