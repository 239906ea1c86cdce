import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sizeOf } from '../../src/snn/layers/layered-network.ts';
import { requireSoundLayers } from '../../src/weights/layer-checks.ts';
import { parseNirLayers } from '../../src/weights/nir-layers.ts';
import { formatNirLayers } from '../../src/weights/nir-layers-writer.ts';
import { parseTensors } from '../../src/weights/weight-container.ts';

const bytesOf = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../goldens/nir/${name}`, import.meta.url)));
const manifest = JSON.parse(new TextDecoder().decode(bytesOf('manifest.json'))) as {
  readonly steps: number;
  readonly files: Readonly<Record<string, { readonly layers: Readonly<Record<string, number>> }>>;
};

const KINDS: Readonly<Record<string, string>> = {
  'snntorch-leaky': 'input, dense, lif, dense, lif, output',
  'snntorch-leaky-zero': 'input, dense, lif, dense, lif, output',
  'snntorch-synaptic': 'input, dense, cuba-lif, dense, lif, output',
  'snntorch-rleaky': 'input, dense, dense, lif, dense, lif, output',
  'snntorch-rsynaptic': 'input, dense, dense, cuba-lif, dense, lif, output',
  'norse-lifbox': 'input, dense, lif, dense, lif, output',
  'norse-lif': 'input, dense, cuba-lif, dense, cuba-lif, output',
  'sinabs-conv': 'input, conv2d, if, pool, conv2d, lif, flatten, dense, lif, output',
  'nir-maps': 'input, conv2d, if, pool, conv2d, scale, pool, flatten, output',
  'nir-neurons': 'input, dense, lif, delay, cuba-lif, dense, li, threshold, i, cuba-li, output',
  'nir-conv1d': 'input, conv2d, lif, flatten, output',
  'nir-nested': 'input, dense, dense, lif, output',
};

describe('a NIR file of another program', () => {
  it.each(Object.entries(KINDS))(
    '%s is read as its layers, and written and read as the same',
    async (name, kinds) => {
      const read = await parseNirLayers(bytesOf(`${name}.nir`), name);
      const { layers } = read.network;
      expect(layers.map((layer) => (layer.kind === 'neurons' ? layer.model : layer.kind)).join(', ')).toBe(
        kinds,
      );
      const said: string[] = [];
      requireSoundLayers(layers, (what) => said.push(what));
      expect(said).toEqual([]);
      expect(await parseNirLayers(await formatNirLayers(read, name), name)).toEqual(read);
    },
  );

  it.each(Object.entries(manifest.files))(
    '%s has the neurons whose spikes are kept',
    async (name, { layers: kept }) => {
      const { network } = await parseNirLayers(bytesOf(`${name}.nir`), name);
      const neurons = network.layers.filter(({ kind }) => kind === 'neurons');
      expect(Object.fromEntries(neurons.map((layer) => [layer.name, sizeOf(layer.shape)]))).toEqual(kept);
      const { tensors } = parseTensors(bytesOf(`${name}.npz`), name);
      expect(tensors.get('input')!.shape).toEqual([manifest.steps, sizeOf(network.layers[0]!.shape)]);
      for (const [layer, count] of Object.entries(kept))
        expect(tensors.get(layer)!.shape).toEqual([manifest.steps, count]);
    },
  );

  it('of one step of recurrence delays the edge into the recurrent weights', async () => {
    for (const name of ['snntorch-rleaky', 'snntorch-rsynaptic', 'nir-nested']) {
      const { layers } = (await parseNirLayers(bytesOf(`${name}.nir`), name)).network;
      const delayed = layers.flatMap((layer) =>
        layer.sources
          .filter((source) => source.delayed)
          .map((source) => [layers[source.layer]!.kind, layer.name.replace(/^.*\./, '')]),
      );
      expect(delayed).toEqual([['neurons', 'w_rec']]);
    }
  });
});
