import { type Dataset, type ImageSet, type Split, sliceImages } from '../datasets/dataset.ts';
import { firstImages } from '../datasets/first-images.ts';
import { InputError } from '../errors/input-error.ts';
import { flipUniformly } from '../faults/uniform-flips.ts';
import type { TimingMode } from '../hardware/resolved-timing.ts';
import { openChip } from '../inputs/open-chip.ts';
import { readDataset } from '../inputs/read-dataset.ts';
import { readNetwork, type StoredNetwork } from '../inputs/read-network.ts';
import { contextOf, readPrior } from '../inputs/read-prior.ts';
import type { MappingPolicy } from '../mapping/policy.ts';
import type { Network } from '../snn/network.ts';
import { trainingShare } from '../snn/recipes.ts';
import type { Vote } from '../snn/vote.ts';
import {
  encodeWeights,
  packCodes,
  unpackCodes,
  type WeightFormat,
  weightBits,
} from '../snn/weight-format.ts';
import type { Accuracy } from '../sparkxd/accuracy.ts';
import { ADAPTATION_RATE, adaptThresholds } from '../sparkxd/adapt-thresholds.ts';
import { learnContextTables } from '../sparkxd/repair-context.ts';
import { type LoadRepair, loadWeights } from '../sparkxd/repair-on-load.ts';
import { errorSupply } from '../sparkxd/error-supply.ts';
import { type HeldWeights, holdWeights } from '../sparkxd/held-weights.ts';
import { storeWeights } from '../sparkxd/stored-weights.ts';
import type { Volts } from '../units/flavours.ts';
import { requireResponses } from '../weights/network-file.ts';
import { createEvaluationPool } from './accuracy/evaluate-pool.ts';
import { evaluateVariants } from './accuracy/evaluate-variants.ts';

export interface EvaluationJob {
  /** File or shipped name. */
  readonly weights: string;
  /** Name or folder. */
  readonly dataset: string;
  readonly split: Split;
  /** Only the first so many images. */
  readonly images?: number;
  readonly vote: Vote;
  /** Label the neurons anew from the training images and the weights as loaded, instead of by the file's labels. */
  readonly relabel: boolean;
  /** How the weights lie in memory. */
  readonly format: WeightFormat;
  /** Share of the weights' bits that are flipped, each independently, and what is done on load. */
  readonly ber: number;
  /** Read the weights from a chip at a supply instead, with the errors of its cells. */
  readonly memory?: EvaluationMemory;
  readonly repair: LoadRepair;
  /** Another network, file or shipped name, from which the repair "context" learns what weights look like. */
  readonly prior?: string;
  /** Adapt the thresholds to the weights as loaded on so many unlabelled training images, then label anew. */
  readonly adapt?: number;
  /** Of the input spikes and of the flips. */
  readonly seed: number;
  readonly jobs: number;
}

/** The chip that holds the weights, and how they lie in it. */
export interface EvaluationMemory {
  readonly device: string;
  readonly profile: string;
  readonly supply: Volts;
  readonly timing: TimingMode;
  readonly mapping: MappingPolicy;
  readonly chip: number;
  readonly berLimit: number;
  /** A measured map of weak cells instead of a generated chip. */
  readonly map?: string;
}

export interface EvaluationOutcome extends Accuracy {
  readonly flippedBits: number;
}

export interface EvaluationMonitor {
  begin(images: number): void;
  advance(images: number): void;
}

