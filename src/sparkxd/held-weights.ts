import { injectErrors, listWeakBits } from '../faults/inject.ts';
import { subarrayBer } from '../faults/subarray-ber.ts';
import type { Chip } from '../faults/weak-cells-at.ts';
import { bankLevels, subarrayIndex } from '../hardware/bank-index.ts';
import type { Device } from '../hardware/device.ts';
import type { Placement } from '../hardware/placement.ts';
import { placeWeights } from '../mapping/policy.ts';
import { type SubarrayUse, subarrayUse } from '../mapping/subarray-use.ts';
import { mean } from '../stats/moments.ts';
import type { Volts } from '../units/flavours.ts';
import type { ContextDecoder } from './context-decoder.ts';
import { mapOf, type PlacingConditions, placementRequest } from './placing.ts';
import { type LoadRepair, repairOf } from './repair-on-load.ts';
import { bitLayoutOf, loadStored, type StoredWeights } from './stored-weights.ts';

/** How one chip holds the weights at one supply. */
export interface HeldWeights {
  readonly placement: Placement;
  /** Which subarrays that takes, against the limit of the bit error rate. */
  readonly use: SubarrayUse;
  /** Expected bit error rate of the chip: the mean over all its subarrays. */
  readonly berChip: number;
  /** Expected bit error rate where the weights lie: the mean over their bytes. */
  readonly berPlaced: number;
  /** Flipped bits over stored bits. */
  readonly berObserved: number;
  /** Bits of the image, check bits and padding included, that were read wrong, before any correction. */
  readonly flippedBits: number;
  /** Bytes that the loader must know beside the data to undo the mapping's order of bits. */
  readonly sideBytes: number;
  /** inputs x neurons, as read back and repaired; chips that read no bit wrong may share the array. */
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
  const ber = subarrayBer(chip, conditions.supply);
  const request = placementRequest(stored, device.organisation, ber, { ...conditions, ...mapOf(chip) });
  return holdPlaced(stored, device, chip, placeWeights(conditions.mapping, request), conditions, ber);
}

/** The same for weights that lie at a placement already; `ber` are the error rates of the chip's subarrays at the supply. */
export function holdPlaced(
  stored: StoredWeights,
  device: Device,
  chip: Chip,
  placement: Placement,
  conditions: HoldingConditions,
  ber: Float64Array = subarrayBer(chip, conditions.supply),
): HeldWeights {
  const { supply, mapping, repair, context, berLimit, occupied } = conditions;
  const bits = bitLayoutOf(stored, mapping, () => listWeakBits(placement, chip, supply));
  const image = bits.write(stored.image);
  const { flippedBits } = injectErrors(image, placement, chip, supply);
  const read = bits.read(image);
  const berPlaced = expectedBer(placement, device, ber);
  return {
    placement,
    use: subarrayUse(placement, {
      organisation: device.organisation,
      subarrayBer: ber,
      berLimit,
      ...(occupied === undefined ? {} : { occupied }),
    }),
    berChip: mean(ber),
    berPlaced,
    berObserved: flippedBits / (stored.layout.imageBytes * 8),
    flippedBits,
    sideBytes: Math.ceil(bits.sideBits / 8),
    weights:
      flippedBits === 0 && !repairOf(repair).needsPrior
        ? loadUndamaged(stored, repair)
        : loaderOf(stored, repair, berPlaced, context)(read),
  };
}

/** What the loader makes of the image as stored, for a repair that needs no prior: one array for all chips and supplies. */
function loadUndamaged(stored: StoredWeights, repair: LoadRepair): Float32Array {
  const known = undamaged.get(stored) ?? new Map<LoadRepair, Float32Array>();
  undamaged.set(stored, known);
  const weights = known.get(repair) ?? loadStored(stored, stored.image, repair);
  known.set(repair, weights);
  return weights;
}

const undamaged = new WeakMap<StoredWeights, Map<LoadRepair, Float32Array>>();

/** What the loader makes of an image as read, which is expected to have a bit error rate of `ber`. */
export function loaderOf(
  stored: StoredWeights,
  repair: LoadRepair,
  ber: number,
  context: ContextDecoder | undefined,
): (read: Uint8Array) => Float32Array {
  if (repairOf(repair).needsPrior && ber === 0) return (read) => loadStored(stored, read, 'none');
  const tables = context?.tables(stored.coding.format, ber);
  return (read) => loadStored(stored, read, repair, tables);
}

/** Bit error rate that a chip is expected to have where the weights lie: the mean over their bytes. */
export function expectedBer(placement: Placement, { organisation }: Device, ber: Float64Array): number {
  const { channel, rank, bank, row } = placement;
  const levels = bankLevels(organisation);
  let sum = 0;
  for (let s = 0; s < placement.stretches; s++) {
    const subarray = subarrayIndex(levels, channel[s]!, rank[s]!, bank[s]!, row[s]!);
    sum += placement.bytes[s]! * ber[subarray]!;
  }
  return sum / placement.imageBytes;
}
