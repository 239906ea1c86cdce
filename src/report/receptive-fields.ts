import { inputCount, type Network } from '../snn/network.ts';
import type { Picture } from './png.ts';

/** Pixels between two fields, and their colour; weights that no network learns (NaN, below 0, above 1) are red. */
const GAP = 1;
const GAP_SHADE = 96;
const STRANGE = [208, 32, 32] as const;

/**
 * Each neuron's incoming weights as a field of the image's shape, white at 0 and black at 1, neurons in rows of
 * `columns`. `weights` is inputs x neurons, the network's own or what a chip makes of them.
 */
export function receptiveFields(
  { imageRows, imageColumns, neurons }: Pick<Network, 'imageRows' | 'imageColumns' | 'neurons'>,
  weights: Float32Array,
  columns: number,
): Picture {
  const rows = Math.ceil(neurons / columns);
  const width = columns * (imageColumns + GAP) + GAP;
  const height = rows * (imageRows + GAP) + GAP;
  const pixels = new Uint8Array(3 * width * height).fill(GAP_SHADE);
  for (let neuron = 0; neuron < neurons; neuron++) {
    const left = GAP + (neuron % columns) * (imageColumns + GAP);
    const top = GAP + Math.floor(neuron / columns) * (imageRows + GAP);
    for (let y = 0; y < imageRows; y++)
      for (let x = 0; x < imageColumns; x++) {
        const weight = weights[(y * imageColumns + x) * neurons + neuron]!;
        const at = 3 * ((top + y) * width + left + x);
        if (weight >= 0 && weight <= 1) pixels.fill(Math.round(255 * (1 - weight)), at, at + 3);
        else pixels.set(STRANGE, at);
      }
  }
  return { width, height, pixels };
}

/** Two pictures of one height side by side. Throws RangeError for different heights. */
export function sideBySide(left: Picture, right: Picture): Picture {
  if (left.height !== right.height) throw new RangeError(`heights ${left.height} and ${right.height}`);
  const space = 8;
  const width = left.width + space + right.width;
  const pixels = new Uint8Array(3 * width * left.height).fill(255);
  for (let y = 0; y < left.height; y++) {
    pixels.set(left.pixels.subarray(3 * y * left.width, 3 * (y + 1) * left.width), 3 * y * width);
    const from = 3 * (y * width + left.width + space);
    pixels.set(right.pixels.subarray(3 * y * right.width, 3 * (y + 1) * right.width), from);
  }
  return { width, height: left.height, pixels };
}

/** Cuts weights (inputs x neurons) down to the first `shown` neurons. */
export function firstNeurons(
  network: Pick<Network, 'imageRows' | 'imageColumns' | 'neurons'>,
  weights: Float32Array,
  shown: number,
): Float32Array {
  const inputs = inputCount(network);
  const cut = new Float32Array(inputs * shown);
  for (let i = 0; i < inputs; i++)
    cut.set(weights.subarray(i * network.neurons, i * network.neurons + shown), i * shown);
  return cut;
}
