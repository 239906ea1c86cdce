/**
 * `sparkxd/snn`: spiking networks of the kind that Diehl and Cook train by STDP: encoding of images as spikes, inference, labels and
 * votes, and the formats in which weights are stored. Any weights may be given to a network, also damaged ones.
 *
 * ```ts
 * import { predictVariants } from 'sparkxd/snn';
 *
 * const [clean, wrong] = predictVariants(network, [network.weights, damaged], images, 0, 100, { responses, vote: 'likelihood', seed: 1 });
 * ```
 */
export { InputError, type Place } from '../errors/input-error.ts';
export { createEncoder, type Encoder, type EncodingPurpose, type InputSpikes } from '../snn/encoder.ts';
export { type LabelledImages, pixelsOf } from '../snn/images.ts';
export { createInference, createInput, type Inference } from '../snn/infer.ts';
export type { Kernel, KernelSize } from '../snn/kernel/kernel.ts';
export { collectResponses } from '../snn/label.ts';
export { type ClassResponses, type Encoding, inputCount, type Network } from '../snn/network.ts';
export type { NeuronConstants } from '../snn/neuron-constants.ts';
export { neuronLabels } from '../snn/neuron-labels.ts';
export type { BeforeAdding } from '../snn/population.ts';
export { type PredictionSettings, predictVariants } from '../snn/predict.ts';
export type { Schedule, TrainingRecipe } from '../snn/recipe.ts';
export { defaultRecipe, type TrainingSource } from '../snn/recipes.ts';
export {
  finished,
  type OpenTraining,
  openTraining,
  type ReadMemory,
  type TrainingHooks,
  trainNetwork,
  type WeightReading,
} from '../snn/train.ts';
export { createClassifier, DEFAULT_VOTE, VOTES, type Vote } from '../snn/vote.ts';
export {
  decodeWeights,
  encodeWeights,
  packCodes,
  unpackCodes,
  WEIGHT_FORMATS,
  type WeightFormat,
} from '../snn/weight-format.ts';
