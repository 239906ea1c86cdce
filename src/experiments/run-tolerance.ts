import { type ImageSet, sliceImages } from '../datasets/dataset.ts';
import { firstImages } from '../datasets/first-images.ts';
import { InputError } from '../errors/input-error.ts';
import type { ErrorModelId } from '../faults/error-model.ts';
import { loadDevice } from '../hardware/load-device.ts';
import { modelFiles } from '../inputs/model-files.ts';
import { readDataset } from '../inputs/read-dataset.ts';
import { readNetwork } from '../inputs/read-network.ts';
import { contextOf, readPrior } from '../inputs/read-prior.ts';
import { trainingShare } from '../snn/recipes.ts';
import { DEFAULT_VOTE } from '../snn/vote.ts';
import { type WeightFormat, weightBits } from '../snn/weight-format.ts';
import type { Accuracy } from '../sparkxd/accuracy.ts';
import type { LoadRepair } from '../sparkxd/repair-on-load.ts';
import {
  type StoppingRule,
  searchToleratedRate,
  type ToleranceTrial,
  type ToleratedRate,
  type TryMasks,
  tolerate,
} from '../sparkxd/tolerance.ts';
import {
  bitDamage,
  type Damage,
  inputDamages,
  MASK_STRIDE,
  modelDamage,
  uniformDamage,
} from '../sparkxd/tolerance-damage.ts';
import { requireResponses } from '../weights/network-file.ts';
import { createEvaluationPool } from './accuracy/evaluate-pool.ts';
import { evaluateVariants } from './accuracy/evaluate-variants.ts';
import type { PhaseMonitor } from './run.ts';
import { requireSameSize } from './run-evaluation.ts';

/** What `sparkxd tolerance` is asked for. */
export interface ToleranceJob {
  readonly weights: string;
  readonly dataset: string;
  readonly bers: readonly number[];
  readonly format: WeightFormat;
  readonly repair: LoadRepair;
  /** For the repair `context`: another trained network, file or shipped name. */
  readonly prior?: string;
  /** EDEN's error model; 0 flips bits anywhere, the others as they lie in `device`. */
  readonly errorModel: ErrorModelId;
  readonly device: string;
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
  if (job.errorModel !== 0 && (job.byBit || job.inputGroups !== undefined))
    throw new InputError(
      `single bits and groups of inputs are damaged by error model 0, not ${job.errorModel}`,
    );
  const conditions = { ...job, ...contextOf(await readPrior(job, stored)) };
  const groups = job.inputGroups === undefined ? [] : inputDamages(network, conditions, job.inputGroups);
  const anywhere =
    job.errorModel === 0
      ? uniformDamage(network, conditions)
      : modelDamage(network, conditions, job.errorModel, await loadDevice(job.device, modelFiles));
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
    const bits = Array.from({ length: weightBits(job.format) }, (_, bit) =>
      bitDamage(network, conditions, bit),
    );
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
