import { type ImageSet, type Split, sliceImages } from '../datasets/dataset.ts';
import { firstImages } from '../datasets/first-images.ts';
import { requireSameSize } from '../datasets/same-size.ts';
import { InputError } from '../errors/input-error.ts';
import { loadDevice } from '../hardware/load-device.ts';
import { modelFiles } from '../inputs/model-files.ts';
import { readDataset } from '../inputs/read-dataset.ts';
import { readNetwork, underCeiling } from '../inputs/read-network.ts';
import { readContext } from '../inputs/read-prior.ts';
import type { ToleranceRow } from '../results/tables.ts';
import { TOLERANCE, type ToleranceInput, type ToleranceJob } from '../settings/jobs/tolerance.ts';
import { completeJob } from '../settings/parse-job.ts';
import { trainingShare } from '../snn/recipes.ts';
import type { Vote } from '../snn/vote.ts';
import { weightBits } from '../snn/weight-format.ts';
import { type Accuracy, marksOf, scoreMarks } from '../sparkxd/accuracy.ts';
import {
  type MarkedImages,
  type StoppingRule,
  searchToleratedRate,
  type ToleranceTrial,
  type ToleratedRate,
  tolerate,
} from '../sparkxd/tolerance.ts';
import {
  bitDamage,
  type Damage,
  inputDamages,
  MASK_STRIDE,
  type MaskRates,
  modelDamage,
  uniformDamage,
} from '../sparkxd/tolerance-damage.ts';
import { mean } from '../stats/moments.ts';
import { requireResponses } from '../weights/network-file.ts';
import { createEvaluationPool } from './accuracy/evaluate-pool.ts';
import { type PhaseMonitor, SILENT } from './monitor.ts';

/** A trial with the bit error rates of its masks, each a mean over them. */
export interface RatedTrial extends ToleranceTrial {
  readonly berObserved: number;
  /** Absent where no chip holds the weights. */
  readonly berChip?: number;
  readonly berPlaced?: number;
}

export interface ToleranceOutcome {
  /** Test images, without errors. */
  readonly clean: Accuracy;
  /** Test images, at each rate of the job. */
  readonly curve: readonly RatedTrial[];
  /** The search on the validation images, whose clean accuracy is beside it. */
  readonly search: Omit<ToleratedRate, 'trials'> & { readonly trials: readonly RatedTrial[] };
  readonly validationClean: Accuracy;
  /** The rate found, on the test images: is the whole interval of the mean loss within the bound? Absent when the search found none. */
  readonly confirmation?: RatedTrial & { readonly holds: boolean };
  /** Test images with only this bit of each weight flipped, at `byBitBer`; bit 0 first. */
  readonly byBit?: readonly RatedTrial[];
  /** The rate of `byBit` and `byInputs`, the job's highest. */
  readonly byBitBer?: number;
  /** Test images with only this group of inputs' weights damaged; the group of the smallest weights first. */
  readonly byInputs?: readonly RatedTrial[];
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
  const stored = underCeiling(await readNetwork(job.weights), job.ceiling);
  const dataset = await readDataset(job.dataset);
  requireSameSize(stored, dataset);
  const { network } = stored;
  const { train } = dataset;
  const test = firstImages(dataset.test, job.images, 'test images');
  const held = sliceImages(train, trainingShare(train.count), train.count);
  const validation = firstImages(held, job.images, 'validation images');
  const settings = { responses: requireResponses(network, stored.file), vote: job.vote, seed: job.seed };
  requireUniform(job);
  const device = await loadDevice(job.device, modelFiles);
  const conditions = { ...job, device, context: await readContext(job, stored) };
  const rated = (damage: Damage): RatedDamage => createRatedDamage(damage, job.seed);
  const groups = job.byInputs === undefined ? [] : inputDamages(network, conditions, job.byInputs).map(rated);
  const anywhere = rated(
    job.errorModel === 0
      ? uniformDamage(network, conditions)
      : modelDamage(network, conditions, job.errorModel),
  );
  const rule: StoppingRule = {
    fewest: Math.min(FEWEST_MASKS, job.trials),
    most: job.trials,
    precision: job.precision,
  };
  const pool = await createEvaluationPool(threads);
  try {
    const markAll = async (variants: readonly Float32Array[], images: ImageSet): Promise<Uint8Array[]> => {
      monitor.begin('images', variants.length * images.count);
      const advance = (count: number): void => monitor.advance(count);
      const predictions = await pool.predict(network, variants, images, settings, advance);
      return predictions.map((prediction) => marksOf(prediction, images));
    };
    const damagedBy = (images: ImageSet, clean: Uint8Array, { weights }: RatedDamage): MarkedImages => ({
      clean,
      tryMasks(ber, from, to) {
        const masks = Array.from({ length: to - from }, (_, i) => from + i);
        return markAll(
          masks.map((mask) => weights(ber, mask)),
          images,
        );
      },
    });
    const [testClean] = await markAll([network.weights], test);
    const onTest = async (ber: number, damage: RatedDamage): Promise<RatedTrial> =>
      damage.rate(await tolerate(ber, damagedBy(test, testClean!, damage), rule));
    const curve: RatedTrial[] = [];
    for (const ber of job.bers) curve.push(await onTest(ber, anywhere));

    const [validationClean] = await markAll([network.weights], validation);
    const onValidation = damagedBy(validation, validationClean!, anywhere);
    const searched = await searchToleratedRate(LOWEST, HIGHEST, job.bound, onValidation, rule);
    const search = { ...searched, trials: searched.trials.map(anywhere.rate) };
    const confirmed = search.ber === 0 ? undefined : await onTest(search.ber, anywhere);
    const confirmation = confirmed && { ...confirmed, holds: confirmed.lost.high <= job.bound };
    const byBitBer = Math.max(...job.bers);
    const alone = async (damages: readonly RatedDamage[]): Promise<RatedTrial[]> => {
      const trials: RatedTrial[] = [];
      for (const damage of damages) trials.push(await onTest(byBitBer, damage));
      return trials;
    };
    const bits = Array.from({ length: weightBits(job.format) }, (_, bit) =>
      rated(bitDamage(network, conditions, bit)),
    );
    const found = {
      clean: scoreMarks(testClean!),
      curve,
      search,
      validationClean: scoreMarks(validationClean!),
      ...(confirmation ? { confirmation } : {}),
      ...(job.byBit ? { byBit: await alone(bits), byBitBer } : {}),
      ...(groups.length > 0 ? { byInputs: await alone(groups), byBitBer } : {}),
    };
    return { ...found, rows: toleranceRows(found, job.vote) };
  } finally {
    await pool.close();
  }
}

