import { injectErrors } from '../faults/inject.ts';
import { isoSlackSupply } from '../faults/iso-slack.ts';
import { subarrayBer } from '../faults/subarray-ber.ts';
import type { Chip } from '../faults/weak-cells-at.ts';
import { bytesPerBurst, type Device } from '../hardware/device.ts';
import type { Placement } from '../hardware/placement.ts';
import { stretchAt } from '../hardware/resolve-timing.ts';
import type { TimingMode } from '../hardware/resolved-timing.ts';
import type { VoltageProfile } from '../hardware/voltage-profile.ts';
import { type MappingPolicy, placeWeights } from '../mapping/policy.ts';
import { layoutWeights, padRows, unpadRows, type WeightLayout } from '../mapping/weight-image.ts';
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
import { LOAD_REPAIRS, type LoadRepair, loadWeights } from './repair-on-load.ts';

/** A network's weights as they lie in one device: format, layout and byte image. */
export interface StoredWeights {
  readonly network: Network;
  readonly format: WeightFormat;
  readonly layout: WeightLayout;
  readonly image: Uint8Array;
}

/** Encodes the weights, row by row, each row beginning on a byte and padded to whole bursts of the device. */
export function storeWeights(network: Network, format: WeightFormat, device: Device): StoredWeights {
  const { neurons } = network;
  const bits = weightBits(format);
  const layout = layoutWeights(inputCount(network), neurons, bits, bytesPerBurst(device.organisation));
  const codes = encodeWeights(network.weights, format);
  const bytes = new Uint8Array(layout.rows * layout.rowBytes);
  for (let row = 0; row < layout.rows; row++)
    bytes.set(packCodes(codes.subarray(row * neurons, (row + 1) * neurons), bits), row * layout.rowBytes);
  return { network, format, layout, image: padRows(bytes, layout) };
}

/** The weights that the loader makes of an image as read. */
function fetchWeights(
  { network, format, layout }: StoredWeights,
  image: Uint8Array,
  repair: RunRepair,
): Float32Array {
  const { neurons } = network;
  const bits = weightBits(format);
  const bytes = unpadRows(image, layout);
  const codes = new Uint32Array(layout.rows * neurons);
  for (let row = 0; row < layout.rows; row++) {
    const own = bytes.subarray(row * layout.rowBytes, (row + 1) * layout.rowBytes);
    codes.set(unpackCodes(own, bits, neurons), row * neurons);
  }
  return loadWeights(codes, format, repair, network);
}

/** Repairs that need nothing but the network's own side information. */
export const RUN_REPAIRS = LOAD_REPAIRS.filter((repair) => repair !== 'context');
export type RunRepair = Exclude<LoadRepair, 'context'>;

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
  readonly repair: RunRepair;
}

/** Places the weights on a chip by policy, reads them back with the chip's errors, and repairs them. */
export function holdWeights(
  stored: StoredWeights,
  device: Device,
  chip: Chip,
  { supply, mapping, berLimit, repair }: HoldingConditions,
): HeldWeights {
  const ber = subarrayBer(chip, supply);
  const placement = placeWeights(mapping, {
    imageBytes: stored.layout.imageBytes,
    organisation: device.organisation,
    subarrayBer: ber,
    berLimit,
  });
  const image = stored.image.slice();
  const { flippedBits } = injectErrors(image, placement, chip, supply);
  return { placement, chipBer: mean(ber), flippedBits, weights: fetchWeights(stored, image, repair) };
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
