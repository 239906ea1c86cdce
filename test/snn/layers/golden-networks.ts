import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Group } from 'h5wasm';
import type {
  Conv2dLayer,
  DenseLayer,
  Layer,
  LayeredNetwork,
  NeuronLayer,
  NeuronModel,
  NeuronParameter,
  Shape,
  Source,
} from '../../../src/snn/layers/layered-network.ts';
import { readHdf5Array } from '../../../src/weights/hdf5-array.ts';
import { withHdf5 } from '../../../src/weights/hdf5-file.ts';
import { numbersOf, type Tensor, type TensorFile, transposed } from '../../../src/weights/tensor.ts';
import { parseTensors } from '../../../src/weights/weight-container.ts';

/** The networks of test/goldens/networks, put together by hand from their weights (not by a reader of NIR). */

export const goldenBytes = (file: string): Promise<Uint8Array> =>
  readFile(fileURLToPath(new URL(`../../goldens/networks/${file}`, import.meta.url)));

export const goldenTensors = async (file: string): Promise<TensorFile> =>
  parseTensors(await goldenBytes(file), file);

/** Numbers of an array, and its shape. */
export function arrayOf(
  { tensors }: TensorFile,
  name: string,
): { values: Float64Array; shape: readonly number[] } {
  const tensor = tensors.get(name);
  if (!tensor) throw new Error(`no array ${name}: ${[...tensors.keys()].join(', ')}`);
  return { values: numbersOf(tensor), shape: tensor.shape };
}

const floats = (file: TensorFile, name: string): Float32Array =>
  Float32Array.from(arrayOf(file, name).values);

const from = (layer: number): Source => ({ layer, delayed: false });

export const input = (...shape: number[]): Layer => ({ kind: 'input', name: 'input', shape, sources: [] });

export const output = (place: number, shape: Shape): Layer => ({
  kind: 'output',
  name: 'output',
  shape,
  sources: [from(place)],
});

/** A matrix of outputs x inputs, as PyTorch has it. */
function dense(file: TensorFile, name: string, source: Source, scale = 1): DenseLayer {
  const { shape } = arrayOf(file, `${name}.weight`);
  const [outputs, inputs] = shape as [number, number];
  const weights = transposed(floats(file, `${name}.weight`), outputs, inputs).map((weight) => weight * scale);
  const bias = file.tensors.has(`${name}.bias`) ? { bias: floats(file, `${name}.bias`) } : {};
  return { kind: 'dense', name, shape: [outputs], sources: [source], inputs, outputs, weights, ...bias };
}

/** Kernels of outputs x inputs x rows x columns, as PyTorch has them. */
function conv(file: TensorFile, name: string, place: number, inputShape: Shape, shape: Shape): Conv2dLayer {
  const { values, shape: of } = arrayOf(file, `${name}.weight`);
  const [outputs, inputs, rows, columns] = of as [number, number, number, number];
  const taps = rows * columns;
  const weights = new Float32Array(values.length);
  for (let o = 0; o < outputs; o++)
    for (let i = 0; i < inputs; i++)
      for (let tap = 0; tap < taps; tap++)
        weights[(i * outputs + o) * taps + tap] = values[(o * inputs + i) * taps + tap]!;
  return {
    kind: 'conv2d',
    name,
    shape,
    sources: [from(place)],
    inputShape,
    kernel: [rows, columns],
    stride: [1, 1],
    padding: [0, 0],
    dilation: [1, 1],
    groups: 1,
    weights,
    bias: floats(file, `${name}.bias`),
  };
}

const pool = (name: string, place: number, inputShape: Shape): Layer => ({
  kind: 'pool',
  mode: 'sum',
  name,
  shape: [inputShape[0]!, inputShape[1]! / 2, inputShape[2]! / 2],
  sources: [from(place)],
  inputShape,
  kernel: [2, 2],
  stride: [2, 2],
  padding: [0, 0],
});

export function neurons(
  name: string,
  model: NeuronModel,
  shape: Shape,
  places: readonly number[],
  values: Partial<Record<NeuronParameter, number | Float32Array>>,
): NeuronLayer {
  const all = { vLeak: 0, vReset: 0, ...values };
  const parameters = Object.fromEntries(
    Object.entries(all).map(([key, value]) => [
      key,
      typeof value === 'number' ? Float32Array.of(value) : value,
    ]),
  );
  return { kind: 'neurons', name, model, shape, sources: places.map(from), parameters };
}

const LIF1 = { tau: 0.01, r: 10, vThreshold: 1 };
const LIF2 = { tau: 0.02, r: 10, vThreshold: 1 };

