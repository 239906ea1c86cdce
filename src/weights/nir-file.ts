import h5wasm, { Dataset, type File, Group } from 'h5wasm';
import { InputError } from '../errors/input-error.ts';
import type { NeuronConstants } from '../snn/neuron-constants.ts';
import { decodeWeights, type StorageFormat, unpackCodes, weightBits } from '../snn/weight-format.ts';
import { bytesOf, MS_PER_S, NEURON_ARRAYS, valuesOf } from './nir-neuron.ts';
import type { ElementType, Tensor, TensorFile } from './safetensors.ts';

/** Of the format as `nir` 1.0 writes it: neuromorphs/NIR, nir/serialization.py and nir/ir/. */
const VERSION = '1.0';
/** Our own metadata in the graph's, each under this and its key. */
const OWN = 'sparkxd_';
/** Elements of one array at most: compressed ones may claim any number. Six times the largest network of the paper. */
const LARGEST_ARRAY = 2 ** 24;

const TYPES: Readonly<Record<string, ElementType>> = {
  '<f': 'F32',
  '<d': 'F64',
  '<B': 'U8',
  '<I': 'U32',
  '<i': 'I32',
  '<q': 'I64',
};

/** Edges that a graph of one layer can have at most, with room for others to be named. */
const MOST_EDGES = 2 ** 10;

let files = 0;

/**
 * A NIR graph Input -> Linear -> LIF -> Output, whose weights drive the neurons. Volts and times as NIR has them: the
 * numbers of potentials are mV, time constants seconds, r = tau, so that a spike of weight w raises the potential by w. What
 * NIR cannot say (lateral inhibition, refractory time, encoding, labels, theta apart from the threshold) lies in the
 * graph's metadata, where only this program reads it.
 */
export async function formatNir(
  { tensors, metadata }: TensorFile,
  constants: NeuronConstants,
): Promise<Uint8Array> {
  const { FS } = await h5wasm.ready;
  const path = `/written-${files++}.nir`;
  withoutClock(() => writeGraph(path, tensors, metadata, constants));
  const bytes = FS.readFile(path);
  FS.unlink(path);
  return bytes;
}

/**
 * Runs `write` with the time 0. HDF5 stamps every object with the time, which the library lets no one turn off; the same
 * network must be the same bytes. `write` is synchronous, so nothing else sees the clock stand still.
 */
function withoutClock(write: () => void): void {
  const { now } = Date;
  Date.now = () => 0;
  try {
    write();
  } finally {
    Date.now = now;
  }
}

function writeGraph(
  path: string,
  tensors: TensorFile['tensors'],
  metadata: TensorFile['metadata'],
  constants: NeuronConstants,
): void {
  const file = new h5wasm.File(path, 'w');
  const weight = tensors.get('weight')!;
  const theta = new Float32Array(tensors.get('theta')!.bytes.slice().buffer);
  const [inputs, neurons] = weight.shape as [number, number];
  const each = (value: number): Float32Array => new Float32Array(neurons).fill(value);
  const texts = (group: Group | File, values: Record<string, string>): void => {
    for (const [name, data] of Object.entries(values)) group.create_dataset({ name, data });
  };

  texts(file, { version: VERSION });
  const graph = file.create_group('node');
  texts(graph, { type: 'NIRGraph' });
  const nodes = graph.create_group('nodes');
  const node = (
    name: string,
    type: string,
    arrays: Record<string, [Float32Array | BigInt64Array, number[]]>,
  ) => {
    const group = nodes.create_group(name);
    texts(group, { type });
    for (const [key, [data, shape]] of Object.entries(arrays))
      group.create_dataset({ name: key, data, shape });
  };
  const tau = constants.membraneDecayMs / MS_PER_S;
  node('input', 'Input', { shape: [BigInt64Array.of(BigInt(inputs)), [1]] });
  node('weights', 'Linear', { weight: [transposed(floatsOf(weight), inputs, neurons), [neurons, inputs]] });
  node('neurons', 'LIF', {
    tau: [each(tau), [neurons]],
    r: [each(tau), [neurons]],
    v_leak: [each(constants.restPotentialMv), [neurons]],
    v_reset: [each(constants.resetPotentialMv), [neurons]],
    v_threshold: [theta.map((value) => constants.thresholdMv + value), [neurons]],
  });
  node('output', 'Output', { shape: [BigInt64Array.of(BigInt(neurons)), [1]] });
  const path3 = ['input', 'weights', 'weights', 'neurons', 'neurons', 'output'];
  graph.create_dataset({ name: 'edges', data: path3, shape: [3, 2] });
  const own = graph.create_group('metadata');
  for (const [key, text] of metadata) texts(own, { [`${OWN}${key}`]: text });
  for (const [key, { type, shape, bytes }] of tensors) {
    if (key === 'weight') continue;
    const buffer = bytes.slice().buffer;
    const data =
      type === 'U8'
        ? new Uint8Array(buffer)
        : type === 'U32'
          ? new Uint32Array(buffer)
          : new Float32Array(buffer);
    own.create_dataset({ name: `${OWN}${key}`, data, shape: [...shape] });
  }
  file.flush();
  file.close();
}

