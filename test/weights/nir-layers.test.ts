import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import h5wasm, { type Group } from 'h5wasm';
import { describe, expect, it } from 'vitest';
import type { InputError } from '../../src/errors/input-error.ts';
import type { LayeredNetwork } from '../../src/snn/layers/layered-network.ts';
import { requireSoundLayers } from '../../src/weights/layer-checks.ts';
import type { LayerFile } from '../../src/weights/layer-file.ts';
import { examineNirLayers, parseNirLayers } from '../../src/weights/nir-layers.ts';
import { formatNirLayers } from '../../src/weights/nir-layers-writer.ts';
import { randomCases } from '../effort.ts';
import { networks, randomNetwork } from './layered-networks.ts';

type Value =
  | number
  | string
  | readonly number[]
  | { readonly shape: readonly number[]; readonly values: readonly number[] };
interface Node {
  readonly type: string;
  readonly arrays?: Readonly<Record<string, Value>>;
  /** Of a graph in the graph. */
  readonly graph?: Graph;
}
interface Graph {
  readonly nodes: Readonly<Record<string, Node>>;
  readonly edges: readonly (readonly [string, string])[];
  readonly dt?: number;
}

const isFlat = (value: object): value is readonly number[] => Array.isArray(value);

/** A NIR file with arrays as given: numbers are scalars of binary64. */
async function nir(graph: Graph): Promise<Uint8Array> {
  const { FS } = await h5wasm.ready;
  const file = new h5wasm.File('/made.nir', 'w');
  const write = (group: Group, { nodes, edges, dt }: Graph): void => {
    group.create_dataset({ name: 'type', data: 'NIRGraph' });
    const members = group.create_group('nodes');
    for (const [name, { type, arrays = {}, graph: inner }] of Object.entries(nodes)) {
      const node = members.create_group(name);
      if (inner) write(node, inner);
      else node.create_dataset({ name: 'type', data: type });
      for (const [key, value] of Object.entries(arrays))
        if (typeof value === 'string') node.create_dataset({ name: key, data: value });
        else if (typeof value === 'number')
          node.create_dataset({ name: key, data: value, shape: [], dtype: '<d' });
        else {
          const { shape, values } = isFlat(value) ? { shape: [value.length], values: value } : value;
          node.create_dataset({ name: key, data: Float64Array.from(values), shape: [...shape] });
        }
    }
    if (edges.length > 0)
      group.create_dataset({ name: 'edges', data: edges.flat(), shape: [edges.length, 2] });
    if (dt !== undefined)
      group.create_group('metadata').create_dataset({ name: 'dt', data: dt, shape: [], dtype: '<d' });
  };
  write(file.create_group('node'), graph);
  file.flush();
  file.close();
  return FS.readFile('/made.nir');
}

const matrix = (rows: number, columns: number, from = 0) => ({
  shape: [rows, columns],
  values: Array.from({ length: rows * columns }, (_, k) => from + k),
});
const end = (type: string, ...shape: number[]): Node => ({ type, arrays: { shape } });
const lif: Node = { type: 'LIF', arrays: { tau: 0.01, r: 1, v_leak: 0, v_threshold: 1 } };
/** A graph of these nodes in a row, between an Input and an Output. */
const chain = (
  nodes: Readonly<Record<string, Node>>,
  input: readonly number[],
  output: readonly number[],
): Graph => {
  const names = ['in', ...Object.keys(nodes), 'out'];
  return {
    nodes: { in: end('Input', ...input), ...nodes, out: end('Output', ...output) },
    edges: names.slice(1).map((name, k) => [names[k]!, name] as const),
  };
};

const read = async (graph: Graph): Promise<LayerFile> => parseNirLayers(await nir(graph), 'x');
const layersOf = async (graph: Graph) => (await read(graph)).network.layers;
const obstaclesOf = async (graph: Graph): Promise<string[]> =>
  (await examineNirLayers(await nir(graph), 'x')).obstacles.map(({ what }) => what);
const sourcesOf = ({ layers }: LayeredNetwork): string[] =>
  layers.flatMap(({ name, sources }) =>
    sources.map(({ layer, delayed }) => `${layers[layer]!.name} ${delayed ? '~>' : '->'} ${name}`),
  );
