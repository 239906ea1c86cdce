import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { uniformStream } from '../../../src/random/streams.ts';
import { createLayeredInference } from '../../../src/snn/layers/infer-layers.ts';
import type { CreateLayerKernel } from '../../../src/snn/layers/kernel/layer-kernel.ts';
import { createPlainLayerKernel } from '../../../src/snn/layers/kernel/plain.ts';
import { createSimdLayerKernel } from '../../../src/snn/layers/kernel/simd.ts';
import { spikingLayers } from '../../../src/snn/layers/layer-kinds.ts';
import type { LayeredInput } from '../../../src/snn/layers/layered-input.ts';
import { type RunnableNetwork, sizeOf } from '../../../src/snn/layers/layered-network.ts';
import { randomCases } from '../../effort.ts';
import { runDensely } from '../../reference/layered-network.ts';
import { anyWeight, dynamicsOf, exactWeight, randomNetwork } from './random-networks.ts';

const INPUTS = 32;
const STEPS = 5;

interface Case {
  readonly runnable: RunnableNetwork;
  readonly input: LayeredInput;
}

const casesOf = (weights: fc.Arbitrary<number>, exact: boolean): fc.Arbitrary<Case> =>
  fc
    .record({
      seed: fc.nat(),
      weights: fc.array(weights, { minLength: 64, maxLength: 64 }),
      dynamics: dynamicsOf(exact ? ['euler'] : ['euler', 'exact']),
      kind: fc.constantFrom('current', 'currents', 'spikes'),
    })
    .map(({ seed, weights: drawn, dynamics, kind }) => {
      const uniform = uniformStream(seed, 'test/layers');
      const random = (below: number): number => Math.floor(uniform() * below);
      const network = randomNetwork(random, () => drawn[random(drawn.length)]!, exact);
      const value = (): number => (random(2) === 0 ? 0 : exact ? random(5) / 4 : uniform());
      const values = (count: number): Float32Array => Float32Array.from({ length: count }, value);
      const spiking = spikingLayers(network.layers, kind === 'spikes').at(-1)!;
      return {
        runnable: {
          network,
          dynamics,
          presentation: {
            steps: STEPS,
            input: kind === 'spikes' ? { kind: 'events' } : { kind: 'current', gain: 1 },
            readout: spiking ? 'counts' : 'potential-sum',
          },
        },
        input:
          kind === 'spikes'
            ? spikesOf(random)
            : { kind, values: values(kind === 'current' ? INPUTS : INPUTS * STEPS) },
      };
    });

/** Some inputs in each step, in any order, some more than once. */
function spikesOf(random: (below: number) => number): LayeredInput {
  const offsets = new Uint32Array(STEPS + 1);
  const inputs: number[] = [];
  for (let step = 0; step < STEPS; step++) {
    const own = Array.from({ length: random(12) }, () => random(INPUTS));
    inputs.push(...(random(3) === 0 ? own : [...new Set(own)].sort((a, b) => a - b)));
    offsets[step + 1] = inputs.length;
  }
  return { kind: 'spikes', steps: STEPS, offsets, inputs: Uint32Array.from(inputs) };
}

function densely(input: LayeredInput): number[][] {
  return Array.from({ length: STEPS }, (_, step) => {
    if (input.kind === 'current') return [...input.values];
    if (input.kind === 'currents') return [...input.values.subarray(step * INPUTS, (step + 1) * INPUTS)];
    const row = new Array<number>(INPUTS).fill(0);
    for (let k = input.offsets[step]!; k < input.offsets[step + 1]!; k++) row[input.inputs[k]!]!++;
    return row;
  });
}

/** Spikes of the layers that make them, output values' sums, and the rows that were read, step by step. */
function run({ runnable, input }: Case, kernelFor: CreateLayerKernel) {
  const { layers } = runnable.network;
  const spikes = layers.map(() => Array.from({ length: STEPS }, (): number[] => []));
  const rows: number[][] = [];
  const response = createLayeredInference(runnable, kernelFor).present(input, {
    spikes(layer, step, ids) {
      spikes[layer]![step] = [...ids];
    },
    beforeAdding: (tensor, step, read) => rows.push([tensor, step, ...read]),
  });
  const { counts, potentials } = response;
  return {
    spikes,
    rows,
    counts: [...counts],
    sums: [...potentials.sum],
    last: [...potentials.last],
    made: [...response.spikes],
    class: response.class,
  };
}

describe('random graphs of layers', () => {
  it('spike as the dense reference does, in every layer and step', () => {
    let spikesSeen = 0;
    fc.assert(
      fc.property(casesOf(exactWeight, true), (drawn) => {
        const { runnable, input } = drawn;
        const found = run(drawn, createSimdLayerKernel);
        const { outputs } = runDensely(runnable, densely(input));
        runnable.network.layers.forEach((layer, place) => {
          if (layer.kind !== 'neurons' || ['li', 'i', 'cuba-li'].includes(layer.model)) return;
          const expected = outputs.map((step) =>
            step[place]!.flatMap((spike, k) => (spike === 1 ? [k] : [])),
          );
          expect(found.spikes[place], layer.name).toEqual(expected);
          const made = expected.reduce((sum, step) => sum + step.length, 0);
          expect(found.made[place]).toBe(made);
          spikesSeen += made;
        });
        const size = sizeOf(runnable.network.layers.at(-1)!.shape);
        const totals = Array.from({ length: size }, (_, k) =>
          outputs.reduce((sum, step) => sum + step.at(-1)![k]!, 0),
        );
        const values = runnable.presentation.readout === 'counts' ? found.counts : found.sums;
        values.forEach((value, k) => {
          expect(Math.abs(value - totals[k]!)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(totals[k]!)));
        });
      }),
      { seed: 21, numRuns: randomCases(300, 5000) },
    );
    expect(spikesSeen).toBeGreaterThan(1000);
  });

  it('do the same in both kernels, bit by bit, whatever the weights are', () => {
    fc.assert(
      fc.property(casesOf(anyWeight, false), (drawn) => {
        expect(run(drawn, createSimdLayerKernel)).toEqual(run(drawn, createPlainLayerKernel));
      }),
      { seed: 22, numRuns: randomCases(300, 5000) },
    );
  });

  it('do the same a second time, and with their weights put in row by row', () => {
    fc.assert(
      fc.property(casesOf(anyWeight, false), ({ runnable, input }) => {
        const inference = createLayeredInference(runnable);
        const answer = (): unknown => structuredClone(inference.present(input));
        const first = answer();
        expect(answer()).toEqual(first);
        const { layers } = runnable.network;
        const weights = layers.flatMap((layer) => ('weights' in layer ? [layer.weights] : []));
        inference.setWeights(weights.map((each) => each.map(() => 1)));
        inference.setWeights(weights);
        expect(answer()).toEqual(first);
      }),
      { seed: 23, numRuns: randomCases(100, 1000) },
    );
  });
});
