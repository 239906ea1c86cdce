import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runEvaluate } from '../../../src/experiments/evaluate.ts';
import type { EvaluateInput } from '../../../src/settings/jobs/evaluate.ts';
import { formatNpz } from '../../../src/weights/npz.ts';
import { type ElementType, numbersOf, type Tensor } from '../../../src/weights/tensor.ts';
import { readTensors } from '../../../src/weights/weight-container.ts';
import { FULL } from '../../effort.ts';

/** Whole evaluations of the NIR files of test/goldens/networks: accuracies and spikes that torch made. */

const golden = (name: string): string =>
  fileURLToPath(new URL(`../../goldens/networks/${name}`, import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'sparkxd-layers-'));

const accuracyOf = (name: string, variant: string): number =>
  JSON.parse(readFileSync(golden(`${name}.json`), 'utf8')).variants[variant].accuracy_float32;

async function arraysOf(
  file: string,
): Promise<(name: string) => { values: Float64Array; shape: readonly number[] }> {
  const { tensors } = await readTensors(readFileSync(file), file);
  return (name) => {
    const tensor = tensors.get(name);
    if (!tensor) throw new Error(`${file} has no array ${name}: ${[...tensors.keys()].join(', ')}`);
    return { values: numbersOf(tensor), shape: tensor.shape };
  };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

const CURRENT = { timeStep: 0.001, steps: 20, input: 'current', images: 1000 } as const;
/** Images whose spikes in every layer are compared: writing those of all would take most of the time. */
const STORED = 200;

describe('evaluate of a network of layers', () => {
  it.each(['mlp', 'mlp-int8', ...(FULL ? ['conv'] : [])])(
    'has the accuracy and the spikes of torch: %s',
    async (name) => {
      // A thousand images take seconds: CI tries both resets with each network.
      const ofQuick = name === 'mlp' ? (['zero'] as const) : (['subtract'] as const);
      const resets = FULL ? (['zero', 'subtract'] as const) : ofQuick;
      for (const reset of resets) {
        const spikes = join(scratch, `${name}-${reset}.npz`);
        const job = { ...CURRENT, weights: golden(`${name}.nir`), reset };
        const row = await runEvaluate(job);
        expect(Math.abs(row.accuracy - accuracyOf(name, reset))).toBeLessThanOrEqual(0.001 + 1e-9);
        expect(row.vote).toBe('counts');
        await runEvaluate({ ...job, images: STORED, spikes });
        const found = await arraysOf(spikes);
        const wanted = await arraysOf(golden(`${name}.npz`));
        const index = [...wanted('index').values].filter((image) => image < STORED);
        expect(index.length).toBeGreaterThan(4);
        for (const layer of ['lif1', 'lif2']) {
          const { values, shape } = found(layer);
          const size = values.length / shape[0]!;
          const expected = wanted(`${reset}_${layer}`).values;
          // Compared as bytes: the comparison of vitest takes most of the time of a convolution.
          for (const [k, image] of index.entries())
            expect(
              Buffer.compare(
                bytesOf(values.subarray(image * size, (image + 1) * size)),
                bytesOf(expected.subarray(k * size, (k + 1) * size)),
              ),
              `${layer} of image ${image}`,
            ).toBe(0);
        }
        const { values: counts } = found('counts');
        const classes = wanted(`${reset}_counts`).values.length / wanted('index').values.length;
        for (const [k, image] of index.entries())
          expect(counts.subarray(image * classes, (image + 1) * classes)).toEqual(
            wanted(`${reset}_counts`).values.subarray(k * classes, (k + 1) * classes),
          );
      }
    },
  );

  it('runs recurrent networks on event data, by spikes and by the potential of a leaky integrator', async () => {
    const events = join(scratch, 'bursts.npz');
    writeFileSync(events, await burstEvents());
    for (const name of ['recurrent', 'recurrent-li'])
      for (const reset of ['zero', 'subtract'] as const) {
        const job: EvaluateInput = {
          weights: golden(`${name}.nir`),
          dataset: events,
          steps: 60,
          timeStep: 0.001,
          reset,
        };
        const row = await runEvaluate(job);
        expect(row.images).toBe(1000);
        expect(Math.abs(row.accuracy - accuracyOf(name, reset))).toBeLessThanOrEqual(0.001 + 1e-9);
        expect(row.vote).toBe(name === 'recurrent' ? 'counts' : 'potential-sum');
      }
  });

  it('reads the weights from a chip, alike for any number of threads, and as trained where nothing fails', async () => {
    const job = {
      ...CURRENT,
      images: 300,
      weights: golden('mlp.nir'),
      reset: 'subtract',
      format: 'int8',
    } as const;
    const clean = await runEvaluate(job);
    const nominal = await runEvaluate({ ...job, supply: 1.35 });
    expect({
      ...nominal,
      ber_chip: undefined,
      ber_placed: undefined,
      module: undefined,
      latency_curve: undefined,
    }).toEqual({
      ...clean,
      ber_chip: undefined,
      ber_placed: undefined,
      module: undefined,
      latency_curve: undefined,
    });
    const low = { ...job, supply: 1.025, mapping: 'baseline' } as const;
    const damaged = await runEvaluate(low);
    expect(damaged.flipped_bits).toBeGreaterThan(1000);
    expect(damaged.accuracy).toBeLessThan(clean.accuracy);
    expect(await runEvaluate(low, 2)).toEqual(damaged);
  });

  it('is refused what is of Diehl & Cook networks, and they what is of layers', async () => {
    const layered = { ...CURRENT, weights: golden('mlp.nir'), reset: 'zero' } as const;
    await expect(runEvaluate({ ...layered, relabel: true })).rejects.toThrow('--relabel');
    await expect(runEvaluate({ ...layered, spikes: 'spikes.csv' })).rejects.toThrow(
      '"spikes.csv" does not end in .npz',
    );
    await expect(runEvaluate({ ...layered, supply: 1.1, pruneInputs: 0.1, repair: 'sum' })).rejects.toThrow(
      /--prune-inputs.*sum/s,
    );
    await expect(runEvaluate({ weights: 'n400-mnist', steps: 20, reset: 'zero' })).rejects.toThrow(
      '--steps and --reset are of layered networks',
    );
    await expect(runEvaluate({ ...layered, weights: golden('recurrent.nir') })).rejects.toThrow(/40.*784/s);
    await expect(runEvaluate({ weights: golden('mlp.nir') })).rejects.toThrow(
      /--time-step.*--reset.*--steps.*--input/s,
    );
  });
});

/** The 1000 inputs of the recurrent goldens (packed bits, big first) as events.npz. */
async function burstEvents(): Promise<Uint8Array> {
  const arrays = await arraysOf(golden('recurrent-test.npz'));
  const { values: packed, shape } = arrays('packed');
  const [samples, steps, bytes] = shape as [number, number, number];
  const t: number[] = [];
  const unit: number[] = [];
  const offsets = [0];
  for (let sample = 0; sample < samples; sample++) {
    for (let step = 0; step < steps; step++)
      for (let input = 0; input < 8 * bytes; input++) {
        const byte = packed[(sample * steps + step) * bytes + (input >> 3)]!;
        if (((byte >> (7 - (input & 7))) & 1) === 0) continue;
        t.push(1000 * step);
        unit.push(input);
      }
    offsets.push(t.length);
  }
  const words = (values: Iterable<number>): Tensor => {
    const array = Uint32Array.from(values);
    return { type: 'U32' as ElementType, shape: [array.length], bytes: new Uint8Array(array.buffer) };
  };
  const tensors = new Map([
    ['t', words(t)],
    ['unit', words(unit)],
    ['shape', words([8 * bytes])],
    ['offsets', words(offsets)],
    ['labels', words(arrays('label').values)],
  ]);
  return formatNpz({ tensors, metadata: new Map() }, 'events.npz');
}