const of = (network: LayeredNetwork, more: Partial<LayerFile> = {}): LayerFile => ({
  ...{ network, dynamics: {}, presentation: {}, training: '{}', storage: 'fp32' },
  ...more,
});

describe('a NIR graph as layers', () => {
  it('is the network that was written, of any layers', async () => {
    await fc.assert(
      fc.asyncProperty(networks(), async (network) => {
        const bytes = await formatNirLayers(of(network), 'x');
        const back = await parseNirLayers(bytes, 'x');
        expect(back).toEqual(of(network));
        expect(await formatNirLayers(back, 'x')).toEqual(bytes);
      }),
      { numRuns: randomCases(30, 300) },
    );
  });

  it('keeps what is known of running it', async () => {
    const told = of(randomNetwork(3), {
      dynamics: { timeStepS: 0.001, reset: 'subtract', threshold: 'gt' },
      presentation: { steps: 20, readout: 'counts' },
      training: '{"a":1}',
    });
    expect(await parseNirLayers(await formatNirLayers(told, 'x'), 'x')).toEqual(told);
  });

  it('turns weights to lie by input, and takes scalars for all neurons', async () => {
    const layers = await layersOf({
      ...chain({ fc: { type: 'Affine', arrays: { weight: matrix(2, 3), bias: [1, 2] } }, lif }, [3], [2]),
      dt: 0.001,
    });
    expect(layers[1]).toMatchObject({
      inputs: 3,
      outputs: 2,
      weights: Float32Array.of(0, 3, 1, 4, 2, 5),
      bias: Float32Array.of(1, 2),
    });
    // A file of before 1.0 has no v_reset.
    expect(layers[2]).toMatchObject({
      model: 'lif',
      shape: [2],
      parameters: { tau: Float32Array.of(0.01), vReset: Float32Array.of(0) },
    });
  });

  it('reads every kind of neuron', async () => {
    const each = { tau: 0.01, r: 1, v_leak: 0 };
    const cuba = { tau_mem: 0.01, tau_syn: 0.005, r: 1, v_leak: 0 };
    const spiking = { v_threshold: 1, v_reset: 0 };
    const nodes = {
      a: { type: 'LIF', arrays: { ...each, ...spiking } },
      b: { type: 'IF', arrays: { r: 1, ...spiking } },
      c: { type: 'CubaLIF', arrays: { ...cuba, ...spiking } },
      d: { type: 'LI', arrays: each },
      e: { type: 'I', arrays: { r: 2 } },
      f: { type: 'CubaLI', arrays: { ...cuba, w_in: 3 } },
      g: { type: 'Threshold', arrays: { threshold: [1, 2] } },
    };
    const layers = await layersOf(chain(nodes, [2], [2]));
    expect(layers.map((layer) => (layer.kind === 'neurons' ? layer.model : layer.kind))).toEqual([
      'input',
      'lif',
      'if',
      'cuba-lif',
      'li',
      'i',
      'cuba-li',
      'threshold',
      'output',
    ]);
    expect(layers[3]).toMatchObject({
      parameters: { tau: Float32Array.of(0.01), tauSyn: Float32Array.of(0.005), wIn: Float32Array.of(1) },
    });
    expect(layers[6]).toMatchObject({ parameters: { wIn: Float32Array.of(3) } });
    expect(layers[7]).toMatchObject({ parameters: { vThreshold: Float32Array.of(1, 2) } });
  });

  it('follows shapes through windows, with padding in words and in numbers', async () => {
    const kernels = (...shape: number[]) => ({
      shape,
      values: Array.from({ length: shape.reduce((a, b) => a * b) }, (_, k) => k),
    });
    const nodes = {
      conv: {
        type: 'Conv2d',
        arrays: {
          weight: kernels(4, 1, 3, 3),
          stride: 1,
          padding: 'same',
          dilation: 1,
          groups: 2,
          bias: [0, 0, 0, 0],
        },
      },
      pool: { type: 'AvgPool2d', arrays: { kernel_size: 2, stride: [2, 2], padding: [0, 0] } },
      more: {
        type: 'Conv2d',
        arrays: {
          weight: kernels(3, 4, 2, 1),
          stride: [1, 2],
          padding: 'valid',
          dilation: [1, 1],
          groups: 1,
          bias: [1, 0, 0],
        },
      },
      flat: { type: 'Flatten', arrays: { start_dim: 0, end_dim: -1 } },
    };
    const layers = await layersOf(chain(nodes, [2, 6, 8], [12]));
    expect(layers.map(({ shape }) => shape)).toEqual([
      [2, 6, 8],
      [4, 6, 8],
      [4, 3, 4],
      [3, 2, 2],
      [12],
      [12],
    ]);
    expect(layers[1]).toMatchObject({ padding: [1, 1], groups: 2 });
    expect(layers[1]).not.toHaveProperty('bias');
    // Output o reads channel floor(o / 2): the row of an input channel has the kernels of two outputs.
    expect(layers[1]).toMatchObject({ weights: Float32Array.from({ length: 36 }, (_, k) => k) });
    expect((layers[3] as { weights: Float32Array }).weights.slice(0, 6)).toEqual(
      Float32Array.of(0, 1, 8, 9, 16, 17),
    );
  });

  it('takes a convolution of one dimension as one of one row', async () => {
    const weight = { shape: [2, 3, 2], values: Array.from({ length: 12 }, (_, k) => k) };
    const conv = {
      type: 'Conv1d',
      arrays: { weight, input_shape: 5, stride: 2, padding: 1, dilation: 1, groups: 1, bias: [0, 1] },
    };
    const flat = { type: 'Flatten', arrays: { start_dim: 0, end_dim: -1 } };
    const thresholds = { shape: [2, 3], values: [1, 2, 3, 4, 5, 6] };
    const cells = { type: 'Threshold', arrays: { threshold: thresholds } };
    const layers = await layersOf(chain({ conv, cells, flat }, [3, 5], [6]));
    expect(layers[1]).toMatchObject({
      inputShape: [3, 1, 5],
      shape: [2, 1, 3],
      kernel: [1, 2],
      stride: [1, 2],
      padding: [0, 1],
    });
    expect(layers[0]!.shape).toEqual([3, 1, 5]);
    expect(layers[2]).toMatchObject({ parameters: { vThreshold: Float32Array.of(1, 2, 3, 4, 5, 6) } });
    const said: string[] = [];
    requireSoundLayers(layers, (what) => said.push(what));
    expect(said).toEqual([]);
  });

  it('counts the extents of Flatten without a batch, and with one where only that fits', async () => {
    const nodes = (start: number, inputs: number) => ({
      flat: { type: 'Flatten', arrays: { start_dim: start, end_dim: -1 } },
      fc: { type: 'Linear', arrays: { weight: matrix(2, inputs) } },
    });
    expect((await layersOf(chain(nodes(0, 12), [3, 2, 2], [2])))[1]!.shape).toEqual([12]);
    expect((await layersOf(chain(nodes(1, 12), [3, 2, 2], [2])))[1]!.shape).toEqual([12]);
    // A batch of one in the shapes says nothing.
    expect((await layersOf(chain(nodes(1, 12), [1, 3, 2, 2], [1, 2])))[1]!.shape).toEqual([1, 12]);
  });

  it('delays the edge from a neuron into its recurrent weights, in a graph of its own as well', async () => {
    const back = { type: 'Linear', arrays: { weight: matrix(2, 2) } };
    const inner: Graph = {
      nodes: { input: end('Input', 2), lif, w_rec: back, output: end('Output', 2) },
      edges: [
        ['input', 'lif'],
        ['lif', 'w_rec'],
        ['w_rec', 'lif'],
        ['lif', 'output'],
      ],
    };
    const fc = { type: 'Linear', arrays: { weight: matrix(2, 3) } };
    const { network } = await read(chain({ fc, cell: { type: 'NIRGraph', graph: inner } }, [3], [2]));
    expect(sourcesOf(network).sort()).toEqual([
      'cell.lif -> out',
      'cell.lif ~> cell.w_rec',
      'cell.w_rec -> cell.lif',
      'fc -> cell.lif',
      'in -> fc',
    ]);
    // Nothing says the shape of these but the cycle itself: a neuron that leads to itself, over another.
    const loop: Graph = {
      nodes: { in: end('Input', 2), a: lif, b: lif, out: end('Output', 2) },
      edges: [
        ['in', 'a'],
        ['a', 'b'],
        ['b', 'a'],
        ['b', 'out'],
        ['a', 'a'],
      ],
    };
    expect(sourcesOf((await read(loop)).network)).toEqual([
      'in -> a',
      'b ~> a',
      'a ~> a',
      'a -> b',
      'b -> out',
    ]);
  });

  it('adds what several edges bring', async () => {
    const fc = (from: number): Node => ({ type: 'Linear', arrays: { weight: matrix(2, 2, from) } });
    const graph: Graph = {
      nodes: { in: end('Input', 2), a: fc(0), b: fc(1), lif, out: end('Output', 2) },
      edges: [
        ['in', 'b'],
        ['in', 'a'],
        ['b', 'lif'],
        ['a', 'lif'],
        ['lif', 'out'],
      ],
    };
    expect(sourcesOf((await read(graph)).network)).toEqual([
      'in -> b',
      'in -> a',
      'b -> lif',
      'a -> lif',
      'lif -> out',
    ]);
  });

  it('reads the time step of the metadata', async () => {
    expect((await read({ ...chain({ lif }, [2], [2]), dt: 0.0001 })).dynamics).toEqual({ timeStepS: 0.0001 });
    expect((await read(chain({ lif }, [2], [2]))).dynamics).toEqual({});
    expect(await obstaclesOf({ ...chain({ lif }, [2], [2]), dt: 0 })).toEqual([
      expect.stringMatching(/time step "dt".*above 0/),
    ]);
  });

  it('says all that is in the way at once, by node', async () => {
    const graph: Graph = {
      nodes: {
        in: end('Input', 3),
        fc: {
          type: 'Linear',
          arrays: { weight: { shape: [2, 4], values: [0, 1, Number.NaN, 3, 4, 5, 6, 7] } },
        },
        odd: { type: 'Hopfield' },
        lif: { type: 'LIF', arrays: { tau: 0, r: 1, v_leak: 0 } },
        a: { type: 'Scale', arrays: { scale: 2 } },
        fc2: { type: 'Linear', arrays: { weight: matrix(2, 4) } },
        out: end('Output', 2),
      },
      edges: [
        ['in', 'fc'],
        ['fc', 'lif'],
        ['lif', 'odd'],
        ['odd', 'out'],
        ['lif', 'nowhere'],
        ['a', 'a'],
        ['in', 'fc2'],
        ['fc2', 'out'],
      ],
      dt: -1,
    };
    expect(await obstaclesOf(graph)).toEqual([
      'node "odd" is of the kind "Hopfield", which is not run',
      'an edge names the node "nowhere", which is not there',
      'the time step "dt" in the metadata of the graph is not a number of seconds above 0',
      '"weight" of node "fc" (Linear) has 1 of 8 numbers that are not finite in single precision, the first at 2',
      '"tau" of node "lif" (LIF) is 0, a time constant is above 0',
      'node "lif" (LIF) has no array "v_threshold"',
      'a cycle without a neuron, which has no place for a delay: "a"',
      'node "fc2" (Linear) gets 3, expected 4 as its weights have inputs',
    ]);
    const refusal = await parseNirLayers(await nir(graph), 'x.nir').catch(
      (error: InputError) => error.message,
    );
    expect(refusal).toMatch(
      /^8 obstacles: node "odd" .*; and \d more\n {2}at x.nir\n {2}kinds that are run: /,
    );
  });

  it.each<[string, Graph, RegExp]>([
    [
      'a node that nothing leads to',
      { nodes: { ...chain({ lif }, [2], [2]).nodes, lost: lif }, edges: chain({ lif }, [2], [2]).edges },
      /nothing leads from the Input to node "lost"/,
    ],
    [
      'no Output',
      { nodes: { in: end('Input', 2), lif }, edges: [['in', 'lif']] },
      /the graph has no node of type Output/,
    ],
    [
      'two Inputs',
      {
        nodes: { ...chain({ lif }, [2], [2]).nodes, in2: end('Input', 2) },
        edges: [...chain({ lif }, [2], [2]).edges, ['in2', 'lif']],
      },
      /has 2 nodes of type Input: "in", "in2"/,
    ],
    [
      'an edge twice',
      {
        nodes: chain({ lif }, [2], [2]).nodes,
        edges: [
          ['in', 'lif'],
          ['in', 'lif'],
          ['lif', 'out'],
        ],
      },
      /from "in" to "lif" stands twice/,
    ],
    [
      'no edges',
      { nodes: chain({ lif }, [2], [2]).nodes, edges: [] },
      /edges of the graph are not pairs of names/,
    ],
    [
      'an edge out of the Output',
      {
        nodes: chain({ lif }, [2], [2]).nodes,
        edges: [
          ['in', 'lif'],
          ['lif', 'out'],
          ['out', 'lif'],
        ],
      },
      /an edge leads from node "out"/,
    ],
    [
      'sums of other shapes',
      {
        nodes: {
          in: end('Input', 2),
          fc: { type: 'Linear', arrays: { weight: matrix(3, 2) } },
          lif,
          out: end('Output', 2),
        },
        edges: [
          ['in', 'fc'],
          ['in', 'lif'],
          ['fc', 'lif'],
          ['lif', 'out'],
        ],
      },
      /node "lif" \(LIF\) adds 2 of node "in" \(Input\) and 3 of node "fc"/,
    ],
    [
      'an Output of another shape',
      chain({ lif }, [2], [3]),
      /node "out" \(Output\) gets 2, expected its shape 3/,
    ],
    [
      'parameters of another shape',
      chain({ g: { type: 'Threshold', arrays: { threshold: [1, 2, 3] } } }, [2], [2]),
      /gets 2, expected the shape of its "threshold", 3/,
    ],
    [
      'a padding that is not the same on both sides',
      chain(
        {
          c: {
            type: 'Conv2d',
            arrays: {
              weight: { shape: [1, 1, 2, 2], values: [0, 1, 2, 3] },
              stride: 1,
              padding: 'same',
              dilation: 1,
              groups: 1,
            },
          },
        },
        [1, 4, 4],
        [1, 4, 4],
      ),
      /needs a stride of 1 and as many elements on both sides/,
    ],
    [
      'groups that do not divide',
      chain(
        {
          c: {
            type: 'Conv2d',
            arrays: {
              weight: { shape: [3, 1, 1, 1], values: [0, 1, 2] },
              stride: 1,
              padding: 0,
              dilation: 1,
              groups: 2,
            },
          },
        },
        [2, 4, 4],
        [3, 4, 4],
      ),
      /outputs a multiple of 2 groups/,
    ],
    [
      'a window that has no room',
      chain(
        { p: { type: 'SumPool2d', arrays: { kernel_size: 5, stride: 1, padding: 0 } } },
        [1, 4, 4],
        [1, 1, 1],
      ),
      /no room|expected room for a window of 5 x 5/,
    ],
    [
      'strides of 0',
      chain(
        { p: { type: 'SumPool2d', arrays: { kernel_size: 2, stride: 0, padding: 0 } } },
        [1, 4, 4],
        [1, 1, 1],
      ),
      /"stride" of node "p" \(SumPool2d\) is 0, expected whole numbers from 1/,
    ],
    [
      'a shape that does not follow',
      {
        nodes: {
          in: end('Input', 2),
          a: { type: 'Scale', arrays: { scale: 1 } },
          lif,
          out: end('Output', 2),
        },
        edges: [
          ['in', 'out'],
          ['lif', 'a'],
          ['a', 'lif'],
        ],
      },
      /nothing leads from the Input to node/,
    ],
    [
      'a negative delay',
      chain({ d: { type: 'Delay', arrays: { delay: [-1, 0] } } }, [2], [2]),
      /has a delay below 0/,
    ],
    [
      'a graph in the graph with two Inputs',
      chain(
        {
          g: {
            type: 'NIRGraph',
            graph: {
              nodes: { i: end('Input', 2), j: end('Input', 2), lif, o: end('Output', 2) },
              edges: [
                ['i', 'lif'],
                ['j', 'lif'],
                ['lif', 'o'],
              ],
            },
          },
        },
        [2],
        [2],
      ),
      /the graph "g" in the graph has 2 nodes of type Input, not 1/,
    ],
  ])('refuses %s', async (_, graph, expected) => {
    expect((await obstaclesOf(graph)).join('; ')).toMatch(expected);
  });

  it('says of the arrays of a neuron that do not fit what their shape is, once', async () => {
    const wrong: Node = {
      type: 'LIF',
      arrays: { tau: [1, 2, 3], r: [1, 2, 3], v_leak: 'low', v_threshold: 1 },
    };
    const fit = { ...wrong.arrays, v_leak: 0 };
    expect(await obstaclesOf(chain({ lif: { type: 'LIF', arrays: fit } }, [2], [2]))).toEqual([
      'node "lif" (LIF) gets 2, expected the shape of its "tau", "r", 3',
    ]);
    expect(await obstaclesOf(chain({ lif: wrong }, [2], [2]))).toEqual([
      '"v_leak" of node "lif" (LIF) is a text, expected numbers',
    ]);
  });

  it('takes one 0 for no bias, and refuses zeros that do not fit', async () => {
    const fc = (bias: Value): Graph =>
      chain({ fc: { type: 'Affine', arrays: { weight: matrix(2, 3), bias } } }, [3], [2]);
    expect((await layersOf(fc(0)))[1]).not.toHaveProperty('bias');
    expect((await layersOf(fc([0, 0])))[1]).not.toHaveProperty('bias');
    expect(await obstaclesOf(fc([0, 0, 0]))).toEqual([
      'the bias of node "fc" (Affine) is 3, its weights have 2 outputs',
    ]);
  });

  it('names arrays of types that are not read', async () => {
    const name = 'strange-types.nir';
    const bytes = new Uint8Array(await readFile(new URL(`../goldens/weights/nir/${name}`, import.meta.url)));
    expect((await examineNirLayers(bytes, name)).obstacles.map(({ what }) => what)).toEqual([
      'node "fc" (Linear) cannot be read: its array "weight" has elements of a type that is not read (compound, 16 bytes)',
      'node "lif" (LIF) cannot be read: its array "tau" has elements of a type that is not read (enum, 1 bytes)',
      'the time step "dt" in the metadata of the graph is not a number of seconds above 0',
    ]);
  });

  it('cannot say a competition, or a delay outside of a cycle', async () => {
    const one = { delayed: true, layer: 0 };
    const network: LayeredNetwork = {
      layers: [
        { kind: 'input', name: 'in', shape: [2], sources: [] },
        { kind: 'scale', name: 's', shape: [2], factor: Float32Array.of(1), sources: [one] },
        { kind: 'output', name: 'out', shape: [2], sources: [{ layer: 1, delayed: false }] },
      ],
    };
    await expect(formatNirLayers(of(network), 'x')).rejects.toThrow(
      /reads the step before outside of a cycle/,
    );
  });

  it('reads the golden graphs of other programs', async () => {
    const golden = async (name: string) =>
      parseNirLayers(
        new Uint8Array(await readFile(new URL(`../goldens/weights/nir/${name}`, import.meta.url))),
        name,
      );
    const { network, dynamics } = await golden('recurrent.nir');
    expect(dynamics).toEqual({ timeStepS: 0.001 });
    expect(sourcesOf(network)).toEqual([
      'input -> fc_in',
      'cuba ~> w_rec',
      'fc_in -> cuba',
      'w_rec -> cuba',
      'cuba -> fc_out',
      'fc_out -> readout',
      'readout -> output',
    ]);
    for (const name of [
      'big-endian.nir',
      'half.nir',
      'user-block.nir',
      'whole.nir',
      'codes.nir',
      'python.nir',
    ])
      expect((await golden(name)).network.layers.map(({ kind }) => kind)).toEqual([
        'input',
        'dense',
        'neurons',
        'output',
      ]);
    await expect(golden('lzf.nir')).rejects.toThrow(/obstacles: node "fc" \(Linear\) cannot be read: .*LZF/);
  });
});
