import fc from 'fast-check';
import {
  type Dynamics,
  type Layer,
  type LayeredNetwork,
  NEURON_MODELS,
  type NeuronModel,
  type Shape,
  type Source,
  sizeOf,
} from '../../../src/snn/layers/layered-network.ts';

/** Small steps of a power of two: sums of them are exact, in any order. */
export const exactWeight = fc.integer({ min: -16, max: 16 }).map((k) => k / 16);

/** Damaged memory gives any bit pattern. */
export const anyWeight = fc.oneof(
  { arbitrary: fc.float({ min: -1, max: 1, noNaN: true }), weight: 30 },
  {
    arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 3e38, 1e-45),
    weight: 1,
  },
);

export const DT = 2 ** -10;

export const dynamicsOf = (integration: readonly Dynamics['integration'][]): fc.Arbitrary<Dynamics> =>
  fc.record({
    timeStepS: fc.constant(DT),
    integration: fc.constantFrom(...integration),
    reset: fc.constantFrom('value', 'subtract'),
    resetTime: fc.constantFrom('same-step', 'next-step', 'snntorch-same-step'),
    threshold: fc.constantFrom('gt', 'ge'),
  });

/** A network of 3 to 9 layers over feature maps of 2 x 4 x 4, with joins and cycles. Where `exact`, short sums in single precision lose nothing. */
export function randomNetwork(
  random: (below: number) => number,
  weight: () => number,
  exact: boolean,
): LayeredNetwork {
  const layers: Layer[] = [{ kind: 'input', name: 'input', shape: [2, 4, 4], sources: [] }];
  const one = (choices: readonly number[]): number => choices[random(choices.length)]!;
  const floats = (count: number, value: () => number): Float32Array =>
    Float32Array.from({ length: count }, value);
  const perNeuron = (shape: Shape, value: () => number): Float32Array =>
    floats(random(2) === 0 ? 1 : sizeOf(shape), value);
  const count = 2 + random(7);
  for (let k = 0; k < count; k++) {
    const name = `layer${k}`;
    const first = layers.length - 1;
    const read = layers[first]!.shape;
    const same = layers.flatMap((layer, place) => (sizeOf(layer.shape) === sizeOf(read) ? [place] : []));
    const sources: Source[] = [{ layer: first, delayed: random(6) === 0 }];
    if (random(3) === 0) sources.push({ layer: one(same), delayed: random(2) === 0 });
    layers.push(layerOf(name, read, sources));
    // What puts out as much as it reads may read itself, a step later.
    const last = layers.at(-1)!;
    if (last.kind === 'neurons' && random(3) === 0)
      layers[layers.length - 1] = {
        ...last,
        sources: [...sources, { layer: layers.length - 1, delayed: true }],
      };
  }
  const shape = layers.at(-1)!.shape;
  layers.push({
    kind: 'output',
    name: 'output',
    shape,
    sources: [{ layer: layers.length - 1, delayed: false }],
  });
  return { layers };

  function layerOf(name: string, read: Shape, sources: Source[]): Layer {
    const base = { name, sources };
    const map = read.length === 3 ? read : undefined;
    switch (random(9)) {
      case 0:
      case 1: {
        const outputs = 1 + random(20);
        const inputs = sizeOf(read);
        const bias = random(2) === 0 ? {} : { bias: floats(outputs, weight) };
        const weights = floats(inputs * outputs, weight);
        return { kind: 'dense', ...base, shape: [outputs], inputs, outputs, weights, ...bias };
      }
      case 2:
        if (map) {
          const groups = map[0]! % 2 === 0 ? one([1, 2]) : 1;
          const outputs = groups * (1 + random(3));
          const [kernel, stride, padding, dilation] = [
            pair([1, 2, 3]),
            pair([1, 2]),
            pair([1, 2]),
            pair([1, 1, 2]),
          ];
          const shape = [
            outputs,
            ...([0, 1] as const).map(
              (axis) =>
                Math.floor(
                  (map[axis + 1]! + 2 * padding[axis] - dilation[axis] * (kernel[axis] - 1) - 1) /
                    stride[axis],
                ) + 1,
            ),
          ];
          if (shape.every((extent) => extent >= 1)) {
            const weights = floats(map[0]! * (outputs / groups) * kernel[0] * kernel[1], weight);
            const bias = random(2) === 0 ? {} : { bias: floats(outputs, weight) };
            const geometry = { inputShape: map, kernel, stride, padding, dilation, groups };
            return { kind: 'conv2d', ...base, shape, ...geometry, weights, ...bias };
          }
        }
        return { kind: 'flatten', ...base, shape: [sizeOf(read)] };
      case 3:
        if (map && map[1]! >= 2 && map[2]! >= 2) {
          const stride = pair([1, 2]);
          const padding = pair([0, 1]);
          const shape = [
            map[0]!,
            ...([0, 1] as const).map((a) => Math.floor((map[a + 1]! + 2 * padding[a] - 2) / stride[a]) + 1),
          ];
          const mode = random(2) === 0 ? 'sum' : 'average';
          return { kind: 'pool', ...base, mode, shape, inputShape: map, kernel: [2, 2], stride, padding };
        }
        return { kind: 'scale', ...base, shape: read, factor: perNeuron(read, () => one([0.5, 1, -1, 2])) };
      case 4:
        return { kind: 'delay', ...base, shape: read, seconds: perNeuron(read, () => DT * random(4)) };
      default:
        return neuronsOf(base, read);
    }
  }

  function neuronsOf(base: { name: string; sources: Source[] }, shape: Shape): Layer {
    const model = NEURON_MODELS[random(NEURON_MODELS.length)] as NeuronModel;
    const parameters = {
      tau: perNeuron(shape, () => DT * one(exact ? [1, 2, 4] : [1.5, 3, 7])),
      tauSyn: perNeuron(shape, () => DT * one(exact ? [1, 2] : [1.25, 5])),
      r: perNeuron(shape, () => (model === 'if' || model === 'i' ? one([1, 2]) / DT : one([1, 2]))),
      wIn: perNeuron(shape, () => one([1, 2])),
      vLeak: perNeuron(shape, () => one([0, 0, 0.25])),
      vThreshold: perNeuron(shape, () => one([0.5, 1, 1.25])),
      vReset: perNeuron(shape, () => one([0, 0, -0.25])),
    };
    return { kind: 'neurons', ...base, model, shape, parameters };
  }

  function pair(choices: readonly number[]): [number, number] {
    return [one(choices), one(choices)];
  }
}
