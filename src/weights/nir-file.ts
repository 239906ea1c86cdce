import type { File, Group } from 'h5wasm';
import { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';
import { readHdf5Array, readHdf5Pairs, readHdf5Text } from './hdf5-array.ts';
import { withHdf5 } from './hdf5-file.ts';
import { type Hdf5Library, isGroup } from './hdf5-library.ts';
import { type GraphNode, oneLayer, type Refuse } from './nir-graph.ts';
import { NEURON_ARRAYS, OWN, SHAPES } from './nir-layout.ts';
import { floatTensor, numbersOf, type Tensor, type TensorFile, transposed } from './tensor.ts';

/** Edges that a graph of one layer can have at most, with room for others to be named. */
const MOST_EDGES = 2 ** 10;

/**
 * What a NIR file holds, as tensors. Of a graph that this program wrote, all of the network. Of another with one Linear (or
 * an Affine without bias) between its Input and one LIF that leads to its Output: `weight` as NIR has it (outputs x inputs),
 * the neuron's arrays under their names and the shapes of Input and Output, for `arraysOfNir`. Throws InputError, with the
 * node's name, for anything that would be lost, for arrays that cannot be read, and for damaged files.
 */
export async function parseNir(bytes: Uint8Array, name: string): Promise<TensorFile> {
  return withHdf5(bytes, name, ({ library, file }) => readGraph(library, file, name));
}

function readGraph(library: Hdf5Library, file: File, name: string): TensorFile {
  const refuse: Refuse = (what, remedy) =>
    new InputError(what, { place: { file: name }, ...(remedy === undefined ? {} : { remedy }) });
  const groupOf = (group: Group, key: string, what: string): Group => groupIn(group, key, what, refuse);
  const array = (group: Group, key: string, what: string): Tensor => {
    const found = readHdf5Array(library, group, key);
    if ('bytes' in found) return found;
    throw refuse(`${what} cannot be read: ${found.reason}`, found.remedy);
  };

  const graph = graphOf(library, file, refuse);
  const nodes = groupOf(graph, 'nodes', 'node/nodes');
  const found = nodes.keys().map((key): GraphNode => {
    const node = nodes.get(key);
    return { key, type: (isGroup(node) && readHdf5Text(library, node, 'type')) || 'unknown' };
  });
  const layer = oneLayer(found, readHdf5Pairs(library, graph, 'edges', MOST_EDGES), refuse);
  const groupAt = ({ key }: GraphNode): Group => groupOf(nodes, key, `node/nodes/${key}`);
  const called = ({ key }: GraphNode): string => `node ${quoted(key)}`;

  const weight = array(groupAt(layer.weights), 'weight', called(layer.weights));
  if (weight.shape.length !== 2)
    throw refuse(
      `${called(layer.weights)} has weights of ${weight.shape.length} dimensions, not of 2 (outputs x inputs)`,
    );
  if (layer.weights.type === 'Affine') {
    const bias = array(groupAt(layer.weights), 'bias', called(layer.weights));
    if (numbersOf(bias).some((value) => value !== 0))
      throw refuse(`the bias of ${called(layer.weights)} would be lost`);
  }

  const own = graph.keys().includes('metadata') ? graph.get('metadata') : null;
  if (isGroup(own) && own.keys().includes(`${OWN}format`)) return ownNetwork(library, own, weight, array);
  const tensors = new Map([['weight', weight]]);
  for (const key of NEURON_ARRAYS)
    if (key !== 'v_reset' || groupAt(layer.neurons).keys().includes(key))
      tensors.set(key, array(groupAt(layer.neurons), key, called(layer.neurons)));
  for (const node of [layer.input, layer.output])
    if (groupAt(node).keys().includes('shape'))
      tensors.set(SHAPES[node.type as keyof typeof SHAPES], array(groupAt(node), 'shape', called(node)));
  return { tensors, metadata: new Map(), orientation: 'outputs-by-inputs' };
}

function groupIn(group: Group, key: string, what: string, refuse: Refuse): Group {
  const found = group.keys().includes(key) ? group.get(key) : null;
  if (isGroup(found)) return found;
  throw refuse(`an HDF5 file, but no NIR graph: it has no group "${what}"`);
}

/** The graph of a NIR file. Throws InputError where it has none. */
export function graphOf(library: Hdf5Library, file: File, refuse: Refuse): Group {
  const graph = groupIn(file, 'node', 'node', refuse);
  const type = readHdf5Text(library, graph, 'type');
  if (type === 'NIRGraph') return graph;
  throw refuse(`no NIR graph: its type is ${type === undefined ? 'not there' : quoted(type)}`);
}

/** All of a network that this program wrote: the weights of the graph, the rest from its metadata. */
function ownNetwork(
  library: Hdf5Library,
  own: Group,
  weight: Tensor,
  array: (group: Group, key: string, what: string) => Tensor,
): TensorFile {
  const [outputs, inputs] = weight.shape as [number, number];
  const turned = transposed(Float32Array.from(numbersOf(weight)), outputs, inputs);
  const tensors = new Map<string, Tensor>([['weight', floatTensor([inputs, outputs], turned)]]);
  const metadata = new Map<string, string>();
  for (const key of own.keys().filter((each) => each.startsWith(OWN))) {
    const value = readHdf5Text(library, own, key);
    if (value === undefined) tensors.set(key.slice(OWN.length), array(own, key, 'the metadata'));
    else metadata.set(key.slice(OWN.length), value);
  }
  return { tensors, metadata };
}
