import { InputError } from '../errors/input-error.ts';
import { decodeImage, type EccRegion, type EccScheme, encodedBytes, encodeImage } from '../faults/ecc.ts';
import { injectErrors } from '../faults/inject.ts';
import { isoSlackSupply } from '../faults/iso-slack.ts';
import { subarrayBer } from '../faults/subarray-ber.ts';
import type { Chip } from '../faults/weak-cells-at.ts';
import { bankLevels, subarrayIndex } from '../hardware/bank-index.ts';
import { bytesPerBurst, type Device } from '../hardware/device.ts';
import type { Placement } from '../hardware/placement.ts';
import { stretchAt } from '../hardware/resolve-timing.ts';
import type { TimingMode } from '../hardware/resolved-timing.ts';
import type { VoltageProfile } from '../hardware/voltage-profile.ts';
import { fromBitPlanes, planeBytes, toBitPlanes } from '../mapping/bit-planes.ts';
import type { PlacementRequest } from '../mapping/placement-request.ts';
import { type MappingPolicy, placeWeights, policyOf } from '../mapping/policy.ts';
import { layoutRows, padRows, unpadRows, type WeightLayout } from '../mapping/weight-image.ts';
import { inputCount, type Network } from '../snn/network.ts';
import {
  encodeWeights,
  packCodes,
  unpackCodes,
  type WeightFormat,
  weightBits,
} from '../snn/weight-format.ts';
import { mean } from '../stats/moments.ts';
import type { Volts } from '../units/flavours.ts';
import type { ContextDecoder } from './context-decoder.ts';
import type { ContextTables } from './repair-context.ts';
import { type LoadRepair, loadWeights, repairOf } from './repair-on-load.ts';

/** How weights are written: their format, and the check bits that each row of them carries. */
export interface WeightCoding {
  readonly format: WeightFormat;
  readonly ecc: EccScheme;
}

/** A network's weights as they lie in one device: coding, layout and byte image. */
export interface StoredWeights {
  readonly network: Network;
  readonly coding: WeightCoding;
  /** The input of each weight row, ascending; inputs without a row have weights of 0 on load. */
  readonly inputs: Uint32Array;
  readonly layout: WeightLayout;
  readonly image: Uint8Array;
}

/** Top bits of a weight under a parity bit: sign and the bit below, where an error is worst. */
const PARITY_TOP_BITS = 2;

/** Bytes of the weights of a row, without check bits. */
export const weightBytesOfRow = (neurons: number, format: WeightFormat): number =>
  Math.ceil((neurons * weightBits(format)) / 8);

/** The one ECC region of a weight row. Throws InputError for parity over weights smaller than a byte. */
export function rowRegion(neurons: number, { format, ecc }: WeightCoding): EccRegion {
  const bits = weightBits(format);
  const bytes = weightBytesOfRow(neurons, format);
  if (ecc !== 'parity') return { bytes, scheme: ecc };
  if (bits < 8)
    throw new InputError(`parity protects weights of whole bytes, ${format} has ${bits} bits`, {
      remedy: 'use --ecc secded, or a format of 8 bits or more',
    });
  return { bytes, scheme: ecc, weightBytes: bits / 8, topBits: PARITY_TOP_BITS };
}

/**
 * Encodes the weights row by row; each row carries its own check bits and is padded to whole bursts of the device.
 * `inputs` (ascending) are those whose weights are stored, all unless told.
 */
export function storeWeights(
  network: Network,
  coding: WeightCoding,
  device: Device,
  inputs: Uint32Array = Uint32Array.from({ length: inputCount(network) }, (_, input) => input),
): StoredWeights {
  const { neurons } = network;
  const bits = weightBits(coding.format);
  const region = rowRegion(neurons, coding);
  const layout = layoutRows(inputs.length, encodedBytes(region), bytesPerBurst(device.organisation));
  const codes = encodeWeights(network.weights, coding.format);
  const bytes = new Uint8Array(layout.rows * layout.rowBytes);
  for (const [row, input] of inputs.entries()) {
    const packed = packCodes(codes.subarray(input * neurons, (input + 1) * neurons), bits);
    bytes.set(encodeImage(packed, [region]), row * layout.rowBytes);
  }
  return { network, coding, inputs, layout, image: padRows(bytes, layout) };
}

