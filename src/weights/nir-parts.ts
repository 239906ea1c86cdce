import { quoted } from '../errors/printable.ts';
import {
  type Conv2dLayer,
  type DenseLayer,
  type NeuronParameter,
  PARAMETERS_OF,
  type PoolLayer,
  type Shape,
  sizeOf,
} from '../snn/layers/layered-network.ts';
import type { Say } from './layer-file.ts';
import { shapeInWords } from './layer-shapes.ts';
import { DEFAULT_PARAMETERS, isNeuronKind, NEURON_KINDS, nirName } from './nir-node-arrays.ts';
import type { NirNode } from './nir-nodes.ts';
import { biasOf, called, pairOf, type Values, valuesOf, wholesOf } from './nir-values.ts';
import { transposed } from './tensor.ts';
import { kernelsByInput } from './weight-order.ts';

/** What a node is by itself, before its place in the graph says of what shape its input is. */
export type NirPart =
  | { readonly kind: 'input' | 'output'; readonly shape?: Shape }
  | ({ readonly kind: 'dense' } & Pick<DenseLayer, 'inputs' | 'outputs' | 'weights' | 'bias'>)
  | ConvPart
  | ({ readonly kind: 'pool' } & Pick<PoolLayer, 'mode' | 'kernel' | 'stride' | 'padding'>)
  | { readonly kind: 'flatten'; readonly start: number; readonly end: number; readonly inputShape?: Shape }
  | { readonly kind: 'scale' | 'delay'; readonly values: Values }
  | NeuronPart;

export interface ConvPart extends Omit<Conv2dLayer, 'kind' | 'name' | 'shape' | 'sources' | 'inputShape'> {
  readonly kind: 'conv2d';
  readonly inputs: number;
  readonly outputs: number;
  /** Whether it is of one dimension, and its map has one row. */
  readonly flat: boolean;
  /** (rows, columns) of its input, where the file says it. */
  readonly extents?: Shape;
}

export interface NeuronPart {
  readonly kind: 'neurons';
  readonly model: (typeof NEURON_KINDS)[keyof typeof NEURON_KINDS];
  readonly parameters: Readonly<Partial<Record<NeuronParameter, Values>>>;
}

/** Parameters that must be above 0. */
const POSITIVE: readonly NeuronParameter[] = ['tau', 'tauSyn'];

/** The node by itself; undefined, with all reasons said, where it is not sound. */
export function partOf(node: NirNode, say: Say): NirPart | undefined {
  const { type } = node;
  if (isNeuronKind(type)) return neuronPart(node, say);
  switch (type) {
    case 'Input':
    case 'Output': {
      const kind = type === 'Input' ? 'input' : 'output';
      if (kind === 'output' && !node.arrays.has('shape')) return { kind };
      const shape = wholesOf(node, 'shape', { least: 1 }, say);
      if (shape === undefined) return undefined;
      if (sizeOf(shape) <= MOST_ELEMENTS) return { kind, shape };
      say(`${called(node)} has the shape ${shapeInWords(shape)}, more than ${MOST_ELEMENTS} elements`);
      return undefined;
    }
    case 'Linear':
    case 'Affine':
      return densePart(node, say);
    case 'Conv1d':
    case 'Conv2d':
      return convPart(node, say);
    case 'SumPool2d':
    case 'AvgPool2d': {
      const kernel = pairOf(node, 'kernel_size', { least: 1 }, say);
      const stride = pairOf(node, 'stride', { least: 1, ...(kernel ? { otherwise: kernel } : {}) }, say);
      const padding = pairOf(node, 'padding', { least: 0, otherwise: [0] }, say);
      if (!kernel || !stride || !padding) return undefined;
      return { kind: 'pool', mode: type === 'SumPool2d' ? 'sum' : 'average', kernel, stride, padding };
    }
    case 'Flatten': {
      const least = -MOST_EXTENTS;
      const start = wholesOf(node, 'start_dim', { least, otherwise: [1] }, say);
      const end = wholesOf(node, 'end_dim', { least, otherwise: [-1] }, say);
      if (!start || !end) return undefined;
      const inputShape = node.arrays.has('input_type')
        ? wholesOf(node, 'input_type', { least: 1 }, say)
        : undefined;
      return { kind: 'flatten', start: start[0]!, end: end[0]!, ...(inputShape ? { inputShape } : {}) };
    }
    case 'Scale':
    case 'Delay': {
      const values = valuesOf(node, type === 'Scale' ? 'scale' : 'delay', say);
      if (values === undefined) return undefined;
      if (type === 'Delay' && values.values.some((value) => value < 0)) {
        say(`${called(node)} has a delay below 0`);
        return undefined;
      }
      return { kind: type === 'Scale' ? 'scale' : 'delay', values };
    }
  }
}

/** Elements of a layer, and extents of a shape, at most. */
const MOST_ELEMENTS = 2 ** 24;
const MOST_EXTENTS = 8;

