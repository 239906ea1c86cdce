import { flipBitPosition } from '../faults/bit-position-flips.ts';
import type { EccScheme } from '../faults/ecc.ts';
import { flipUniformly } from '../faults/uniform-flips.ts';
import { endByte } from '../mapping/weight-image.ts';
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
import type { Damage } from './tolerance-damage.ts';

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
 * Readings of the weights of a layered network, the stored bits of each tensor flipping at a rate of its own, each independently,
 * as the seed decides: what one mask flips in a tensor does not depend on the rates of the others. Without check bits there is no
 * padding between them. Throws InputError for what `storeLayers` refuses, and for a repair that layered networks have no use for.
 */
export function layeredErrors(
  tensors: readonly LayeredTensor[],
  conditions: LayeredDamageConditions,
): (rates: readonly number[], seed: number) => LayeredReading {
  const repair = requireTensorRepair(conditions.repair);
  const stored = storeLayers(tensors, conditions, conditions.burstBytes);
  const packed = conditions.ecc === 'none' ? packedCodes(stored.tensors, tensors) : undefined;
  const image = packed?.image ?? stored.image;
  const spans = packed?.spans ?? stored.tensors.map(({ part }) => [part.firstByte, endByte(part)] as const);
  const load = (tensor: StoredTensor, codes: Uint32Array): Float32Array =>
    loadRow(codes, tensor.coding.format, repair, tensor.range);
  const sound = stored.tensors.map((tensor) => load(tensor, readTensorCodes(tensor, stored.image)));
  const codesOf = (tensor: StoredTensor, k: number, read: Uint8Array): Uint32Array => {
    if (!packed) return readTensorCodes(tensor, read);
    const { coding, part, columns } = tensor;
    return unpackCodes(read.subarray(...spans[k]!), weightBits(coding.format), part.rows * columns);
  };
  return (rates, seed) => {
    const read = image.slice();
    let flippedBits = 0;
    let storedBits = 0;
    const weights = stored.tensors.map((tensor, k) => {
      const rate = rates[k]!;
      if (rate === 0) return sound[k]!;
      const [from, to] = spans[k]!;
      storedBits += (to - from) * 8;
      const flipped = flipUniformly(read, rate, seed, from, to);
      flippedBits += flipped;
      return flipped === 0 ? sound[k]! : load(tensor, codesOf(tensor, k, read));
    });
    return { weights, flippedBits, storedBits: storedBits === 0 ? image.length * 8 : storedBits };
  };
}

/** Errors by numbered masks at a rate, or at shares of it: of tensor k `shares[k]` times the rate. */
export function layeredDamage(
  tensors: readonly LayeredTensor[],
  conditions: LayeredDamageConditions,
): (shares: readonly number[]) => Damage<readonly Float32Array[]> {
  const errors = layeredErrors(tensors, conditions);
  return (shares) => (ber, seed, report) => {
    const { weights, flippedBits, storedBits } = errors(
      shares.map((share) => ber * share),
      seed,
    );
    report?.({ observed: flippedBits / storedBits });
    return weights;
  };
}

/** Errors in one bit position of every weight, 0 the lowest; tensors of fewer bits have none in the positions above. */
export function layeredBitDamage(
  tensors: readonly LayeredTensor[],
  conditions: LayeredDamageConditions,
  bit: number,
): Damage<readonly Float32Array[]> {
  const repair = requireTensorRepair(conditions.repair);
  const stored = storeLayers(tensors, conditions, conditions.burstBytes).tensors;
  const codes = stored.map(({ coding: { format }, range }, k) =>
    encodeWeights(tensors[k]!.weights, format, range.ceiling),
  );
  const storedBits = stored.reduce(
    (sum, { coding }, k) => sum + codes[k]!.length * weightBits(coding.format),
    0,
  );
  return (ber, seed, report) => {
    let flipped = 0;
    const weights = stored.map(({ coding: { format }, range }, k) => {
      const read = codes[k]!.slice();
      // Each tensor draws for itself.
      if (bit < weightBits(format)) flipped += flipBitPosition(read, bit, ber, seed + k * TENSOR_STRIDE);
      return loadRow(read, format, repair, range);
    });
    report?.({ observed: flipped / storedBits });
    return weights;
  };
}

/** Seeds of the tensors of one mask are further apart than those of the masks of a search. */
const TENSOR_STRIDE = 2 ** 40;

/** The codes of all tensors, each from a whole byte on, and where they lie. */
function packedCodes(
  stored: readonly StoredTensor[],
  tensors: readonly LayeredTensor[],
): { readonly image: Uint8Array; readonly spans: readonly (readonly [from: number, to: number])[] } {
  const parts = stored.map(({ coding: { format }, range }, k) =>
    packCodes(encodeWeights(tensors[k]!.weights, format, range.ceiling), weightBits(format)),
  );
  const image = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  const spans = parts.map((part): [number, number] => {
    image.set(part, end);
    end += part.length;
    return [end - part.length, end];
  });
  return { image, spans };
}
