import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createLayeredInference } from '../../src/snn/layers/infer-layers.ts';
import { type Dynamics, sizeOf } from '../../src/snn/layers/layered-network.ts';
import { parseNirLayers } from '../../src/weights/nir-layers.ts';
import { numbersOf } from '../../src/weights/tensor.ts';
import { parseTensors } from '../../src/weights/weight-container.ts';

const bytesOf = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../goldens/nir/independent/${name}`, import.meta.url)));
const { steps, files } = JSON.parse(new TextDecoder().decode(bytesOf('manifest.json'))) as {
  readonly steps: number;
  readonly files: Readonly<Record<string, Dynamics>>;
};

/** A sample of steps x inputs, 0 or 1, as spikes. */
function spikesOf(input: Float64Array, size: number) {
  const units: number[] = [];
  const offsets = new Uint32Array(steps + 1);
  for (let step = 0; step < steps; step++) {
    for (let unit = 0; unit < size; unit++) if (input[step * size + unit] === 1) units.push(unit);
    offsets[step + 1] = units.length;
  }
  return { kind: 'spikes', steps, offsets, inputs: Uint32Array.from(units) } as const;
}

describe('a NIR network of no library', () => {
  it.each(Object.entries(files))('%s spikes as NumPy and PyTorch compute it', async (name, dynamics) => {
    const { network } = await parseNirLayers(bytesOf(`${name}.nir`), name);
    const { tensors } = parseTensors(bytesOf(`${name}.npz`), name);
    const { layers } = network;
    const presentation = { steps, input: { kind: 'events' }, readout: 'counts' } as const;
    const inference = createLayeredInference({ network, dynamics, presentation });
    const inputs = numbersOf(tensors.get('input')!) as Float64Array;
    const length = steps * sizeOf(layers[0]!.shape);
    for (let sample = 0; sample * length < inputs.length; sample++) {
      const found = layers.map(({ shape }) => new Uint8Array(steps * sizeOf(shape)));
      const input = spikesOf(inputs.subarray(sample * length, (sample + 1) * length), length / steps);
      inference.present(input, {
        spikes(place, step, neurons) {
          const size = sizeOf(layers[place]!.shape);
          for (const neuron of neurons) found[place]![step * size + neuron] = 1;
        },
      });
      for (const [place, layer] of layers.entries()) {
        if (layer.kind !== 'neurons') continue;
        const spikes = found[place]!;
        const expected = numbersOf(tensors.get(layer.name)!).subarray(sample * spikes.length);
        expect([layer.name, [...spikes]]).toEqual([layer.name, [...expected.subarray(0, spikes.length)]]);
      }
    }
  });
});
