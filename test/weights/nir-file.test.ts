import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import h5wasm, { type Group } from 'h5wasm';
import { describe, expect, it, vi } from 'vitest';
import { InputError } from '../../src/errors/input-error.ts';
import type { Network } from '../../src/snn/network.ts';
import { DIEHL_COOK_NEURON } from '../../src/snn/neuron-constants.ts';
import { roundWeights } from '../../src/snn/weight-format.ts';
import { networkLike } from '../../src/weights/foreign-weights.ts';
import { networkOfTensors, tensorsOfNetwork } from '../../src/weights/network-file.ts';
import { parseNir } from '../../src/weights/nir-file.ts';
import { arraysOfNir } from '../../src/weights/nir-neuron.ts';
import { formatNir } from '../../src/weights/nir-writer.ts';
import type { Orientation } from '../../src/weights/tensor.ts';
import { readTensors } from '../../src/weights/weight-container.ts';
import { sparkxd } from '../cli/program.ts';
import { FULL } from '../effort.ts';
import { smallNetwork } from '../snn/small-network.ts';

const stored = () => tensorsOfNetwork({ network: smallNetwork(), training: '{"a":1}', storage: 'fp32' });

interface Layer {
  readonly type?: string;
  /** Rows and columns of the weight. */
  readonly size?: readonly [number, number];
  readonly bias?: Float32Array;
  readonly neuron?: string;
  readonly more?: string;
  /** Arrays of the LIF node that are otherwise than usual; one number is a scalar. */
  readonly lif?: Readonly<Record<string, number | readonly number[]>>;
  readonly edges?: string[];
  readonly inputShape?: readonly number[];
}

/** A graph as another program writes it: 6 inputs, 4 neurons, binary64 neuron constants. */
async function foreign({
  type = 'Linear',
  size: [rows, columns] = [4, 6],
  bias,
  neuron = 'LIF',
  more,
  lif = {},
  edges = ['in', 'fc', 'fc', 'cells', 'cells', 'out'],
  inputShape = [6],
}: Layer = {}) {
  const { FS } = await h5wasm.ready;
  const file = new h5wasm.File('/foreign.nir', 'w');
  const text = (group: Group, name: string, data: string) => group.create_dataset({ name, data });
  text(file, 'version', '0.2');
  const graph = file.create_group('node');
  text(graph, 'type', 'NIRGraph');
  const nodes = graph.create_group('nodes');
  const end = (key: string, kind: string, shape: readonly number[]) => {
    const node = nodes.create_group(key);
    text(node, 'type', kind);
    node.create_dataset({ name: 'shape', data: Int32Array.from(shape), shape: [shape.length] });
  };
  end('in', 'Input', inputShape);
  end('out', 'Output', [4]);
  const layer = nodes.create_group('fc');
  text(layer, 'type', type);
  const weight = Float32Array.from({ length: rows * columns }, (_, k) => k / (rows * columns));
  // Packed, as the Python package writes arrays.
  const shape = [rows, columns];
  layer.create_dataset({ name: 'weight', data: weight, shape, chunks: shape, compression: 'gzip' });
  if (bias) layer.create_dataset({ name: 'bias', data: bias, shape: [4] });
  const cells = nodes.create_group('cells');
  text(cells, 'type', neuron);
  const each = (value: number): number[] => new Array<number>(4).fill(value);
  const arrays: NonNullable<Layer['lif']> = {
    tau: each(0.1),
    r: each(0.1),
    v_leak: each(-65),
    v_reset: each(-60),
    v_threshold: [-52, -51.5, -51, -50.5],
    ...lif,
  };
  for (const [name, value] of Object.entries(arrays))
    if (typeof value === 'number') cells.create_dataset({ name, data: value, shape: [], dtype: '<d' });
    else cells.create_dataset({ name, data: Float64Array.from(value), shape: [value.length] });
  if (more !== undefined) text(nodes.create_group('other'), 'type', more);
  graph.create_dataset({ name: 'edges', data: edges, shape: [edges.length / 2, 2] });
  file.flush();
  file.close();
  return FS.readFile('/foreign.nir');
}

const adopted = async (bytes: Uint8Array, orientation?: Orientation, like: Network = smallNetwork()) => {
  const arrays = arraysOfNir(await readTensors(bytes, 'x'), like, orientation, 'x');
  return networkLike({ network: like, name: 'small' }, arrays, 'x', { orientation }).network;
};

const golden = (name: string): Promise<Uint8Array> =>
  readFile(new URL(`../goldens/weights/nir/${name}`, import.meta.url));

