import type { Cycles } from '../units/flavours.ts';

/** Latencies below this are counted one by one; above, each octave has this many bins (0.1 % wide). */
const EXACT = 1024;
/** Octaves above the exact range: latencies up to 2^53 cycles. */
const OCTAVES = 43;

/** Places of the totals. */
const COUNT = 0;
const SUM = 1;
const MIN = 2;
const MAX = 3;

/** Counts of latencies. Mean, least and greatest are exact, percentiles exact up to 2047 cycles and within 0.1 % above. */
export interface LatencyHistogram {
  /** Adds `count` latencies: `first`, `first + step`, and so on. */
  add(first: Cycles, step: Cycles, count: number): void;
  readonly count: number;
  /** 0 if nothing was counted. */
  readonly mean: number;
  readonly min: Cycles;
  readonly max: Cycles;
  /** The least latency that at least `share` (0 to 1) of those counted do not exceed; 0 if nothing was counted. */
  percentile(share: number): Cycles;
}

export function createLatencyHistogram(): LatencyHistogram {
  const bins = new Float64Array(EXACT * (OCTAVES + 1));
  // Numbers of a typed array change in place; a variable of a closure would be allocated anew with each latency.
  const totals = new Float64Array(4);
  totals[MIN] = Number.POSITIVE_INFINITY;

  function put(latency: number, times: number): void {
    let bin = latency;
    if (latency >= EXACT) {
      const octave = Math.floor(Math.log2(latency / EXACT));
      bin = EXACT * (octave + 1) + Math.floor(latency / 2 ** octave) - EXACT;
    }
    bins[bin] = bins[bin]! + times;
    if (latency < totals[MIN]!) totals[MIN] = latency;
    if (latency > totals[MAX]!) totals[MAX] = latency;
  }

  return {
    add(first, step, times) {
      totals[COUNT] = totals[COUNT]! + times;
      totals[SUM] = totals[SUM]! + times * first + (step * times * (times - 1)) / 2;
      if (step === 0) put(first, times);
      else for (let i = 0; i < times; i++) put(first + i * step, 1);
    },
    get count() {
      return totals[COUNT]!;
    },
    get mean() {
      return totals[COUNT] === 0 ? 0 : totals[SUM]! / totals[COUNT]!;
    },
    get min() {
      return totals[COUNT] === 0 ? 0 : totals[MIN]!;
    },
    get max() {
      return totals[MAX]!;
    },
    percentile(share) {
      const wanted = Math.max(1, Math.ceil(share * totals[COUNT]!));
      let seen = 0;
      for (let bin = 0; bin < bins.length; bin++) {
        seen += bins[bin]!;
        if (seen < wanted) continue;
        if (bin < EXACT) return bin;
        const octave = Math.floor(bin / EXACT) - 1;
        return Math.min(totals[MAX]!, (EXACT + (bin % EXACT)) * 2 ** octave);
      }
      return 0;
    },
  };
}
