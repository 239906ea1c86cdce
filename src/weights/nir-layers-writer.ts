import type { Group } from 'h5wasm';
import { InputError } from '../errors/input-error.ts';
import { requireNoObstacles } from '../errors/obstacles.ts';
import { quoted } from '../errors/printable.ts';
import {
  type Layer,
  type LayeredNetwork,
  PARAMETERS_OF,
  type PerNeuron,
  type Shape,
  sizeOf,
} from '../snn/layers/layered-network.ts';
import { texts, writtenHdf5 } from './hdf5-writing.ts';
import { outputChannels } from './layer-checks.ts';
import type { LayerFile } from './layer-file.ts';
import { writeNotes } from './layer-notes.ts';
import { flattened } from './layer-shapes.ts';
import { LAYERS_FORMAT } from './layers-file.ts';
import { NIR_VERSION, OWN } from './nir-layout.ts';
import { NEURON_KINDS, type NeuronKind, type NirKind, nirName } from './nir-node-arrays.ts';
import { transposed } from './tensor.ts';
import { kernelsByOutput } from './weight-order.ts';

/** An array of a node: floating point, whole, or whole without dimensions. */
type NirArray =
  | { readonly floats: Float32Array; readonly shape: Shape }
  | { readonly wholes: readonly number[] }
  | { readonly whole: number };
interface Node {
  readonly type: NirKind;
  readonly arrays: Readonly<Record<string, NirArray>>;
}

/**
 * A network of layers as a NIR graph: a node for each layer, whose arrays have a value for each neuron, as `nir` asks. What NIR cannot
 * say of running it lies in the graph's metadata, with the time step as `dt`; so does which edges are delayed. The same network
 * is the same bytes. Throws InputError with all that NIR has no node for.
 */
export async function formatNirLayers(file: LayerFile, name: string): Promise<Uint8Array> {
  const { layers } = file.network;
  const obstacles: InputError[] = [];
  const nodes = layers.map((layer): Node | undefined => {
    const node = nodeOf(layer, layers);
    if (typeof node !== 'string') return node;
    obstacles.push(new InputError(node, { remedy: 'name the output .safetensors' }));
    return undefined;
  });
  if (hasDelayWithoutCycle(file.network))
    obstacles.push(
      new InputError('a layer reads the step before outside of a cycle, which NIR cannot say', {
        remedy: 'name the output .safetensors',
      }),
    );
  requireNoObstacles(obstacles, { file: name });

  const { timeStepS, ...dynamics } = file.dynamics;
  const edges = layers.flatMap(({ sources, name: to }) =>
    sources.map(({ layer }) => [layers[layer]!.name, to]),
  );
  const delayed = layers.flatMap(({ sources, name: to }) =>
    sources.filter((source) => source.delayed).map(({ layer }) => [layers[layer]!.name, to]),
  );
  return writtenHdf5((root) => {
    texts(root, { version: NIR_VERSION });
    const graph = root.create_group('node');
    texts(graph, { type: 'NIRGraph' });
    const members = graph.create_group('nodes');
    for (const [k, layer] of layers.entries()) writeNode(members.create_group(layer.name), nodes[k]!);
    graph.create_dataset({ name: 'edges', data: edges.flat(), shape: [edges.length, 2] });
    const own = graph.create_group('metadata');
    if (timeStepS !== undefined) own.create_dataset({ name: 'dt', data: timeStepS, shape: [], dtype: '<d' });
    const notes = [['format', LAYERS_FORMAT], ...writeNotes({ ...file, dynamics })];
    texts(own, Object.fromEntries(notes.map(([key, text]) => [`${OWN}${key}`, text!])));
    if (delayed.length > 0) texts(own, { [`${OWN}delayed`]: JSON.stringify(delayed) });
  });
}

function writeNode(group: Group, { type, arrays }: Node): void {
  texts(group, { type });
  for (const [name, array] of Object.entries(arrays))
    if ('floats' in array) group.create_dataset({ name, data: array.floats, shape: [...array.shape] });
    else {
      const wholes = 'whole' in array ? [array.whole] : array.wholes;
      const data = BigInt64Array.from(wholes, BigInt);
      group.create_dataset({ name, data, shape: 'whole' in array ? [] : [wholes.length], dtype: '<q' });
    }
}