describe('a NIR file', () => {
  it('carries a labelled network there and back, the same bytes at any time', async () => {
    const written = await formatNir(stored(), DIEHL_COOK_NEURON);
    vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000_000_000 });
    try {
      expect(await formatNir(stored(), DIEHL_COOK_NEURON)).toEqual(written);
      expect(Date.now()).toBe(1_000_000_000_000);
    } finally {
      vi.useRealTimers();
    }
    expect(networkOfTensors(await parseNir(written, 'x'), 'x')).toEqual(networkOfTensors(stored(), 'x'));
  });

  it('is the graph that others expect: Linear out x in, LIF in mV and seconds', async () => {
    const { FS } = await h5wasm.ready;
    FS.writeFile('/read.nir', await formatNir(stored(), DIEHL_COOK_NEURON));
    const file = new h5wasm.File('/read.nir', 'r');
    const value = (path: string): unknown => (file.get(path) as { value: unknown }).value;
    expect(value('node/type')).toBe('NIRGraph');
    expect(value('node/edges')).toEqual(['input', 'weights', 'weights', 'neurons', 'neurons', 'output']);
    expect((file.get('node/nodes/weights/weight') as { shape: number[] }).shape).toEqual([4, 6]);
    const weight = value('node/nodes/weights/weight') as Float32Array;
    // Input 2 to neuron 1.
    expect(weight[1 * 6 + 2]).toBe(smallNetwork().weights[2 * 4 + 1]);
    expect([...(value('node/nodes/neurons/v_threshold') as Float32Array)]).toEqual([-52, -51.5, -51, -50.5]);
    expect((value('node/nodes/neurons/tau') as Float32Array)[0]).toBeCloseTo(0.1, 7);
    file.close();
  });

  it('of another program becomes a network like one that is named', async () => {
    const network = await adopted(await foreign());
    expect([...network.theta]).toEqual([0, 0.5, 1, 1.5]);
    // Weight of input 2 to neuron 1, stored 4 x 6.
    expect(network.weights[2 * 4 + 1]).toBe(Math.fround(8 / 24));
    expect(network.responses).toBeUndefined();
    const silent = await foreign({ type: 'Affine', bias: new Float32Array(4) });
    expect((await adopted(silent)).weights).toEqual(network.weights);
  });

  it.each<[Layer, RegExp]>([
    [{ type: 'Affine', bias: Float32Array.of(0, 1, 0, 0) }, /the bias of node "fc" would be lost/],
    [{ neuron: 'CubaLIF' }, /node "cells" of type "CubaLIF" would be lost/],
    [{ more: 'Conv2d' }, /node "other" of type "Conv2d" would be lost/],
    [{ more: 'LIF' }, /two nodes of type LIF, "cells" and "other"/],
    [{ more: 'Input' }, /two nodes of type Input, "in" and "other"/],
    [{ neuron: 'Output' }, /no node of type LIF\n.*\n.*cells \(Output\), fc \(Linear\)/],
    [{ lif: { tau: [0.1, 0.1, 0.1, 0.02] } }, /tau of the LIF node is 0.02, the network to be like has 0.1/],
    [{ lif: { v_reset: 0 } }, /v_reset of the LIF node is 0, the network to be like has -60/],
    ...['tau', 'r', 'v_leak', 'v_reset', 'v_threshold'].map((key): [Layer, RegExp] => [
      { lif: { [key]: [0.1, 0.1, 0.1] } },
      new RegExp(`${key} of the LIF node has 3 values, its layer has 4 outputs`),
    ]),
    [{ lif: { tau: [0.1] } }, /tau of the LIF node has 1 values, its layer has 4 outputs/],
    [{ edges: ['cells', 'fc'] }, /the edge from "cells" to "fc" would be lost/],
    [{ edges: ['fc', 'cells', 'cells', 'cells'] }, /the edge from "cells" to "cells" would be lost/],
    [{ edges: [] }, /edges are not pairs|no edge leads from "in" to "fc"/],
    [{ edges: ['fc', 'cells', 'cells', 'out'] }, /no edge leads from "in" to "fc"/],
    [{ edges: ['in', 'fc', 'cells', 'out'] }, /no edge leads from "fc" to "cells"/],
    [{ edges: ['in', 'fc', 'fc', 'cells'] }, /no edge leads from "cells" to "out"/],
    [
      { edges: ['in', 'fc', 'in', 'fc', 'fc', 'cells', 'cells', 'out'] },
      /the edge from "in" to "fc" stands 2 times/,
    ],
    [
      { size: [6, 4] },
      /weight has 6 rows x 4 columns; NIR says outputs x inputs: 6 outputs, 4 inputs; the network to be like has 6 inputs\n.*\n.*--orientation inputs-by-outputs/,
    ],
    [
      { inputShape: [2, 2] },
      /weight has 4 rows x 6 columns; NIR says .*: 4 outputs, 6 inputs; the Input node has the shape 2 x 2/,
    ],
  ])('refuses what would be lost: %j', async (layer, message) => {
    await expect(foreign(layer).then(adopted)).rejects.toThrow(message);
  });

  it('has one value for all neurons, or one for each', async () => {
    const scalars = { tau: 0.1, r: 0.1, v_leak: -65, v_reset: -60, v_threshold: -51 };
    const network = await adopted(await foreign({ lif: scalars }));
    expect([...network.theta]).toEqual([1, 1, 1, 1]);
  });

  it('of a square layer is outputs x inputs, as NIR says', async () => {
    const square = { ...smallNetwork(), imageRows: 2, imageColumns: 2 };
    const file = await foreign({ size: [4, 4], inputShape: [4] });
    const { weights } = await adopted(file, undefined, square);
    // Input 2 to neuron 1 stands in row 1.
    expect(weights[2 * 4 + 1]).toBe((1 * 4 + 2) / 16);
    const stated = await adopted(file, 'inputs-by-outputs', square);
    expect(stated.weights[2 * 4 + 1]).toBe((2 * 4 + 1) / 16);
  });

  it('that lies the other way is turned when that is stated', async () => {
    const { weights } = await adopted(await foreign({ size: [6, 4] }), 'inputs-by-outputs');
    expect(weights[2 * 4 + 1]).toBe(Math.fround((2 * 4 + 1) / 24));
  });

  it.each(['python.nir', 'big-endian.nir', 'user-block.nir'])(
    'that Python wrote, %s, gives the weights and thresholds',
    async (name) => {
      const { responses: _, ...expected } = smallNetwork();
      expect(await adopted(await golden(name))).toEqual(expected);
    },
  );

  it('of half precision gives what half precision holds, and its constants are those of the model', async () => {
    const { weights, theta } = await adopted(await golden('half.nir'));
    expect(weights).toEqual(roundWeights(smallNetwork().weights, 'fp16'));
    expect([...theta]).toEqual([0, 0.5, 1, 1.5]);
  });

  it('of whole numbers means these numbers; those above 1 are refused with a word on scales', async () => {
    const { weights, theta } = await adopted(await golden('whole.nir'));
    expect([...weights]).toEqual([...smallNetwork().weights].map((value) => (value > 0.5 ? 1 : 0)));
    expect([...theta]).toEqual([0, 1, 2, 3]);
    await expect(golden('codes.nir').then(adopted)).rejects.toThrow(
      /weight is I8, whole numbers that are not between 0 and 1\n.*\n.*scale \* \(codes - zero_point\)/,
    );
  });

  it.each([
    ['bomb.nir', /claims 65536 x 65536 elements, more than 16777216/],
    ['chunk-bomb.nir', /has chunks of 16384 x 8192 elements, more than 33554432/],
  ])('that claims more than may be read (%s) is refused before it is unpacked', async (name, message) => {
    await expect(golden(name).then(adopted)).rejects.toThrow(message);
  });

  it('with a heap of texts that the library would walk for ever is refused', async () => {
    const bytes = new Uint8Array(await golden('python.nir'));
    const start = new TextDecoder('latin1').decode(bytes).indexOf('GCOL');
    // The first object as free space of 0 bytes.
    bytes.fill(0, start + 16, start + 32);
    await expect(parseNir(bytes, 'x')).rejects.toThrow(/a heap of texts is damaged/);
  });

  it('that is another HDF5 file says so', async () => {
    const { FS } = await h5wasm.ready;
    const file = new h5wasm.File('/other.h5', 'w');
    file.create_dataset({ name: 'weight', data: Float32Array.of(1) });
    file.close();
    await expect(parseNir(FS.readFile('/other.h5'), 'x')).rejects.toThrow(
      /an HDF5 file, but no NIR graph: it has no group "node"/,
    );
  });

  it('packed with a filter that is not read names the filter', async () => {
    await expect(golden('lzf.nir').then(adopted)).rejects.toThrow(
      /node "fc" cannot be read: its array "weight" is packed with the filter LZF, which is not read\n.*\n.*gzip/,
    );
  });

  it.runIf(FULL)(
    'damaged anywhere is an InputError or changes what is read, never another fault',
    async () => {
      const sound = await formatNir(stored(), DIEHL_COOK_NEURON);
      const outcomes = new Set<boolean>();
      for (let at = 0; at < sound.length; at += 37)
        for (const bytes of [
          sound.map((byte, k) => (k === at ? byte ^ 0xff : byte)),
          sound.subarray(0, at),
        ]) {
          try {
            networkOfTensors(await parseNir(bytes, 'x'), 'x');
            outcomes.add(true);
          } catch (error) {
            expect(error).toBeInstanceOf(InputError);
            outcomes.add(false);
          }
        }
      expect(outcomes.size).toBe(2);
    },
  );

  it('is read wherever weights are, and written by weights convert', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sparkxd-nir-'));
    try {
      const nir = join(folder, 'n.nir');
      const ran = await sparkxd('weights', 'convert', 'n400-mnist', nir);
      expect(ran).toMatchObject({ code: 0, stderr: '' });
      const few = ['--images', '100', '--json'];
      const read = await sparkxd('evaluate', '--weights', nir, ...few);
      expect(read.stdout).toBe((await sparkxd('evaluate', '--weights', 'n400-mnist', ...few)).stdout);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