/**
 * What a NIR file holds, as tensors. Of a graph that this program wrote, all of the network. Of another with one Linear (or
 * an Affine without bias) that leads into one LIF: `weight` (inputs x neurons) and the neuron's arrays under their names, for
 * `networkLike`. Throws InputError, with the node's name, for anything that would be lost, and for damaged files.
 */
export async function parseNir(bytes: Uint8Array, name: string): Promise<TensorFile> {
  const module = await h5wasm.ready;
  // Without this the library prints its errors and goes on.
  module.activate_throwing_error_handler();
  const path = `/read-${files++}.nir`;
  module.FS.writeFile(path, bytes);
  let file: File | undefined;
  try {
    file = new h5wasm.File(path, 'r');
    return readGraph(file, name);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError('not a sound HDF5 file', { place: { file: name }, cause: error });
  } finally {
    try {
      file?.close();
    } catch {
      // A damaged file may refuse even this; what it held is not used.
    }
    module.FS.unlink(path);
  }
}

function readGraph(file: File, name: string): TensorFile {
  const refuse = (what: string, remedy?: string): InputError =>
    new InputError(what, { place: { file: name }, ...(remedy ? { remedy } : {}) });
  const child = (group: Group | File, key: string) => (group.keys().includes(key) ? group.get(key) : null);
  const groupOf = (group: Group | File, key: string, what: string): Group => {
    const found = child(group, key);
    if (found instanceof Group) return found;
    throw refuse(`no NIR graph: it has no group "${what}"`);
  };
  const text = (group: Group, key: string): string | undefined => {
    const found = child(group, key) as Dataset | null;
    const value = found && 'value' in found && found.shape?.length === 0 ? found.value : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  const array = (group: Group, key: string, what: string): Tensor => {
    const found = child(group, key) as Dataset | null;
    const type = found && 'dtype' in found ? TYPES[String(found.dtype)] : undefined;
    if (!found || type === undefined) throw refuse(`${what} has no array of numbers "${key}"`);
    const shape = found.shape ?? [];
    if (shape.reduce((product, size) => product * size, 1) > LARGEST_ARRAY)
      throw refuse(`${what} claims ${shape.join(' x ')} elements of "${key}"`);
    const { value } = found;
    const values = ArrayBuffer.isView(value) ? (value as Float32Array) : Float64Array.of(Number(value));
    return {
      type: ArrayBuffer.isView(value) ? type : 'F64',
      shape: [...shape],
      bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice(),
    };
  };

  const graph = groupOf(file, 'node', 'node');
  if (text(graph, 'type') !== 'NIRGraph')
    throw refuse(`no NIR graph: its type is ${text(graph, 'type') ?? 'not there'}`);
  const nodes = groupOf(graph, 'nodes', 'node/nodes');
  const typeOf = (key: string): string => text(nodes.get(key) as Group, 'type') ?? 'unknown';
  const found = nodes.keys().map((key) => ({ key, type: typeOf(key) }));
  const the = (types: readonly string[], what: string): string => {
    const [first, second] = found.filter(({ type }) => types.includes(type));
    if (!first) throw refuse(`the graph has no ${what}`, `its nodes: ${listed}`);
    if (second)
      throw refuse(
        `the graph has two nodes of weights or neurons, ${first.key} and ${second.key}; one layer is read`,
      );
    return first.key;
  };
  const listed = found.map(({ key, type }) => `${key} (${type})`).join(', ');
  const strange = found.find(({ type }) => !['Input', 'Output', 'Linear', 'Affine', 'LIF'].includes(type));
  if (strange)
    throw refuse(
      `node "${strange.key}" of type ${strange.type} would be lost`,
      'one Linear or Affine and one LIF are read',
    );
  const linear = the(['Linear', 'Affine'], 'node of type Linear or Affine');
  const neurons = the(['LIF'], 'node of type LIF');
  const odd = oddEdge(edgesOf(child(graph, 'edges')), found, linear, neurons);
  if (odd !== undefined) throw refuse(odd);
  const layer = nodes.get(linear) as Group;
  const weight = array(layer, 'weight', `node "${linear}"`);
  if (weight.shape.length !== 2)
    throw refuse(`node "${linear}" has weights of ${weight.shape.join(' x ')}, not of two dimensions`);
  if (typeOf(linear) === 'Affine') {
    const { type, bytes } = array(layer, 'bias', `node "${linear}"`);
    if (valuesOf(type, bytes).some((value) => value !== 0))
      throw refuse(`the bias of node "${linear}" would be lost`);
  }
  const [outputs, inputs] = weight.shape as [number, number];
  const values = Float32Array.from(valuesOf(weight.type, weight.bytes));
  const tensors = new Map<string, Tensor>([
    [
      'weight',
      { type: 'F32', shape: [inputs, outputs], bytes: bytesOf(transposed(values, outputs, inputs)) },
    ],
  ]);

  const own = child(graph, 'metadata');
  const metadata = new Map<string, string>();
  if (own instanceof Group && own.keys().includes(`${OWN}format`)) {
    for (const key of own.keys().filter((each) => each.startsWith(OWN))) {
      const value = text(own, key);
      if (value === undefined) tensors.set(key.slice(OWN.length), array(own, key, 'the metadata'));
      else metadata.set(key.slice(OWN.length), value);
    }
    return { tensors, metadata };
  }
  const group = nodes.get(neurons) as Group;
  for (const key of NEURON_ARRAYS)
    if (key !== 'v_reset' || group.keys().includes(key))
      tensors.set(key, array(group, key, `node "${neurons}"`));
  return { tensors, metadata };
}

/** Pairs of node names, from and to; undefined for anything else. */
function edgesOf(entity: unknown): string[][] | undefined {
  if (!(entity instanceof Dataset) || entity.shape?.[1] !== 2 || entity.shape[0]! > MOST_EDGES)
    return undefined;
  const names: unknown = entity.value;
  if (!Array.isArray(names) || !names.every((each) => typeof each === 'string')) return undefined;
  return Array.from({ length: names.length / 2 }, (_, k) => names.slice(2 * k, 2 * k + 2));
}

/** What edges say that one layer between inputs and outputs does not; undefined for nothing. */
function oddEdge(
  edges: readonly string[][] | undefined,
  nodes: readonly { readonly key: string; readonly type: string }[],
  linear: string,
  neurons: string,
): string | undefined {
  if (!edges) return 'no NIR graph: its edges are not pairs of node names';
  const isA = (key: string, type: string): boolean =>
    nodes.some((node) => node.key === key && node.type === type);
  const layer = ([from, to]: readonly string[]): boolean => from === linear && to === neurons;
  const odd = edges.find(
    ([from, to]) =>
      !layer([from!, to!]) &&
      !(isA(from!, 'Input') && to === linear) &&
      !(from === neurons && isA(to!, 'Output')),
  );
  if (odd) return `the edge from "${odd[0]}" to "${odd[1]}" would be lost`;
  return edges.some(layer) ? undefined : `no edge leads from "${linear}" to "${neurons}"`;
}

const STORED: Readonly<Record<string, StorageFormat>> = { F32: 'fp32', F16: 'fp16', BF16: 'bf16' };

function floatsOf({ type, bytes }: Tensor): Float32Array {
  const format = STORED[type]!;
  const bits = weightBits(format);
  return decodeWeights(unpackCodes(bytes, bits, (bytes.length * 8) / bits), format);
}

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const turned = new Float32Array(values.length);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) turned[c * rows + r] = values[r * columns + c]!;
  return turned;
}