/** Damage by numbered masks that remembers the bit error rates of each. */
interface RatedDamage {
  weights(ber: number, mask: number): Float32Array;
  /** The trial with the mean rates of its masks. */
  readonly rate: (trial: ToleranceTrial) => RatedTrial;
}

/** Mask m of every rate follows from (seed, m). */
function createRatedDamage(damage: Damage, seed: number): RatedDamage {
  const known = new Map<number, MaskRates[]>();
  return {
    weights(ber, mask) {
      const ofRate = known.get(ber) ?? [];
      known.set(ber, ofRate);
      return damage(ber, seed + mask * MASK_STRIDE, (rates) => {
        ofRate[mask] = rates;
      });
    },
    rate(trial) {
      const masks = known.get(trial.ber)!.slice(0, trial.accuracies.length);
      const chips = masks.flatMap(({ chip }) => chip ?? []);
      const places = masks.flatMap(({ placed }) => placed ?? []);
      return {
        ...trial,
        berObserved: mean(masks.map(({ observed }) => observed)),
        ...(chips.length > 0 ? { berChip: mean(chips) } : {}),
        ...(places.length > 0 ? { berPlaced: mean(places) } : {}),
      };
    },
  };
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
    throw new InputError(`single bits and groups of inputs are damaged by error model 0, not ${errorModel}`, {
      remedy: 'leave out --error-model, or --by-bit and --by-inputs',
    });
  if (ecc !== 'none')
    throw new InputError(`single bits and groups of inputs are damaged without check bits, not with ${ecc}`, {
      remedy: 'leave out --ecc, or --by-bit and --by-inputs',
    });
}

/** The outcome's trials as rows of a table. */
function toleranceRows(outcome: Omit<ToleranceOutcome, 'rows'>, vote: Vote): ToleranceRow[] {
  const { curve, search, confirmation, byBit = [], byInputs = [] } = outcome;
  const row = (
    split: Split,
    damaged_part: string,
    { ber, accuracies, interval, lost, berChip, berPlaced, berObserved }: RatedTrial,
  ): ToleranceRow => ({
    split,
    vote,
    damaged_part,
    ber_injected: ber,
    ber_chip: berChip,
    ber_placed: berPlaced,
    ber_observed: berObserved,
    accuracy: interval.estimate,
    accuracy_low: interval.low,
    accuracy_high: interval.high,
    accuracy_lost: lost.estimate,
    accuracy_lost_low: lost.low,
    accuracy_lost_high: lost.high,
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
