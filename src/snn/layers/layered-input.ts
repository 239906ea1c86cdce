import { InputError } from '../../errors/input-error.ts';
import type { LayerKernel } from './kernel/layer-kernel.ts';
import { FLOAT_BYTES } from './kernel/layout.ts';
import { type Signal, valuesOf } from './signal.ts';

/** What drives a network in one presentation. */
export type LayeredInput = ConstantCurrent | CurrentsByStep | SpikesByStep;

/** One value an input, the same in every step. */
export interface ConstantCurrent {
  readonly kind: 'current';
  readonly values: Float32Array;
}

/** Steps x inputs. */
export interface CurrentsByStep {
  readonly kind: 'currents';
  readonly values: Float32Array;
}

/** As InputSpikes (../encoder.ts). An input that a step names k times counts as the value k. */
export interface SpikesByStep {
  readonly kind: 'spikes';
  readonly steps: number;
  /** Step t holds entries `offsets[t]` to `offsets[t + 1]` (exclusive) of `inputs`. */
  readonly offsets: Uint32Array;
  readonly inputs: Uint16Array | Uint32Array;
}

/** How many steps it takes to present an input: its own, or as many as a constant one is shown. Throws InputError for another size. */
export function stepsOf(input: LayeredInput, inputs: number, shown: number): number {
  if (input.kind === 'spikes') return input.steps;
  const { length } = input.values;
  if (input.kind === 'current' ? length !== inputs : length % inputs !== 0)
    throw new InputError(`the input has ${length} values, and the network ${inputs} inputs`, {
      remedy: 'show it data of its own shape',
    });
  return input.kind === 'current' ? shown : length / inputs;
}

/** Puts what the input is in a step into the signal. Throws InputError for an input that the network does not have. */
export function setInput(input: LayeredInput, step: number, signal: Signal, kernel: LayerKernel): void {
  if (input.kind === 'spikes') setSpikes(input, step, signal, kernel);
  else {
    const { values } = input;
    const { size } = signal;
    signal.spiking = false;
    kernel.floats.set(
      input.kind === 'current' ? values : values.subarray(step * size, (step + 1) * size),
      signal.valuesAt / FLOAT_BYTES,
    );
  }
}

/** The spikes of a step in ascending order, an input as often as the step names it. */
export const spikesOf = ({ offsets, inputs }: SpikesByStep, step: number): Uint32Array =>
  Uint32Array.from(inputs.subarray(offsets[step], offsets[step + 1])).sort();

function setSpikes(
  { offsets, inputs }: SpikesByStep,
  step: number,
  signal: Signal,
  kernel: LayerKernel,
): void {
  const to = signal.idsAt / FLOAT_BYTES;
  const from = offsets[step]!;
  const count = offsets[step + 1]! - from;
  let last = -1;
  let ascending = true;
  for (let k = 0; k < count; k++) {
    const id = inputs[from + k]!;
    if (id >= signal.size)
      throw new InputError(`a spike of input ${id} in step ${step}; the network has ${signal.size} inputs`, {
        remedy: 'show it data of its own shape',
      });
    if (id <= last) ascending = false;
    if (ascending) kernel.ids[to + k] = id;
    last = id;
  }
  signal.spiking = ascending;
  signal.count = count;
  if (ascending) return;
  const values = valuesOf(signal, kernel).fill(0);
  for (let k = 0; k < count; k++) values[inputs[from + k]!]!++;
}
