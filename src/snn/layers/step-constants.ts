import { expm1 } from '../../elementary/exponential.ts';
import type { Dynamics, PerNeuron } from './layered-network.ts';

/** One value a neuron. */
export const asFloats = (values: PerNeuron, size: number): Float32Array =>
  values.length === size ? values : new Float32Array(size).fill(values[0]!);

/**
 * How much of the way to where it is drawn a state goes in a step: dt / tau (Euler's step), or 1 - exp(-dt / tau), which is exact while the
 * input stays. Both times are rounded to single precision first, as a file's are: then the half of 2 ms is 1 ms exactly.
 */
export function rateOf(tau: Float32Array, { timeStepS, integration }: Dynamics): Float32Array {
  const step = Math.fround(timeStepS);
  return tau.map((seconds) => (integration === 'euler' ? step / seconds : -expm1(-step / seconds)));
}

/** What an input adds to a state without leak in a step: dt x r. */
export const gainOf = (r: Float32Array, { timeStepS }: Dynamics): Float32Array =>
  r.map((value) => Math.fround(timeStepS) * value);
