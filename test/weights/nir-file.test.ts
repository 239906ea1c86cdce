import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import h5wasm, { type Group } from 'h5wasm';
import { describe, expect, it, vi } from 'vitest';
import { InputError } from '../../src/errors/input-error.ts';
import { DIEHL_COOK_NEURON } from '../../src/snn/neuron-constants.ts';
import { networkLike } from '../../src/weights/foreign-weights.ts';
import { networkOfTensors, tensorsOfNetwork } from '../../src/weights/network-file.ts';
import { formatNir, parseNir } from '../../src/weights/nir-file.ts';
import { thetaOfNir } from '../../src/weights/nir-neuron.ts';
import { sparkxd } from '../cli/program.ts';
import { smallNetwork } from '../snn/small-network.ts';

const stored = () => tensorsOfNetwork({ network: smallNetwork(), training: '{"a":1}', storage: 'fp32' });

interface Layer {
  readonly type?: string;
  readonly weight?: Float32Array;
  readonly bias?: Float32Array;
  readonly neuron?: string;
  readonly more?: string;
  readonly tau?: number;
  readonly vReset?: number;
  readonly edges?: string[];
}

/** A graph as another program writes it: 6 inputs, 4 neurons, binary64 neuron constants. */
async function foreign({
  type = 'Linear',
  bias,
  neuron = 'LIF',
  more,
  tau = 0.1,
  vReset = -60,
  edges = ['fc', 'cells'],
}: Layer = {}) {
  const { FS } = await h5wasm.ready;
  const file = new h5wasm.File('/foreign.nir', 'w');
  const text = (group: Group, name: string, data: string) => group.create_dataset({ name, data });
  text(file, 'version', '0.2');
  const graph = file.create_group('node');
  text(graph, 'type', 'NIRGraph');
  const nodes = graph.create_group('nodes');
  const layer = nodes.create_group('fc');
  text(layer, 'type', type);
  const weight = Float32Array.from({ length: 24 }, (_, k) => k / 24);
  // Packed, as the Python package writes arrays.
  layer.create_dataset({ name: 'weight', data: weight, shape: [4, 6], chunks: [4, 6], compression: 'gzip' });
  if (bias) layer.create_dataset({ name: 'bias', data: bias, shape: [4] });
  const cells = nodes.create_group('cells');
  text(cells, 'type', neuron);
  const each = (name: string, value: number) =>
    cells.create_dataset({ name, data: new Float64Array(4).fill(value), shape: [4] });
  each('tau', tau);
  each('r', tau);
  each('v_leak', -65);
  each('v_reset', vReset);
  cells.create_dataset({ name: 'v_threshold', data: Float64Array.of(-52, -51.5, -51, -50.5), shape: [4] });
  if (more !== undefined) text(nodes.create_group('other'), 'type', more);
  graph.create_dataset({ name: 'edges', data: edges, shape: [edges.length / 2, 2] });
  file.flush();
  file.close();
  return FS.readFile('/foreign.nir');
}

const adopted = async (bytes: Uint8Array) =>
  networkLike(smallNetwork(), thetaOfNir(await parseNir(bytes, 'x'), DIEHL_COOK_NEURON, 'x'), 'x');

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
    [{ neuron: 'CubaLIF' }, /node "cells" of type CubaLIF would be lost/],
    [{ more: 'Conv2d' }, /node "other" of type Conv2d would be lost/],
    [{ more: 'LIF' }, /two nodes of weights or neurons, cells and other/],
    [{ neuron: 'Output' }, /no node of type LIF\n.*\n.*cells \(Output\), fc \(Linear\)/],
    [{ tau: 0.02 }, /tau of the LIF node is 0.02, the network to be like has 0.1/],
    [{ edges: ['cells', 'fc'] }, /the edge from "cells" to "fc" would be lost/],
    [{ edges: ['fc', 'cells', 'cells', 'cells'] }, /the edge from "cells" to "cells" would be lost/],
    [{ edges: [] }, /edges are not pairs|no edge leads from "fc" to "cells"/],
    [{ vReset: 0 }, /v_reset of the LIF node is 0, the network to be like has -60/],
  ])('refuses what would be lost: %j', async (layer, message) => {
    await expect(foreign(layer).then(adopted)).rejects.toThrow(message);
  });

  it('damaged anywhere is an InputError or changes what is read, never another fault', async () => {
    const sound = await formatNir(stored(), DIEHL_COOK_NEURON);
    const outcomes = new Set<boolean>();
    for (let at = 0; at < sound.length; at += 37)
      for (const bytes of [sound.map((byte, k) => (k === at ? byte ^ 0xff : byte)), sound.subarray(0, at)]) {
        try {
          networkOfTensors(await parseNir(bytes, 'x'), 'x');
          outcomes.add(true);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          outcomes.add(false);
        }
      }
    expect(outcomes.size).toBe(2);
  });

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
