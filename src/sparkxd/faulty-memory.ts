import { flipUniformly } from '../faults/uniform-flips.ts';
import type { Network } from '../snn/network.ts';
import { type Schedule, scheduled } from '../snn/recipe.ts';
import {
  encodeWeights,
  packCodes,
  unpackCodes,
  type WeightFormat,
  weightBits,
} from '../snn/weight-format.ts';
import type { ReceptiveFields } from './repair-field.ts';
import { loadWeights, type RunRepair } from './repair-on-load.ts';
import {
  createWeightMemory,
  type MemoryPlace,
  type WeightMemoryParts,
  type WeightMemorySettings,
} from './weight-memory.ts';

/** A memory that flips bits, and the loader behind it. Weights are inputs x neurons. */
export interface FaultyMemory {
  /**
   * What the loader makes of `weights` as map number `map` of weak cells gives them back; map 0 is the one that
   * inference will meet. `progress` (0 to 1) is the place in a schedule of error rates, 1 its end.
   */
  read(weights: Float32Array, map: number, progress: number): Float32Array;
  /** The same without errors. */
  readSound(weights: Float32Array): Float32Array;
}

/** How weights lie in a memory and what is done to them on load. */
export interface WeightStorage {
  readonly format: WeightFormat;
  readonly repair: RunRepair;
}

/** Seeds of further maps lie this far apart, out of reach of the seeds that people choose. */
const SEEDS_BETWEEN_MAPS = 2 ** 32;

/** Uniform flips at a scheduled bit error rate, as `flipUniformly` under `seed` makes them: maps of one number are nested. */
export function uniformMemory(
  fields: ReceptiveFields,
  { format, repair }: WeightStorage,
  ber: Schedule,
  seed: number,
): FaultyMemory {
  const bits = weightBits(format);
  let flips = new Uint32Array();
  let drawn = '';

  /** XOR masks of all codes; kept, since a fixed map at a fixed rate asks for the same ones again and again. */
  function flipsOf(count: number, map: number, rate: number): Uint32Array {
    const asked = `${count} ${map} ${rate}`;
    if (asked === drawn) return flips;
    const image = packCodes(new Uint32Array(count), bits);
    flipUniformly(image, rate, seed + map * SEEDS_BETWEEN_MAPS);
    flips = unpackCodes(image, bits, count) as Uint32Array<ArrayBuffer>;
    drawn = asked;
    return flips;
  }

  return {
    read(weights, map, progress) {
      const rate = progress === 1 ? ber.to : scheduled(ber, progress);
      const codes = encodeWeights(weights, format, fields.ceiling);
      const masks = flipsOf(codes.length, map, rate);
      for (let k = 0; k < codes.length; k++) codes[k] = (codes[k]! ^ masks[k]!) >>> 0;
      return loadWeights(codes, format, repair, fields);
    },
    readSound: (weights) =>
      loadWeights(encodeWeights(weights, format, fields.ceiling), format, repair, fields),
  };
}

/** The memory of one device: map k is that of the chip, supply and mapping that `placeOf(k)` gives. */
export function chipMemory(
  { network, ...memory }: Omit<WeightMemoryParts, 'network'> & { readonly network: UntrainedNetwork },
  settings: WeightMemorySettings,
  placeOf: (map: number) => MemoryPlace,
): FaultyMemory {
  // Thresholds stay on the accelerator.
  const theta = new Float32Array();
  const { format, repair } = settings;
  return {
    read: (weights, map) =>
      createWeightMemory({ ...memory, network: { ...network, weights, theta } }, settings).hold(placeOf(map))
        .weights,
    readSound: (weights) =>
      loadWeights(encodeWeights(weights, format, network.ceiling), format, repair, network),
  };
}

type UntrainedNetwork = Omit<Network, 'weights' | 'theta' | 'responses'>;
