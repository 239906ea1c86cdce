// Counts of latencies; latency-histogram.ts of the host reads them. Lies as totals (count, sum, least, greatest) and bins,
// all f64.

/** Latencies below this are counted one by one; above, each octave has this many bins. */
const EXACT: i32 = 1024;
const EXACT_BITS: i32 = 10;
/** Octaves above the exact range: latencies up to 2^53 cycles. */
const OCTAVES: i32 = 43;

const COUNT: usize = 0;
const SUM: usize = 8;
const MIN: usize = 16;
const MAX: usize = 24;
const BINS: usize = 32;

export const histogramBytes: usize = BINS + ((<usize>(EXACT * (OCTAVES + 1))) << 3);

export function startHistogram(histogram: usize): void {
  store<f64>(histogram, Infinity, MIN);
}

/** Adds `count` latencies: `first`, `first + step`, and so on. */
export function addLatencies(histogram: usize, first: f64, step: f64, count: i32): void {
  const times = <f64>count;
  store<f64>(histogram, load<f64>(histogram, COUNT) + times, COUNT);
  store<f64>(histogram, load<f64>(histogram, SUM) + times * first + step * times * (times - 1) * 0.5, SUM);
  if (step === 0) addOne(histogram, first, times);
  else for (let i = 0; i < count; i++) addOne(histogram, first + <f64>i * step, 1);
}

function addOne(histogram: usize, latency: f64, times: f64): void {
  let bin = <i32>latency;
  if (latency >= EXACT) {
    const whole = <i64>latency;
    const octave = 63 - <i32>clz(whole) - EXACT_BITS;
    bin = EXACT * octave + <i32>(whole >> octave);
  }
  const entry = histogram + ((<usize>bin) << 3);
  store<f64>(entry, load<f64>(entry, BINS) + times, BINS);
  if (latency < load<f64>(histogram, MIN)) store<f64>(histogram, latency, MIN);
  if (latency > load<f64>(histogram, MAX)) store<f64>(histogram, latency, MAX);
}
