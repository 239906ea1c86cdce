import { z } from 'zod';
import { InputError } from '../errors/input-error.ts';
import { requireNoObstacles } from '../errors/obstacles.ts';
import { quoted } from '../errors/printable.ts';
import {
  type Layer,
  NEURON_MODELS,
  type NeuronParameter,
  PARAMETERS_OF,
  type Shape,
} from '../snn/layers/layered-network.ts';
import { neuronConstantsSchema } from '../snn/schemas.ts';
import type { StorageFormat } from '../snn/weight-format.ts';
import { MOST_ELEMENTS, outputChannels, requireSoundLayers } from './layer-checks.ts';
import { type LayerFile, type LayersOrObstacles, layersOr, type Say } from './layer-file.ts';
import { readJson, readNotes, writeNotes } from './layer-notes.ts';
import { formatSafetensors, parseSafetensors } from './safetensors.ts';
import { storageOfType, storedTensor } from './stored-tensor.ts';
import { floatTensor, isFloating, numbersOf, type Tensor, type TensorFile } from './tensor.ts';

/**
 * A network of layers as a safetensors file. Metadata: `format`; `graph`, a list of layers as JSON, each with its kind, name, shape,
 * sources (names, with what is delayed) and what is no array; `dynamics` and `presentation`, as much of them as is known; `training`.
 *
 * | tensor | type, shape | |
 * |---|---|---|
 * | `LAYER.weight` | F32, F16 or BF16; inputs x outputs, or channels x outputs of a group x rows x columns | dense, conv2d |
 * | `LAYER.bias` | F32, outputs | where there is one |
 * | `LAYER.factor`, `LAYER.seconds` | F32, 1 or the layer's shape | scale, delay |
 * | `LAYER.tau`, `LAYER.r`, ... | F32, 1 or the layer's shape | neurons |
 * | `LAYER.theta` | F32, neurons | competition |
 */
export const LAYERS_FORMAT = 'sparkxd-layers-1';

const MOST_LAYERS = 2 ** 12;

const extent = z.int().positive().max(MOST_ELEMENTS);
const shape = z.array(extent).max(8).readonly();
const pair = z.tuple([extent, extent]).readonly();
const padding = z
  .tuple([z.int().nonnegative().max(MOST_ELEMENTS), z.int().nonnegative().max(MOST_ELEMENTS)])
  .readonly();
const base = {
  name: z.string().min(1).max(200),
  shape,
  sources: z
    .array(z.strictObject({ layer: z.string(), delayed: z.boolean().default(false) }))
    .max(MOST_LAYERS),
};
const map = z.tuple([extent, extent, extent]).readonly();
const layerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('input'), ...base }),
  z.strictObject({ kind: z.literal('output'), ...base }),
  z.strictObject({ kind: z.literal('flatten'), ...base }),
  z.strictObject({ kind: z.literal('dense'), ...base }),
  z.strictObject({
    ...{ kind: z.literal('conv2d'), ...base, inputShape: map },
    ...{ kernel: pair, stride: pair, padding, dilation: pair, groups: extent },
  }),
  z.strictObject({
    ...{ kind: z.literal('pool'), ...base, inputShape: map },
    ...{ mode: z.enum(['sum', 'average']), kernel: pair, stride: pair, padding },
  }),
  z.strictObject({ kind: z.literal('scale'), ...base }),
  z.strictObject({ kind: z.literal('delay'), ...base }),
  z.strictObject({ kind: z.literal('neurons'), ...base, model: z.enum(NEURON_MODELS) }),
  z.strictObject({ kind: z.literal('competition'), ...base, constants: neuronConstantsSchema }),
]);
const graphSchema = z.array(layerSchema).min(2).max(MOST_LAYERS);
type StoredLayer = z.infer<typeof layerSchema>;

/** Whether tensors are those of a network of layers. */
export const isLayersFile = ({ metadata }: Pick<TensorFile, 'metadata'>): boolean =>
  metadata.get('format') === LAYERS_FORMAT;

