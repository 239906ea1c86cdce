import type { Cycles } from '../units/flavours.ts';
import { EXACT_LATENCIES, LATENCY_OCTAVES, LATENCY_TOTAL, LATENCY_TOTALS_LENGTH } from './core/layout.ts';

const { count: COUNT, sum: SUM, min: MIN, max: MAX } = LATENCY_TOTAL;
/** Where the bins begin. */
const BINS = LATENCY_TOTALS_LENGTH;

/** Numbers (f64) that the core keeps for one histogram. */
export const HISTOGRAM_LENGTH = BINS + EXACT_LATENCIES * (LATENCY_OCTAVES + 1);

/** Counts of latencies. Mean, least and greatest are exact, percentiles exact up to 2047 cycles and within 0.1 % above. */
export interface LatencyHistogram {
  readonly count: number;
  /** 0 if nothing was counted. */
  readonly mean: number;
  readonly min: Cycles;
  readonly max: Cycles;
  /** The least latency that at least `share` (0 to 1) of those counted do not exceed; 0 if nothing was counted. */
  percentile(share: number): Cycles;
}

/** One histogram of what several channels counted; each `counted` has `HISTOGRAM_LENGTH` numbers. */
export function latencyHistogram(counted: readonly Float64Array[]): LatencyHistogram {
  const sum = (index: number): number => counted.reduce((total, numbers) => total + numbers[index]!, 0);
  const count = sum(COUNT);
  const max = Math.max(...counted.map((numbers) => numbers[MAX]!));
  return {
    count,
    mean: count === 0 ? 0 : sum(SUM) / count,
    min: count === 0 ? 0 : Math.min(...counted.map((numbers) => numbers[MIN]!)),
    max,
    percentile(share) {
      const wanted = Math.max(1, Math.ceil(share * count));
      let seen = 0;
      for (let bin = 0; bin < HISTOGRAM_LENGTH - BINS; bin++) {
        seen += sum(BINS + bin);
        if (seen < wanted) continue;
        if (bin < EXACT_LATENCIES) return bin;
        const octave = Math.floor(bin / EXACT_LATENCIES) - 1;
        return Math.min(max, (EXACT_LATENCIES + (bin % EXACT_LATENCIES)) * 2 ** octave);
      }
      return 0;
    },
  };
}
