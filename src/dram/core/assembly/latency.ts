// Histograms of latencies, each a `LatencyTotals` and the bins behind it. latency-histogram.ts of the host reads them.
import { EXACT_LATENCIES, LATENCY_OCTAVES, LatencyTotals } from './layout';
import { RequestQueue } from './state';

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

/** Counts the latencies of `count` requests that waited `first`, `first + step`, and so on. */
export function addWaits(queue: RequestQueue, first: i64, step: i64, count: i32): void {
  if (step === 0) addWait(queue, first, count);
  else for (let i = 0; i < count; i++) addWait(queue, first + <i64>i * step, 1);
}

/** Counts a latency `times` times: of requests that waited so many cycles. @inline */
export function addWait(queue: RequestQueue, wait: i64, times: i32): void {
  addOne(queue.latency, wait + queue.wholeDone, <f64>times);
  queue.waited += wait * <i64>times;
  if (wait < queue.leastWait) queue.leastWait = wait;
  if (wait > queue.mostWait) queue.mostWait = wait;
}

/** Counts the latency of a read that the write queue answers, one cycle. */
export function addForwarded(histogram: usize): void {
  addOne(histogram, 1, 1);
}

/** Counts a latency, without the fraction of a cycle that it may have, `times` times in its bin. @inline */
function addOne(histogram: usize, latency: i64, times: f64): void {
  let bin = <i32>latency;
  if (latency >= EXACT_LATENCIES) {
    const octave = 63 - <i32>clz(latency) - EXACT_BITS;
    bin = EXACT_LATENCIES * octave + <i32>(latency >> octave);
  }
  const entry = histogram + ((<usize>bin) << 3);
  store<f64>(entry, load<f64>(entry, BINS) + times, BINS);
}

/** Sets the totals of a queue's histogram, of `served` requests and `forwarded` reads. */
export function settleTotals(queue: RequestQueue, served: f64, forwarded: f64): void {
  const histogram = queue.latency;
  store<f64>(histogram, served + forwarded, COUNT);
  store<f64>(histogram, <f64>queue.waited + served * queue.done + forwarded, SUM);
  let least: f64 = forwarded > 0 ? 1 : Infinity;
  let most: f64 = forwarded > 0 ? 1 : 0;
  if (served > 0) {
    least = min(least, <f64>queue.leastWait + queue.done);
    most = max(most, <f64>queue.mostWait + queue.done);
  }
  store<f64>(histogram, least, MIN);
  store<f64>(histogram, most, MAX);
}
