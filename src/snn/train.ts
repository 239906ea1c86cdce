import { uniformStream } from '../random/streams.ts';
import { createEncoder } from './encoder.ts';
import { type LabelledImages, pixelsOf } from './images.ts';
import { createKernel } from './kernel/create-kernel.ts';
import type { Kernel } from './kernel/kernel.ts';
import type { Network } from './network.ts';
import { createPopulation, loadWeights, type Plasticity, unloadWeights } from './population.ts';
import { scheduled, type TrainingRecipe } from './recipe.ts';
import { createStdp, MAXIMUM_WEIGHT, normaliseIncoming, type PlasticSynapses } from './stdp.ts';
import { createAdaptiveThresholds } from './thresholds.ts';
import { roundWeights } from './weight-format.ts';
import { rangeOf } from './weight-range.ts';

/**
 * One reading of the memory that holds the weights, all arrays inputs x neurons. A weight is damaged where the two
 * differ; sound ones are seen by the neurons as they learn, unrounded, so that a memory without errors changes nothing.
 */
export interface WeightReading {
  /** What the neurons get. */
  readonly weights: Float32Array;
  /** What they would get had no bit flipped. */
  readonly intended: Float32Array;
}

/**
 * Reads the memory before presentation number `presentation`; undefined where no reading is due, and the neurons go
 * on with what was damaged at the last one. `stored` gives the weights as learnt so far.
 */
export type ReadMemory = (stored: () => Float32Array, presentation: number) => WeightReading | undefined;

export interface TrainingHooks {
  /** Go on with these weights and thresholds instead of random ones. */
  readonly start?: Pick<Network, 'weights' | 'theta'>;
  /** The memory between the weights that learn and the neurons; by default they are the same. */
  readonly read?: ReadMemory;
  /** Called after each presentation with how many there were; `network` gives what would be returned were it the last. */
  readonly onPresentation?: (shown: number, network: () => Network) => void;
  /** The kernel to train in; by default the fastest one. */
  readonly createKernel?: typeof createKernel;
}

/** A training that is done in portions. */
export interface OpenTraining {
  /** The next presentations, at most `count` of them; false when there are no more. */
  advance(count: number): boolean;
  /** The network as it is now. */
  network(): Network;
}

/**
 * Trains a network by STDP on the first `recipe.trainingImages` of `images`; labels are not looked at. The result
 * depends on the recipe and these images alone, bit by bit; it is not labelled yet.
 */
export const trainNetwork = (
  recipe: TrainingRecipe,
  images: LabelledImages,
  hooks: TrainingHooks = {},
): Network => finished(openTraining(recipe, images, hooks));

/** The network of a training that is gone through to its end. */
export function finished(training: OpenTraining): Network {
  training.advance(Number.POSITIVE_INFINITY);
  return training.network();
}

/** `trainNetwork` in portions, for callers that have other things to attend to. */
export function openTraining(
  recipe: TrainingRecipe,
  images: LabelledImages,
  hooks: TrainingHooks = {},
): OpenTraining {
  const { neurons, constants, encoding, seed, presentations, trainingImages } = recipe;
  const inputs = images.rows * images.columns;
  const kernel = (hooks.createKernel ?? createKernel)({ inputs, neurons, spikes: inputs * encoding.steps });
  const ceiling = recipe.ceiling ?? MAXIMUM_WEIGHT;
  const memory = createMemory(kernel, { inputs, neurons, ceiling }, hooks.read);
  const { synapses } = memory;
  loadWeights(synapses, hooks.start?.weights ?? initialWeights(recipe, inputs), neurons);
  for (let neuron = 0; neuron < neurons; neuron++) normaliseIncoming(synapses, neuron, recipe.weightSum);

  const population = createPopulation(kernel, neurons, constants);
  const encoder = createEncoder(encoding, inputs, constants.timeStepMs, seed, 'training');
  const thresholds = createAdaptiveThresholds(kernel, neurons, constants, encoding.steps, hooks.start?.theta);
  const stdp = createStdp(synapses, constants, { ...recipe, steps: encoding.steps });
  const plasticity: Plasticity = { ...stdp, crossed: thresholds.raise };

  let order = new Uint32Array();
  let shown = 0;
  return { advance, network };

  function advance(count: number): boolean {
    for (const end = Math.min(presentations, shown + count); shown < end; ) present(shown++);
    return shown < presentations;
  }

  function present(presentation: number): void {
    const epoch = Math.floor(presentation / trainingImages);
    const place = presentation % trainingImages;
    if (place === 0) order = shuffledOrder(trainingImages, seed, epoch);
    const image = order[place]!;
    const progress = presentation / presentations;
    stdp.setPostRate(scheduled(recipe.postRate, progress));
    thresholds.setThetaPlus(scheduled(recipe.thetaPlusMv, progress));
    thresholds.decay();
    memory.read(presentation);
    population.present(encoder.encode(pixelsOf(images, image), epoch, image), plasticity);
    hooks.onPresentation?.(presentation + 1, network);
  }

  function network(): Network {
    const weights = roundWeights(unloadWeights(synapses, inputs, neurons), recipe.storage);
    return {
      imageRows: images.rows,
      imageColumns: images.columns,
      neurons,
      weightSum: recipe.weightSum,
      constants,
      encoding,
      weights,
      ...rangeOf(weights),
      theta: Float32Array.from(thresholds.theta),
    };
  }
}

/** The synapses that learn, and how what they hold reaches the kernel. */
function createMemory(
  kernel: Kernel,
  shape: Pick<PlasticSynapses, 'inputs' | 'neurons' | 'ceiling'>,
  read: ReadMemory | undefined,
): { readonly synapses: PlasticSynapses; read(presentation: number): void } {
  const { stride } = kernel;
  const { inputs, neurons } = shape;
  if (!read) return { synapses: { weights: kernel.weights, stride, ...shape }, read: () => {} };
  const view = { weights: kernel.weights, damaged: new Uint8Array(kernel.weights.length) };
  const stored = new Float32Array(kernel.weights.length);
  const synapses = { weights: stored, stride, ...shape, view };
  return {
    synapses,
    read(presentation) {
      const reading = read(() => unloadWeights(synapses, inputs, neurons), presentation);
      if (!reading) return;
      const { weights, intended } = reading;
      for (let input = 0; input < inputs; input++)
        for (let neuron = 0; neuron < neurons; neuron++) {
          const synapse = input * stride + neuron;
          const given = weights[input * neurons + neuron]!;
          const damaged = !Object.is(given, intended[input * neurons + neuron]!);
          view.damaged[synapse] = damaged ? 1 : 0;
          view.weights[synapse] = damaged ? given : stored[synapse]!;
        }
    },
  };
}

function initialWeights({ seed, neurons, initialWeight }: TrainingRecipe, inputs: number): Float32Array {
  const uniform = uniformStream(seed, 'snn/initial weights');
  return Float32Array.from({ length: inputs * neurons }, () => initialWeight * uniform());
}

/** Fisher-Yates, a new order each epoch: user files may be sorted by class. */
function shuffledOrder(count: number, seed: number, epoch: number): Uint32Array<ArrayBuffer> {
  const uniform = uniformStream(seed, `snn/image order/${epoch}`);
  const order = Uint32Array.from({ length: count }, (_, k) => k);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(uniform() * (last + 1));
    const kept = order[last]!;
    order[last] = order[other]!;
    order[other] = kept;
  }
  return order;
}
