// The SIMD kernel of src/snn in AssemblyScript; `npm run build:kernels` compiles it to src/snn/kernel/simd-binary.ts.
// Its twin in TypeScript is src/snn/kernel/plain.ts. Addresses are byte offsets into the memory that simd.ts lays out.
import { FLOAT_BYTES, LANES, SPIKE_BYTES } from './layout';

/** Bytes of one block: the potentials of LANES neurons, four vectors. */
const BLOCK: usize = LANES * FLOAT_BYTES;

/**
 * One step of all neurons, as `integrate` of src/snn/kernel/kernel.ts describes it. The ids of the input spikes lie from
 * `spike` up to `spikesEnd`; a row of weights, the potentials and the thresholds have `rowBytes` bytes each.
 */
export function integrate(
  weights: usize,
  rowBytes: usize,
  potential: usize,
  threshold: usize,
  spike: usize,
  spikesEnd: usize,
  decay: f32,
  inhibition: f32,
): bool {
  const decays = f32x4.splat(decay);
  const inhibitions = f32x4.splat(inhibition);
  let crossed = i32x4.splat(0);
  for (let block: usize = 0; block < rowBytes; block += BLOCK) {
    let sum0 = f32x4.splat(0);
    let sum1 = f32x4.splat(0);
    let sum2 = f32x4.splat(0);
    let sum3 = f32x4.splat(0);
    const column = weights + block;
    for (let s = spike; s < spikesEnd; s += SPIKE_BYTES) {
      const row = column + <usize>load<u16>(s) * rowBytes;
      sum0 = f32x4.add(sum0, v128.load(row, 0));
      sum1 = f32x4.add(sum1, v128.load(row, 16));
      sum2 = f32x4.add(sum2, v128.load(row, 32));
      sum3 = f32x4.add(sum3, v128.load(row, 48));
    }
    const u = potential + block;
    const th = threshold + block;
    sum0 = f32x4.add(f32x4.mul(v128.load(u, 0), decays), f32x4.sub(sum0, inhibitions));
    sum1 = f32x4.add(f32x4.mul(v128.load(u, 16), decays), f32x4.sub(sum1, inhibitions));
    sum2 = f32x4.add(f32x4.mul(v128.load(u, 32), decays), f32x4.sub(sum2, inhibitions));
    sum3 = f32x4.add(f32x4.mul(v128.load(u, 48), decays), f32x4.sub(sum3, inhibitions));
    v128.store(u, sum0, 0);
    v128.store(u, sum1, 16);
    v128.store(u, sum2, 32);
    v128.store(u, sum3, 48);
    crossed = v128.or(crossed, f32x4.ge(sum0, v128.load(th, 0)));
    crossed = v128.or(crossed, f32x4.ge(sum1, v128.load(th, 16)));
    crossed = v128.or(crossed, f32x4.ge(sum2, v128.load(th, 32)));
    crossed = v128.or(crossed, f32x4.ge(sum3, v128.load(th, 48)));
  }
  return v128.any_true(crossed);
}
