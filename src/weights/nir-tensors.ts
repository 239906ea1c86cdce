import type { Group } from 'h5wasm';
import { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';
import { readHdf5Array, readHdf5Text, writeHdf5Array } from './hdf5-array.ts';
import { changedHdf5, type OpenHdf5, withHdf5 } from './hdf5-file.ts';
import { isDataset, isGroup } from './hdf5-library.ts';
import { graphOf } from './nir-file.ts';
import type { GraphNode, Refuse } from './nir-graph.ts';
import type { Tensor, TensorFile } from './tensor.ts';

/** Nodes of a graph, nested ones included, at most, and graphs within graphs. */
const MOST_NODES = 2 ** 14;
const DEEPEST = 16;

/** What a NIR file of any graph holds: its nodes by the way to them ("block.fc1"), and their arrays as "block.fc1.weight". */
export interface NirContents {
  readonly tensors: TensorFile;
  readonly nodes: readonly GraphNode[];
}

/**
 * All arrays of the nodes of a NIR graph, whatever the nodes are, graphs within it included; those that cannot be read are named
 * with the reason. Throws InputError for damaged files and for HDF5 without a graph.
 */
export async function parseNirTensors(bytes: Uint8Array, name: string): Promise<NirContents> {
  return withHdf5(bytes, name, (open) => {
    const tensors = new Map<string, Tensor>();
    const unreadable = new Map<string, string>();
    const nodes: GraphNode[] = [];
    forEachNode(open, name, (key, group) => {
      nodes.push({ key, type: readHdf5Text(open.library, group, 'type') ?? 'unknown' });
      for (const array of arraysOf(open, group)) {
        const found = readHdf5Array(open.library, group, array);
        if ('bytes' in found) tensors.set(`${key}.${array}`, found);
        else unreadable.set(`${key}.${array}`, found.reason);
      }
    });
    return { tensors: { tensors, metadata: new Map(), unreadable }, nodes };
  });
}

/**
 * The bytes of a NIR file with other values in these arrays, of the same types and shapes; all else stays. Throws InputError for
 * one that the library cannot write, such as a single number without dimensions.
 */
export async function patchNir(
  bytes: Uint8Array,
  tensors: ReadonlyMap<string, Tensor>,
  name: string,
): Promise<Uint8Array> {
  const patched = await changedHdf5(bytes, name, (open) =>
    forEachNode(open, name, (key, group) => {
      for (const array of arraysOf(open, group)) {
        const wanted = tensors.get(`${key}.${array}`);
        const found = wanted && readHdf5Array(open.library, group, array);
        if (!found || !('bytes' in found) || sameBytes(found.bytes, wanted.bytes)) continue;
        if (wanted.shape.length === 0)
          throw unwritable(`${key}.${array}`, name, ', since it is a single number');
        writeHdf5Array(open.library, group, array, wanted);
      }
    }),
  );
  // The library converts to the type of the file, such as big-endian numbers: what it wrote must read back.
  const back = await parseNirTensors(patched, name);
  for (const [key, { bytes: wanted }] of tensors) {
    const found = back.tensors.tensors.get(key);
    if (!found || !sameBytes(found.bytes, wanted)) throw unwritable(key, name);
  }
  return patched;
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, k) => byte === b[k]);

const unwritable = (key: string, file: string, why = ''): InputError =>
  new InputError(`array ${quoted(key)} cannot be written in this NIR file${why}`, {
    place: { file },
    remedy: 'name the output .safetensors or .npz, or leave the array out: name the others with --tensor',
  });

/** The arrays of numbers of a node by name: all but its type, and other texts. */
const arraysOf = ({ library }: OpenHdf5, group: Group): string[] =>
  group.keys().filter((key) => {
    const found = group.get(key);
    return isDataset(found) && readHdf5Text(library, group, key) === undefined;
  });

function forEachNode(
  { library, file }: OpenHdf5,
  name: string,
  visit: (key: string, group: Group) => void,
): void {
  const refuse: Refuse = (what) => new InputError(what, { place: { file: name } });
  let count = 0;
  const walk = (graph: Group, path: string, depth: number): void => {
    if (depth > DEEPEST) throw refuse(`its graphs are nested more than ${DEEPEST} deep`);
    const nodes = graph.keys().includes('nodes') ? graph.get('nodes') : null;
    if (!isGroup(nodes)) throw refuse(`the graph ${quoted(path || 'node')} has no group "nodes"`);
    for (const key of nodes.keys()) {
      if (++count > MOST_NODES) throw refuse(`it has more than ${MOST_NODES} nodes`);
      const group = nodes.get(key);
      if (!isGroup(group)) throw refuse(`node ${quoted(`${path}${key}`)} is no group`);
      visit(`${path}${key}`, group);
      if (readHdf5Text(library, group, 'type') === 'NIRGraph') walk(group, `${path}${key}.`, depth + 1);
    }
  };
  walk(graphOf(library, file, refuse), '', 1);
}