/** Bytes of the safetensors file. Weights that `storage` cannot hold exactly are rounded. */
export const formatLayers = (file: LayerFile): Uint8Array => formatSafetensors(tensorsOfLayers(file));

/** Reads what `formatLayers` wrote. Throws InputError with all that is in the way. */
export function parseLayers(bytes: Uint8Array, name: string): LayerFile {
  const { layers, obstacles } = examineLayers(parseSafetensors(bytes, name), name);
  requireNoObstacles(obstacles, { file: name });
  return layers!;
}

/** The network as named tensors and metadata, for any container that holds these. */
export function tensorsOfLayers(file: LayerFile): TensorFile {
  const { layers } = file.network;
  const tensors = new Map<string, Tensor>();
  const graph = layers.map((layer) => {
    for (const [key, tensor] of Object.entries(arraysOf(layer, file.storage)))
      tensors.set(`${layer.name}.${key}`, tensor);
    return described(layer, layers);
  });
  const metadata = new Map([
    ['format', LAYERS_FORMAT],
    ['graph', JSON.stringify(graph)],
    ...writeNotes(file),
  ]);
  return { tensors, metadata };
}

/** What of a layer stands in the graph: all that is no array. */
function described(layer: Layer, layers: readonly Layer[]): object {
  const { kind, name, shape: own } = layer;
  const sources = layer.sources.map(({ layer: from, delayed }) => ({
    layer: layers[from]!.name,
    ...(delayed ? { delayed } : {}),
  }));
  const start = { kind, name, shape: own, sources };
  switch (layer.kind) {
    case 'conv2d': {
      const { inputShape, kernel, stride, padding: sides, dilation, groups } = layer;
      return { ...start, inputShape, kernel, stride, padding: sides, dilation, groups };
    }
    case 'pool': {
      const { inputShape, mode, kernel, stride, padding: sides } = layer;
      return { ...start, inputShape, mode, kernel, stride, padding: sides };
    }
    case 'neurons':
      return { ...start, model: layer.model };
    case 'competition':
      return { ...start, constants: layer.constants };
    default:
      return start;
  }
}

function arraysOf(layer: Layer, storage: StorageFormat): Record<string, Tensor> {
  const each = (values: Float32Array): Tensor => floatTensor(values.length === 1 ? [1] : layer.shape, values);
  switch (layer.kind) {
    case 'dense':
    case 'conv2d': {
      const { weights, bias } = layer;
      const extents =
        layer.kind === 'dense'
          ? [layer.inputs, layer.outputs]
          : [layer.inputShape[0]!, outputChannels(layer) / layer.groups, ...layer.kernel];
      return {
        weight: storedTensor(extents, weights, storage),
        ...(bias ? { bias: floatTensor([bias.length], bias) } : {}),
      };
    }
    case 'scale':
      return { factor: each(layer.factor) };
    case 'delay':
      return { seconds: each(layer.seconds) };
    case 'neurons':
      return Object.fromEntries(Object.entries(layer.parameters).map(([key, values]) => [key, each(values)]));
    case 'competition':
      return { theta: floatTensor(layer.shape, layer.theta) };
    default:
      return {};
  }
}

/** The network of tensors, or all that is in the way of one. */
export function examineLayers(file: TensorFile, name: string): LayersOrObstacles {
  const obstacles: InputError[] = [];
  const say: Say = (what, remedy) => {
    obstacles.push(
      new InputError(what, { place: { file: name }, ...(remedy === undefined ? {} : { remedy }) }),
    );
  };
  if (!isLayersFile(file)) say(`its metadata has no "format" ${LAYERS_FORMAT}`);
  else if (!file.metadata.has('graph')) say('its metadata has no "graph"');
  const notes = readNotes(file.metadata, say);
  const graph = readJson(file.metadata, 'graph', graphSchema, say);
  const layers = graph && obstacles.length === 0 ? layersOf(graph, file, say) : undefined;
  if (layers) requireSoundLayers(layers, say);
  if (!layers && obstacles.length === 0) say('its layers cannot be read');
  return layersOr(obstacles, () => {
    const types = layers!.flatMap(({ name: own }) => file.tensors.get(`${own}.weight`)?.type ?? []);
    return { ...notes, network: { layers: layers! }, storage: storageOfType(types[0]) ?? 'fp32' };
  });
}

