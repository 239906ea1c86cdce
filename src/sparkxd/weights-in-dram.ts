import { injectErrors } from '../faults/inject.ts';
import { isoSlackSupply } from '../faults/iso-slack.ts';
import { type RepairPolicy, repairWeights } from '../faults/repair.ts';
import { subarrayBer } from '../faults/subarray-ber.ts';
import type { Chip } from '../faults/weak-cells-at.ts';
import { bytesPerBurst, type Device } from '../hardware/device.ts';
import type { Placement } from '../hardware/placement.ts';
import { stretchAt } from '../hardware/resolve-timing.ts';
import type { TimingMode } from '../hardware/resolved-timing.ts';
import type { VoltageProfile } from '../hardware/voltage-profile.ts';
import { type MappingPolicy, placeWeights } from '../mapping/policy.ts';
import { imageToWeights, layoutWeights, type WeightLayout, weightsToImage } from '../mapping/weight-image.ts';
import { inputCount, type Network } from '../snn/network.ts';
import { MAXIMUM_WEIGHT } from '../snn/stdp.ts';
import type { Volts } from '../units/flavours.ts';

const FP32_BITS = 32;

/** A network's FP32 weights as they lie in one device: its layout and its byte image. */
export interface StoredWeights {
  readonly layout: WeightLayout;
  readonly image: Uint8Array;
}

export function storeWeights(network: Network, device: Device): StoredWeights {
  const burst = bytesPerBurst(device.organisation);
  const layout = layoutWeights(inputCount(network), network.neurons, FP32_BITS, burst);
  return { layout, image: weightsToImage(network.weights, layout) };
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

export interface HoldingConditions {
  /** Supply whose errors the cells show (`errorSupply`). */
  readonly supply: Volts;
  readonly mapping: MappingPolicy;
  readonly berLimit: number;
  readonly repair: RepairPolicy;
}

/** Places the weights on a chip by policy, reads them back with the chip's errors, and repairs them. */
export function holdWeights(
  { layout, image }: StoredWeights,
  device: Device,
  chip: Chip,
  { supply, mapping, berLimit, repair }: HoldingConditions,
): HeldWeights {
  const ber = subarrayBer(chip, supply);
  const placement = placeWeights(mapping, {
    imageBytes: layout.imageBytes,
    organisation: device.organisation,
    subarrayBer: ber,
    berLimit,
  });
  const read = image.slice();
  const { flippedBits } = injectErrors(read, placement, chip, supply);
  const weights = new Float32Array((layout.rows * layout.rowBytes * 8) / FP32_BITS);
  imageToWeights(read, layout, weights);
  repairWeights(weights, repair, MAXIMUM_WEIGHT);
  return {
    placement,
    chipBer: ber.reduce((sum, value) => sum + value, 0) / ber.length,
    flippedBits,
    weights,
  };
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
