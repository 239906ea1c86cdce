import { type ImageSet, type Split, sliceImages } from '../datasets/dataset.ts';
import { firstImages } from '../datasets/first-images.ts';
import { requireSameSize } from '../datasets/same-size.ts';
import { InputError } from '../errors/input-error.ts';
import { loadDevice } from '../hardware/load-device.ts';
import { modelFiles } from '../inputs/model-files.ts';
import { readDataset } from '../inputs/read-dataset.ts';
import { readNetwork } from '../inputs/read-network.ts';
import { readContext } from '../inputs/read-prior.ts';
import type { ToleranceRow } from '../results/columns.ts';
import { TOLERANCE, type ToleranceInput, type ToleranceJob } from '../settings/jobs/tolerance.ts';
import { completeJob } from '../settings/parse-job.ts';
import { trainingShare } from '../snn/recipes.ts';
import { DEFAULT_VOTE } from '../snn/vote.ts';
import { weightBits } from '../snn/weight-format.ts';
import type { Accuracy } from '../sparkxd/accuracy.ts';
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
import { type PhaseMonitor, SILENT } from './monitor.ts';

export interface ToleranceOutcome {
  /** Test images, without errors. */
  readonly clean: Accuracy;
  /** Test images, at each rate of the job. */
  readonly curve: readonly ToleranceTrial[];
  /** The search on the validation images, whose clean accuracy is beside it. */
  readonly search: ToleratedRate;
  readonly validationClean: Accuracy;
  /** The rate found, on the test images: is the mean within the bound of their clean accuracy with all of its interval over masks? Absent when the search found none. */
  readonly confirmation?: ToleranceTrial & { readonly holds: boolean };
  /** Test images with only this bit of each weight flipped, at `byBitBer`; bit 0 first. */
  readonly byBit?: readonly ToleranceTrial[];
  /** The rate of `byBit` and `byInputs`, the job's highest. */
  readonly byBitBer?: number;
  /** Test images with only this group of inputs' weights damaged; the group of the smallest weights first. */
  readonly byInputs?: readonly ToleranceTrial[];
  /** All of these as rows of a table. */
  readonly rows: readonly ToleranceRow[];
}

/**
 * Accuracy against bit error rate, and the maximum tolerable rate for a bound: searched on the validation images,
 * confirmed on the test images. Mask m of every rate follows from (seed, m). Throws InputError for input that cannot
 * serve.
 */
export async function runTolerance(
  input: ToleranceInput,
  threads = 1,
  monitor: PhaseMonitor = SILENT,
): Promise<ToleranceOutcome> {
  const job = completeJob(TOLERANCE, input);
  const stored = await readNetwork(job.weights);
  const dataset = await readDataset(job.dataset);
  requireSameSize(stored, dataset);
  const { network } = stored;
  const { train } = dataset;
  const test = firstImages(dataset.test, job.images, 'test');
  const held = sliceImages(train, trainingShare(train.count), train.count);
  const validation = firstImages(held, job.images, 'validation');
  const settings = { responses: requireResponses(network, stored.file), vote: DEFAULT_VOTE, seed: job.seed };
  requireUniform(job);
  const device = await loadDevice(job.device, modelFiles);
  const conditions = { ...job, device, context: await readContext(job, stored) };
  const groups = job.byInputs === undefined ? [] : inputDamages(network, conditions, job.byInputs);
  const anywhere =
    job.errorModel === 0
      ? uniformDamage(network, conditions)
      : modelDamage(network, conditions, job.errorModel);
  const rule: StoppingRule = {
    fewest: Math.min(FEWEST_MASKS, job.trials),
    most: job.trials,
    precision: job.precision,
  };
  const pool = await createEvaluationPool(threads);
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
        return score(variants, images);
      };
    const [clean] = await score([network.weights], test);
    const curve: ToleranceTrial[] = [];
    for (const ber of job.bers) curve.push(await tolerate(ber, masksOn(test, anywhere), rule));

    const [validationClean] = await score([network.weights], validation);
    const required = validationClean!.accuracy - job.bound;
    const search = await searchToleratedRate(LOWEST, HIGHEST, required, masksOn(validation, anywhere), rule);
    const confirmed =
      search.ber === 0 ? undefined : await tolerate(search.ber, masksOn(test, anywhere), rule);
    const confirmation = confirmed && {
      ...confirmed,
      holds: confirmed.overMasks.low >= clean!.accuracy - job.bound,
    };
    const byBitBer = Math.max(...job.bers);
    const alone = async (damages: readonly Damage[]): Promise<ToleranceTrial[]> => {
      const trials: ToleranceTrial[] = [];
      for (const damage of damages) trials.push(await tolerate(byBitBer, masksOn(test, damage), rule));
      return trials;
    };
    const bits = Array.from({ length: weightBits(job.format) }, (_, bit) =>
      bitDamage(network, conditions, bit),
    );
    const found = {
      clean: clean!,
      curve,
      search,
      validationClean: validationClean!,
      ...(confirmation ? { confirmation } : {}),
      ...(job.byBit ? { byBit: await alone(bits), byBitBer } : {}),
      ...(groups.length > 0 ? { byInputs: await alone(groups), byBitBer } : {}),
    };
    return { ...found, rows: toleranceRows(found) };
  } finally {
    await pool.close();
  }
}

/** Range of the search for the tolerable rate: below it a model of a million weights sees no flip, above it is noise. */
const LOWEST = 1e-7;
const HIGHEST = 0.3;

/** Masks tried at each rate before the search may stop. */
const FEWEST_MASKS = 4;

/** Throws InputError for parts of the weights that are damaged alone in a way that only errors anywhere can be. */
function requireUniform({ errorModel, ecc, byBit, byInputs }: ToleranceJob): void {
  if (!byBit && byInputs === undefined) return;
  if (errorModel !== 0)
    throw new InputError(`single bits and groups of inputs are damaged by error model 0, not ${errorModel}`);
  if (ecc !== 'none')
    throw new InputError(`single bits and groups of inputs are damaged without check bits, not with ${ecc}`);
}

/** The outcome's trials as rows of a table. */
function toleranceRows(outcome: Omit<ToleranceOutcome, 'rows'>): ToleranceRow[] {
  const { clean, validationClean, curve, search, confirmation, byBit = [], byInputs = [] } = outcome;
  const row = (
    split: Split,
    damaged_part: string,
    { ber, accuracies, interval }: ToleranceTrial,
  ): ToleranceRow => ({
    split,
    damaged_part,
    ber_injected: ber,
    accuracy: interval.estimate,
    accuracy_low: interval.low,
    accuracy_high: interval.high,
    accuracy_lost: (split === 'test' ? clean : validationClean).accuracy - interval.estimate,
    masks: accuracies.length,
  });
  return [
    ...curve.map((trial) => row('test', 'all', trial)),
    ...search.trials.map((trial) => row('validation', 'all', trial)),
    ...(confirmation ? [row('test', 'all', confirmation)] : []),
    ...byBit.map((trial, bit) => row('test', `bit ${bit}`, trial)),
    ...byInputs.map((trial, group) => row('test', `inputs ${group + 1}`, trial)),
  ];
}