function neuronPart(node: NirNode, say: Say): NeuronPart | undefined {
  const { type } = node;
  if (!isNeuronKind(type)) return undefined;
  const model = NEURON_KINDS[type];
  const parameters: Partial<Record<NeuronParameter, Values>> = {};
  let sound = true;
  for (const parameter of PARAMETERS_OF[model]) {
    const key = nirName(type, parameter);
    const usual = DEFAULT_PARAMETERS[parameter];
    const values =
      usual !== undefined && !node.arrays.has(key) && !node.unread.has(key)
        ? { shape: [], values: Float32Array.of(usual) }
        : valuesOf(node, key, say);
    const low = POSITIVE.includes(parameter) ? values?.values.find((value) => !(value > 0)) : undefined;
    if (low !== undefined) say(`${quoted(key)} of ${called(node)} is ${low}, a time constant is above 0`);
    if (values === undefined || low !== undefined) sound = false;
    else parameters[parameter] = values;
  }
  return sound ? { kind: 'neurons', model, parameters } : undefined;
}

function densePart(node: NirNode, say: Say): NirPart | undefined {
  const weight = valuesOf(node, 'weight', say);
  if (weight === undefined) return undefined;
  const { shape, values } = weight;
  if (shape.length !== 2 || values.length === 0) {
    say(`the weights of ${called(node)} are ${shapeInWords(shape)}, expected outputs x inputs`);
    return undefined;
  }
  const [outputs, inputs] = shape as [number, number];
  const bias = biasOf(node, outputs, say);
  return {
    kind: 'dense',
    inputs,
    outputs,
    weights: transposed(values, outputs, inputs),
    ...(bias ? { bias } : {}),
  };
}

function convPart(node: NirNode, say: Say): NirPart | undefined {
  const flat = node.type === 'Conv1d';
  const weight = valuesOf(node, 'weight', say);
  const groups = wholesOf(node, 'groups', { least: 1, otherwise: [1] }, say)?.[0];
  const along = (key: string, least: number, otherwise: number): readonly [number, number] | undefined => {
    if (!flat) return pairOf(node, key, { least, otherwise: [otherwise] }, say);
    const found = wholesOf(node, key, { least, otherwise: [otherwise] }, say);
    return found && [otherwise, found[0] ?? otherwise];
  };
  const stride = along('stride', 1, 1);
  const dilation = along('dilation', 1, 1);
  const text = node.texts.get('padding');
  const given = text === undefined ? along('padding', 0, 0) : undefined;
  if (text !== undefined && text !== 'same' && text !== 'valid')
    say(`the padding of ${called(node)} is ${quoted(text)}, expected same, valid or numbers`);
  if (weight === undefined || groups === undefined || !stride || !dilation) return undefined;
  const { shape, values } = weight;
  if (shape.length !== (flat ? 3 : 4) || values.length === 0 || shape[0]! % groups !== 0) {
    const expected = `expected outputs x inputs / groups${flat ? '' : ' x rows'} x columns, outputs a multiple of ${groups} groups`;
    say(`the weights of ${called(node)} are ${shapeInWords(shape)}, ${expected}`);
    return undefined;
  }
  const [outputs, inputsOfGroup] = shape as [number, number];
  const kernel: readonly [number, number] = flat ? [1, shape[2]!] : [shape[2]!, shape[3]!];
  const padding = text === undefined ? given : textPadding(node, text, { kernel, stride, dilation }, say);
  if (!padding) return undefined;
  const bias = biasOf(node, outputs, say);
  const extents = extentsOf(node, flat, say);
  return {
    ...{ kind: 'conv2d', flat, kernel, stride, padding, dilation, groups, outputs },
    inputs: inputsOfGroup * groups,
    weights: kernelsByInput(values, { outputs, inputsOfGroup, groups, size: kernel[0] * kernel[1] }),
    ...(bias ? { bias } : {}),
    ...(extents ? { extents } : {}),
  };
}

/** Elements that "same" or "valid" put on each side. "same" is of stride 1, and needs as many on both sides. */
function textPadding(
  node: NirNode,
  text: string,
  { kernel, stride, dilation }: Pick<Conv2dLayer, 'kernel' | 'stride' | 'dilation'>,
  say: Say,
): readonly [number, number] | undefined {
  if (text === 'valid') return [0, 0];
  if (text !== 'same') return undefined;
  const all = [0, 1].map((k) => dilation[k]! * (kernel[k]! - 1));
  if (stride[0] === 1 && stride[1] === 1 && all.every((count) => count % 2 === 0))
    return [all[0]! / 2, all[1]! / 2];
  say(
    `the padding of ${called(node)} is "same" with a kernel of ${kernel.join(' x ')} and a stride of ${stride.join(' x ')}: it needs a stride of 1 and as many elements on both sides`,
  );
  return undefined;
}

/** What the file says of the extents of the input: sinabs writes none as an empty array. */
function extentsOf(node: NirNode, flat: boolean, say: Say): Shape | undefined {
  const tensor = node.arrays.get('input_shape');
  if (!tensor || tensor.bytes.length === 0) return undefined;
  const found = wholesOf(node, 'input_shape', { least: 1 }, say);
  if (found === undefined) return undefined;
  const extents = flat ? [1, ...found] : found;
  if (extents.length === 2) return extents;
  say(
    `"input_shape" of ${called(node)} is ${found.join(' x ')}, expected ${flat ? 'one number' : 'rows x columns'}`,
  );
  return undefined;
}
