import { planeBytes } from '../mapping/bit-planes.ts';
import type { PlacementRequest } from '../mapping/placement-request.ts';
import type { MappingPolicy } from '../mapping/policy.ts';
import { inputCount, type Network } from '../snn/network.ts';
import { type WeightFormat, weightBits } from '../snn/weight-format.ts';
import { requirePlacing } from './memory-rules.ts';
import type { StoredWeights } from './stored-weights.ts';

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
  /** Share of the subarrays that other data holds (default: 0). */
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

const fragilities = new WeakMap<Network, Float64Array>();

/** `inputFragility`, computed once for a network. */
function knownFragility(network: Network): Float64Array {
  const known = fragilities.get(network) ?? inputFragility(network);
  fragilities.set(network, known);
  return known;
}

/** The request to `placeWeights` for these weights; `subarrayBer` as there. Throws InputError for check bits in bit planes. */
export function placementRequest(
  { network, coding, inputs, layout }: StoredWeights,
  organisation: PlacementRequest['organisation'],
  subarrayBer: Float64Array,
  { mapping, berLimit, occupied = 0 }: PlacingConditions,
): PlacementRequest {
  requirePlacing(coding, mapping);
  const fragileBytes = planeBytes(layout, weightBits(coding.format), FRAGILE_BITS[coding.format]);
  const fragilityOf = knownFragility(network);
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
