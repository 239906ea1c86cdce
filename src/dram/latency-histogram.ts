import type { Cycles } from '../units/flavours.ts';

/** Latencies below this are counted one by one; above, each octave has this many bins (0.1 % wide). */
const EXACT = 1024;
/** Octaves above the exact range: latencies up to 2^53 cycles. */
const OCTAVES = 43;

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
  let count = 0;
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = 0;

  function put(latency: number, times: number): void {
    let bin = latency;
    if (latency >= EXACT) {
      const octave = Math.floor(Math.log2(latency / EXACT));
      bin = EXACT * (octave + 1) + Math.floor(latency / 2 ** octave) - EXACT;
    }
    bins[bin] = bins[bin]! + times;
    if (latency < min) min = latency;
    if (latency > max) max = latency;
  }

  return {
    add(first, step, times) {
      count += times;
      sum += times * first + (step * times * (times - 1)) / 2;
      if (step === 0) put(first, times);
      else for (let i = 0; i < times; i++) put(first + i * step, 1);
    },
    get count() {
      return count;
    },
    get mean() {
      return count === 0 ? 0 : sum / count;
    },
    get min() {
      return count === 0 ? 0 : min;
    },
    get max() {
      return max;
    },
    percentile(share) {
      const wanted = Math.max(1, Math.ceil(share * count));
      let seen = 0;
      for (let bin = 0; bin < bins.length; bin++) {
        seen += bins[bin]!;
        if (seen < wanted) continue;
        if (bin < EXACT) return bin;
        const octave = Math.floor(bin / EXACT) - 1;
        return Math.min(max, (EXACT + (bin % EXACT)) * 2 ** octave);
      }
      return 0;
    },
  };
}
