import { type ImageSet, sliceImages } from '../datasets/dataset.ts';
import { InputError } from '../errors/input-error.ts';
import { flipBitPosition } from '../faults/bit-position-flips.ts';
import { flipUniformly } from '../faults/uniform-flips.ts';
import type { Network } from '../snn/network.ts';
import { requireResponses } from '../snn/network-file.ts';
import { trainingShare } from '../snn/recipes.ts';
import { DEFAULT_VOTE } from '../snn/vote.ts';
import {
  encodeWeights,
  packCodes,
  unpackCodes,
  type WeightFormat,
  weightBits,
} from '../snn/weight-format.ts';
import { loadWeights } from '../sparkxd/repair-on-load.ts';
import {
  type StoppingRule,
  searchToleratedRate,
  type ToleranceTrial,
  type ToleratedRate,
  type TryMasks,
  tolerate,
} from '../sparkxd/tolerance.ts';
import { inputFragility, type RunRepair } from '../sparkxd/weights-in-dram.ts';
import type { Accuracy } from './accuracy.ts';
import { createEvaluationPool } from './evaluate-pool.ts';
import { evaluateVariants } from './evaluate-variants.ts';
import { firstImages } from './first-images.ts';
import { readDataset } from './read-dataset.ts';
import { readNetwork } from './read-network.ts';
import { requireSameSize } from './run-evaluation.ts';
import type { PhaseMonitor } from './run-voltages.ts';

/** What `sparkxd tolerance` is asked for. */
export interface ToleranceJob {
  readonly weights: string;
  readonly dataset: string;
  readonly bers: readonly number[];
  readonly format: WeightFormat;
  readonly repair: RunRepair;
  readonly bound: number;
  readonly rule: StoppingRule;
  /** Images of either split; all unless told. */
  readonly images?: number;
  /** Also flip each bit position alone, at the highest rate. */
  readonly byBit: boolean;
  /** Also flip the weights of one group of inputs alone, at the highest rate; no groups unless given (2 or more). */
  readonly inputGroups?: number;
  readonly seed: number;
}

export interface ToleranceOutcome {
  /** Test images, without errors. */
  readonly clean: Accuracy;
  /** Test images, at each rate of the job. */
  readonly curve: readonly ToleranceTrial[];
  /** The search on the validation images, whose clean accuracy is beside it. */
  readonly search: ToleratedRate;
  readonly validationClean: Accuracy;
  /** The rate found, on the test images: does the mean hold there with all of its interval? Absent when the search found none. */
  readonly confirmation?: ToleranceTrial & { readonly holds: boolean };
  /** Test images with only this bit of each weight flipped, at `byBitBer`; bit 0 first. */
  readonly byBit?: readonly ToleranceTrial[];
  /** The rate of `byBit` and `byInputs`, the job's highest. */
  readonly byBitBer?: number;
  /** Test images with only this group of inputs' weights damaged; the group of the smallest weights first. */
  readonly byInputs?: readonly ToleranceTrial[];
}

/**
 * Accuracy against bit error rate, and the maximum tolerable rate for a bound: searched on the validation images,
 * confirmed on the test images. Mask m of every rate follows from (seed, m). Throws InputError for input that cannot
 * serve.
 */
