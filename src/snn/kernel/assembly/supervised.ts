// The SIMD kernel of supervised training in AssemblyScript; `npm run build:kernels` compiles it to
// src/snn/supervised/kernel/simd-binary.ts. Its twin in TypeScript is src/snn/supervised/kernel/plain.ts: the same
// single-precision operations in the same order. Addresses are byte offsets into the memory that simd.ts lays out; every array
// of numbers has a multiple of LANES elements.
import { FLOAT_BYTES, LANES, SPIKE_BYTES } from './layout';

/** Bytes of one block: LANES numbers, four vectors. */
const BLOCK: usize = LANES * FLOAT_BYTES;

/** out = sum of the rows of `ids`, in that order, from 0. */
export function sumRows(out: usize, rows: usize, rowBytes: usize, ids: usize, idsEnd: usize): void {
  for (let block: usize = 0; block < rowBytes; block += BLOCK) {
    let sum0 = f32x4.splat(0);
    let sum1 = f32x4.splat(0);
    let sum2 = f32x4.splat(0);
    let sum3 = f32x4.splat(0);
    const column = rows + block;
    for (let id = ids; id < idsEnd; id += SPIKE_BYTES) {
      const row = column + <usize>load<u16>(id) * rowBytes;
      sum0 = f32x4.add(sum0, v128.load(row, 0));
      sum1 = f32x4.add(sum1, v128.load(row, 16));
      sum2 = f32x4.add(sum2, v128.load(row, 32));
      sum3 = f32x4.add(sum3, v128.load(row, 48));
    }
    v128.store(out + block, sum0, 0);
    v128.store(out + block, sum1, 16);
    v128.store(out + block, sum2, 32);
    v128.store(out + block, sum3, 48);
  }
}

/** out = sum of the rows of `ids`, each times its own factor (`factors` in the order of `ids`), in that order, from 0. */
export function sumWeightedRows(
  out: usize,
  rows: usize,
  rowBytes: usize,
  ids: usize,
  idsEnd: usize,
  factors: usize,
): void {
  for (let block: usize = 0; block < rowBytes; block += BLOCK) {
    let sum0 = f32x4.splat(0);
    let sum1 = f32x4.splat(0);
    let sum2 = f32x4.splat(0);
    let sum3 = f32x4.splat(0);
    const column = rows + block;
    let at = factors;
    for (let id = ids; id < idsEnd; id += SPIKE_BYTES) {
      const row = column + <usize>load<u16>(id) * rowBytes;
      const factor = v128.load32_splat(at);
      at += FLOAT_BYTES;
      sum0 = f32x4.add(sum0, f32x4.mul(factor, v128.load(row, 0)));
      sum1 = f32x4.add(sum1, f32x4.mul(factor, v128.load(row, 16)));
      sum2 = f32x4.add(sum2, f32x4.mul(factor, v128.load(row, 32)));
      sum3 = f32x4.add(sum3, f32x4.mul(factor, v128.load(row, 48)));
    }
    v128.store(out + block, sum0, 0);
    v128.store(out + block, sum1, 16);
    v128.store(out + block, sum2, 32);
    v128.store(out + block, sum3, 48);
  }
}

/** Each row of `ids` += values, in that order. */
export function addToRows(rows: usize, rowBytes: usize, ids: usize, idsEnd: usize, values: usize): void {
  for (let id = ids; id < idsEnd; id += SPIKE_BYTES) {
    const row = rows + <usize>load<u16>(id) * rowBytes;
    for (let lane: usize = 0; lane < rowBytes; lane += BLOCK) {
      const at = row + lane;
      const value = values + lane;
      v128.store(at, f32x4.add(v128.load(at, 0), v128.load(value, 0)), 0);
      v128.store(at, f32x4.add(v128.load(at, 16), v128.load(value, 16)), 16);
      v128.store(at, f32x4.add(v128.load(at, 32), v128.load(value, 32)), 32);
      v128.store(at, f32x4.add(v128.load(at, 48), v128.load(value, 48)), 48);
    }
  }
}

/** Each row of `ids` += its factor x values, in that order. */
export function addWeightedToRows(
  rows: usize,
  rowBytes: usize,
  ids: usize,
  idsEnd: usize,
  factors: usize,
  values: usize,
): void {
  let factorAt = factors;
  for (let id = ids; id < idsEnd; id += SPIKE_BYTES) {
    const row = rows + <usize>load<u16>(id) * rowBytes;
    const factor = v128.load32_splat(factorAt);
    factorAt += FLOAT_BYTES;
    for (let lane: usize = 0; lane < rowBytes; lane += BLOCK) {
      const at = row + lane;
      const value = values + lane;
      v128.store(at, f32x4.add(v128.load(at, 0), f32x4.mul(factor, v128.load(value, 0))), 0);
      v128.store(at, f32x4.add(v128.load(at, 16), f32x4.mul(factor, v128.load(value, 16))), 16);
      v128.store(at, f32x4.add(v128.load(at, 32), f32x4.mul(factor, v128.load(value, 32))), 32);
      v128.store(at, f32x4.add(v128.load(at, 48), f32x4.mul(factor, v128.load(value, 48))), 48);
    }
  }
}

