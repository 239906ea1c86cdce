import { flipUniformly } from '../faults/uniform-flips.ts';
import type { Chip } from '../faults/weak-cells-at.ts';
import type { Device } from '../hardware/device.ts';
import type { Network } from '../snn/network.ts';
import { type Schedule, scheduled } from '../snn/recipe.ts';
import {
  encodeWeights,
  packCodes,
  unpackCodes,
  type WeightFormat,
  weightBits,
} from '../snn/weight-format.ts';
import { type HoldingConditions, holdWeights } from './held-weights.ts';
import type { ReceptiveFields } from './repair-field.ts';
import { loadWeights, type RunRepair } from './repair-on-load.ts';
import { storeWeights } from './stored-weights.ts';

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
      const codes = encodeWeights(weights, format);
      const masks = flipsOf(codes.length, map, rate);
      for (let k = 0; k < codes.length; k++) codes[k] = (codes[k]! ^ masks[k]!) >>> 0;
      return loadWeights(codes, format, repair, fields);
    },
    readSound: (weights) => loadWeights(encodeWeights(weights, format), format, repair, fields),
  };
}

/** The memory of one device at a supply: map k is that of chip `chipOf(k)`. Placement and errors are those of `holdWeights`. */
export function chipMemory(
  network: Omit<Network, 'weights' | 'theta' | 'responses'>,
  { format }: WeightStorage,
  device: Device,
  chipOf: (map: number) => Chip,
  conditions: HoldingConditions,
): FaultyMemory {
  // Thresholds stay on the accelerator.
  const theta = new Float32Array();
  return {
    read(weights, map) {
      const stored = storeWeights({ ...network, weights, theta }, { format, ecc: 'none' }, device);
      return holdWeights(stored, device, chipOf(map), conditions).weights;
    },
    readSound: (weights) => loadWeights(encodeWeights(weights, format), format, conditions.repair, network),
  };
}