export async function runTolerance(
  job: ToleranceJob,
  jobs: number,
  monitor: PhaseMonitor,
): Promise<ToleranceOutcome> {
  const [stored, dataset] = await Promise.all([readNetwork(job.weights), readDataset(job.dataset)]);
  requireSameSize(stored, dataset);
  const { network } = stored;
  const { train } = dataset;
  const test = firstImages(dataset.test, job.images, 'test');
  const validation = firstImages(
    sliceImages(train, trainingShare(train.count), train.count),
    job.images,
    'validation',
  );
  const settings = { responses: requireResponses(network, stored.file), vote: DEFAULT_VOTE, seed: job.seed };
  const groups = job.inputGroups === undefined ? [] : inputDamages(network, job, job.inputGroups);
  const pool = await createEvaluationPool(jobs);
  try {
    const score = (variants: readonly Float32Array[], images: ImageSet): Promise<Accuracy[]> => {
      monitor.begin('images', variants.length * images.count);
      return evaluateVariants(pool, network, variants, images, settings, (count) => monitor.advance(count));
    };
    const masksOn =
      (images: ImageSet, damage: Damage): TryMasks =>
      async (ber, from, to) => {
        const variants = Array.from({ length: to - from }, (_, i) =>
          damage(ber, job.seed + (from + i) * MASK_STRIDE),
        );
        return (await score(variants, images)).map(({ accuracy }) => accuracy);
      };
    const anywhere = uniformDamage(network, job);
    const [clean] = await score([network.weights], test);
    const curve: ToleranceTrial[] = [];
    for (const ber of job.bers) curve.push(await tolerate(ber, masksOn(test, anywhere), job.rule));

    const [validationClean] = await score([network.weights], validation);
    const required = validationClean!.accuracy - job.bound;
    const search = await searchToleratedRate(
      LOWEST,
      HIGHEST,
      required,
      masksOn(validation, anywhere),
      job.rule,
    );
    const outcome: ToleranceOutcome = { clean: clean!, curve, search, validationClean: validationClean! };
    const confirmed =
      search.ber === 0 ? undefined : await tolerate(search.ber, masksOn(test, anywhere), job.rule);
    const withConfirmation: ToleranceOutcome = confirmed
      ? {
          ...outcome,
          confirmation: { ...confirmed, holds: confirmed.interval.low >= clean!.accuracy - job.bound },
        }
      : outcome;
    const byBitBer = Math.max(...job.bers);
    const alone = async (damages: readonly Damage[]): Promise<ToleranceTrial[]> => {
      const trials: ToleranceTrial[] = [];
      for (const damage of damages) trials.push(await tolerate(byBitBer, masksOn(test, damage), job.rule));
      return trials;
    };
    const bits = Array.from({ length: weightBits(job.format) }, (_, bit) => bitDamage(network, job, bit));
    const byBit = job.byBit ? { byBit: await alone(bits), byBitBer } : {};
    const byInputs = groups.length > 0 ? { byInputs: await alone(groups), byBitBer } : {};
    return { ...withConfirmation, ...byBit, ...byInputs };
  } finally {
    await pool.close();
  }
}

/** Range of the search for the tolerable rate: below it a model of a million weights sees no flip, above it is noise. */
const LOWEST = 1e-7;
const HIGHEST = 0.3;

/** Masks of one seed are far apart, so that neighbouring seeds of the user share none. */
export const MASK_STRIDE = 1_000_003;

/** Weights as loaded after the errors of one mask. */
type Damage = (ber: number, seed: number) => Float32Array;

/** Errors anywhere, each bit alike. */
export function uniformDamage(
  network: Network,
  { format, repair }: Pick<ToleranceJob, 'format' | 'repair'>,
): Damage {
  const bits = weightBits(format);
  const image = packCodes(encodeWeights(network.weights, format), bits);
  return (ber, seed) => {
    const read = image.slice();
    flipUniformly(read, ber, seed);
    return loadWeights(unpackCodes(read, bits, network.weights.length), format, repair, network);
  };
}

function bitDamage(network: Network, { format, repair }: ToleranceJob, bit: number): Damage {
  const codes = encodeWeights(network.weights, format);
  return (ber, seed) => {
    const read = codes.slice();
    flipBitPosition(read, bit, ber, seed);
    return loadWeights(read, format, repair, network);
  };
}

/**
 * Damage to one group of inputs at a time: inputs by the sum of their weights, ascending, in groups as equal as can
 * be. A mask's flips in a group are those that the same mask makes there when it damages everything. Throws InputError
 * for more groups than inputs.
 */
function inputDamages(network: Network, job: ToleranceJob, groups: number): Damage[] {
  const fragility = inputFragility(network);
  const inputs = [...fragility.keys()].sort((a, b) => fragility[a]! - fragility[b]! || a - b);
  if (groups > inputs.length)
    throw new InputError(`${groups} groups of inputs are asked for, the network has ${inputs.length} inputs`);
  const { neurons } = network;
  const codes = encodeWeights(network.weights, job.format);
  const bits = weightBits(job.format);
  const image = packCodes(codes, bits);
  return Array.from({ length: groups }, (_, group) => {
    const from = Math.floor((group * inputs.length) / groups);
    const to = Math.floor(((group + 1) * inputs.length) / groups);
    return (ber, seed) => {
      const damaged = image.slice();
      flipUniformly(damaged, ber, seed);
      const read = unpackCodes(damaged, bits, codes.length);
      const mixed = codes.slice();
      for (const input of inputs.slice(from, to))
        mixed.set(read.subarray(input * neurons, (input + 1) * neurons), input * neurons);
      return loadWeights(mixed, job.format, job.repair, network);
    };
  });
}
