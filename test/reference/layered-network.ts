import { exp } from '../../src/elementary/exponential.ts';
import {
  type Dynamics,
  type Layer,
  type NeuronLayer,
  type NeuronParameter,
  type RunnableNetwork,
  sizeOf,
} from '../../src/snn/layers/layered-network.ts';

/**
 * Layered networks written down as the equations say: every element of every layer in every step, nothing skipped but inputs that are 0, nothing
 * looked up, double precision. Slow on purpose. It borrows the types of networks, no code that runs them.
 */
export interface DenseRun {
  /** outputs[step][layer][element]: 0 or 1 where a layer spikes. */
  readonly outputs: number[][][];
}

/** input[step][element]. */
export function runDensely(
  { network, dynamics }: RunnableNetwork,
  input: readonly (readonly number[])[],
): DenseRun {
  const { layers } = network;
  const steppers = layers.map((layer) => stepperOf(layer, dynamics));
  let before = layers.map(({ shape }) => new Array<number>(sizeOf(shape)).fill(0));
  const outputs = input.map((values) => {
    const now: number[][] = [];
    layers.forEach((layer, place) => {
      const read = layer.sources.map((source) => (source.delayed ? before : now)[source.layer]!);
      const sum =
        place === 0 ? [...values] : read[0]!.map((_, k) => read.reduce((total, each) => total + each[k]!, 0));
      now.push(steppers[place]!(sum));
    });
    before = now;
    return now;
  });
  return { outputs };
}

type Stepper = (input: number[]) => number[];

function stepperOf(layer: Layer, dynamics: Dynamics): Stepper {
  switch (layer.kind) {
    case 'input':
    case 'output':
    case 'flatten':
      return (input) => input;
    case 'dense':
      return (input) =>
        Array.from({ length: layer.outputs }, (_, o) => {
          let sum = layer.bias?.[o] ?? 0;
          for (let i = 0; i < layer.inputs; i++)
            if (input[i] !== 0) sum += input[i]! * layer.weights[i * layer.outputs + o]!;
          return sum;
        });
    case 'conv2d':
      return (input) => convolve(layer, input);
    case 'pool':
      return (input) => pool(layer, input);
    case 'scale':
      return (input) => input.map((value, k) => value * oneOf(layer.factor, k));
    case 'delay': {
      const past: number[][] = [];
      return (input) => {
        past.push(input);
        return input.map((_, k) => {
          const steps = Math.round(oneOf(layer.seconds, k) / dynamics.timeStepS);
          return past[past.length - 1 - steps]?.[k] ?? 0;
        });
      };
    }
    case 'neurons':
      return neuronsOf(layer, dynamics);
    case 'competition':
      throw new Error('the reference of the competition is dense-snn.ts');
  }
}

function convolve(layer: Extract<Layer, { kind: 'conv2d' }>, input: number[]): number[] {
  const { shape, inputShape, kernel, stride, padding, dilation, groups, weights, bias } = layer;
  const [channels, rows, columns] = inputShape as [number, number, number];
  const [outputs, outRows, outColumns] = shape as [number, number, number];
  const [inputsOfGroup, outputsOfGroup] = [channels / groups, outputs / groups];
  const result: number[] = [];
  for (let o = 0; o < outputs; o++)
    for (let y = 0; y < outRows; y++)
      for (let x = 0; x < outColumns; x++) {
        let sum = bias?.[o] ?? 0;
        const group = Math.floor(o / outputsOfGroup);
        for (let c = group * inputsOfGroup; c < (group + 1) * inputsOfGroup; c++)
          for (let ky = 0; ky < kernel[0]; ky++)
            for (let kx = 0; kx < kernel[1]; kx++) {
              const inY = y * stride[0] - padding[0] + ky * dilation[0];
              const inX = x * stride[1] - padding[1] + kx * dilation[1];
              if (inY < 0 || inY >= rows || inX < 0 || inX >= columns) continue;
              const value = input[(c * rows + inY) * columns + inX]!;
              const weight = ((c * outputsOfGroup + (o % outputsOfGroup)) * kernel[0] + ky) * kernel[1] + kx;
              if (value !== 0) sum += value * weights[weight]!;
            }
        result.push(sum);
      }
  return result;
}

function pool(layer: Extract<Layer, { kind: 'pool' }>, input: number[]): number[] {
  const { shape, inputShape, kernel, stride, padding, mode } = layer;
  const [channels, rows, columns] = inputShape as [number, number, number];
  const result: number[] = [];
  for (let c = 0; c < channels; c++)
    for (let y = 0; y < shape[1]!; y++)
      for (let x = 0; x < shape[2]!; x++) {
        let sum = 0;
        for (let ky = 0; ky < kernel[0]; ky++)
          for (let kx = 0; kx < kernel[1]; kx++) {
            const inY = y * stride[0] - padding[0] + ky;
            const inX = x * stride[1] - padding[1] + kx;
            if (inY >= 0 && inY < rows && inX >= 0 && inX < columns)
              sum += input[(c * rows + inY) * columns + inX]!;
          }
        result.push(mode === 'average' ? sum / (kernel[0] * kernel[1]) : sum);
      }
  return result;
}

function neuronsOf({ model, parameters, shape }: NeuronLayer, dynamics: Dynamics): Stepper {
  const { integration, reset, resetTime, threshold } = dynamics;
  // Time constants come in single precision: so does the time that they are compared with.
  const timeStepS = Math.fround(dynamics.timeStepS);
  const size = sizeOf(shape);
  const v = new Array<number>(size).fill(0);
  const current = new Array<number>(size).fill(0);
  const above = (value: number, bound: number): boolean =>
    threshold === 'ge' ? value >= bound : value > bound;
  /** Where the solution of tau s' = goal - s stands a step later. */
  const towards = (state: number, goal: number, tau: number): number =>
    integration === 'euler'
      ? state + (timeStepS / tau) * (goal - state)
      : goal + (state - goal) * exp(-timeStepS / tau);

  return (input) =>
    input.map((drive, k) => {
      const of = (name: NeuronParameter): number => oneOf(parameters[name]!, k);
      const spikes = !['li', 'i', 'cuba-li'].includes(model);
      const wasAbove = spikes && above(v[k]!, of('vThreshold'));
      switch (model) {
        case 'lif':
        case 'li':
          v[k] = towards(v[k]!, of('vLeak') + of('r') * drive, of('tau'));
          break;
        case 'if':
        case 'i':
          v[k]! += timeStepS * of('r') * drive;
          break;
        case 'cuba-lif':
        case 'cuba-li':
          current[k] = towards(current[k]!, of('wIn') * drive, of('tauSyn'));
          v[k] = towards(v[k]!, of('vLeak') + of('r') * current[k]!, of('tau'));
          break;
        case 'threshold':
          return above(drive, of('vThreshold')) ? 1 : 0;
      }
      if (!spikes) return v[k]!;
      const bound = of('vThreshold');
      const membrane = v[k]!;
      if (reset === 'value') {
        const spike = above(membrane, bound);
        if (spike) v[k] = of('vReset');
        return spike ? 1 : 0;
      }
      const late = resetTime !== 'same-step' && wasAbove ? membrane - bound : membrane;
      const spike = above(late, bound) ? 1 : 0;
      v[k] = resetTime === 'next-step' ? late : membrane - spike * bound;
      return spike;
    });
}

const oneOf = (values: Float32Array, k: number): number => (values.length === 1 ? values[0]! : values[k]!);
