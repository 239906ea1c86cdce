import { differingBits } from '../bytes/differing-bits.ts';
import { log10 } from '../elementary/logarithm.ts';
import { InputError } from '../errors/input-error.ts';
import { flipBitPosition } from '../faults/bit-position-flips.ts';
import { createChip } from '../faults/chip.ts';
import type { EccScheme } from '../faults/ecc.ts';
import { ERROR_MODEL_NAMES, type ErrorModelId, errorModel } from '../faults/error-model.ts';
import { flipUniformly } from '../faults/uniform-flips.ts';
import type { Device } from '../hardware/device.ts';
import { supplyAtBer, type VoltageProfile } from '../hardware/voltage-profile.ts';
import type { Network } from '../snn/network.ts';
import {
  encodeWeights,
  packCodes,
  unpackCodes,
  type WeightFormat,
  weightBits,
} from '../snn/weight-format.ts';
import type { ContextDecoder } from './context-decoder.ts';
import { holdForm } from './held-weights.ts';
import { type LoadRepair, loadWeights } from './repair-on-load.ts';
import { inputFragility } from './row-fragility.ts';
import type { StoredTensors } from './stored-tensors.ts';
import { readCodes, storeWeights } from './stored-weights.ts';
import { matrixForm, type WeightForm } from './weight-form.ts';

/** Masks of one seed are far apart, so that neighbouring seeds of the user share none. */
export const MASK_STRIDE = 1_000_003;

/** Bit error rates of one mask. */
export interface MaskRates {
  /** Flipped bits over stored bits. */
  readonly observed: number;
  /** Expected over the chip, and where the weights lie; absent where no chip holds them. */
  readonly chip?: number;
  readonly placed?: number;
}

/** Weights as loaded after the errors of one mask, of which `report` gets the rates. */
export type Damage<W = Float32Array> = (ber: number, seed: number, report?: (rates: MaskRates) => void) => W;

/** How weights are stored, and what is done to them on load. */
export interface DamageConditions {
  readonly format: WeightFormat;
  readonly ecc: EccScheme;
  /** In whose bursts the rows lie, which matters to check bits and to the models that know lines. */
  readonly device: Device;
  readonly repair: LoadRepair;
  /** For a repair that learns from another network. */
  readonly context?: ContextDecoder | undefined;
}

/** Errors anywhere, each stored bit alike. */
export function uniformDamage(network: Network, conditions: DamageConditions): Damage {
  const errors = uniformErrors(network, conditions);
  return (ber, seed, report) => {
    const { codes, flippedBits, storedBits } = errors(ber, seed);
    report?.({ observed: flippedBits / storedBits });
    return load(codes, network, conditions, ber);
  };
}

/** A reading of all weights with errors anywhere: how many stored bits flipped, and the codes that were read. */
export interface UniformReading {
  readonly flippedBits: number;
  readonly storedBits: number;
  /** inputs x neurons; corrected, where there are check bits. */
  readonly codes: Uint32Array;
}

/**
 * Readings of weights whose stored bits flip at a rate, each independently, as the seed decides. Check bits flip as the
 * others do.
 */
export function uniformErrors(
  network: Network,
  { format, ecc, device }: Pick<DamageConditions, 'format' | 'ecc' | 'device'>,
): (ber: number, seed: number) => UniformReading {
  const bits = weightBits(format);
  const stored = ecc === 'none' ? undefined : storeWeights(network, { format, ecc }, device);
  const image = stored?.image ?? packCodes(encodeWeights(network.weights, format, network.ceiling), bits);
  return (ber, seed) => {
    const read = image.slice();
    const flippedBits = flipUniformly(read, ber, seed);
    const codes = stored ? readCodes(stored, read) : unpackCodes(read, bits, network.weights.length);
    return { flippedBits, storedBits: image.length * 8, codes };
  };
}

/** Errors in one bit position of every weight, 0 the lowest. */
export function bitDamage(network: Network, conditions: DamageConditions, bit: number): Damage {
  const codes = encodeWeights(network.weights, conditions.format, network.ceiling);
  const storedBits = codes.length * weightBits(conditions.format);
  return (ber, seed, report) => {
    const read = codes.slice();
    const flippedBits = flipBitPosition(read, bit, ber, seed);
    report?.({ observed: flippedBits / storedBits });
    return load(read, network, conditions, ber);
  };
}

