import { quoted } from '../errors/printable.ts';
import {
  type Layer,
  type NeuronParameter,
  type PerNeuron,
  type Shape,
  sizeOf,
} from '../snn/layers/layered-network.ts';
import type { Say } from './layer-file.ts';
import { flattened, isAlike, mapShape, shapeInWords, windowPlaces } from './layer-shapes.ts';
import { nirName } from './nir-node-arrays.ts';
import type { NirNode } from './nir-nodes.ts';
import type { ConvPart, NeuronPart, NirPart } from './nir-parts.ts';
import { called, spread, type Values } from './nir-values.ts';

type Bare<L> = L extends Layer ? Omit<L, 'sources'> : never;
/** A layer before it is known which layers it reads. */
export type PlacedLayer = Bare<Layer>;

/** Elements of a layer at most. */
const MOST_ELEMENTS = 2 ** 24;

/** The shape of what a node puts out, as far as the node itself says it; such nodes do not wait for their input. */
export function ownShape(part: NirPart): Shape | undefined {
  if (part.kind === 'input') return part.shape;
  if (part.kind === 'dense') return [part.outputs];
  if (part.kind === 'conv2d' && part.extents)
    return placesOf(part, [part.inputs, part.extents[0]!, part.extents[1]!]);
  if (part.kind !== 'neurons') return undefined;
  const arrays = Object.values(part.parameters).map(({ shape }) => shape);
  return arrays.reduce<Shape | undefined>(
    (most, shape) => (sizeOf(shape) > (most ? sizeOf(most) : 1) ? shape : most),
    undefined,
  );
}

function placesOf(part: ConvPart, input: readonly [number, number, number]): Shape | undefined {
  const places = windowPlaces(input, part);
  return places.every((extent) => extent >= 1) ? [part.outputs, ...places] : undefined;
}

/**
 * The layer that a node is behind an input of that shape. `readers` are what it leads to. Undefined, with the reason said, where the
 * two do not fit.
 */
export function placed(
  node: NirNode,
  part: NirPart,
  input: Shape,
  readers: readonly NirPart[],
  say: Say,
): PlacedLayer | undefined {
  const { name } = node;
  const misfit = (expected: string): undefined => {
    say(`${called(node)} gets ${shapeInWords(input)}, expected ${expected}`);
    return undefined;
  };
  switch (part.kind) {
    case 'input':
      return { kind: 'input', name, shape: part.shape ?? input };
    case 'output':
      if (part.shape && !isAlike(part.shape, input)) return misfit(`its shape ${shapeInWords(part.shape)}`);
      return { kind: 'output', name, shape: input };
    case 'dense': {
      const { inputs, outputs } = part;
      if (!isAlike(input, [inputs])) return misfit(`${inputs} as its weights have inputs`);
      return { ...part, name, shape: [outputs] };
    }
    case 'conv2d':
      return placedConv(node, part, input, misfit);
    case 'pool': {
      const map = mapShape(input);
      if (!map) return misfit('channels x rows x columns');
      const places = windowPlaces(map, part);
      if (places.some((extent) => extent < 1))
        return misfit(`room for a window of ${part.kernel.join(' x ')}`);
      return bounded({ ...part, name, inputShape: map, shape: [map[0], ...places] }, misfit);
    }
    case 'flatten': {
      const shape = flatShape(part, input, readers);
      return shape
        ? { kind: 'flatten', name, shape }
        : misfit(`extents from ${part.start} to ${part.end} to flatten`);
    }
    case 'scale': {
      const factor = spread(part.values, input);
      return factor
        ? { kind: 'scale', name, shape: input, factor }
        : misfit(`the shape of its factors, ${shapeInWords(part.values.shape)}`);
    }
    case 'delay': {
      const seconds = spread(part.values, input);
      return seconds
        ? { kind: 'delay', name, shape: input, seconds }
        : misfit(`the shape of its delays, ${shapeInWords(part.values.shape)}`);
    }
    case 'neurons':
      return placedNeurons(node, part, input, misfit);
  }
}

function placedConv(
  { name }: NirNode,
  { flat, inputs, outputs: _, extents, ...part }: ConvPart,
  input: Shape,
  misfit: (expected: string) => undefined,
): PlacedLayer | undefined {
  const channels = `${inputs} channels as its weights have`;
  // A map of one dimension has one row.
  const map = mapShape(flat ? [...bareEnd(input), 1, input.at(-1) ?? 1] : input);
  if (!map) return misfit(`channels${flat ? '' : ' x rows'} x columns, ${channels}`);
  if (map[0] !== inputs) return misfit(channels);
  if (extents && extents.join() !== map.slice(1).join())
    return misfit(`maps of ${extents.join(' x ')} as its "input_shape"`);
  const shape = placesOf({ flat, inputs, outputs: _, ...part }, map);
  if (!shape) return misfit(`room for a kernel of ${part.kernel.join(' x ')}`);
  return bounded({ ...part, name, inputShape: map, shape }, misfit);
}

/** What stands before the columns of a map of one dimension: the channels, without a row that is one already. */
const bareEnd = (input: Shape): Shape =>
  input.length >= 3 && input.at(-2) === 1 ? input.slice(0, -2) : input.slice(0, -1);

function placedNeurons(
  node: NirNode,
  { model, parameters: own }: NeuronPart,
  input: Shape,
  misfit: (expected: string) => undefined,
): PlacedLayer | undefined {
  const parameters: Partial<Record<NeuronParameter, PerNeuron>> = {};
  /** Arrays that do not fit, by their shape. */
  const odd = new Map<string, string[]>();
  for (const [parameter, values] of Object.entries(own) as [NeuronParameter, Values][]) {
    const each = spread(values, input);
    if (each) parameters[parameter] = each;
    else {
      const key = quoted(nirName(node.type as Parameters<typeof nirName>[0], parameter));
      const shape = shapeInWords(values.shape);
      odd.set(shape, [...(odd.get(shape) ?? []), key]);
    }
  }
  for (const [shape, keys] of odd) misfit(`the shape of its ${keys.join(', ')}, ${shape}`);
  return odd.size === 0 ? { kind: 'neurons', name: node.name, shape: input, model, parameters } : undefined;
}

const bounded = (layer: PlacedLayer, misfit: (expected: string) => undefined): PlacedLayer | undefined =>
  sizeOf(layer.shape) <= MOST_ELEMENTS ? layer : misfit(`a result of at most ${MOST_ELEMENTS} elements`);

/**
 * NIR's shapes have no batch, so extents count without it. Some writers count it: where that is the reading by which the shape that
 * the file gives, or the weights behind the node, fit, it is taken.
 */
function flatShape(
  { start, end, inputShape }: Extract<NirPart, { kind: 'flatten' }>,
  input: Shape,
  readers: readonly NirPart[],
): Shape | undefined {
  const unbatched = (place: number): number => (place > 0 ? place - 1 : place);
  const literal = flattened(input, start, end);
  const batched = flattened(input, unbatched(start), unbatched(end));
  const hasBatch = inputShape !== undefined && inputShape.length === input.length + 1;
  const suits = (shape: Shape | undefined): boolean =>
    shape !== undefined && readers.every((each) => each.kind !== 'dense' || isAlike(shape, [each.inputs]));
  return hasBatch || (!suits(literal) && suits(batched)) ? (batched ?? literal) : literal;
}
