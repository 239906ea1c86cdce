import { rowBytesOf } from '../accelerator/buffer-rows.ts';
import { decodeImage, type EccRegion, encodedBytes, encodeImage } from '../faults/ecc.ts';
import { bytesPerBurst, type Device } from '../hardware/device.ts';
import { AS_IT_IS, type BitLayout, inPlanes } from '../mapping/bit-layout.ts';
import { type MappingPolicy, policyOf } from '../mapping/policy.ts';
import { layoutRows, padRows, type WeightLayout } from '../mapping/weight-image.ts';
import { rotatedWords, type WeakBits } from '../mapping/word-rotation.ts';
import { inputCount, type Network } from '../snn/network.ts';
import {
  encodeWeights,
  packCodes,
  unpackCodes,
  type WeightFormat,
  weightBits,
} from '../snn/weight-format.ts';
import type { Bytes } from '../units/flavours.ts';
import { bitDamage, FRAGILE_BITS } from './fragile-bits.ts';
import { requireCoding } from './memory-rules.ts';
import type { ContextTables } from './repair-context.ts';
import { type LoadRepair, loadWeights } from './repair-on-load.ts';
import type { WeightCoding } from './weight-coding.ts';

/** A network's weights as they lie in one device: coding, layout and byte image. */
export interface StoredWeights {
  readonly network: Network;
  readonly coding: WeightCoding;
  /** The input of each weight row, ascending; inputs without a row have weights of 0 on load. */
  readonly inputs: Uint32Array;
  readonly layout: WeightLayout;
  readonly image: Uint8Array;
}

/** Bytes of the weights of a row, without check bits. */
export const weightBytesOfRow = (neurons: number, format: WeightFormat): number =>
  rowBytesOf(neurons, weightBits(format));

/** The one ECC region of a weight row. Throws InputError for parity over weights smaller than a byte. */
export function rowRegion(neurons: number, coding: WeightCoding): EccRegion {
  requireCoding(coding);
  const { format, ecc, parityBits = FRAGILE_BITS[format] } = coding;
  const bytes = weightBytesOfRow(neurons, format);
  if (ecc !== 'parity') return { bytes, scheme: ecc };
  return { bytes, scheme: ecc, weightBytes: weightBits(format) / 8, topBits: parityBits };
}

/**
 * Encodes the weights row by row; each row carries its own check bits and is padded to whole bursts of the device, or of
 * `burstBytes`. `inputs` (ascending) are those whose weights are stored, by default all.
 */
export function storeWeights(
  network: Network,
  coding: WeightCoding,
  device: Device,
  inputs: Uint32Array = Uint32Array.from({ length: inputCount(network) }, (_, input) => input),
  burstBytes: Bytes = bytesPerBurst(device.organisation),
): StoredWeights {
  const { neurons } = network;
  const bits = weightBits(coding.format);
  const region = rowRegion(neurons, coding);
  const layout = layoutRows(inputs.length, encodedBytes(region), burstBytes);
  const codes = encodeWeights(network.weights, coding.format, network.ceiling);
  const bytes = new Uint8Array(layout.rows * layout.rowBytes);
  for (const [row, input] of inputs.entries()) {
    const packed = packCodes(codes.subarray(input * neurons, (input + 1) * neurons), bits);
    bytes.set(encodeImage(packed, [region]), row * layout.rowBytes);
  }
  return { network, coding, inputs, layout, image: padRows(bytes, layout) };
}

/** The codes that are left of an image as read when its check bits have corrected what they can, inputs x neurons. */
export function readCodes(
  { network, coding, inputs, layout }: StoredWeights,
  image: Uint8Array,
): Uint32Array {
  const { neurons } = network;
  const bits = weightBits(coding.format);
  const region = rowRegion(neurons, coding);
  const codes = new Uint32Array(inputCount(network) * neurons);
  for (const [row, input] of inputs.entries()) {
    const stored = image.subarray(row * layout.rowStride, row * layout.rowStride + layout.rowBytes);
    const bytes = region.scheme === 'none' ? stored : decodeImage(stored, [region]).image;
    unpackCodes(bytes, bits, neurons, codes.subarray(input * neurons, (input + 1) * neurons));
  }
  return codes;
}

/** The weights that the loader makes of an image as read: corrected, decoded, repaired; 0 where nothing is stored. */
export function loadStored(
  stored: StoredWeights,
  image: Uint8Array,
  repair: LoadRepair,
  tables?: ContextTables,
): Float32Array {
  const { network, coding, inputs } = stored;
  const { neurons } = network;
  const whole = inputs.length === inputCount(network);
  const fields = whole ? network : { ...network, sums: storedSums(network, inputs) };
  const weights = loadWeights(readCodes(stored, image), coding.format, repair, fields, tables);
  if (whole) return weights;
  // A repair that looks around a weight may have made something of one that was never stored.
  const held = new Set(inputs);
  for (let input = 0; input < inputCount(network); input++)
    if (!held.has(input)) weights.fill(0, input * neurons, (input + 1) * neurons);
  return weights;
}

/**
 * What the stored weights of each neuron sum to: training's sum less what is left out, which differs between neurons
 * (one that never learned keeps weight on inputs that never spike). One number a neuron, on the accelerator beside its
 * threshold, and as safe there.
 */
function storedSums({ neurons, weights }: Network, inputs: Uint32Array): Float32Array {
  const sums = new Float64Array(neurons);
  for (const input of inputs)
    for (let neuron = 0; neuron < neurons; neuron++) sums[neuron]! += weights[input * neurons + neuron]!;
  return Float32Array.from(sums);
}

/**
 * How a mapping has the bits of the image written; `weakBits` gives the weak cells under the image, for a mapping that needs
 * them: an Error without.
 */
export function bitLayoutOf(
  { coding, layout }: StoredWeights,
  mapping: MappingPolicy,
  weakBits?: () => WeakBits,
): BitLayout {
  const { bitLayout } = policyOf(mapping);
  if (bitLayout === 'planes') return inPlanes(layout, weightBits(coding.format));
  if (bitLayout === 'rows') return AS_IT_IS;
  if (!weakBits) throw new Error(`the mapping ${mapping} needs the weak cells of a chip`);
  return rotatedWords(layout, bitDamage(coding.format), weakBits());
}