/** 784 - 128 - 10; `int8`: with the weights that 8-bit codes stand for. */
export async function mlp(int8 = false): Promise<LayeredNetwork> {
  const file = await goldenTensors(int8 ? 'mlp-int8-weights.npz' : 'mlp.safetensors');
  const scaleOf = (name: string): number => (int8 ? arrayOf(file, `${name}.scale`).values[0]! : 1);
  return {
    layers: [
      input(784),
      dense(file, 'fc1', from(0), scaleOf('fc1')),
      neurons('lif1', 'lif', [128], [1], LIF1),
      dense(file, 'fc2', from(2), scaleOf('fc2')),
      neurons('lif2', 'lif', [10], [3], LIF2),
      output(4, [10]),
    ],
  };
}

/** As snnTorch has it: a membrane keeps the share beta and adds its input as it is. */
export async function mlpOfSnntorch(): Promise<LayeredNetwork> {
  const file = await goldenTensors('mlp-snntorch.pt');
  const leaky = (name: string, size: number, place: number): Layer => {
    const rate = 1 - arrayOf(file, `${name}.beta`).values[0]!;
    const vThreshold = arrayOf(file, `${name}.threshold`).values[0]!;
    return neurons(name, 'lif', [size], [place], { tau: 0.001 / rate, r: 1 / rate, vThreshold });
  };
  return {
    layers: [
      input(784),
      dense(file, 'fc1', from(0)),
      leaky('lif1', 128, 1),
      dense(file, 'fc2', from(2)),
      leaky('lif2', 10, 3),
      output(4, [10]),
    ],
  };
}

export async function convolutional(): Promise<LayeredNetwork> {
  const file = await goldenTensors('conv.pt');
  return {
    layers: [
      input(1, 28, 28),
      conv(file, 'conv1', 0, [1, 28, 28], [6, 24, 24]),
      neurons('lif1', 'lif', [6, 24, 24], [1], { tau: 0.005, r: 4, vThreshold: 1 }),
      pool('pool1', 2, [6, 24, 24]),
      conv(file, 'conv2', 3, [6, 12, 12], [12, 8, 8]),
      neurons('lif2', 'lif', [12, 8, 8], [4], { tau: 0.01, r: 8, vThreshold: 1.5 }),
      pool('pool2', 5, [12, 8, 8]),
      { kind: 'flatten', name: 'flatten', shape: [192], sources: [from(6)] },
      dense(file, 'fc', from(7)),
      neurons('lif3', 'lif', [10], [8], LIF2),
      output(9, [10]),
    ],
  };
}

/** 40 - CubaLIF 32 with recurrence - 3; the readout `li` or `lif`. */
export async function recurrent(readout: 'lif' | 'li'): Promise<LayeredNetwork> {
  const file = await goldenTensors('recurrent.pt');
  const cuba = await neuronsOfNir(readout === 'li' ? 'recurrent-li.nir' : 'recurrent.nir', 'cuba');
  return {
    layers: [
      input(40),
      dense(file, 'fc_in', from(0)),
      dense(file, 'w_rec', { layer: 3, delayed: true }),
      neurons('cuba', 'cuba-lif', [32], [1, 2], cuba),
      dense(file, 'fc_out', from(3)),
      neurons('readout', readout, [3], [4], { tau: 0.015, r: 8, vThreshold: 1 }),
      output(5, [3]),
    ],
  };
}

/** One input, three neurons that tell > from >=. */
export const EDGE: LayeredNetwork = {
  layers: [
    input(1),
    {
      kind: 'dense',
      name: 'fc',
      shape: [3],
      sources: [from(0)],
      inputs: 1,
      outputs: 3,
      weights: Float32Array.of(1, 0.75, 2),
    },
    neurons('lif', 'lif', [3], [1], { tau: 0.002, r: 2, vThreshold: 1 }),
    output(2, [3]),
  ],
};

const NIR_NAMES: readonly (readonly [NeuronParameter, string])[] = [
  ['tau', 'tau_mem'],
  ['tauSyn', 'tau_syn'],
  ['r', 'r'],
  ['wIn', 'w_in'],
  ['vLeak', 'v_leak'],
  ['vThreshold', 'v_threshold'],
  ['vReset', 'v_reset'],
];

/** One value a neuron of a node. */
async function neuronsOfNir(
  file: string,
  node: string,
): Promise<Partial<Record<NeuronParameter, Float32Array>>> {
  const arrays = await withHdf5(await goldenBytes(file), file, ({ library, file: open }) =>
    NIR_NAMES.map(([name, called]) => {
      const group = open.get(`node/nodes/${node}`) as Group;
      return [name, readHdf5Array(library, group, called)] as const;
    }),
  );
  return Object.fromEntries(
    arrays.map(([name, array]) => [name, Float32Array.from(numbersOf(array as Tensor))]),
  );
}
