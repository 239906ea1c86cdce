import { inputCount, type Network } from '../snn/network.ts';

/** How much an error in each row of a tensor is expected to hurt: the sum of its magnitudes. */
export function rowFragility(weights: Float32Array, columns: number): Float64Array {
  const sums = new Float64Array(weights.length / columns);
  for (let k = 0, row = 0; row < sums.length; row++) {
    let sum = 0;
    for (const end = k + columns; k < end; k++) sum += Math.abs(weights[k]!);
    sums[row] = sum;
  }
  return sums;
}

/**
 * That of each input of a network. Neurons learn strong weights from inputs that spike, and only the weights of an input that
 * spikes are ever added up (`tolerance --by-inputs` measures it).
 */
export function inputFragility(network: Network): Float64Array {
  const known = fragilities.get(network);
  if (known) return known;
  const { neurons, weights } = network;
  const sums = rowFragility(weights.subarray(0, inputCount(network) * neurons), neurons);
  fragilities.set(network, sums);
  return sums;
}

/** Every chip, supply and mapping asks for those of the same network. */
const fragilities = new WeakMap<Network, Float64Array>();