/**
 * Damage to one group of inputs at a time: inputs by the sum of their weights, ascending, in groups as equal as can
 * be. A mask's flips in a group are those that the same mask makes there when it damages everything. Throws InputError
 * for more groups than inputs.
 */
export function inputDamages(network: Network, conditions: DamageConditions, groups: number): Damage[] {
  const fragility = inputFragility(network);
  const inputs = [...fragility.keys()].sort((a, b) => fragility[a]! - fragility[b]! || a - b);
  if (groups > inputs.length)
    throw new InputError(`${groups} groups of inputs are requested, the network has ${inputs.length} inputs`);
  const { neurons } = network;
  const codes = encodeWeights(network.weights, conditions.format, network.ceiling);
  const bits = weightBits(conditions.format);
  const image = packCodes(codes, bits);
  return Array.from({ length: groups }, (_, group) => {
    const from = Math.floor((group * inputs.length) / groups);
    const to = Math.floor(((group + 1) * inputs.length) / groups);
    return (ber, seed, report) => {
      const damaged = image.slice();
      flipUniformly(damaged, ber, seed);
      const read = unpackCodes(damaged, bits, codes.length);
      const mixed = codes.slice();
      for (const input of inputs.slice(from, to))
        mixed.set(read.subarray(input * neurons, (input + 1) * neurons), input * neurons);
      report?.({ observed: differingBits(codes, mixed) / (codes.length * bits) });
      return load(mixed, network, conditions, ber);
    };
  });
}

/** Rates that `modelDamage` can make: those of `ANY_RATE`. */
const RATES = { lowest: 1e-12, highest: 0.5 };

/** A profile that has every rate at some supply and the same rate in every subarray; its volts mean nothing. */
const ANY_RATE: VoltageProfile = {
  name: 'any rate',
  description: '',
  measuredOn: [],
  publishedFor: [],
  nominal: 1,
  members: [
    {
      name: 'any',
      curve: {
        voltages: [0, 1],
        log10Ber: [log10(RATES.highest), log10(RATES.lowest)],
        errorFree: 1,
      },
    },
  ],
  structure: { spread: 0, commonToBanks: 0 },
  provenance: [],
};

/**
 * Errors as one of EDEN's models places them, in weights that fill rows of a device one after the other (the baseline
 * mapping): a mask is a chip. `ber` is that of the memory, half of it storing ones; where weak cells share lines, or flip
 * by what they store, the weights may see more or less. Throws InputError for rates from 0.5 on.
 */
export const modelDamage = (
  network: Network,
  { format, ecc, device, repair, context }: DamageConditions,
  id: ErrorModelId,
): Damage =>
  modelDamageOf(matrixForm(storeWeights(network, { format, ecc }, device), context), { device, repair }, id);

/** The same of weights of any form. */
export function modelDamageOf<W>(
  form: WeightForm<StoredTensors, W>,
  { device, repair }: Pick<DamageConditions, 'device' | 'repair'>,
  id: ErrorModelId,
): Damage<W> {
  const site = { organisation: device.organisation, supply: { nominal: ANY_RATE.nominal } };
  const model = errorModel(id);
  return (ber, seed, report) => {
    if (!(ber < RATES.highest))
      throw new InputError(
        `error model ${id} (${ERROR_MODEL_NAMES[id]}) has no bit error rate of ${ber}: below ${RATES.highest}`,
      );
    const chip = createChip(ANY_RATE, site, { seed, model });
    const supply = supplyAtBer(ANY_RATE.members[0]!.curve, ber)!;
    const held = holdForm(form, device, chip, { mapping: 'baseline', berLimit: 1, supply, repair });
    report?.({ observed: held.berObserved, chip: held.berChip, placed: held.berPlaced });
    return held.weights;
  };
}

function load(
  codes: Uint32Array,
  network: Network,
  { format, repair, context }: Omit<DamageConditions, 'device' | 'ecc'>,
  ber: number,
): Float32Array {
  return loadWeights(codes, format, repair, network, context?.tables(format, ber));
}
