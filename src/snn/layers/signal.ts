import type { LayerKernel } from './kernel/layer-kernel.ts';
import { FLOAT_BYTES, paddedSize } from './kernel/layout.ts';

/**
 * What a layer puts out in a step: spikes as a list of elements, or a value an element. An element that is 0 is no input of the next layer:
 * it adds nothing, whatever the weight.
 */
export interface Signal {
  readonly size: number;
  /** Address of a value an element; current where the signal is not `spiking`. */
  readonly valuesAt: number;
  /** Address of the list of elements, ascending; current where it is. */
  readonly idsAt: number;
  /** Whether it is a list of spikes. */
  spiking: boolean;
  /** Entries of the list. */
  count: number;
}

/** Sets aside so many elements of 4 bytes in the memory of the kernel to be, and returns their address. */
export type Reserve = (elements: number) => number;

/** The beginning of each memory is nobody's, so that no address is 0. */
export function createReserve(): { readonly reserve: Reserve; bytes(): number } {
  let end = paddedSize(1);
  return {
    reserve(elements) {
      const at = end;
      end += paddedSize(elements);
      return at * FLOAT_BYTES;
    },
    bytes: () => end * FLOAT_BYTES,
  };
}

export const createSignal = (size: number, reserve: Reserve): Signal => ({
  size,
  valuesAt: reserve(size),
  idsAt: reserve(size),
  spiking: true,
  count: 0,
});

/** The list of spikes, sharing the kernel's memory. */
export function idsOf({ idsAt, count }: Signal, { ids }: LayerKernel): Uint32Array {
  const from = idsAt / FLOAT_BYTES;
  return ids.subarray(from, from + count);
}

/** The values, sharing the kernel's memory. */
export function valuesOf({ valuesAt, size }: Signal, { floats }: LayerKernel): Float32Array {
  const from = valuesAt / FLOAT_BYTES;
  return floats.subarray(from, from + size);
}

/** Sees to it that the elements other than 0 are listed. Returns where their values are: 0 where all are 1. */
export function listElements(signal: Signal, kernel: LayerKernel): number {
  if (signal.spiking) return 0;
  signal.count = kernel.nonZero(signal.valuesAt, signal.size, signal.idsAt);
  return signal.valuesAt;
}

/** Sees to it that the values are there: 1 for a spike, 0 for none. */
export function spreadValues(signal: Signal, { floats, ids }: LayerKernel): void {
  if (!signal.spiking) return;
  const to = signal.valuesAt / FLOAT_BYTES;
  const from = signal.idsAt / FLOAT_BYTES;
  floats.fill(0, to, to + signal.size);
  for (let k = 0; k < signal.count; k++) floats[to + ids[from + k]!] = 1;
}

/** Makes `to` what `from` is. Both have one size. */
export function copySignal(from: Signal, to: Signal, { floats, ids }: LayerKernel): void {
  to.spiking = from.spiking;
  to.count = from.count;
  const [source, target, memory, used] = from.spiking
    ? [from.idsAt, to.idsAt, ids, from.count]
    : [from.valuesAt, to.valuesAt, floats, from.size];
  memory.copyWithin(target / FLOAT_BYTES, source / FLOAT_BYTES, source / FLOAT_BYTES + used);
}

/** Makes `sum` the sum of signals in their order; of one signal, what it is. */
export function addSignals(signals: readonly Signal[], sum: Signal, kernel: LayerKernel): void {
  if (signals.length === 1) {
    copySignal(signals[0]!, sum, kernel);
    return;
  }
  const { floats } = kernel;
  const to = sum.valuesAt / FLOAT_BYTES;
  signals.forEach((signal, k) => {
    spreadValues(signal, kernel);
    const from = signal.valuesAt / FLOAT_BYTES;
    if (k === 0) floats.copyWithin(to, from, from + sum.size);
    else for (let i = 0; i < sum.size; i++) floats[to + i]! += floats[from + i]!;
  });
  sum.spiking = false;
}
