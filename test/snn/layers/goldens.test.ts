import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readDataset } from '../../../src/inputs/read-dataset.ts';
import { pixelsOf } from '../../../src/snn/images.ts';
import { createLayeredInference, type LayeredInference } from '../../../src/snn/layers/infer-layers.ts';
import type { LayeredInput } from '../../../src/snn/layers/layered-input.ts';
import {
  type Dynamics,
  type LayeredNetwork,
  type Presentation,
  type RunnableNetwork,
  sizeOf,
} from '../../../src/snn/layers/layered-network.ts';
import { FULL } from '../../effort.ts';
import { runDensely } from '../../reference/layered-network.ts';
import {
  arrayOf,
  convolutional,
  EDGE,
  goldenTensors,
  mlp,
  mlpOfSnntorch,
  recurrent,
} from './golden-networks.ts';

/** Spikes of every layer that torch and snnTorch made (test/goldens/networks/README.md). */

const DYNAMICS: Dynamics = {
  timeStepS: 0.001,
  integration: 'euler',
  reset: 'value',
  resetTime: 'same-step',
  threshold: 'gt',
};
const CURRENT: Presentation = { steps: 20, input: { kind: 'current', gain: 1 }, readout: 'counts' };
const EVENTS: Presentation = { steps: 60, input: { kind: 'events' }, readout: 'counts' };

const RESETS = [
  ['zero', { reset: 'value' }],
  ['subtract', { reset: 'subtract' }],
] as const satisfies readonly [string, Partial<Dynamics>][];

const jsonOf = (name: string) =>
  JSON.parse(
    readFileSync(fileURLToPath(new URL(`../../goldens/networks/${name}.json`, import.meta.url)), 'utf8'),
  );

const current = (pixels: ArrayLike<number>): LayeredInput => ({
  kind: 'current',
  values: Float32Array.from(pixels, (level) => level / 255),
});

/** Steps x inputs, 0 or 1. */
function spikes(raster: ArrayLike<number>, inputs: number): LayeredInput {
  const steps = raster.length / inputs;
  const offsets = new Uint32Array(steps + 1);
  const ids: number[] = [];
  for (let k = 0; k < raster.length; k++) {
    if (raster[k] === 1) ids.push(k % inputs);
    if ((k + 1) % inputs === 0) offsets[(k + 1) / inputs] = ids.length;
  }
  return { kind: 'spikes', steps, offsets, inputs: Uint32Array.from(ids) };
}

/** Steps x neurons of each layer that spikes, by its name. */
function rasters(
  inference: LayeredInference,
  { layers }: LayeredNetwork,
  input: LayeredInput,
  steps: number,
) {
  const rows = new Map(layers.map(({ name, shape }) => [name, new Uint8Array(steps * sizeOf(shape))]));
  const response = inference.present(input, {
    spikes(layer, step, ids) {
      const { name, shape } = layers[layer]!;
      for (const id of ids) rows.get(name)![step * sizeOf(shape) + id] = 1;
    },
  });
  return { rows, response };
}

interface Case {
  readonly name: string;
  readonly network: LayeredNetwork;
  readonly presentation: Presentation;
  readonly variants: readonly (readonly [string, Partial<Dynamics>])[];
}

const SNNTORCH = [
  ['zero_delay', { reset: 'value', resetTime: 'next-step' }],
  ['subtract_delay', { reset: 'subtract', resetTime: 'next-step' }],
  ['subtract_nodelay', { reset: 'subtract', resetTime: 'snntorch-same-step' }],
] as const;

const CASES: readonly Case[] = [
  { name: 'mlp', network: await mlp(), presentation: CURRENT, variants: RESETS },
  { name: 'mlp-int8', network: await mlp(true), presentation: CURRENT, variants: RESETS },
  { name: 'mlp-snntorch', network: await mlpOfSnntorch(), presentation: CURRENT, variants: SNNTORCH },
  { name: 'conv', network: await convolutional(), presentation: CURRENT, variants: RESETS },
  { name: 'recurrent', network: await recurrent('lif'), presentation: EVENTS, variants: RESETS },
  {
    name: 'recurrent-li',
    network: await recurrent('li'),
    presentation: { ...EVENTS, readout: 'potential-sum' },
    variants: RESETS,
  },
];

const mnist = (await readDataset('mnist')).test;
const packed = await goldenTensors('recurrent-test.npz');

