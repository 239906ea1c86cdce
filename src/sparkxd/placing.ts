import type { Chip } from '../faults/weak-cells-at.ts';
import { planeBytes } from '../mapping/bit-planes.ts';
import type { PlacementRequest } from '../mapping/placement-request.ts';
import type { MappingPolicy } from '../mapping/policy.ts';
import { inputCount, type Network } from '../snn/network.ts';
import { weightBits } from '../snn/weight-format.ts';
import { FRAGILE_BITS } from './fragile-bits.ts';
import { requirePlacing } from './memory-rules.ts';
import type { StoredWeights } from './stored-weights.ts';

/** How weights are placed, on a chip whose subarrays are as good as a supply makes them. */
export interface PlacingConditions {
  readonly mapping: MappingPolicy;
  readonly berLimit: number;
  /** Share of the subarrays that other data holds (default: 0). */
  readonly occupied?: number;
  /** The file of a measured map, for messages. */
  readonly measuredMap?: string;
}

/** The file of the map that a measured chip comes from, as placing takes it. */
export const mapOf = (chip: Chip): Pick<PlacingConditions, 'measuredMap'> =>
  chip.kind === 'measured' && chip.file !== undefined ? { measuredMap: chip.file } : {};

/**
 * How much an error in each input's weights is expected to hurt: their sum. Neurons learn strong weights from inputs
 * that spike, and only the weights of an input that spikes are ever added up (`tolerance --by-inputs` measures it).
 */
export function inputFragility(network: Network): Float64Array {
  const known = fragilities.get(network);
  if (known) return known;
  const { neurons, weights } = network;
  const sums = new Float64Array(inputCount(network));
  for (let k = 0, input = 0; input < sums.length; input++) {
    let sum = 0;
    for (const end = k + neurons; k < end; k++) sum += weights[k]!;
    sums[input] = sum;
  }
  fragilities.set(network, sums);
  return sums;
}

/** Every chip, supply and mapping asks for those of the same network. */
const fragilities = new WeakMap<Network, Float64Array>();

/** The request to `placeWeights` for these weights; `subarrayBer` as there. Throws InputError for check bits in bit planes. */
export function placementRequest(
  { network, coding, inputs, layout }: StoredWeights,
  organisation: PlacementRequest['organisation'],
  subarrayBer: Float64Array,
  { mapping, berLimit, occupied = 0, measuredMap }: PlacingConditions,
): PlacementRequest {
  requirePlacing(coding, mapping);
  const fragileBytes = planeBytes(layout, weightBits(coding.format), FRAGILE_BITS[coding.format]);
  const fragilityOf = inputFragility(network);
  const fragility = Float64Array.from(inputs, (input) => fragilityOf[input]!);
  return {
    imageBytes: layout.imageBytes,
    organisation,
    subarrayBer,
    berLimit,
    occupied,
    ...(measuredMap === undefined ? {} : { measuredMap }),
    contents: { rowStride: layout.rowStride, fragileBytes, fragility },
  };
}
