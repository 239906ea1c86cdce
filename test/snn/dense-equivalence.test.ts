import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDataset } from '../../src/inputs/read-dataset.ts';
import { createEncoder, type InputSpikes } from '../../src/snn/encoder.ts';
import { pixelsOf } from '../../src/snn/images.ts';
import type { Kernel, KernelSize } from '../../src/snn/kernel/kernel.ts';
import { createPlainKernel } from '../../src/snn/kernel/plain.ts';
import { createSimdKernel } from '../../src/snn/kernel/simd.ts';
import { DIEHL_COOK_NEURON, type NeuronConstants } from '../../src/snn/neuron-constants.ts';
import { createPopulation, loadWeights, type Plasticity, unloadWeights } from '../../src/snn/population.ts';
import { createStdp, type PlasticSynapses } from '../../src/snn/stdp.ts';
import { createAdaptiveThresholds, loadThresholds } from '../../src/snn/thresholds.ts';
import { randomCases } from '../effort.ts';
import { type DenseLearning, presentDensely } from '../reference/dense-snn.ts';

const KERNELS: readonly [string, (size: KernelSize) => Kernel][] = [
  ['the plain kernel', createPlainKernel],
  ['the SIMD kernel', createSimdKernel],
];

interface Case {
  readonly inputs: number;
  readonly neurons: number;
  readonly constants: NeuronConstants;
  readonly weights: Float32Array;
  readonly theta: Float32Array;
  readonly learning: DenseLearning;
  /** What a faulty memory gives back of each weight, undefined where it is sound; without it there is no such memory. */
  readonly read?: readonly (number | undefined)[];
}

interface ShownCase extends Case {
  readonly pixels: readonly Uint8Array[];
  readonly steps: number;
  readonly scaling: { readonly spikesPerImage?: number };
  readonly seed: number;
}

/** Runs the event-driven network as the trainer does, recording who fired in each step. */
function eventDriven(kernel: Kernel, network: Case, presentations: readonly InputSpikes[], learns: boolean) {
  const { inputs, neurons, constants, learning } = network;
  const steps = presentations[0]!.steps;
  const synapses = synapsesOf(kernel, network);
  const population = createPopulation(kernel, neurons, constants);
  const thresholds = createAdaptiveThresholds(kernel, neurons, constants, steps);
  thresholds.theta.set(network.theta);
  loadThresholds(kernel, network.theta, constants);
  const stdp = createStdp(synapses, constants, { ...learning, steps });
  stdp.setPostRate(learning.postRate);
  thresholds.setThetaPlus(learning.thetaPlus);

  const winners: number[][] = [];
  const recorder: Plasticity = {
    beginPresentation() {
      winners.push([]);
      if (learns) stdp.beginPresentation();
    },
    crossed: (neuron) => (learns ? thresholds.raise(neuron) : undefined),
    step(step, winner, input) {
      winners.at(-1)!.push(winner);
      if (learns) stdp.step(step, winner, input);
    },
    endPresentation: () => (learns ? stdp.endPresentation() : undefined),
  };
  for (const input of presentations) {
    if (learns) thresholds.decay();
    const counts = population.present(input, recorder);
    expect([...counts]).toEqual(countsOf(winners.at(-1)!, neurons));
  }
  return { winners, weights: unloadWeights(synapses, inputs, neurons), theta: [...thresholds.theta] };
}

/** The synapses that learn: the kernel's weights, or stored ones that the kernel sees through the faulty memory. */
function synapsesOf(kernel: Kernel, { inputs, neurons, weights, read }: Case): PlasticSynapses {
  const { stride } = kernel;
  loadWeights(kernel, weights, neurons);
  if (!read) return { weights: kernel.weights, stride, inputs, neurons, ceiling: 1 };
  const stored = kernel.weights.slice();
  const view = { weights: kernel.weights, damaged: new Uint8Array(stored.length) };
  for (const [k, value] of read.entries()) {
    if (value === undefined) continue;
    const synapse = Math.floor(k / neurons) * stride + (k % neurons);
    view.weights[synapse] = value;
    view.damaged[synapse] = 1;
  }
  return { weights: stored, stride, inputs, neurons, ceiling: 1, view };
}

function dense(network: Case, presentations: readonly InputSpikes[], learns: boolean) {
  const { inputs, neurons, constants, learning } = network;
  const rowsOf = <Value>(values: Iterable<Value>): Value[][] => {
    const all = [...values];
    return Array.from({ length: inputs }, (_, i) => all.slice(i * neurons, (i + 1) * neurons));
  };
  const weights = rowsOf(network.weights);
  const memory = network.read ? { read: rowsOf(network.read) } : {};
  const theta = [...network.theta];
  const winners = presentations.map((input) =>
    presentDensely(
      { weights, theta, constants, ...memory },
      asMatrix(input, inputs),
      learns ? learning : undefined,
    ),
  );
  return { winners, weights: Float32Array.from(weights.flat()), theta };
}

function asMatrix({ steps, offsets, inputs: spikes }: InputSpikes, inputs: number): boolean[][] {
  return Array.from({ length: steps }, (_, step) => {
    const row = new Array<boolean>(inputs).fill(false);
    for (let k = offsets[step]!; k < offsets[step + 1]!; k++) row[spikes[k]!] = true;
    return row;
  });
}

