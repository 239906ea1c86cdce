import { InputError } from '../errors/input-error.ts';
import { requireNoObstacles } from '../errors/obstacles.ts';
import { quoted } from '../errors/printable.ts';
import type { Layer, Shape } from '../snn/layers/layered-network.ts';
import { readHdf5Text } from './hdf5-array.ts';
import { withHdf5 } from './hdf5-file.ts';
import { isGroup } from './hdf5-library.ts';
import { type LayerFile, type LayersOrObstacles, layersOr, type Say } from './layer-file.ts';
import { readNotes } from './layer-notes.ts';
import { type Edge, type LayerOrder, orderLayers } from './layer-order.ts';
import { isAlike, shapeInWords } from './layer-shapes.ts';
import { graphOf } from './nir-file.ts';
import { OWN } from './nir-layout.ts';
import { isNeuronKind } from './nir-node-arrays.ts';
import { type NirNode, type NirNodes, readNirNodes } from './nir-nodes.ts';
import { type NirPart, partOf } from './nir-parts.ts';
import { ownShape, type PlacedLayer, placed } from './nir-placing.ts';
import { called } from './nir-values.ts';

/**
 * The network that any NIR graph is (docs/weight-formats.md says which nodes are run). Throws InputError for a damaged file, for HDF5
 * without a graph, and one with all that is in the way of running the graph.
 */
export async function parseNirLayers(bytes: Uint8Array, name: string): Promise<LayerFile> {
  const { layers, obstacles } = await examineNirLayers(bytes, name);
  requireNoObstacles(obstacles, { file: name });
  return layers!;
}

/** What this program noted as the format of a NIR graph that it wrote; undefined for one of another program. */
export const formatOfNir = (bytes: Uint8Array, name: string): Promise<string | undefined> =>
  withHdf5(bytes, name, ({ library, file }) => {
    const graph = graphOf(library, file, (what) => new InputError(what, { place: { file: name } }));
    const own = graph.keys().includes('metadata') ? graph.get('metadata') : null;
    return isGroup(own) ? readHdf5Text(library, own, `${OWN}format`) : undefined;
  });

/** As `parseNirLayers`, with what is in the way as a list. */
export async function examineNirLayers(bytes: Uint8Array, name: string): Promise<LayersOrObstacles> {
  return withHdf5(bytes, name, ({ library, file }) => {
    const obstacles: InputError[] = [];
    const say: Say = (what, remedy) => {
      obstacles.push(
        new InputError(what, { place: { file: name }, ...(remedy === undefined ? {} : { remedy }) }),
      );
    };
    const graph = readNirNodes(library, file, name, say);
    const isWhole = obstacles.length === 0;
    const { layers, unplaced } = layersOf(graph, isWhole, say);
    const notes = readNotes(graph.own, say);
    if (obstacles.length === 0 && unplaced.length > 0)
      say(`the shape of what ${listOf(unplaced)} gets does not follow from the Input on`);
    return layersOr(obstacles, () => {
      const step = graph.timeStepS === undefined ? {} : { timeStepS: graph.timeStepS };
      const network = { layers: layers! };
      return { ...notes, dynamics: { ...step, ...notes.dynamics }, network, storage: 'fp32' };
    });
  });
}

interface Layers {
  readonly layers?: Layer[];
  /** Nodes that are no layers, since the shape of their input is not known. */
  readonly unplaced: readonly NirNode[];
}

/** The layers of a graph; `isWhole` where all of it could be read, so that what is not there is really not there. */
function layersOf(graph: NirNodes, isWhole: boolean, say: Say): Layers {
  const { nodes } = graph;
  const places = new Map(nodes.map(({ name }, place) => [name, place]));
  const edges = graph.edges.flatMap(([from, to]): Edge[] => {
    const ends = { from: places.get(from), to: places.get(to) };
    return ends.from === undefined || ends.to === undefined ? [] : [{ from: ends.from, to: ends.to }];
  });
  const parts = withRows(nodes.map((node) => partOf(node, say)));
  const first = theOnly(nodes, 'Input', say);
  const last = theOnly(nodes, 'Output', say);
  if (first === undefined || last === undefined) return { unplaced: [] };
  for (const { from, to } of edges)
    if (to === first || from === last)
      say(
        `an edge leads from ${called(nodes[from]!)} to ${called(nodes[to]!)}`,
        'nothing leads to the Input or out of the Output',
      );
  const known = delayedOf(graph.own, nodes, edges, say);
  const order = orderLayers(nodes.length, edges, {
    ...{ isNeuron: (place) => isNeuronKind(nodes[place]!.type), first, last },
    ...(known ? { known } : {}),
  });
  for (const loop of order.loops) {
    const names = loop.slice(0, MOST_NAMED).map((place) => quoted(nodes[place]!.name));
    const way = [...names, ...(loop.length > MOST_NAMED ? ['...'] : [])].join(' -> ');
    say(`a cycle without a neuron, which has no place for a delay: ${way}`);
  }
  if (isWhole) requireReached(nodes, edges, first, say);
  const layers = placedLayers(nodes, parts, edges, order, say);
  const unplaced = nodes.filter((_, place) => layers[place] === undefined);
  if (unplaced.length > 0) return { unplaced };
  return { layers: wired(layers as PlacedLayer[], edges, order), unplaced };
}

/** Where convolutions are of one dimension, the map of the Input has one row, so that all maps are of two. */
function withRows(parts: readonly (NirPart | undefined)[]): readonly (NirPart | undefined)[] {
  if (!parts.some((part) => part?.kind === 'conv2d' && part.flat)) return parts;
  return parts.map((part) => {
    if (part?.kind !== 'input' || part.shape?.length !== 2) return part;
    const [channels, columns] = part.shape as [number, number];
    return { ...part, shape: [channels, 1, columns] };
  });
}