describe.each(CASES)('$name', ({ name, network, presentation, variants }) => {
  const isImage = presentation.input.kind === 'current';

  it.each(variants)('spikes as stored in every layer, with reset %s', async (variant, how) => {
    const file = await goldenTensors(`${name}.npz`);
    const shown = arrayOf(file, isImage ? 'image' : 'input').values;
    const runnable: RunnableNetwork = { network, dynamics: { ...DYNAMICS, ...how }, presentation };
    const inference = createLayeredInference(runnable);
    const inputs = sizeOf(network.layers[0]!.shape) * (isImage ? 1 : presentation.steps);
    const stored = [...file.tensors.keys()]
      .filter((key) => key.startsWith(`${variant}_`))
      .map((key) => [key, arrayOf(file, key).values] as const);
    let compared = 0;
    for (let sample = 0; sample < 25; sample++) {
      const raw = shown.subarray(sample * inputs, (sample + 1) * inputs);
      const input = isImage ? current(raw) : spikes(raw, sizeOf(network.layers[0]!.shape));
      const { rows, response } = rasters(inference, network, input, presentation.steps);
      for (const [key, values] of stored) {
        const what = key.slice(variant.length + 1);
        const own = values.subarray((sample * values.length) / 25, ((sample + 1) * values.length) / 25);
        if (what === 'class') expect(response.class, key).toBe(own[0]);
        else if (what === 'counts') expect([...response.counts], key).toEqual([...own]);
        else if (what === 'sum_u' || what === 'readout_u') {
          const found = what === 'sum_u' ? response.potentials.sum : response.potentials.last;
          own.subarray(-found.length).forEach((u, k) => {
            expect(found[k], key).toBeCloseTo(u, 4);
          });
        } else {
          const made = rows.get(what)!;
          expect(made.length, key).toBe(own.length);
          expect(
            made.findIndex((spike, k) => spike !== own[k]),
            `${key}, sample ${sample}`,
          ).toBe(-1);
          compared++;
        }
      }
    }
    expect(compared).toBe(
      25 * network.layers.filter((layer) => layer.kind === 'neurons' && layer.model !== 'li').length,
    );
  });

  // A thousand samples each: `npm test` takes one reset, for all spikes of some samples are compared with each.
  it.each(variants.slice(0, FULL ? variants.length : 1))(
    'is right as often as stored, with reset %s',
    (variant, how) => {
      const inference = createLayeredInference({ network, dynamics: { ...DYNAMICS, ...how }, presentation });
      const labels = arrayOf(packed, 'label').values;
      const { values } = arrayOf(packed, 'packed');
      const bits = isImage
        ? new Uint8Array()
        : Uint8Array.from({ length: values.length * 8 }, (_, k) => (values[k >> 3]! >> (7 - (k & 7))) & 1);
      let right = 0;
      for (let sample = 0; sample < 1000; sample++) {
        const input = isImage
          ? current(pixelsOf(mnist, sample))
          : spikes(bits.subarray(sample * 60 * 40, (sample + 1) * 60 * 40), 40);
        const label = isImage ? mnist.labels[sample] : labels[sample];
        if (inference.present(input).class === label) right++;
      }
      const stored = jsonOf(name).variants[variant].accuracy_float32 as number;
      expect(Math.abs(right / 1000 - stored)).toBeLessThanOrEqual(0.001 + 1e-9);
    },
  );
});

describe('edge', () => {
  const variants = (['gt', 'ge'] as const).flatMap((threshold) =>
    RESETS.map(
      ([name, how]) => [`${name} ${threshold === 'gt' ? '>' : '>='}`, { ...how, threshold }] as const,
    ),
  );

  it.each(variants)('spikes as listed: %s', (name, how) => {
    const dynamics = { ...DYNAMICS, ...how };
    const presentation = { ...CURRENT, steps: 6 };
    const inference = createLayeredInference({ network: EDGE, dynamics, presentation });
    const input: LayeredInput = { kind: 'current', values: Float32Array.of(1) };
    const { rows } = rasters(inference, EDGE, input, 6);
    const expected = jsonOf('edge').expected[name].spikes as number[][];
    expect([...rows.get('lif')!]).toEqual(expected.flat());
    const dense = runDensely({ network: EDGE, dynamics, presentation }, new Array(6).fill([1]));
    expect(dense.outputs.map((step) => step[2])).toEqual(expected);
  });
});

describe('the dense reference', () => {
  it.each(CASES)(
    'spikes as stored in every layer of $name',
    async ({ name, network, presentation, variants }) => {
      const file = await goldenTensors(`${name}.npz`);
      const isImage = presentation.input.kind === 'current';
      const { values } = arrayOf(file, isImage ? 'image' : 'input');
      const size = sizeOf(network.layers[0]!.shape);
      const { steps } = presentation;
      const input = Array.from({ length: steps }, (_, step) =>
        isImage
          ? Array.from(values.subarray(0, size), (level) => level / 255)
          : Array.from(values.subarray(step * size, (step + 1) * size)),
      );
      for (const [variant, how] of variants) {
        const { outputs } = runDensely({ network, dynamics: { ...DYNAMICS, ...how }, presentation }, input);
        network.layers.forEach(({ name: layer }, place) => {
          const stored =
            file.tensors.has(`${variant}_${layer}`) && arrayOf(file, `${variant}_${layer}`).values;
          if (!stored) return;
          const found = outputs.flatMap((step) => step[place]!);
          expect(
            found.findIndex((spike, k) => spike !== stored[k]),
            `${variant}_${layer}`,
          ).toBe(-1);
        });
      }
    },
  );
});
