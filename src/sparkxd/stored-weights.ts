import { bytesPerBurst, type Device } from '../hardware/device.ts';
import type { UniformLayout } from '../mapping/weight-image.ts';
import { inputCount, type Network } from '../snn/network.ts';
import type { Bytes } from '../units/flavours.ts';
import type { ContextTables } from './repair-context.ts';
import { type LoadRepair, loadWeights } from './repair-on-load.ts';
import { inputFragility } from './row-fragility.ts';
import { readTensorCodes, type StoredTensors, storeTensors } from './stored-tensors.ts';
import type { WeightCoding } from './weight-coding.ts';

/** The weights of a network of one matrix (Diehl & Cook's) as they lie in one device: one tensor, and what belongs beside it. */
export interface StoredWeights extends StoredTensors {
  readonly network: Network;
  readonly coding: WeightCoding;
  /** The input of each weight row, ascending; inputs without a row have weights of 0 on load. */
  readonly inputs: Uint32Array;
  readonly layout: UniformLayout;
}

/** What the one tensor of such a network is called. */
export const MATRIX_NAME = 'weight';

/**
 * Encodes the weights row by row; each row carries its own check bits and is padded to whole bursts of the device, or of
 * `burstBytes`. `inputs` (ascending) are those whose weights are stored, by default all.
 */
export function storeWeights(
  network: Network,
  coding: WeightCoding,
  device: Device,
  inputs: Uint32Array = Uint32Array.from({ length: inputCount(network) }, (_, input) => input),
  burstBytes: Bytes = bytesPerBurst(device.organisation),
): StoredWeights {
  const { neurons, weights } = network;
  const matrix = {
    ...{ name: MATRIX_NAME, coding, weights, range: network },
    rows: inputs.length,
    columns: neurons,
    source: (row: number): number => inputs[row]!,
    fragility: (): Float64Array => {
      const ofInput = inputFragility(network);
      return Float64Array.from(inputs, (input) => ofInput[input]!);
    },
  };
  const stored = storeTensors([matrix], burstBytes);
  const { rowBytes, rowStride } = stored.tensors[0]!.part;
  return { ...stored, network, coding, inputs, layout: { ...stored.layout, rowBytes, rowStride } };
}

/** The codes that are left of an image as read when its check bits have corrected what they can, inputs x neurons. */
export const readCodes = ({ network, tensors, inputs }: StoredWeights, image: Uint8Array): Uint32Array =>
  readTensorCodes(
    tensors[0]!,
    image,
    new Uint32Array(inputCount(network) * network.neurons),
    (row) => inputs[row]!,
  );

/** The weights that the loader makes of an image as read: corrected, decoded, repaired; 0 where nothing is stored. */
export function loadStored(
  stored: StoredWeights,
  image: Uint8Array,
  repair: LoadRepair,
  tables?: ContextTables,
): Float32Array {
  const { network, coding, inputs } = stored;
  const { neurons } = network;
  const whole = inputs.length === inputCount(network);
  const fields = whole ? network : { ...network, sums: storedSums(network, inputs) };
  const weights = loadWeights(readCodes(stored, image), coding.format, repair, fields, tables);
  if (whole) return weights;
  // A repair that looks around a weight may have made something of one that was never stored.
  const held = new Set(inputs);
  for (let input = 0; input < inputCount(network); input++)
    if (!held.has(input)) weights.fill(0, input * neurons, (input + 1) * neurons);
  return weights;
}

/**
 * What the stored weights of each neuron sum to: training's sum less what is left out, which differs between neurons
 * (one that never learned keeps weight on inputs that never spike). One number a neuron, on the accelerator beside its
 * threshold, and as safe there.
 */
function storedSums({ neurons, weights }: Network, inputs: Uint32Array): Float32Array {
  const sums = new Float64Array(neurons);
  for (const input of inputs)
    for (let neuron = 0; neuron < neurons; neuron++) sums[neuron]! += weights[input * neurons + neuron]!;
  return Float32Array.from(sums);
}