/** The node that a layer is, or why NIR has none for it. */
function nodeOf(layer: Layer, layers: readonly Layer[]): Node | string {
  const { shape } = layer;
  if (layer.name.includes('/') || layer.name === '.')
    return `layer ${quoted(layer.name)} has a name that HDF5 would take for a way`;
  const each = (values: PerNeuron): NirArray => ({
    floats: values.length === 1 ? new Float32Array(sizeOf(shape)).fill(values[0]!) : values,
    shape,
  });
  switch (layer.kind) {
    case 'input':
    case 'output':
      return { type: layer.kind === 'input' ? 'Input' : 'Output', arrays: { shape: { wholes: shape } } };
    case 'dense': {
      const { inputs, outputs, weights, bias } = layer;
      const weight = { floats: transposed(weights, inputs, outputs), shape: [outputs, inputs] };
      if (!bias) return { type: 'Linear', arrays: { weight } };
      return { type: 'Affine', arrays: { weight, bias: { floats: bias, shape: [outputs] } } };
    }
    case 'conv2d': {
      const { groups, kernel, stride, padding, dilation, inputShape: map, weights, bias } = layer;
      const outputs = outputChannels(layer);
      const inputsOfGroup = map[0]! / groups;
      const kernels = { outputs, inputsOfGroup, groups, size: kernel[0] * kernel[1] };
      return {
        type: 'Conv2d',
        arrays: {
          ...{
            input_shape: { wholes: map.slice(1) },
            stride: { wholes: stride },
            padding: { wholes: padding },
          },
          ...{ dilation: { wholes: dilation }, groups: { whole: groups } },
          weight: { floats: kernelsByOutput(weights, kernels), shape: [outputs, inputsOfGroup, ...kernel] },
          // A node has a bias always.
          bias: { floats: bias ?? new Float32Array(outputs), shape: [outputs] },
        },
      };
    }
    case 'pool': {
      const { mode, kernel, stride, padding } = layer;
      const arrays = {
        kernel_size: { wholes: kernel },
        stride: { wholes: stride },
        padding: { wholes: padding },
      };
      return { type: mode === 'sum' ? 'SumPool2d' : 'AvgPool2d', arrays };
    }
    case 'flatten':
      return flattenNode(layer.name, layers[layer.sources[0]!.layer]!.shape, shape);
    case 'scale':
      return { type: 'Scale', arrays: { scale: each(layer.factor) } };
    case 'delay':
      return { type: 'Delay', arrays: { delay: each(layer.seconds) } };
    case 'neurons': {
      const type = (Object.keys(NEURON_KINDS) as NeuronKind[]).find(
        (kind) => NEURON_KINDS[kind] === layer.model,
      )!;
      const arrays = PARAMETERS_OF[layer.model].map((key) => [
        nirName(type, key),
        each(layer.parameters[key]!),
      ]);
      return { type, arrays: Object.fromEntries(arrays) };
    }
    case 'competition':
      return `layer ${quoted(layer.name)} is a competition, for which NIR has no node`;
  }
}

/** Flatten makes one extent of several neighbours. */
function flattenNode(name: string, from: Shape, to: Shape): Node | string {
  for (let start = 0; start < from.length; start++)
    for (let end = from.length - 1; end >= start; end--)
      if (flattened(from, start, end)?.join() === to.join()) {
        const last = end === from.length - 1 ? -1 : end;
        const dims = { start_dim: { whole: start }, end_dim: { whole: last } };
        return { type: 'Flatten', arrays: { ...dims, input_type: { wholes: from } } };
      }
  return `layer ${quoted(name)} makes ${to.join(' x ')} of ${from.join(' x ')}, which NIR's Flatten does not`;
}

/** Whether there is a delayed source that lies in no cycle. */
function hasDelayWithoutCycle({ layers }: LayeredNetwork): boolean {
  const edges = layers.flatMap(({ sources }, to) => sources.map(({ layer: from }) => ({ from, to })));
  const delayed = layers.flatMap(({ sources }) => sources.map((source) => source.delayed));
  return edges.some(({ from, to }, k) => delayed[k] && !leads(edges, to, from));
}

/** Whether edges lead from a node to another. */
function leads(edges: readonly { from: number; to: number }[], start: number, end: number): boolean {
  const reached = new Set([start]);
  for (const node of reached) for (const { from, to } of edges) if (from === node) reached.add(to);
  return reached.has(end);
}