/** `sparkxd evaluate`: accuracy of stored weights. Throws InputError for input that cannot serve. */
export async function runEvaluation(
  job: EvaluationJob,
  monitor: EvaluationMonitor,
): Promise<EvaluationOutcome> {
  const [stored, dataset] = await Promise.all([readNetwork(job.weights), readDataset(job.dataset)]);
  const images = imagesOf(dataset, job);
  requireSameSize(stored, dataset);
  const prior = await readPrior(job, stored);
  if (prior && !job.memory && job.ber === 0)
    throw new InputError('the repair "context" is made for a bit error rate', {
      remedy: 'give one with --ber, or a chip with --supply',
    });
  const labelling = sliceImages(dataset.train, 0, trainingShare(dataset.train.count));

  const pool = await createEvaluationPool(job.jobs);
  try {
    const relabels = job.relabel || job.adapt !== undefined;
    monitor.begin(images.count + (relabels ? labelling.count : 0));
    const { weights, flippedBits } = job.memory
      ? await weightsFromChip(stored.network, job.memory, prior, job)
      : damagedWeights(stored.network, prior?.network, job);
    const theta = adaptedTheta(stored, weights, labelling, job);
    const network: Network = { ...stored.network, weights, theta };
    const onImages = (count: number) => monitor.advance(count);
    const responses = relabels
      ? await pool.respond(network, labelling, job.seed, onImages)
      : requireResponses(network, stored.file);
    const settings = { responses, vote: job.vote, seed: job.seed };
    const [accuracy] = await evaluateVariants(pool, network, [weights], images, settings, onImages);
    return { ...accuracy!, flippedBits };
  } finally {
    await pool.close();
  }
}

/** The network's thresholds, or those that bring its damaged neurons back to their share of spikes. */
function adaptedTheta(
  { network, file }: StoredNetwork,
  weights: Float32Array,
  images: ImageSet,
  { adapt, seed }: EvaluationJob,
): Float32Array {
  if (adapt === undefined) return network.theta;
  const responses = requireResponses(network, file);
  const settings = { presentations: adapt, rateMv: ADAPTATION_RATE, seed };
  return adaptThresholds({ ...network, responses }, weights, images, settings);
}

/** The network's weights in the job's format with its bit errors, as repaired on load. */
function damagedWeights(network: Network, prior: Network | undefined, job: EvaluationJob) {
  const { format, ber, repair, seed } = job;
  const bits = weightBits(format);
  const image = packCodes(encodeWeights(network.weights, format), bits);
  const flippedBits = flipUniformly(image, ber, seed);
  const read = unpackCodes(image, bits, network.weights.length);
  if (!prior) return { weights: loadWeights(read, format, repair, network), flippedBits };
  const tables = learnContextTables({ fields: prior, weights: prior.weights }, format, ber);
  return { weights: loadWeights(read, format, repair, network, tables), flippedBits };
}

/** The weights as one chip gives them back at a supply, as repaired on load. */
async function weightsFromChip(
  network: Network,
  memory: EvaluationMemory,
  prior: StoredNetwork | undefined,
  job: EvaluationJob,
): Promise<HeldWeights> {
  const { format, repair, seed } = job;
  const opened = await openChip({ ...memory, seed, model: 0, modelOptions: {} });
  const supply = errorSupply(opened.device, opened.profile, memory.supply, memory.timing);
  const stored = storeWeights(network, { format, ecc: 'none' }, opened.device);
  const conditions = { ...memory, supply, repair, ...contextOf(prior) };
  return holdWeights(stored, opened.device, opened.chip, conditions);
}

/** The images that the job asks for; InputError if there are fewer. */
function imagesOf({ name, train, test }: Dataset, { split, images }: EvaluationJob): ImageSet {
  const all = split === 'test' ? test : sliceImages(train, trainingShare(train.count), train.count);
  return firstImages(all, images, `${split} images of ${name}`);
}

/** Throws InputError unless the network sees images of the dataset's size. */
export function requireSameSize(
  { network, file }: { readonly network: Network; readonly file: string },
  { name, test }: Dataset,
): void {
  if (network.imageRows === test.rows && network.imageColumns === test.columns) return;
  throw new InputError(
    `the network sees images of ${network.imageRows} x ${network.imageColumns}, those of ${name} are ${test.rows} x ${test.columns}`,
    { place: { file } },
  );
}
