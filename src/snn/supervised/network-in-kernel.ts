import { createLearningKernel } from './kernel/create-kernel.ts';
import { type LearningKernel, type NeuronStep, type SurrogateStep, strideOf } from './kernel/kernel.ts';
import { createLayers, roomOfLayers } from './layers.ts';
import { createImageInput, type PresentationWay } from './presentation.ts';
import type { SupervisedRecipe } from './recipe.ts';

/** What of a recipe says how the network runs. */
export type NetworkRecipe = Pick<
  SupervisedRecipe,
  | 'layers'
  | 'steps'
  | 'timeStepS'
  | 'tauS'
  | 'threshold'
  | 'reset'
  | 'input'
  | 'objective'
  | 'surrogate'
  | 'slope'
>;

/** The neurons of a recipe, layer by layer: those of the output never spike where their potentials are read. */
export function neuronSteps({
  layers,
  timeStepS,
  tauS,
  threshold,
  reset,
  objective,
}: NetworkRecipe): NeuronStep[] {
  const tau = Math.fround(tauS);
  const step: NeuronStep = {
    share: timeStepS / tau,
    resistance: tau / timeStepS,
    threshold,
    subtract: reset === 'subtract',
  };
  return layers
    .slice(1)
    .map((_, k) =>
      k === layers.length - 2 && objective === 'potential'
        ? { ...step, threshold: Number.POSITIVE_INFINITY }
        : step,
    );
}

const surrogateStep = ({ surrogate, slope }: NetworkRecipe): SurrogateStep =>
  surrogate === 'arctangent'
    ? { arctangent: true, scale: slope / 2, slope: (Math.PI / 2) * slope }
    : { arctangent: false, scale: 1, slope };

/** The network in a kernel of its own, all weights 0. `apart`: neurons are driven by other weights than those that learn. */
export function networkInKernel(
  recipe: NetworkRecipe,
  apart: boolean,
  create: (room: { numbers: number; ids: number }) => LearningKernel = createLearningKernel,
): PresentationWay {
  const { layers: sizes, steps, input: inputKind, objective } = recipe;
  const room = roomOfLayers(sizes, steps, apart);
  const inputs = sizes[0]!;
  const kernel = create({
    numbers: room.numbers + strideOf(inputs) + strideOf(sizes[1]!) + strideOf(sizes.at(-1)!),
    ids: room.ids + (steps + 1) * strideOf(inputs),
  });
  return {
    ...{ kernel, inputKind, steps, objective },
    layers: createLayers(kernel, sizes, steps, neuronSteps(recipe), apart),
    input: createImageInput(kernel, inputs, steps),
    surrogate: surrogateStep(recipe),
    scores: new Float64Array(sizes.at(-1)!),
    slopes: kernel.numbers(sizes.at(-1)!),
    total: kernel.numbers(sizes[1]!),
  };
}
