import { uniformStream } from '../random/streams.ts';
import { createEncoder } from './encoder.ts';
import { type LabelledImages, pixelsOf } from './images.ts';
import { createKernel } from './kernel/create-kernel.ts';
import type { Network } from './network.ts';
import { createPopulation, loadWeights, type Plasticity, unloadWeights } from './population.ts';
import { scheduled, type TrainingRecipe } from './recipe.ts';
import { createStdp, normaliseIncoming } from './stdp.ts';
import { createAdaptiveThresholds } from './thresholds.ts';
import { roundWeights } from './weight-format.ts';

export interface TrainingHooks {
  /** Called after each presentation. */
  readonly onPresentation?: () => void;
  /** The kernel to train in; by default the fastest one. */
  readonly createKernel?: typeof createKernel;
}

/**
 * Trains a network by STDP on the first `recipe.trainingImages` of `images`; labels are not looked at. The result
 * depends on the recipe and these images alone, bit by bit; it is not labelled yet.
 */
export function trainNetwork(
  recipe: TrainingRecipe,
  images: LabelledImages,
  hooks: TrainingHooks = {},
): Network {
  const { neurons, constants, encoding, seed, presentations, trainingImages } = recipe;
  const inputs = images.rows * images.columns;
  const kernel = (hooks.createKernel ?? createKernel)({ inputs, neurons, spikes: inputs * encoding.steps });
  const synapses = { weights: kernel.weights, stride: kernel.stride, inputs, neurons };
  loadWeights(kernel, initialWeights(recipe, inputs), neurons);
  for (let neuron = 0; neuron < neurons; neuron++) normaliseIncoming(synapses, neuron, recipe.weightSum);

  const population = createPopulation(kernel, neurons, constants);
  const encoder = createEncoder(encoding, inputs, constants.timeStepMs, seed, 'training');
  const thresholds = createAdaptiveThresholds(kernel, neurons, constants, encoding.steps);
  const stdp = createStdp(synapses, constants, { ...recipe, steps: encoding.steps });
  const plasticity: Plasticity = { ...stdp, crossed: thresholds.raise };

  let order = new Uint32Array();
  for (let presentation = 0; presentation < presentations; presentation++) {
    const epoch = Math.floor(presentation / trainingImages);
    const place = presentation % trainingImages;
    if (place === 0) order = shuffledOrder(trainingImages, seed, epoch);
    const image = order[place]!;
    const progress = presentation / presentations;
    stdp.setPostRate(scheduled(recipe.postRate, progress));
    thresholds.setThetaPlus(scheduled(recipe.thetaPlusMv, progress));
    thresholds.decay();
    population.present(encoder.encode(pixelsOf(images, image), epoch, image), plasticity);
    hooks.onPresentation?.();
  }

  return {
    imageRows: images.rows,
    imageColumns: images.columns,
    neurons,
    weightSum: recipe.weightSum,
    constants,
    encoding,
    weights: roundWeights(unloadWeights(kernel, inputs, neurons), recipe.storage),
    theta: Float32Array.from(thresholds.theta),
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
