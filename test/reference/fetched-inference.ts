import { decodeImage } from '../../src/faults/ecc.ts';
import { injectErrors } from '../../src/faults/inject.ts';
import type { Chip } from '../../src/faults/weak-cells-at.ts';
import type { Placement } from '../../src/hardware/placement.ts';
import type { BitLayout } from '../../src/mapping/bit-layout.ts';
import { decodeWeights, encodeWeights, unpackCodes, weightBits } from '../../src/snn/weight-format.ts';
import { rowRegion } from '../../src/sparkxd/stored-tensors.ts';
import type { StoredWeights } from '../../src/sparkxd/stored-weights.ts';
import { presentDensely } from './dense-snn.ts';

export interface FetchedRow {
  readonly weights: number[];
  readonly flippedBits: number;
}

/** The n-th read of one weight row: the whole memory is read anew with that number, and the row taken out of it. */
export function readRow(
  stored: StoredWeights,
  chip: Chip,
  placement: Placement,
  supply: number,
  bitLayout: BitLayout,
  repair: 'none' | 'clamp' | 'zero' | 'likeliest',
  row: number,
  read: number,
): FetchedRow {
  const { layout } = stored;
  const before = bitLayout.write(stored.image);
  const image = before.slice();
  injectErrors(image, placement, chip, supply, { read });
  let flippedBits = 0;
  for (let byte = row * layout.rowStride; byte < (row + 1) * layout.rowStride; byte++)
    for (let bit = 0; bit < 8; bit++) if (((image[byte]! ^ before[byte]!) >> bit) & 1) flippedBits++;
  return { flippedBits, weights: loadRow(stored, image, bitLayout, repair, row) };
}

/** The weights of a row of an image as DRAM gave it back: corrected, decoded, repaired. */
export function loadRow(
  { layout, coding, network }: StoredWeights,
  image: Uint8Array,
  bitLayout: BitLayout,
  repair: 'none' | 'clamp' | 'zero' | 'likeliest',
  row: number,
): number[] {
  const bits = weightBits(coding.format);
  const read0 = bitLayout.read(image);
  const bytes = read0.slice(row * layout.rowStride, row * layout.rowStride + layout.rowBytes);
  const data = decodeImage(bytes, [rowRegion(network.neurons, coding)]).image;
  const weights = [
    ...decodeWeights(unpackCodes(data, bits, network.neurons), coding.format, network.ceiling),
  ];
  const [top] = encodeWeights(Float32Array.of(network.ceiling), coding.format, network.ceiling);
  const [most] = decodeWeights(Uint32Array.of(top!), coding.format, network.ceiling);
  return weights.map((weight) => {
    if (repair === 'none' || (weight >= 0 && weight <= most!)) return weight;
    if (repair === 'likeliest') return network.likeliest;
    return repair === 'clamp' && weight > most! ? most! : 0;
  });
}

/** Who fires how often when each spike adds a row of its own: dense, with as many inputs as there are spikes. */
export function presentRows(
  network: Omit<Parameters<typeof presentDensely>[0], 'weights' | 'read'>,
  steps: readonly (readonly number[][])[],
): number[] {
  const weights = steps.flat();
  let first = 0;
  const spikes = steps.map((rows) => {
    const from = first;
    first += rows.length;
    return weights.map((_, input) => input >= from && input < from + rows.length);
  });
  const counts = new Array<number>(network.theta.length).fill(0);
  for (const winner of presentDensely({ ...network, weights }, spikes)) if (winner >= 0) counts[winner]!++;
  return counts;
}
