import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Dynamics, sizeOf } from '../../src/snn/layers/layered-network.ts';
import { parseNirLayers } from '../../src/weights/nir-layers.ts';
import { numbersOf } from '../../src/weights/tensor.ts';
import { parseTensors } from '../../src/weights/weight-container.ts';
import { runDensely } from '../reference/layered-network.ts';

const bytesOf = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../goldens/nir/${name}`, import.meta.url)));
const manifest = JSON.parse(new TextDecoder().decode(bytesOf('manifest.json'))) as {
  readonly steps: number;
  readonly files: Readonly<Record<string, { readonly dynamics: Dynamics }>>;
};

describe('a network of another library, read from its NIR file', () => {
  it.each(Object.entries(manifest.files))(
    '%s spikes as that library does, neuron by neuron',
    async (name, { dynamics }) => {
      const { network } = await parseNirLayers(bytesOf(`${name}.nir`), name);
      const { tensors } = parseTensors(bytesOf(`${name}.npz`), name);
      const inputs = numbersOf(tensors.get('input')!);
      const size = sizeOf(network.layers[0]!.shape);
      const input = Array.from({ length: manifest.steps }, (_, t) => [
        ...inputs.subarray(t * size, (t + 1) * size),
      ]);
      const presentation = { steps: manifest.steps, input: { kind: 'events' }, readout: 'counts' } as const;
      const { outputs } = runDensely({ network, dynamics, presentation }, input);
      for (const [place, layer] of network.layers.entries()) {
        if (layer.kind !== 'neurons') continue;
        const spikes = outputs.flatMap((step) => step[place]!);
        expect([layer.name, spikes.filter((each) => each === 1).length]).not.toContain(0);
        expect([layer.name, spikes]).toEqual([layer.name, [...numbersOf(tensors.get(layer.name)!)]]);
      }
    },
  );
});
