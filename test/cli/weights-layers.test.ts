import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAnyNetwork } from '../../src/inputs/read-network.ts';
import { formatLayers } from '../../src/weights/layers-file.ts';
import { formatTensors } from '../../src/weights/weight-container.ts';
import { randomNetwork } from '../weights/layered-networks.ts';
import { isRefusal, sparkxd } from './program.ts';

const golden = (path: string): string => fileURLToPath(new URL(`../goldens/${path}`, import.meta.url));

let folder: string;
const at = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-layers-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('sparkxd weights show', () => {
  it('lists the layers of any NIR graph, with what a run must be told', async () => {
    const { stdout, code } = await sparkxd('weights', 'show', golden('nir/snntorch-rleaky.nir'));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^1\.w_rec +dense +10 +1\.lif \(step before\) +100 +bias$/m);
    expect(stdout).toMatch(
      /^1\.lif +lif +10 +.* +tau 0\.0006667, r 6\.667, vLeak 0, vThreshold 1, vReset 0$/m,
    );
    expect(stdout).toMatch(/a network of layers with 4 outputs/);
    expect(stdout).toMatch(/a run needs more: .*the time step \(--time-step 1ms\); what a spike resets/);
  });

  it('has the same as JSON', async () => {
    const { stdout } = await sparkxd('weights', 'show', golden('nir/sinabs-conv.nir'), '--json');
    const shown = JSON.parse(stdout);
    expect(shown).toMatchObject({ form: 'NIR', runs: true, network: 'layered', obstacles: [], classes: 5 });
    expect(shown.layers[1]).toEqual({
      ...{ layer: '0', kind: 'conv2d', shape: [3, 8, 6], sources: ['input'], weights: 54 },
      parameters: 'kernel 3 x 3, padding 1 x 0, bias',
    });
  });

  it('names all that is in the way, a line each', async () => {
    const { stdout } = await sparkxd('weights', 'show', golden('weights/nir/lzf.nir'));
    expect(stdout).toMatch(
      /does not run as a network: 8 obstacles\n {2}- node "fc" \(Linear\) cannot be read/,
    );
  });

  it('says of tensors without a graph that one is needed, and where to get it', async () => {
    const { stdout } = await sparkxd('weights', 'show', golden('weights/torch/state-dict.pt'));
    expect(stdout).toMatch(/tensors without a graph that says how they are connected/);
    expect(stdout).toMatch(/export NIR \(snntorch\.export_nir/);
  });
});

describe('sparkxd weights convert', () => {
  it('takes a network of layers from NIR to safetensors and back, the same bytes', async () => {
    const [own, nir, back, npz] = ['n.safetensors', 'n.nir', 'back.safetensors', 'n.npz'].map(at) as [
      string,
      string,
      string,
      string,
    ];
    const ran = await sparkxd('weights', 'convert', golden('nir/sinabs-conv.nir'), own);
    expect(ran).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/: 10 layers, 173 neurons, fp32, \d+ bytes/),
    });
    for (const [from, to] of [
      [own, nir],
      [nir, npz],
      [npz, back],
    ] as const)
      expect(await sparkxd('weights', 'convert', from, to)).toMatchObject({ code: 0, stderr: '' });
    expect((await readFile(back)).equals(await readFile(own))).toBe(true);
    const half = at('half.safetensors.gz');
    expect(await sparkxd('weights', 'convert', nir, half, '--storage', 'fp16')).toMatchObject({ code: 0 });
    expect(await readAnyNetwork(half)).toMatchObject({ kind: 'layered', storage: 'fp16' });
  });

  it('refuses weights beyond the range of a format, and labels', async () => {
    const { layers } = randomNetwork(4);
    const large = layers.map((layer) =>
      layer.kind === 'dense' ? { ...layer, weights: layer.weights.map(() => 1e6) } : layer,
    );
    expect(large.some(({ kind }) => kind === 'dense')).toBe(true);
    const file = at('large.safetensors');
    await writeFile(
      file,
      formatLayers({
        network: { layers: large },
        dynamics: {},
        presentation: {},
        training: '{}',
        storage: 'fp32',
      }),
    );
    const over = await sparkxd('weights', 'convert', file, at('o.safetensors'), '--storage', 'fp16');
    expect([over.code, isRefusal(over)]).toEqual([1, true]);
    expect(over.stderr).toMatch(/weight Infinity .* is not finite/);
    const labels = await sparkxd('weights', 'convert', file, at('o.safetensors'), '--relabel', 'mnist');
    expect([labels.code, isRefusal(labels)]).toEqual([1, true]);
    expect(labels.stderr).toMatch(/--relabel is about the neurons of a Diehl & Cook network/);
  });
});

describe('a network that a command is given', () => {
  it('is of Diehl & Cook or of layers, found by its content', async () => {
    const nir = at('diehl.nir');
    expect(await sparkxd('weights', 'convert', 'n400-mnist', nir)).toMatchObject({ code: 0 });
    expect(await readAnyNetwork(nir)).toMatchObject({ kind: 'diehl-cook', network: { neurons: 400 } });
    expect(await readAnyNetwork('n400-mnist')).toMatchObject({ kind: 'diehl-cook', leftOut: [] });
    expect(await readAnyNetwork(golden('weights/nir/recurrent.nir'))).toMatchObject({
      kind: 'layered',
      dynamics: { timeStepS: 0.001 },
    });
  });

  it('is refused in words where it is of the other kind, or no network at all', async () => {
    const layers = await sparkxd('data-energy', golden('nir/snntorch-leaky.nir'));
    expect([layers.code, isRefusal(layers)]).toEqual([1, true]);
    expect(layers.stderr).toMatch(
      /a network of layers \(12, dense 10, lif, dense 4, lif\), where one of Diehl & Cook is needed/,
    );
    await writeFile(
      at('bare.npz'),
      formatTensors(
        {
          tensors: new Map([['fc.weight', { type: 'F32', shape: [1, 2], bytes: new Uint8Array(8) }]]),
          metadata: new Map(),
        },
        'x.npz',
      ),
    );
    const bare = await sparkxd('map', '--weights', at('bare.npz'));
    expect([bare.code, isRefusal(bare)]).toEqual([1, true]);
    expect(bare.stderr).toMatch(/without a graph .*\(fc\.weight 1 x 2\)/);
  });
});
