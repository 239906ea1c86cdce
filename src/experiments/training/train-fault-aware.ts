import { type ImageSet, sliceImages } from '../../datasets/dataset.ts';
import { openFaultyMemory } from '../../inputs/open-faulty-memory.ts';
import type { StoredNetwork } from '../../inputs/read-network.ts';
import type { Remark } from '../../inputs/recorder.ts';
import type { FaultAwareSettings } from '../../settings/fault-aware.ts';
import { withHeadroom } from '../../snn/headroom.ts';
import type { LabelledNetwork, Network } from '../../snn/network.ts';
import type { TrainingRecipe } from '../../snn/recipe.ts';
import { MAXIMUM_WEIGHT } from '../../snn/stdp.ts';
import { openTraining } from '../../snn/train.ts';
import { DEFAULT_VOTE } from '../../snn/vote.ts';
import { openFaultAwareTraining } from '../../sparkxd/fault-aware-training.ts';
import type { FaultyMemory } from '../../sparkxd/faulty-memory.ts';
import { pairedShares } from '../../stats/crossed.ts';
import type { Interval } from '../../stats/interval.ts';
import type { EvaluationPool } from '../accuracy/evaluate-pool.ts';
import { goThrough } from './go-through.ts';
import { requireTrainingImages } from './train-and-label.ts';

/** Images, threads, and a function that is called with the number of images shown. */
export interface TrainingMeans {
  readonly images: ImageSet;
  readonly pool: EvaluationPool;
  readonly onDone: (count: number) => void;
  /** Takes what is assumed of a measured map, in a line. */
  readonly remark?: Remark;
}

export interface FaultAwareTraining {
  readonly recipe: TrainingRecipe;
  readonly settings: FaultAwareSettings;
  /** Weights to go on from. */
  readonly start?: StoredNetwork;
}

/** A network as stored, labelled by what its neurons answer to weights as read. */
export interface NetworkInMemory {
  readonly network: LabelledNetwork;
  readonly memory: FaultyMemory;
}

/**
 * Trains under errors, then labels: under those that inference will meet, where they are known (`fixed`), so that labels
 * follow the neurons that the damage leaves; otherwise by the weights without errors.
 */
export async function trainFaultAwareAndLabel(
  training: FaultAwareTraining,
  { images, pool, onDone, remark }: TrainingMeans,
): Promise<NetworkInMemory> {
  const { recipe, settings, start } = training;
  requireTrainingImages(recipe, images);
  const roomy = withHeadroom(recipe, settings.headroom);
  const memory = await openFaultyMemory(settings, shapeOf(roomy, images), remark);
  const from = start ? startingPoint(start, settings.headroom) : {};
  const hooks = { ...from, onPresentation: () => onDone(1) };
  const network = await goThrough(openFaultAwareTraining(roomy, images, memory, settings, hooks));
  return { network: await label(network, memory, training, { images, pool, onDone }), memory };
}

/** The control: as many presentations of the same images, from the same weights, without errors and without headroom. */
export async function trainControl(
  training: FaultAwareTraining,
  { images, pool, onDone, remark }: TrainingMeans,
): Promise<NetworkInMemory> {
  const { recipe, settings, start } = training;
  const memory = await openFaultyMemory(settings, shapeOf(recipe, images), remark);
  const from = start ? startingPoint(start, 1) : {};
  const network = await goThrough(openTraining(recipe, images, { ...from, onPresentation: () => onDone(1) }));
  return { network: await label(network, memory, training, { images, pool, onDone }), memory };
}

/** Both networks under the same errors, each labelled under them, and without errors; shares of validation images. */
export interface ControlledComparison {
  readonly images: number;
  readonly accuracy: number;
  readonly control: number;
  /** accuracy - control, with its 95 % interval for other images (`pairedShares`). */
  readonly gain: Interval;
  readonly withoutErrors: number;
  readonly controlWithoutErrors: number;
}

/** Compares a network with its control on images that neither was trained on. */
export async function compareWithControl(
  trained: NetworkInMemory,
  control: NetworkInMemory,
  seed: number,
  { images, pool, onDone }: TrainingMeans,
): Promise<ControlledComparison> {
  const score = async ({ network, memory }: NetworkInMemory): Promise<number[][]> => {
    const { weights, responses } = network;
    const variants = [memory.read(weights, 0, 1), memory.readSound(weights)];
    const settings = { responses, vote: DEFAULT_VOTE, seed };
    const classes = await pool.predict(network, variants, images, settings, onDone);
    return classes.map((given) => Array.from(given, (c, k) => (c === images.labels[k] ? 1 : 0)));
  };
  const [own, ownSound] = await score(trained);
  const [other, otherSound] = await score(control);
  const share = (right: number[]): number => right.reduce((sum, one) => sum + one, 0) / right.length;
  return {
    images: images.count,
    accuracy: share(own!),
    control: share(other!),
    gain: pairedShares(own!, other!),
    withoutErrors: share(ownSound!),
    controlWithoutErrors: share(otherSound!),
  };
}

async function label(
  network: Network,
  memory: FaultyMemory,
  { recipe: { trainingImages, seed }, settings }: FaultAwareTraining,
  { images, pool, onDone }: TrainingMeans,
): Promise<LabelledNetwork> {
  const { weights } = network;
  const seen = settings.errorMaps === 'fixed' ? memory.read(weights, 0, 1) : memory.readSound(weights);
  const asRead = { ...network, weights: seen };
  const responses = await pool.respond(asRead, sliceImages(images, 0, trainingImages), seed, onDone);
  return { ...network, responses };
}

/** The network that a recipe makes, before it has weights; while they learn their range is the recipe's. */
const shapeOf = (
  { neurons, weightSum, constants, encoding, ceiling = MAXIMUM_WEIGHT }: TrainingRecipe,
  images: ImageSet,
) => ({
  imageRows: images.rows,
  imageColumns: images.columns,
  neurons,
  weightSum,
  ceiling,
  likeliest: 0,
  constants,
  encoding,
});

/** Weights and thresholds to go on from. */
const startingPoint = (
  { network: { weights, theta } }: StoredNetwork,
  headroom: number,
): { readonly start: Pick<Network, 'weights' | 'theta'> } => ({
  start: { weights, theta: theta.map((value) => value * headroom) },
});
