import { subarrayBer } from '../faults/subarray-ber.ts';
import type { Chip } from '../faults/weak-cells-at.ts';
import type { Device } from '../hardware/device.ts';
import type { Placement } from '../hardware/placement.ts';
import { type MappingPolicy, placeWeights } from '../mapping/policy.ts';
import { type SubarrayUse, subarrayUse } from '../mapping/subarray-use.ts';
import { mean } from '../stats/moments.ts';
import type { Volts } from '../units/flavours.ts';
import { expectedBer } from './held-weights.ts';
import { requireBitsInPlace } from './memory-rules.ts';
import { mapOf } from './placing.ts';
import type { TensorRepair } from './repair-on-load.ts';
import { type DamagedTensor, damageTensors } from './tensor-damage.ts';
import type { TensorImage } from './tensor-image.ts';

/** How tensors are placed on a chip and read back. */
export interface TensorConditions {
  readonly mapping: MappingPolicy;
  readonly berLimit: number;
  /** Share of the subarrays that other data holds. */
  readonly occupied: number;
  /** Supply whose errors the cells show (`errorSupply`). */
  readonly supply: Volts;
  readonly repair: TensorRepair;
}

/** How one chip holds tensors at one supply, under the names of `HeldWeights`. */
export interface HeldTensors {
  readonly placement: Placement;
  readonly use: SubarrayUse;
  readonly berChip: number;
  readonly berPlaced: number;
  readonly tensors: readonly DamagedTensor[];
}

/**
 * Places the image of the tensors on a chip by policy, as one piece, and reads it back once. Throws InputError where it does not
 * fit, and for a mapping that moves bits within weights.
 */
export function holdTensors(
  image: TensorImage,
  device: Device,
  chip: Chip,
  { mapping, berLimit, occupied, supply, repair }: TensorConditions,
): HeldTensors {
  requireBitsInPlace(mapping);
  const { organisation } = device;
  const ber = subarrayBer(chip, supply);
  const request = { organisation, subarrayBer: ber, berLimit, occupied };
  const imageBytes = image.image.length;
  const placement = placeWeights(mapping, { ...request, imageBytes, ...mapOf(chip) });
  return {
    placement,
    use: subarrayUse(placement, request),
    berChip: mean(ber),
    berPlaced: expectedBer(placement, device, ber),
    tensors: damageTensors(image, placement, chip, supply, repair),
  };
}