/** The weights that the loader makes of an image as read: corrected, decoded, repaired; 0 where nothing is stored. */
function fetchWeights(
  { network, coding, inputs, layout }: StoredWeights,
  image: Uint8Array,
  repair: LoadRepair,
  tables?: ContextTables,
): Float32Array {
  const { neurons } = network;
  const bits = weightBits(coding.format);
  const region = rowRegion(neurons, coding);
  const bytes = unpadRows(image, layout);
  const codes = new Uint32Array(inputCount(network) * neurons);
  for (const [row, input] of inputs.entries()) {
    const stored = bytes.subarray(row * layout.rowBytes, (row + 1) * layout.rowBytes);
    codes.set(unpackCodes(decodeImage(stored, [region]).image, bits, neurons), input * neurons);
  }
  const whole = inputs.length === inputCount(network);
  const fields = whole ? network : { ...network, sums: storedSums(network, inputs) };
  const weights = loadWeights(codes, coding.format, repair, fields, tables);
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

/** Bit error rate that a chip is expected to have where the weights lie: the mean over their bytes. */
function expectedBer(placement: Placement, { organisation }: Device, ber: Float64Array): number {
  const { channel, rank, bank, row } = placement;
  const levels = bankLevels(organisation);
  let sum = 0;
  for (let s = 0; s < placement.stretches; s++) {
    const subarray = subarrayIndex(levels, channel[s]!, rank[s]!, bank[s]!, row[s]!);
    sum += placement.bytes[s]! * ber[subarray]!;
  }
  return sum / placement.imageBytes;
}

/** Top bits of each format whose errors move a weight far: sign and exponent, or sign and the highest magnitudes. */
const FRAGILE_BITS: Readonly<Record<WeightFormat, number>> = {
  fp32: 9,
  bf16: 9,
  fp16: 6,
  int16: 3,
  int8: 3,
  int4: 2,
};

/** How weights are placed, on a chip whose subarrays are as good as a supply makes them. */
export interface PlacingConditions {
  readonly mapping: MappingPolicy;
  readonly berLimit: number;
  /** Share of the subarrays that other data holds; 0 unless told. */
  readonly occupied?: number;
}

/**
 * How much an error in each input's weights is expected to hurt: their sum. Neurons learn strong weights from inputs
 * that spike, and only the weights of an input that spikes are ever added up (`tolerance --by-inputs` measures it).
 */
export function inputFragility(network: Network): Float64Array {
  const { neurons, weights } = network;
  return Float64Array.from({ length: inputCount(network) }, (_, input) =>
    weights.subarray(input * neurons, (input + 1) * neurons).reduce((sum, weight) => sum + weight, 0),
  );
}

/** What `placeWeights` is asked for these weights; `subarrayBer` as there. Throws InputError for check bits in bit planes. */
export function placementRequest(
  { network, coding, inputs, layout }: StoredWeights,
  organisation: PlacementRequest['organisation'],
  subarrayBer: Float64Array,
  { mapping, berLimit, occupied = 0 }: PlacingConditions,
): PlacementRequest {
  if (policyOf(mapping).bitLayout === 'planes' && coding.ecc !== 'none')
    throw new InputError(
      `the mapping ${mapping} takes weight rows apart, which ${coding.ecc} protects as a whole`,
      {
        remedy: 'choose another mapping, or --ecc none',
      },
    );
  const fragileBytes = planeBytes(layout, weightBits(coding.format), FRAGILE_BITS[coding.format]);
  const fragilityOf = inputFragility(network);
  const fragility = Float64Array.from(inputs, (input) => fragilityOf[input]!);
  return {
    imageBytes: layout.imageBytes,
    organisation,
    subarrayBer,
    berLimit,
    occupied,
    contents: { rowStride: layout.rowStride, fragileBytes, fragility },
  };
}

/** The image as a mapping has it written: its weight rows as they are, or the bits of each sorted into planes. */
export function imageAsPlaced({ coding, layout, image }: StoredWeights, mapping: MappingPolicy): Uint8Array {
  const { bitLayout } = policyOf(mapping);
  return bitLayout === 'planes' ? toBitPlanes(image, layout, weightBits(coding.format)) : image.slice();
}

/** The image out of what was read back under a mapping: the inverse of `imageAsPlaced`. */
function imageAsRead(
  { coding, layout }: StoredWeights,
  read: Uint8Array,
  mapping: MappingPolicy,
): Uint8Array {
  const { bitLayout } = policyOf(mapping);
  return bitLayout === 'planes' ? fromBitPlanes(read, layout, weightBits(coding.format)) : read;
}

/** How one chip holds the weights at one supply. */
export interface HeldWeights {
  readonly placement: Placement;
  /** Mean expected bit error rate over all subarrays of the chip. */
  readonly chipBer: number;
  readonly flippedBits: number;
  /** inputs x neurons, as read back and repaired. */
  readonly weights: Float32Array;
}

export interface HoldingConditions extends PlacingConditions {
  /** Supply whose errors the cells show (`errorSupply`). */
  readonly supply: Volts;
  readonly repair: LoadRepair;
  /** For a repair that needs a prior: it decodes for the bit error rate expected where the weights lie; at 0 nothing is repaired. */
  readonly context?: ContextDecoder;
}

/** Places the weights on a chip by policy, reads them back with the chip's errors, and repairs them. */
export function holdWeights(
  stored: StoredWeights,
  device: Device,
  chip: Chip,
  conditions: HoldingConditions,
): HeldWeights {
  const { supply, mapping, repair, context } = conditions;
  const ber = subarrayBer(chip, supply);
  const placement = placeWeights(mapping, placementRequest(stored, device.organisation, ber, conditions));
  const image = imageAsPlaced(stored, mapping);
  const { flippedBits } = injectErrors(image, placement, chip, supply);
  const read = imageAsRead(stored, image, mapping);
  const { needsPrior } = repairOf(repair);
  const expected = needsPrior ? expectedBer(placement, device, ber) : 0;
  const weights =
    needsPrior && expected === 0
      ? fetchWeights(stored, read, 'none')
      : fetchWeights(stored, read, repair, context?.tables(stored.coding.format, expected));
  return { placement, chipBer: mean(ber), flippedBits, weights };
}

/**
 * The supply whose errors the cells show when the device runs at `supply` under a timing mode: `paper` takes the
 * errors of the supply whatever the latency; the others grant the cells the latency they run with (iso-slack rule).
 */
export function errorSupply(
  device: Device,
  profile: VoltageProfile,
  supply: Volts,
  timing: TimingMode,
): Volts {
  if (timing === 'paper') return supply;
  const { tRCD, tRP } = device.timing as { tRCD: number; tRP: number };
  const stretch = timing === 'stretched' ? stretchAt(device, supply) : { tRCD: 1, tRP: 1 };
  return isoSlackSupply(profile, device.supply.curve, device.supply.nominal, supply, {
    tRCD: tRCD * stretch.tRCD,
    tRP: tRP * stretch.tRP,
  });
}
