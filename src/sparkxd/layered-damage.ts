import { differingBits } from '../bytes/differing-bits.ts';
import type { EccScheme } from '../faults/ecc.ts';
import { flipUniformly } from '../faults/uniform-flips.ts';
import {
  encodeWeights,
  packCodes,
  unpackCodes,
  type WeightFormat,
  weightBits,
} from '../snn/weight-format.ts';
import type { Bytes } from '../units/flavours.ts';
import { requireTensorRepair } from './memory-rules.ts';
import { type LoadRepair, loadRow } from './repair-on-load.ts';
import { type LayeredTensor, storeLayers } from './stored-layers.ts';
import { readTensorCodes, type StoredTensor } from './stored-tensors.ts';
import type { NamedValue } from './tensor-names.ts';

/** How the tensors of a layered network are stored, and what is done to them on load. */
export interface LayeredDamageConditions {
  readonly format: WeightFormat;
  readonly tensorFormats?: readonly NamedValue<WeightFormat>[] | undefined;
  readonly ecc: EccScheme;
  readonly parityBits?: number | undefined;
  readonly repair: LoadRepair;
  /** Bytes of a burst of the device, to which rows with check bits are padded. */
  readonly burstBytes: Bytes;
}

/** What a mask of errors did: the weights of all tensors as loaded, and how many bits of the damaged ones flipped. */
export interface LayeredReading {
  readonly weights: readonly Float32Array[];
  readonly flippedBits: number;
  readonly storedBits: number;
}

/**
 * Readings of the weights of a layered network whose stored bits flip at a rate, each independently, as the seed decides; without
 * check bits there is no padding between them. Of `only`, if it is given, the bits of that tensor alone flip: those that the same
 * mask flips there when it damages everything. Throws InputError for what `storeLayers` refuses, and for a repair that layered
 * networks have no use for.
 */
export function layeredErrors(
  tensors: readonly LayeredTensor[],
  conditions: LayeredDamageConditions,
  only?: number,
): (ber: number, seed: number) => LayeredReading {
  const repair = requireTensorRepair(conditions.repair);
  const stored = storeLayers(tensors, conditions, conditions.burstBytes);
  const images = conditions.ecc === 'none' ? packedCodes(stored.tensors, tensors) : undefined;
  const image = images ? joined(images) : stored.image;
  const sound = stored.tensors.map((tensor) =>
    loadRow(readTensorCodes(tensor, stored.image), tensor.coding.format, repair, tensor.range),
  );
  const spanOf = (k: number): readonly [number, number] => {
    if (images) {
      const from = images.slice(0, k).reduce((sum, { length }) => sum + length, 0);
      return [from, from + images[k]!.length];
    }
    const { firstByte, rows, rowStride } = stored.tensors[k]!.part;
    return [firstByte, firstByte + rows * rowStride];
  };
  const spans = stored.tensors.map((_, k) => spanOf(k));
  return (ber, seed) => {
    const read = image.slice();
    const all = flipUniformly(read, ber, seed);
    const codesOf = (tensor: StoredTensor, k: number): Uint32Array =>
      images
        ? unpackCodes(
            read.subarray(...spans[k]!),
            weightBits(tensor.coding.format),
            tensor.part.rows * tensor.columns,
          )
        : readTensorCodes(tensor, read);
    const weights = stored.tensors.map((tensor, k) =>
      only === undefined || only === k
        ? loadRow(codesOf(tensor, k), tensor.coding.format, repair, tensor.range)
        : sound[k]!,
    );
    if (only === undefined) return { weights, flippedBits: all, storedBits: image.length * 8 };
    const [from, to] = spans[only]!;
    return { weights, flippedBits: differingBits(image, read, from, to), storedBits: (to - from) * 8 };
  };
}

/** The codes of each tensor, one after the other in whole bytes. */
const packedCodes = (stored: readonly StoredTensor[], tensors: readonly LayeredTensor[]): Uint8Array[] =>
  stored.map(({ coding: { format }, range }, k) =>
    packCodes(encodeWeights(tensors[k]!.weights, format, range.ceiling), weightBits(format)),
  );

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let to = 0;
  for (const part of parts) {
    all.set(part, to);
    to += part.length;
  }
  return all;
}
