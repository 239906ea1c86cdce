import type { Accelerator } from '../hardware/accelerator.ts';
import type { Bits, Bytes } from '../units/flavours.ts';

/** Neurons of each of `cores` cores: core k of n has those from floor(k N / n) on. */
export const neuronsOfCores = (neurons: number, cores: number): number[] =>
  Array.from(
    { length: cores },
    (_, k) => Math.floor(((k + 1) * neurons) / cores) - Math.floor((k * neurons) / cores),
  );

/** Bytes of the weights of so many neurons in one row. */
export const rowBytesOf = (neurons: number, bitsPerWeight: Bits): Bytes =>
  Math.ceil((neurons * bitsPerWeight) / 8);

/**
 * Weight rows that the buffer of an accelerator holds; where each of several cores has its own, parts of rows, of which the largest counts.
 */
export function bufferRows(
  accelerator: Pick<Accelerator, 'weightBuffer' | 'system'>,
  neurons: number,
  bitsPerWeight: Bits,
  cores?: number,
): number {
  const rowBytes = bufferedRowBytes(accelerator, neurons, bitsPerWeight, cores);
  return Math.floor(accelerator.weightBuffer / 8 / rowBytes);
}

/** Bytes that a row of the weights of so many neurons takes in the buffer; where each of several cores has its own, in that of the largest part. */
export function bufferedRowBytes(
  { system }: Pick<Accelerator, 'system'>,
  neurons: number,
  bitsPerWeight: Bits,
  cores = system?.cores ?? 1,
): Bytes {
  const held = system && !system.sharedBuffer ? Math.max(...neuronsOfCores(neurons, cores)) : neurons;
  return rowBytesOf(held, bitsPerWeight);
}