function layersOf(graph: readonly StoredLayer[], file: TensorFile, say: Say): Layer[] | undefined {
  const places = new Map(graph.map(({ name }, place) => [name, place]));
  let sound = true;
  const layers = graph.map((stored): Layer | undefined => {
    const sources = stored.sources.map(({ layer, delayed }) => ({ layer: places.get(layer) ?? -1, delayed }));
    const layer = layerOf({ ...stored, sources }, file, say);
    if (layer === undefined) sound = false;
    return layer;
  });
  return sound ? (layers as Layer[]) : undefined;
}

/** A layer of the graph whose sources are places. */
type Wired<L = StoredLayer> = L extends StoredLayer
  ? Omit<L, 'sources'> & { sources: Layer['sources'] }
  : never;

function layerOf(stored: Wired, file: TensorFile, say: Say): Layer | undefined {
  const { name } = stored;
  const take = (
    key: string,
    extents: readonly Shape[],
  ): { shape: Shape; values: Float32Array } | undefined => {
    const full = `${name}.${key}`;
    const found = file.tensors.get(full);
    const reason = file.unreadable?.get(full);
    if (
      found &&
      isFloating(found.type) &&
      (extents.length === 0 || extents.some((each) => each.join() === found.shape.join()))
    )
      return { shape: found.shape, values: Float32Array.from(numbersOf(found)) };
    if (!found)
      say(
        reason === undefined
          ? `it has no tensor ${quoted(full)}`
          : `tensor ${quoted(full)} cannot be read: ${reason}`,
      );
    else
      say(
        `tensor ${quoted(full)} is ${found.type} ${found.shape.join(' x ')}, expected floating point${extents.length === 0 ? '' : ` ${extents.map((each) => each.join(' x ')).join(' or ')}`}`,
      );
    return undefined;
  };
  const perNeuron = (key: string): Float32Array | undefined => take(key, [[1], stored.shape])?.values;
  const biasOf = (outputs: number): { bias?: Float32Array } | undefined => {
    if (!file.tensors.has(`${name}.bias`) && !file.unreadable?.has(`${name}.bias`)) return {};
    const bias = take('bias', [[outputs]])?.values;
    return bias && { bias };
  };
  switch (stored.kind) {
    case 'dense': {
      const weight = take('weight', []);
      if (weight === undefined) return undefined;
      const [inputs = 0, outputs = 0] = weight.shape;
      const bias = biasOf(outputs);
      if (weight.shape.length !== 2 || weight.values.length === 0)
        say(`tensor ${quoted(`${name}.weight`)} is ${weight.shape.join(' x ')}, expected inputs x outputs`);
      else if (bias) return { ...stored, inputs, outputs, weights: weight.values, ...bias };
      return undefined;
    }
    case 'conv2d': {
      const { inputShape, groups, kernel, shape: own } = stored;
      const outputs = own[0] ?? 1;
      const weight = take('weight', [[inputShape[0], Math.floor(outputs / groups), ...kernel]]);
      const bias = biasOf(outputs);
      return weight && bias && { ...stored, weights: weight.values, ...bias };
    }
    case 'scale': {
      const factor = perNeuron('factor');
      return factor && { ...stored, factor };
    }
    case 'delay': {
      const seconds = perNeuron('seconds');
      return seconds && { ...stored, seconds };
    }
    case 'competition': {
      const theta = take('theta', [stored.shape])?.values;
      return theta && { ...stored, theta };
    }
    case 'neurons': {
      const found = PARAMETERS_OF[stored.model].map((key): [NeuronParameter, Float32Array | undefined] => [
        key,
        perNeuron(key),
      ]);
      if (found.some(([, values]) => values === undefined)) return undefined;
      return { ...stored, parameters: Object.fromEntries(found) as Record<NeuronParameter, Float32Array> };
    }
    default:
      return stored;
  }
}
