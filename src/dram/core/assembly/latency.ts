// Histograms of latencies, each a `LatencyTotals` and the bins behind it. latency-histogram.ts of the host reads them.
import { EXACT_LATENCIES, LATENCY_OCTAVES, LatencyTotals } from './layout';

/** log2 of EXACT_LATENCIES. */
const EXACT_BITS: i32 = ctz(EXACT_LATENCIES);

/** Byte offsets of the totals and of the bins, all f64. */
const COUNT: usize = offsetof<LatencyTotals>('count');
const SUM: usize = offsetof<LatencyTotals>('sum');
const MIN: usize = offsetof<LatencyTotals>('min');
const MAX: usize = offsetof<LatencyTotals>('max');
const BINS: usize = offsetof<LatencyTotals>();

/** Bytes of a histogram. */
export const histogramBytes: usize = BINS + ((<usize>(EXACT_LATENCIES * (LATENCY_OCTAVES + 1))) << 3);

/** Prepares an empty histogram in memory that is all zero. */
export function startHistogram(histogram: usize): void {
  store<f64>(histogram, Infinity, MIN);
}

/** Counts `count` latencies: `first`, `first + step`, and so on. Their count and sum are set by `settleTotals`. @inline */
export function addLatencies(histogram: usize, first: f64, step: f64, count: i32): void {
  if (count === 1) addOne(histogram, first, 1);
  else if (step === 0) addOne(histogram, first, <f64>count);
  else for (let i = 0; i < count; i++) addOne(histogram, first + <f64>i * step, 1);
}

/** Sets how many latencies were counted, and their sum. */
export function settleTotals(histogram: usize, count: f64, sum: f64): void {
  store<f64>(histogram, count, COUNT);
  store<f64>(histogram, sum, SUM);
}

/** Counts one latency `times` times. */
function addOne(histogram: usize, latency: f64, times: f64): void {
  let bin = <i32>latency;
  if (latency >= EXACT_LATENCIES) {
    const whole = <i64>latency;
    const octave = 63 - <i32>clz(whole) - EXACT_BITS;
    bin = EXACT_LATENCIES * octave + <i32>(whole >> octave);
  }
  const entry = histogram + ((<usize>bin) << 3);
  store<f64>(entry, load<f64>(entry, BINS) + times, BINS);
  if (latency < load<f64>(histogram, MIN)) store<f64>(histogram, latency, MIN);
  if (latency > load<f64>(histogram, MAX)) store<f64>(histogram, latency, MAX);
}
