import type { File, Group } from 'h5wasm';
import { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';
import { readHdf5Array, readHdf5Pairs, readHdf5Text } from './hdf5-array.ts';
import { type Hdf5Library, isGroup } from './hdf5-library.ts';
import type { Say } from './layer-file.ts';
import { graphOf } from './nir-file.ts';
import { OWN } from './nir-layout.ts';
import { type NirKind, NODE_ARRAYS } from './nir-node-arrays.ts';
import { elementCount, numbersOf, type Tensor } from './tensor.ts';

/** Nodes and edges of a graph, nested ones included, at most; graphs within graphs; elements of all arrays. */
const MOST_NODES = 2 ** 11;
const MOST_EDGES = 2 ** 12;
const DEEPEST = 16;
const MOST_ELEMENTS = 2 ** 26;

/** A node of a NIR graph with its arrays as the file has them. */
export interface NirNode {
  /** By the way to it, such as "block.fc1". */
  readonly name: string;
  readonly type: NirKind;
  readonly arrays: ReadonlyMap<string, Tensor>;
  /** Arrays that are text, such as the padding "same". */
  readonly texts: ReadonlyMap<string, string>;
  /** Arrays that are there and cannot be read, which has been said. */
  readonly unread: ReadonlySet<string>;
}

/** A NIR graph without graphs in it: their nodes are its own. */
export interface NirNodes {
  readonly nodes: readonly NirNode[];
  /** Names of nodes. */
  readonly edges: readonly (readonly [from: string, to: string])[];
  /** Seconds of a step, where the graph's metadata has them. */
  readonly timeStepS?: number;
  /** Texts of this program in the metadata. */
  readonly own: ReadonlyMap<string, string>;
}

/** What an edge that names a graph stands for: its Input as a target, its Output as a source. */
interface Ends {
  readonly inputs: string[];
  readonly outputs: string[];
}

/** All nodes of a NIR file. Says what cannot be read; throws InputError for a file without a graph. */
export function readNirNodes(library: Hdf5Library, file: File, name: string, say: Say): NirNodes {
  const refuse = (what: string): InputError => new InputError(what, { place: { file: name } });
  const root = graphOf(library, file, refuse);
  const nodes = new Map<string, NirNode>();
  const known = new Set<string>();
  const graphs = new Map<string, Ends>();
  /** Inputs and Outputs of nested graphs, which pass on what they get. */
  const passing = new Set<string>();
  const edges: (readonly [string, string])[] = [];
  /** Names of edges that are no nodes. */
  const ghosts = new Set<string>();
  let elements = 0;

  const readNode = (group: Group, full: string, type: NirKind): NirNode => {
    const arrays = new Map<string, Tensor>();
    const texts = new Map<string, string>();
    const unread = new Set<string>();
    const keys = group.keys();
    for (const key of NODE_ARRAYS[type].filter((each) => keys.includes(each))) {
      const text = readHdf5Text(library, group, key);
      const found = text === undefined ? readHdf5Array(library, group, key) : undefined;
      if (text !== undefined) texts.set(key, text);
      else if (found && 'bytes' in found) {
        elements += elementCount(found);
        if (elements > MOST_ELEMENTS)
          throw refuse(`its arrays have more than ${MOST_ELEMENTS} elements in all`);
        arrays.set(key, found);
      } else if (found) {
        unread.add(key);
        say(`node ${quoted(full)} (${type}) cannot be read: ${found.reason}`, found.remedy);
      }
    }
    return { name: full, type, arrays, texts, unread };
  };

  const walk = (graph: Group, prefix: string, depth: number): void => {
    if (depth > DEEPEST) throw refuse(`its graphs are nested more than ${DEEPEST} deep`);
    const members = graph.keys().includes('nodes') ? graph.get('nodes') : null;
    if (!isGroup(members))
      throw refuse(
        `an HDF5 file, but no NIR graph: ${prefix === '' ? 'node' : quoted(prefix.slice(0, -1))} has no group "nodes"`,
      );
    const ends: Ends = { inputs: [], outputs: [] };
    for (const key of members.keys()) {
      const full = `${prefix}${key}`;
      if (known.size >= MOST_NODES) throw refuse(`it has more than ${MOST_NODES} nodes`);
      if (known.has(full)) say(`two nodes are called ${quoted(full)}`);
      known.add(full);
      const group = members.get(key);
      const type = isGroup(group) ? readHdf5Text(library, group, 'type') : undefined;
      if (!isGroup(group) || type === undefined) say(`node ${quoted(full)} has no type`);
      else if (type === 'NIRGraph') walk(group, `${full}.`, depth + 1);
      else if (!Object.hasOwn(NODE_ARRAYS, type))
        say(
          `node ${quoted(full)} is of the kind ${quoted(type)}, which is not run`,
          `kinds that are run: ${Object.keys(NODE_ARRAYS).join(', ')}, NIRGraph`,
        );
      else {
        nodes.set(full, readNode(group, full, type as NirKind));
        if (type === 'Input') ends.inputs.push(full);
        if (type === 'Output') ends.outputs.push(full);
        if (depth > 1 && (type === 'Input' || type === 'Output')) passing.add(full);
      }
    }
    if (prefix !== '') graphs.set(prefix.slice(0, -1), ends);
    const pairs = readHdf5Pairs(library, graph, 'edges', MOST_EDGES);
    if (pairs === undefined) {
      say(`the edges of ${prefix === '' ? 'the graph' : quoted(prefix.slice(0, -1))} are not pairs of names`);
      return;
    }
    const seen = new Set<string>();
    for (const [from, to] of pairs as [string, string][]) {
      const pair = JSON.stringify([from, to]);
      if (seen.has(pair))
        say(`the edge from ${quoted(prefix + from)} to ${quoted(prefix + to)} stands twice`);
      seen.add(pair);
      const [source, target] = [resolve(prefix + from, 'outputs'), resolve(prefix + to, 'inputs')];
      if (source !== undefined && target !== undefined) edges.push([source, target]);
      if (edges.length > MOST_EDGES) throw refuse(`it has more than ${MOST_EDGES} edges`);
    }
  };
  /** The node that an edge means; undefined, with the reason said, where there is none. */
  const resolve = (full: string, end: keyof Ends): string | undefined => {
    if (!known.has(full)) {
      if (!ghosts.has(full)) say(`an edge names the node ${quoted(full)}, which is not there`);
      ghosts.add(full);
      return undefined;
    }
    const ends = graphs.get(full);
    if (!ends) return nodes.has(full) ? full : undefined;
    const [only, second] = ends[end];
    if (only !== undefined && second === undefined) return only;
    const kind = end === 'inputs' ? 'Input' : 'Output';
    say(`the graph ${quoted(full)} in the graph has ${ends[end].length} nodes of type ${kind}, not 1`);
    return undefined;
  };
  walk(root, '', 1);

  return {
    nodes: [...nodes.values()].filter(({ name: full }) => !passing.has(full)),
    edges: passedOn(edges, passing, say, refuse),
    ...metadataOf(library, root, say),
  };
}

/** The edges without the nodes that only pass on: what leads to one leads to all that it leads to. */
function passedOn(
  edges: readonly (readonly [string, string])[],
  passing: ReadonlySet<string>,
  say: Say,
  refuse: (what: string) => InputError,
): readonly (readonly [string, string])[] {
  let left = edges;
  for (const node of passing) {
    if (left.some(([from, to]) => from === node && to === node))
      say(`a cycle without a neuron, which has no place for a delay: ${quoted(node)} leads to itself`);
    const targets = left.filter(([from, to]) => from === node && to !== node).map(([, to]) => to);
    const incoming = left.filter(([from, to]) => to === node && from !== node).length;
    if (left.length + incoming * targets.length > 2 * MOST_EDGES)
      throw refuse(`it has more than ${MOST_EDGES} edges`);
    left = left.flatMap((edge): (readonly [string, string])[] => {
      const [from, to] = edge;
      if (to === node && from !== node) return targets.map((target) => [from, target] as const);
      return from === node || to === node ? [] : [edge];
    });
    if (left.length > MOST_EDGES) throw refuse(`it has more than ${MOST_EDGES} edges`);
  }
  return left;
}

function metadataOf(library: Hdf5Library, graph: Group, say: Say): Pick<NirNodes, 'timeStepS' | 'own'> {
  const own = new Map<string, string>();
  const group = graph.keys().includes('metadata') ? graph.get('metadata') : null;
  if (!isGroup(group)) return { own };
  for (const key of group.keys().filter((each) => each.startsWith(OWN))) {
    const text = readHdf5Text(library, group, key);
    if (text !== undefined) own.set(key.slice(OWN.length), text);
  }
  if (!group.keys().includes('dt')) return { own };
  const dt = readHdf5Array(library, group, 'dt');
  const timeStepS = 'bytes' in dt && elementCount(dt) === 1 ? numbersOf(dt)[0]! : Number.NaN;
  if (timeStepS > 0 && timeStepS < Number.POSITIVE_INFINITY) return { own, timeStepS };
  say('the time step "dt" in the metadata of the graph is not a number of seconds above 0');
  return { own };
}
