// The SIMD kernel of layered networks in AssemblyScript; `npm run build:kernels` compiles it to
// src/snn/layers/kernel/simd-binary.ts. Its twin in TypeScript is src/snn/layers/kernel/plain.ts. Addresses are byte offsets into
// one memory; arrays of floats begin and end at multiples of LANES floats. What each function does is said in
// src/snn/layers/kernel/layer-kernel.ts.
import { ConvGeometry, FLOAT_BYTES, ID_BYTES, LANES, LATER, SUBTRACT } from './layout';

/** Bytes of one block: LANES floats, four vectors. */
const BLOCK: usize = LANES * FLOAT_BYTES;
const VECTOR: usize = 16;

export function addRows(weights: usize, rowBytes: usize, ids: usize, count: usize, sums: usize): void {
  const end = ids + count * ID_BYTES;
  for (let block: usize = 0; block < rowBytes; block += BLOCK) {
    const to = sums + block;
    const column = weights + block;
    let sum0 = v128.load(to, 0);
    let sum1 = v128.load(to, 16);
    let sum2 = v128.load(to, 32);
    let sum3 = v128.load(to, 48);
    for (let id = ids; id < end; id += ID_BYTES) {
      const row = column + <usize>load<u32>(id) * rowBytes;
      sum0 = f32x4.add(sum0, v128.load(row, 0));
      sum1 = f32x4.add(sum1, v128.load(row, 16));
      sum2 = f32x4.add(sum2, v128.load(row, 32));
      sum3 = f32x4.add(sum3, v128.load(row, 48));
    }
    v128.store(to, sum0, 0);
    v128.store(to, sum1, 16);
    v128.store(to, sum2, 32);
    v128.store(to, sum3, 48);
  }
}

export function addScaledRows(
  weights: usize,
  rowBytes: usize,
  ids: usize,
  count: usize,
  values: usize,
  sums: usize,
): void {
  const end = ids + count * ID_BYTES;
  for (let block: usize = 0; block < rowBytes; block += BLOCK) {
    const to = sums + block;
    const column = weights + block;
    let sum0 = v128.load(to, 0);
    let sum1 = v128.load(to, 16);
    let sum2 = v128.load(to, 32);
    let sum3 = v128.load(to, 48);
    for (let id = ids; id < end; id += ID_BYTES) {
      const input = <usize>load<u32>(id);
      const row = column + input * rowBytes;
      const value = v128.load32_splat(values + input * FLOAT_BYTES);
      sum0 = f32x4.add(sum0, f32x4.mul(v128.load(row, 0), value));
      sum1 = f32x4.add(sum1, f32x4.mul(v128.load(row, 16), value));
      sum2 = f32x4.add(sum2, f32x4.mul(v128.load(row, 32), value));
      sum3 = f32x4.add(sum3, f32x4.mul(v128.load(row, 48), value));
    }
    v128.store(to, sum0, 0);
    v128.store(to, sum1, 16);
    v128.store(to, sum2, 32);
    v128.store(to, sum3, 48);
  }
}

/** Where an output that the input at `place` reaches through the kernel's element `element` lies; -1 if there is none. @inline */
function reached(place: i32, element: i32, padding: i32, dilation: i32, stride: i32, outputs: i32): i32 {
  const from = place + padding - element * dilation;
  if (from < 0) return -1;
  if (stride === 1) return from < outputs ? from : -1;
  if (from % stride !== 0) return -1;
  const output = from / stride;
  return output < outputs ? output : -1;
}

