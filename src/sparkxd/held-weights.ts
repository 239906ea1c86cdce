import { differingBits } from '../bytes/differing-bits.ts';
import { injectErrors, listWeakBits } from '../faults/inject.ts';
import { subarrayBer } from '../faults/subarray-ber.ts';
import type { Chip } from '../faults/weak-cells-at.ts';
import { bankLevels, subarrayIndex } from '../hardware/bank-index.ts';
import type { Device } from '../hardware/device.ts';
import type { Placement } from '../hardware/placement.ts';
import { partOfPlacement } from '../mapping/part-of-placement.ts';
import { placeWeights } from '../mapping/policy.ts';
import { type SubarrayUse, subarrayUse } from '../mapping/subarray-use.ts';
import { endByte } from '../mapping/weight-image.ts';
import { mean } from '../stats/moments.ts';
import type { Bits, Volts } from '../units/flavours.ts';
import type { ContextDecoder } from './context-decoder.ts';
import { limitsOf, mapOf, type PlacingConditions, placementRequest } from './placing.ts';
import type { LoadRepair } from './repair-on-load.ts';
import { bitLayoutOf, type StoredTensors } from './stored-tensors.ts';
import type { StoredWeights } from './stored-weights.ts';
import { matrixForm, type WeightForm } from './weight-form.ts';

/** How one chip holds weights at one supply; of a Diehl & Cook network they are inputs x neurons. */
export interface HeldWeights<W = Float32Array> {
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
  /** The same of each tensor. */
  readonly tensors: readonly HeldTensor[];
  /** Bytes that the loader must know beside the data to undo the mapping's order of bits. */
  readonly sideBytes: number;
  /** As read back and repaired; chips that read no bit wrong may share the arrays. */
  readonly weights: W;
}

/** How a chip holds a tensor; `HeldWeights` says what the numbers mean. */
export interface HeldTensor {
  readonly name: string;
  readonly berPlaced: number;
  readonly flippedBits: number;
  /** Stored bits, check bits and padding included. */
  readonly storedBits: Bits;
}

export interface HoldingConditions extends PlacingConditions {
  /** Supply whose errors the cells show (`errorSupply`). */
  readonly supply: Volts;
  readonly repair: LoadRepair;
}

/** How the weights of a Diehl & Cook network are held. */
export interface MatrixConditions extends HoldingConditions {
  /** For a repair that needs a prior: it decodes for the bit error rate expected where the weights lie; at 0 nothing is repaired. */
  readonly context?: ContextDecoder;
}

/** Places the weights on a chip by policy, reads them back with the chip's errors, and repairs them. */
export const holdWeights = (
  stored: StoredWeights,
  device: Device,
  chip: Chip,
  conditions: MatrixConditions,
): HeldWeights => holdForm(matrixForm(stored, conditions.context), device, chip, conditions);

/** The same for weights of any form. */
export function holdForm<W>(
  form: WeightForm<StoredTensors, W>,
  device: Device,
  chip: Chip,
  conditions: HoldingConditions,
): HeldWeights<W> {
  const ber = subarrayBer(chip, conditions.supply);
  const request = placementRequest(form.stored, device.organisation, ber, { ...conditions, ...mapOf(chip) });
  return holdPlaced(form, device, chip, placeWeights(conditions.mapping, request), conditions, ber);
}

/** The same for weights that lie at a placement already; `ber` are the error rates of the chip's subarrays at the supply. */
export function holdPlaced<W>(
  form: WeightForm<StoredTensors, W>,
  device: Device,
  chip: Chip,
  placement: Placement,
  conditions: HoldingConditions,
  ber: Float64Array = subarrayBer(chip, conditions.supply),
): HeldWeights<W> {
  const { stored } = form;
  const { supply, mapping, repair, berLimit, occupied } = conditions;
  const { organisation } = device;
  const bits = bitLayoutOf(stored, mapping, () => listWeakBits(placement, chip, supply));
  const image = bits.write(stored.image);
  const asWritten = stored.tensors.length > 1 ? image.slice() : image;
  const { flippedBits } = injectErrors(image, placement, chip, supply);
  const read = bits.read(image);
  const berPlaced = expectedBer(placement, device, ber);
  return {
    placement,
    use: subarrayUse(
      placement,
      {
        ...{ organisation, subarrayBer: ber, berLimit },
        ...(occupied === undefined ? {} : { occupied }),
      },
      limitsOf(stored, conditions),
    ),
    berChip: mean(ber),
    berPlaced,
    berObserved: flippedBits / (stored.layout.imageBytes * 8),
    flippedBits,
    tensors: stored.tensors.map(({ name, part }): HeldTensor => {
      const end = endByte(part);
      const storedBits = (end - part.firstByte) * 8;
      if (stored.tensors.length === 1) return { name, berPlaced, flippedBits, storedBits };
      return {
        name,
        berPlaced: expectedBer(partOfPlacement(placement, part.firstByte, end), device, ber),
        flippedBits: differingBits(image, asWritten, part.firstByte, end),
        storedBits,
      };
    }),
    sideBytes: Math.ceil(bits.sideBits / 8),
    weights: flippedBits === 0 ? form.sound(repair, berPlaced) : form.loader(repair, berPlaced)(read),
  };
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
