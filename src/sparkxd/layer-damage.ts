import { differingBits } from '../bytes/differing-bits.ts';
import { flipUniformly } from '../faults/uniform-flips.ts';
import { endByte } from '../mapping/weight-image.ts';
import type { LoadRepair } from './repair-on-load.ts';
import type { StoredTensors } from './stored-tensors.ts';
import type { MaskRates } from './tolerance-damage.ts';
import { layeredForm } from './weight-form.ts';

/** Weights of a layered network as loaded after the errors of one mask, an array a tensor, of which `report` gets the rates. */
export type LayerDamage = (
  ber: number,
  seed: number,
  report?: (rates: MaskRates) => void,
) => readonly Float32Array[];

/**
 * Errors anywhere in the stored weights of a layered network, each stored bit alike, check bits and padding included; `only`: in
 * the tensor of this number alone, where a mask flips what it flips there when it damages all of them. Rates are those of the bits
 * that could flip. Throws InputError for a repair that layered networks do not have.
 */
export function layerDamage(stored: StoredTensors, repair: LoadRepair, only?: number): LayerDamage {
  const { image, tensors } = stored;
  const load = layeredForm(stored).loader(repair, 0);
  const part = only === undefined ? undefined : tensors[only]!.part;
  const [from, to] = part ? [part.firstByte, endByte(part)] : [0, image.length];
  return (ber, seed, report) => {
    const flipped = image.slice();
    flipUniformly(flipped, ber, seed);
    const read = image.slice();
    read.set(flipped.subarray(from, to), from);
    report?.({ observed: differingBits(read, image, from, to) / ((to - from) * 8) });
    return load(read);
  };
}
