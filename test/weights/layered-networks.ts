import fc from 'fast-check';
import {
  type Conv2dLayer,
  type Layer,
  type LayeredNetwork,
  NEURON_MODELS,
  type NeuronParameter,
  PARAMETERS_OF,
  type PerNeuron,
  type Shape,
  sizeOf,
} from '../../src/snn/layers/layered-network.ts';
import { windowPlaces } from '../../src/weights/layer-shapes.ts';

/** Numbers from a seed; the tests' own, so that a failing case can be made again from its seed. */
export function numbers(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

/**
 * A network with layers of all kinds but competition, as a file gives it back: values that are all the same are one value, and a bias of
 * zeros is none.
 */
export function randomNetwork(seed: number): LayeredNetwork {
  const next = numbers(seed);
  const whole = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  const values = (count: number, from = -1, to = 1): Float32Array =>
    Float32Array.from({ length: count }, () => from + (to - from) * next());
  const perNeuron = (shape: Shape, from: number, to: number): PerNeuron =>
    values(next() < 0.5 ? 1 : sizeOf(shape), from, to);
  const bias = (count: number): { bias?: Float32Array } => (next() < 0.5 ? { bias: values(count) } : {});
  const layers: Layer[] = [
    {
      kind: 'input',
      name: 'in',
      shape: next() < 0.5 ? [whole(1, 9)] : [whole(1, 3), whole(4, 7), whole(4, 7)],
      sources: [],
    },
  ];
  const last = (): Layer => layers.at(-1)!;
  const behind = (kind: string) => ({
    name: `${kind}${layers.length}`,
    sources: [{ layer: layers.length - 1, delayed: false }],
  });
  const add = (layer: Layer): number => layers.push(layer) - 1;

  const neurons = (): void => {
    const { shape } = last();
    const model = NEURON_MODELS[whole(0, NEURON_MODELS.length - 1)]!;
    const parameters: Partial<Record<NeuronParameter, PerNeuron>> = {};
    for (const key of PARAMETERS_OF[model])
      parameters[key] = perNeuron(shape, key.startsWith('tau') ? 0.001 : 0, key.startsWith('tau') ? 0.02 : 2);
    const place = layers.length;
    const spiking = behind('cells');
    const recurs = next() < 0.4 && shape.length === 1;
    if (recurs) {
      const size = shape[0]!;
      const back = { kind: 'dense' as const, name: `back${place}`, shape, inputs: size, outputs: size };
      add({
        ...back,
        weights: values(size * size),
        ...bias(size),
        sources: [{ layer: place + 1, delayed: true }],
      });
    }
    const sources = [...spiking.sources, ...(recurs ? [{ layer: place, delayed: false }] : [])];
    add({ kind: 'neurons', ...spiking, shape, model, parameters, sources });
  };
  const dense = (): void => {
    const [inputs, outputs] = [sizeOf(last().shape), whole(1, 6)];
    add({
      kind: 'dense',
      ...behind('fc'),
      shape: [outputs],
      inputs,
      outputs,
      weights: values(inputs * outputs),
      ...bias(outputs),
    });
  };
  const conv = (): void => {
    const inputShape = last().shape as readonly [number, number, number];
    const groups = inputShape[0] % 2 === 0 && next() < 0.5 ? 2 : 1;
    const outputs = groups * whole(1, 3);
    const windows = {
      kernel: [whole(1, 3), whole(1, 3)] as const,
      stride: [whole(1, 2), whole(1, 2)] as const,
      padding: [whole(0, 1), whole(0, 1)] as const,
      dilation: [1, whole(1, 2)] as const,
    };
    const places = windowPlaces(inputShape, windows);
    if (places.some((extent) => extent < 1)) return;
    const count = (inputShape[0] * outputs * windows.kernel[0] * windows.kernel[1]) / groups;
    const layer: Conv2dLayer = {
      ...{ kind: 'conv2d', ...behind('conv'), ...windows, inputShape, groups },
      ...{ shape: [outputs, ...places], weights: values(count), ...bias(outputs) },
    };
    add(layer);
  };
  const pool = (): void => {
    const inputShape = last().shape as readonly [number, number, number];
    const windows = {
      kernel: [whole(1, 2), whole(1, 2)] as const,
      stride: [whole(1, 2), whole(1, 2)] as const,
      padding: [0, 0] as const,
    };
    const places = windowPlaces(inputShape, windows);
    if (places.some((extent) => extent < 1)) return;
    const mode = next() < 0.5 ? 'sum' : 'average';
    add({ kind: 'pool', ...behind('pool'), ...windows, inputShape, mode, shape: [inputShape[0], ...places] });
  };
  const scale = (): void => {
    const { shape } = last();
    add({ kind: 'scale', ...behind('scale'), shape, factor: perNeuron(shape, -2, 2) });
  };
  const delay = (): void => {
    const { shape } = last();
    add({ kind: 'delay', ...behind('delay'), shape, seconds: perNeuron(shape, 0, 0.01) });
  };
  for (let count = whole(1, 3); count > 0 && last().shape.length === 3; count--)
    [conv, pool, neurons, scale][whole(0, 3)]!();
  if (last().shape.length === 3) add({ kind: 'flatten', ...behind('flat'), shape: [sizeOf(last().shape)] });
  for (let count = whole(1, 4); count > 0; count--) [dense, neurons, scale, delay][whole(0, 3)]!();
  // A way round some layers, which are added up.
  const skips = layers.findIndex(
    ({ shape, kind }) => kind !== 'input' && shape.join() === last().shape.join(),
  );
  const output = { kind: 'output' as const, ...behind('out'), shape: last().shape };
  const more =
    skips >= 0 && skips < layers.length - 1 && next() < 0.5 ? [{ layer: skips, delayed: false }] : [];
  add({ ...output, sources: [...output.sources, ...more] });
  return { layers };
}

/** Random networks for property tests. */
export const networks = (): fc.Arbitrary<LayeredNetwork> =>
  fc.integer({ min: 1, max: 2 ** 31 - 1 }).map(randomNetwork);
