import { CONDITIONS } from '../dram/core/layout.ts';
import type { Cycles } from '../units/flavours.ts';

/** What a memory did for one source. Bursts served while their row was open, after an ACT for them, and after a PRE for them. */
export interface SourceCounts {
  readonly requests: number;
  readonly reads: number;
  readonly writes: number;
  readonly rowHits: number;
  readonly rowMisses: number;
  readonly rowConflicts: number;
  /** Reads that a waiting write answered; they are none of the three. */
  readonly forwardedReads: number;
  /** Bursts on the bus of each channel. */
  readonly byChannel: Float64Array;
  /** DRAM cycles from the arrival of a request to the end of its last data, ascending with how often each was seen. */
  latencies(): readonly (readonly [latency: Cycles, requests: number])[];
  /** The least latency that at least `share` of the requests do not exceed; 0 of none. */
  latencyPercentile(share: number): Cycles;
  readonly latencySum: Cycles;
}

/** The same while it is counted. */
export interface CountedSource extends SourceCounts {
  served(channel: number, write: boolean, bursts: number, condition: number): void;
  forwarded(): void;
  answered(latency: Cycles): void;
}

/** Latencies below this are counted in an array. */
const USUAL = 4096;

export function createSourceCounts(channels: number): CountedSource {
  let requests = 0;
  let reads = 0;
  let writes = 0;
  let forwardedReads = 0;
  let latencySum = 0;
  const conditions = new Float64Array(Object.keys(CONDITIONS).length);
  const byChannel = new Float64Array(channels);
  const usual = new Float64Array(USUAL);
  const unusual = new Map<Cycles, number>();

  function latencies(): (readonly [Cycles, number])[] {
    const seen: (readonly [Cycles, number])[] = [];
    for (const [latency, times] of usual.entries()) if (times > 0) seen.push([latency, times]);
    return [...seen, ...[...unusual].sort(([a], [b]) => a - b)];
  }

  return {
    served(channel, write, bursts, condition) {
      if (write) writes += bursts;
      else reads += bursts;
      byChannel[channel]! += bursts;
      // Of bursts that are served together, all but the first are row hits.
      conditions[condition]!++;
      conditions[CONDITIONS.HIT]! += bursts - 1;
    },
    forwarded() {
      reads++;
      forwardedReads++;
    },
    answered(latency) {
      requests++;
      latencySum += latency;
      if (latency < USUAL) usual[latency]!++;
      else unusual.set(latency, (unusual.get(latency) ?? 0) + 1);
    },
    get requests() {
      return requests;
    },
    get reads() {
      return reads;
    },
    get writes() {
      return writes;
    },
    get rowHits() {
      return conditions[CONDITIONS.HIT]!;
    },
    get rowMisses() {
      return conditions[CONDITIONS.MISS]!;
    },
    get rowConflicts() {
      return conditions[CONDITIONS.CONFLICT]!;
    },
    get forwardedReads() {
      return forwardedReads;
    },
    byChannel,
    get latencySum() {
      return latencySum;
    },
    latencies,
    latencyPercentile(share) {
      const wanted = Math.max(1, Math.ceil(share * requests));
      let seen = 0;
      for (const [latency, times] of latencies()) {
        seen += times;
        if (seen >= wanted) return latency;
      }
      return 0;
    },
  };
}