function countsOf(winners: readonly number[], neurons: number): number[] {
  const counts = new Array<number>(neurons).fill(0);
  for (const winner of winners) if (winner >= 0) counts[winner]!++;
  return counts;
}

function copyOf({ steps, offsets, inputs }: InputSpikes): InputSpikes {
  return { steps, offsets: offsets.slice(), inputs: inputs.slice(0, offsets[steps]!) };
}

const smallCase: fc.Arbitrary<ShownCase> = fc
  .record({ inputs: fc.integer({ min: 1, max: 30 }), neurons: fc.integer({ min: 1, max: 37 }) })
  .chain(({ inputs, neurons }) =>
    fc.record({
      inputs: fc.constant(inputs),
      neurons: fc.constant(neurons),
      constants: fc.record({
        timeStepMs: fc.constantFrom(0.5, 1, 2),
        restPotentialMv: fc.constant(-65),
        resetPotentialMv: fc.constantFrom(-70, -65, -60),
        thresholdMv: fc.constantFrom(-59, -58, -52),
        refractoryMs: fc.constantFrom(0.1, 1, 5),
        membraneDecayMs: fc.constantFrom(5, 100),
        traceDecayMs: fc.constantFrom(2, 20),
        thetaDecayMs: fc.constantFrom(1e3, 1e7),
        inhibitionMv: fc.constantFrom(0, 2, 120),
      }),
      weights: fc
        .array(fc.float({ min: 0, max: 1, noNaN: true }), {
          minLength: inputs * neurons,
          maxLength: inputs * neurons,
        })
        .map((values) => Float32Array.from(values)),
      theta: fc
        .array(fc.float({ min: 0, max: 2, noNaN: true }), { minLength: neurons, maxLength: neurons })
        .map((values) => Float32Array.from(values)),
      learning: fc.record({
        preRate: fc.constantFrom(0, 1e-3, 0.2),
        postRate: fc.constantFrom(1e-2, 0.5),
        thetaPlus: fc.constantFrom(0.05, 1),
        weightSum: fc.double({ min: 0.1, max: 20, noNaN: true }),
      }),
      pixels: fc.array(fc.uint8Array({ minLength: inputs, maxLength: inputs }), {
        minLength: 1,
        maxLength: 4,
      }),
      steps: fc.integer({ min: 1, max: 30 }),
      scaling: fc.constantFrom({}, { spikesPerImage: 40 }),
      seed: fc.nat(),
    }),
  );

/** The same with a faulty memory: beyond 1, as no weight is learnt, and below 0 too. */
const damagedCase: fc.Arbitrary<ShownCase> = smallCase.chain((sound) =>
  fc
    .array(fc.option(fc.float({ min: -2, max: 4, noNaN: true }), { nil: undefined, freq: 1 }), {
      minLength: sound.weights.length,
      maxLength: sound.weights.length,
    })
    .map((read) => ({ ...sound, read })),
);

describe.each(KERNELS)('the event-driven network in %s', (_, createKernel) => {
  it.each<[string, boolean, fc.Arbitrary<ShownCase>]>([
    ['without learning', false, smallCase],
    ['with STDP, normalisation and adaptive thresholds', true, smallCase],
    ['with all that on weights that a faulty memory gives back', true, damagedCase],
  ])('fires as the dense reference does, spike by spike, %s', (_, learns, cases) => {
    fc.assert(
      fc.property(cases, ({ pixels, steps, scaling, seed, ...network }) => {
        const { inputs, neurons, constants } = network;
        const encoder = createEncoder(
          { steps, maximumRateHz: 500, ...scaling },
          inputs,
          constants.timeStepMs,
          seed,
          'training',
        );
        const presentations = pixels.map((image, k) => copyOf(encoder.encode(image, 0, k)));
        const kernel = createKernel({ inputs, neurons, spikes: inputs * steps });
        expect(eventDriven(kernel, network, presentations, learns)).toEqual(
          dense(network, presentations, learns),
        );
      }),
      { seed: 4, numRuns: randomCases(150) },
    );
  });

  it('fires as the dense reference does on MNIST images while it learns', async () => {
    const { train } = await readDataset('mnist');
    const encoding = { steps: 60, maximumRateHz: 128 };
    const neurons = 50;
    const encoder = createEncoder(encoding, 784, 1, 7, 'training');
    const presentations = [0, 1, 2, 3, 4, 5].map((image) =>
      copyOf(encoder.encode(pixelsOf(train, image), 0, image)),
    );
    const network: Case = {
      inputs: 784,
      neurons,
      constants: DIEHL_COOK_NEURON,
      weights: Float32Array.from({ length: 784 * neurons }, (_, k) => ((k * 2_654_435_761) % 1000) / 5000),
      theta: new Float32Array(neurons),
      learning: { preRate: 5e-4, postRate: 0.05, thetaPlus: 0.1, weightSum: 78.4 },
    };
    const kernel = createKernel({ inputs: 784, neurons, spikes: 784 * encoding.steps });
    const result = eventDriven(kernel, network, presentations, true);
    expect(result).toEqual(dense(network, presentations, true));
    expect(result.winners.flat().filter((winner) => winner >= 0).length).toBeGreaterThan(20);
  });
});