function theOnly(nodes: readonly NirNode[], type: 'Input' | 'Output', say: Say): number | undefined {
  const found = nodes.flatMap((node, place) => (node.type === type ? [place] : []));
  if (found.length === 1) return found[0];
  const names = found
    .map((place) => quoted(nodes[place]!.name))
    .slice(0, 4)
    .join(', ');
  say(
    `the graph has ${found.length === 0 ? 'no node' : `${found.length} nodes`} of type ${type}${names && `: ${names}`}`,
    `a graph with one ${type} is run`,
  );
  return undefined;
}

/** Edges that this program noted as delayed when it wrote the graph; undefined where it noted none. */
function delayedOf(
  own: ReadonlyMap<string, string>,
  nodes: readonly NirNode[],
  edges: readonly Edge[],
  say: Say,
): ReadonlySet<number> | undefined {
  const text = own.get('delayed');
  if (text === undefined) return undefined;
  const places = new Map(
    edges.map(({ from, to }, k) => [JSON.stringify([nodes[from]!.name, nodes[to]!.name]), k]),
  );
  try {
    const noted = JSON.parse(text) as unknown[];
    const found = noted.map((edge) => places.get(JSON.stringify(edge)));
    if (found.every((place) => place !== undefined)) return new Set(found);
  } catch {
    // Neither JSON nor a list.
  }
  say('its metadata "sparkxd_delayed" does not name edges of the graph');
  return undefined;
}

function requireReached(nodes: readonly NirNode[], edges: readonly Edge[], first: number, say: Say): void {
  const reached = new Set([first]);
  // A set goes on over what is added to it meanwhile.
  for (const node of reached) for (const { from, to } of edges) if (from === node) reached.add(to);
  const lost = nodes.filter((_, place) => !reached.has(place));
  if (lost.length > 0) say(`nothing leads from the Input to ${listOf(lost)}`);
}

/** Nodes that a message names. */
const MOST_NAMED = 4;

function listOf(nodes: readonly NirNode[]): string {
  const more = nodes.length > MOST_NAMED ? ` and ${nodes.length - MOST_NAMED} more` : '';
  return `${nodes.slice(0, MOST_NAMED).map(called).join(', ')}${more}`;
}

/** Each node as a layer, once the shape of its input is known; what hangs on a node that is in the way is left undefined without a word. */
function placedLayers(
  nodes: readonly NirNode[],
  parts: readonly (NirPart | undefined)[],
  edges: readonly Edge[],
  { order }: LayerOrder,
  say: Say,
): (PlacedLayer | undefined)[] {
  const shapes = parts.map((part) => (part && part.kind !== 'neurons' ? ownShape(part) : undefined));
  const sources = nodes.map((_, place) => edges.filter(({ to }) => to === place).map(({ from }) => from));
  const layers: (PlacedLayer | undefined)[] = nodes.map(() => undefined);
  const waiting = new Set(order.filter((place) => parts[place] !== undefined));
  const place = (node: number): void => {
    const part = parts[node]!;
    const input = part.kind === 'input' ? part.shape : shapeOfFirst(sources[node]!, shapes);
    if (input === undefined) return;
    waiting.delete(node);
    const readers = edges.flatMap(({ from, to }) => (from === node && parts[to] ? [parts[to]] : []));
    const layer = placed(nodes[node]!, part, input, readers, say);
    if (layer === undefined) return;
    layers[node] = layer;
    shapes[node] = layer.shape;
  };
  for (let before = -1; before !== waiting.size; ) {
    before = waiting.size;
    for (const node of waiting) place(node);
    if (before !== waiting.size) continue;
    // Only a cycle is left: the arrays of its neurons say of what shape they are.
    const neuron = [...waiting].find(
      (each) => shapes[each] === undefined && ownShape(parts[each]!) !== undefined,
    );
    if (neuron === undefined) break;
    shapes[neuron] = ownShape(parts[neuron]!);
    before = -1;
  }
  for (const [k, node] of nodes.entries()) requireOneShape(node, sources[k]!, nodes, shapes, say);
  return layers;
}

/** That of the first source whose shape is known. */
function shapeOfFirst(sources: readonly number[], shapes: readonly (Shape | undefined)[]): Shape | undefined {
  const known = sources.find((from) => shapes[from] !== undefined);
  return known === undefined ? undefined : shapes[known];
}

/** Says it where the sources of a node are not of one shape. */
function requireOneShape(
  node: NirNode,
  sources: readonly number[],
  nodes: readonly NirNode[],
  shapes: readonly (Shape | undefined)[],
  say: Say,
): void {
  const known = sources.filter((from) => shapes[from] !== undefined);
  const odd = known.find((from) => !isAlike(shapes[from]!, shapes[known[0]!]!));
  if (odd === undefined) return;
  const shown = [known[0]!, odd].map((from) => `${shapeInWords(shapes[from]!)} of ${called(nodes[from]!)}`);
  say(`${called(node)} adds ${shown.join(' and ')}`);
}

function wired(
  layers: readonly PlacedLayer[],
  edges: readonly Edge[],
  { order, delayed }: LayerOrder,
): Layer[] {
  const at = new Map(order.map((place, layer) => [place, layer]));
  return order.map((place): Layer => {
    const sources = edges.flatMap(({ from, to }, k) =>
      to === place ? [{ layer: at.get(from)!, delayed: delayed.has(k) }] : [],
    );
    return { ...layers[place]!, sources } as Layer;
  });
}