export function addKernels(
  at: usize,
  weights: usize,
  ids: usize,
  count: usize,
  values: usize,
  sums: usize,
): void {
  const g = changetype<ConvGeometry>(at);
  const end = ids + count * ID_BYTES;
  const bytes = g.groupBytes;
  for (let id = ids; id < end; id += ID_BYTES) {
    const input = load<i32>(id);
    const value = values === 0 ? f32x4.splat(1) : v128.load32_splat(values + <usize>input * FLOAT_BYTES);
    const x = input % g.columns;
    const y = (input / g.columns) % g.rows;
    const channel = input / (g.columns * g.rows);
    const group = channel / g.groupInputs;
    for (let ky: i32 = 0; ky < g.kernelRows; ky++) {
      const outY = reached(y, ky, g.paddingRows, g.dilationRows, g.strideRows, g.outputRows);
      if (outY < 0) continue;
      for (let kx: i32 = 0; kx < g.kernelColumns; kx++) {
        const outX = reached(x, kx, g.paddingColumns, g.dilationColumns, g.strideColumns, g.outputColumns);
        if (outX < 0) continue;
        const from = weights + <usize>(((channel * g.kernelRows + ky) * g.kernelColumns + kx) * bytes);
        const to = sums + <usize>(((outY * g.outputColumns + outX) * g.groups + group) * bytes);
        for (let b: usize = 0; b < <usize>bytes; b += VECTOR)
          v128.store(to + b, f32x4.add(v128.load(to + b), f32x4.mul(v128.load(from + b), value)));
      }
    }
  }
}

export function nonZero(values: usize, size: usize, ids: usize): usize {
  const whole = size & ~3;
  let to = ids;
  for (let k: usize = 0; k < whole; k += 4) {
    let found = i32x4.bitmask(f32x4.ne(v128.load(values + k * FLOAT_BYTES), f32x4.splat(0)));
    while (found !== 0) {
      store<u32>(to, <u32>k + ctz(found));
      to += ID_BYTES;
      found &= found - 1;
    }
  }
  for (let k = whole; k < size; k++)
    if (load<f32>(values + k * FLOAT_BYTES) !== 0) {
      store<u32>(to, <u32>k);
      to += ID_BYTES;
    }
  return (to - ids) / ID_BYTES;
}

export function leak(state: usize, input: usize, gain: usize, rest: usize, rate: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += VECTOR) {
    const v = v128.load(state + at);
    const driven = f32x4.mul(v128.load(gain + at), v128.load(input + at));
    const towards = f32x4.add(f32x4.sub(v128.load(rest + at), v), driven);
    v128.store(state + at, f32x4.add(v, f32x4.mul(v128.load(rate + at), towards)));
  }
}

export function accumulate(state: usize, input: usize, gain: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += VECTOR)
    v128.store(
      state + at,
      f32x4.add(v128.load(state + at), f32x4.mul(v128.load(gain + at), v128.load(input + at))),
    );
}

/** Lanes in which the value is above the threshold, or at it where that counts. @inline */
function isAbove(value: v128, threshold: v128, orEqual: bool): v128 {
  return orEqual ? f32x4.ge(value, threshold) : f32x4.gt(value, threshold);
}

export function owe(state: usize, threshold: usize, owed: usize, bytes: usize, orEqual: bool): void {
  for (let at: usize = 0; at < bytes; at += VECTOR) {
    const th = v128.load(threshold + at);
    v128.store(owed + at, v128.and(isAbove(v128.load(state + at), th, orEqual), th));
  }
}

export function fire(
  state: usize,
  threshold: usize,
  resetTo: usize,
  owed: usize,
  ids: usize,
  bytes: usize,
  reset: i32,
  orEqual: bool,
): usize {
  let to = ids;
  for (let at: usize = 0; at < bytes; at += VECTOR) {
    const th = v128.load(threshold + at);
    const v = v128.load(state + at);
    const seen = f32x4.sub(v, v128.load(owed + at));
    const spikes = isAbove(seen, th, orEqual);
    let after = seen;
    if (reset === SUBTRACT) after = f32x4.sub(v, v128.and(spikes, th));
    else if (reset !== LATER) after = v128.bitselect(v128.load(resetTo + at), v, spikes);
    v128.store(state + at, after);
    let found = i32x4.bitmask(spikes);
    while (found !== 0) {
      store<u32>(to, <u32>(at / FLOAT_BYTES) + ctz(found));
      to += ID_BYTES;
      found &= found - 1;
    }
  }
  return (to - ids) / ID_BYTES;
}
