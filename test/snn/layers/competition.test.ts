import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createInference } from '../../../src/snn/infer.ts';
import { createPlainKernel } from '../../../src/snn/kernel/plain.ts';
import { layeredCompetition } from '../../../src/snn/layers/competition-network.ts';
import { createImageEncoder } from '../../../src/snn/layers/encode-images.ts';
import { createLayeredInference } from '../../../src/snn/layers/infer-layers.ts';
import type { Network } from '../../../src/snn/network.ts';
import { createPopulation, loadWeights } from '../../../src/snn/population.ts';
import { loadThresholds } from '../../../src/snn/thresholds.ts';
import { randomCases } from '../../effort.ts';

const SIDE = 5;
const INPUTS = SIDE * SIDE;

const weight = fc.oneof(
  { arbitrary: fc.float({ min: 0, max: 1, noNaN: true }), weight: 20 },
  { arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 3e38, -2), weight: 1 },
);

const cases = fc.integer({ min: 1, max: 21 }).chain((neurons) =>
  fc.record({
    neurons: fc.constant(neurons),
    constants: fc.record({
      timeStepMs: fc.constantFrom(0.5, 1),
      restPotentialMv: fc.constant(-65),
      resetPotentialMv: fc.constantFrom(-70, -65, -60),
      thresholdMv: fc.constantFrom(-59, -52),
      refractoryMs: fc.constantFrom(0.1, 1, 5),
      membraneDecayMs: fc.constantFrom(5, 100),
      traceDecayMs: fc.constant(20),
      thetaDecayMs: fc.constant(1e7),
      inhibitionMv: fc.constantFrom(0, 2, 120),
    }),
    weights: fc
      .array(weight, { minLength: INPUTS * neurons, maxLength: INPUTS * neurons })
      .map((values) => Float32Array.from(values)),
    theta: fc
      .array(fc.float({ min: 0, max: 2, noNaN: true }), { minLength: neurons, maxLength: neurons })
      .map((values) => Float32Array.from(values)),
    pixels: fc.uint8Array({ minLength: INPUTS, maxLength: INPUTS }),
    seed: fc.nat(),
  }),
);

describe('input, dense and competition as layers', () => {
  it('spike as the network of one layer does, step by step, whatever the weights', () => {
    fc.assert(
      fc.property(cases, ({ pixels, seed, ...own }) => {
        const network: Network = {
          ...own,
          imageRows: SIDE,
          imageColumns: SIDE,
          weightSum: 1,
          ceiling: 1,
          likeliest: 0,
          encoding: { steps: 25, maximumRateHz: 400 },
        };
        const runnable = layeredCompetition(network);
        const input = createImageEncoder(runnable, INPUTS, seed)(pixels, 3);
        if (input.kind !== 'spikes') throw new Error('Poisson input is spikes');
        const spikes = { ...input, inputs: input.inputs as Uint16Array };

        const winners: number[] = [];
        const kernel = createPlainKernel({ inputs: INPUTS, neurons: own.neurons, spikes: INPUTS * 25 });
        loadWeights(kernel, network.weights, own.neurons);
        loadThresholds(kernel, network.theta, network.constants);
        createPopulation(kernel, own.neurons, network.constants).present(spikes, {
          beginPresentation() {},
          crossed() {},
          step: (_, winner) => winners.push(winner),
          endPresentation() {},
        });

        const found = new Array<number>(25).fill(-1);
        const response = createLayeredInference(runnable).present(input, {
          spikes(layer, step, ids) {
            if (layer === 2 && ids.length > 0) found[step] = ids[0]!;
          },
        });
        expect(found).toEqual(winners);
        expect([...response.counts]).toEqual([...createInference(network).respond(spikes)]);
      }),
      { seed: 8, numRuns: randomCases(150, 2000) },
    );
  });
});