/** into += values, `bytes` of them. */
export function accumulate(into: usize, values: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16)
    v128.store(into + at, f32x4.add(v128.load(into + at), v128.load(values + at)));
}

/**
 * One step of LIF neurons: pre = v + share x (r x current - v), a spike where pre > threshold, then the reset of v. The ids of
 * those that spike are written to `ids`, ascending; returns their end.
 */
export function stepNeurons(
  potential: usize,
  current: usize,
  before: usize,
  bytes: usize,
  share: f32,
  resistance: f32,
  threshold: f32,
  subtract: bool,
  ids: usize,
): usize {
  const shares = f32x4.splat(share);
  const resistances = f32x4.splat(resistance);
  const thresholds = f32x4.splat(threshold);
  let end = ids;
  for (let at: usize = 0; at < bytes; at += 16) {
    const v = v128.load(potential + at);
    const driven = f32x4.mul(resistances, v128.load(current + at));
    const pre = f32x4.add(v, f32x4.mul(shares, f32x4.sub(driven, v)));
    v128.store(before + at, pre);
    const crossed = f32x4.gt(pre, thresholds);
    const after = subtract ? f32x4.sub(pre, thresholds) : f32x4.splat(0);
    v128.store(potential + at, v128.bitselect(after, pre, crossed));
    let mask = i32x4.bitmask(crossed);
    const first = <i32>(at / FLOAT_BYTES);
    while (mask !== 0) {
      store<u16>(end, <u16>(first + ctz(mask)));
      end += SPIKE_BYTES;
      mask &= mask - 1;
    }
  }
  return end;
}

/**
 * One step back in time through LIF neurons. `error` is the loss's derivative by their spikes, `carry` that by their potential
 * after the step's reset; becomes that by the potential before the step, and `delta` that by the current. The reset counts as
 * a constant. Surrogate derivative, with x = pre - threshold: scale / (1 + slope |x|)^2, or with `arctangent`
 * scale / (1 + (slope x)^2).
 */
export function stepBack(
  delta: usize,
  error: usize,
  before: usize,
  carry: usize,
  bytes: usize,
  keep: f32,
  gain: f32,
  threshold: f32,
  subtract: bool,
  arctangent: bool,
  scale: f32,
  slope: f32,
): void {
  const keeps = f32x4.splat(keep);
  const gains = f32x4.splat(gain);
  const thresholds = f32x4.splat(threshold);
  const scales = f32x4.splat(scale);
  const slopes = f32x4.splat(slope);
  const ones = f32x4.splat(1);
  for (let at: usize = 0; at < bytes; at += 16) {
    const pre = v128.load(before + at);
    const x = f32x4.sub(pre, thresholds);
    const y = f32x4.mul(slopes, x);
    const wide = f32x4.add(ones, arctangent ? f32x4.mul(y, y) : f32x4.abs(y));
    const surrogate = f32x4.div(scales, arctangent ? wide : f32x4.mul(wide, wide));
    let kept = v128.load(carry + at);
    if (!subtract) kept = v128.andnot(kept, f32x4.gt(pre, thresholds));
    const byPre = f32x4.add(kept, f32x4.mul(v128.load(error + at), surrogate));
    v128.store(delta + at, f32x4.mul(byPre, gains));
    v128.store(carry + at, f32x4.mul(byPre, keeps));
  }
}

/**
 * One step of Adam on `bytes` of weights: g = gradient x share; m += (g - m) x rate1; s += (g g - s) x rate2;
 * w -= step x m / (sqrt(s) + epsilon), then w into [-ceiling, ceiling]. The gradients become 0.
 */
export function adam(
  weights: usize,
  gradient: usize,
  mean: usize,
  square: usize,
  bytes: usize,
  share: f32,
  rate1: f32,
  rate2: f32,
  step: f32,
  epsilon: f32,
  ceiling: f32,
): void {
  const shares = f32x4.splat(share);
  const rates1 = f32x4.splat(rate1);
  const rates2 = f32x4.splat(rate2);
  const steps = f32x4.splat(step);
  const epsilons = f32x4.splat(epsilon);
  const most = f32x4.splat(ceiling);
  const least = f32x4.splat(-ceiling);
  for (let at: usize = 0; at < bytes; at += 16) {
    const g = f32x4.mul(v128.load(gradient + at), shares);
    let m = v128.load(mean + at);
    let s = v128.load(square + at);
    m = f32x4.add(m, f32x4.mul(f32x4.sub(g, m), rates1));
    s = f32x4.add(s, f32x4.mul(f32x4.sub(f32x4.mul(g, g), s), rates2));
    v128.store(mean + at, m);
    v128.store(square + at, s);
    const change = f32x4.div(f32x4.mul(steps, m), f32x4.add(f32x4.sqrt(s), epsilons));
    const w = f32x4.sub(v128.load(weights + at), change);
    v128.store(weights + at, f32x4.min(f32x4.max(w, least), most));
    v128.store(gradient + at, f32x4.splat(0));
  }
}
