import { type Dataset, type ImageSet, sliceImages } from '../datasets/dataset.ts';
import { firstImages } from '../datasets/first-images.ts';
import { requireSameSize } from '../datasets/same-size.ts';
import { InputError } from '../errors/input-error.ts';
import { loadDevice } from '../hardware/load-device.ts';
import { modelFiles } from '../inputs/model-files.ts';
import { openMemory } from '../inputs/open-memory.ts';
import { readDataset } from '../inputs/read-dataset.ts';
import { readAnyNetwork, type StoredNetwork, underCeiling } from '../inputs/read-network.ts';
import { readContext } from '../inputs/read-prior.ts';
import { createInputRecorder, type Remark } from '../inputs/recorder.ts';
import type { EvaluateRow } from '../results/tables.ts';
import { EVALUATE, type EvaluateInput, type EvaluateJob } from '../settings/jobs/evaluate.ts';
import { completeJob } from '../settings/parse-job.ts';
import type { Network } from '../snn/network.ts';
import { trainingShare } from '../snn/recipes.ts';
import { ADAPTATION_RATE, adaptThresholds } from '../sparkxd/adapt-thresholds.ts';
import { curveInUse } from '../sparkxd/curve-use.ts';
import { loadWeights, repairOf } from '../sparkxd/repair-on-load.ts';
import { uniformErrors } from '../sparkxd/tolerance-damage.ts';
import { requireResponses } from '../weights/network-file.ts';
import { createEvaluationPool } from './accuracy/evaluate-pool.ts';
import { evaluateVariants } from './accuracy/evaluate-variants.ts';
import { withOptimisedThreshold } from './accuracy/optimised-threshold.ts';
import { evaluateLayers } from './layers/evaluate-layers.ts';
import { refuseLayeredSettings } from './layers/layered-job.ts';
import { type PhaseMonitor, SILENT } from './monitor.ts';

/** Weights as loaded, and what was wrong with them in memory. */
type Damaged = Pick<
  EvaluateRow,
  'flipped_bits' | 'ber_observed' | 'ber_chip' | 'ber_placed' | 'module' | 'latency_curve'
> & {
  readonly weights: Float32Array;
};

/** `sparkxd evaluate`: accuracy of stored weights. Throws InputError for input that cannot serve. */
export async function runEvaluate(
  input: EvaluateInput,
  threads = 1,
  monitor: PhaseMonitor = SILENT,
): Promise<EvaluateRow> {
  const job = completeJob(EVALUATE, input);
  if (job.supply !== undefined && job.ber > 0)
    throw new InputError('bit errors are those of a chip at a supply, or flipped at a rate', {
      remedy: 'give --supply or --ber, not both',
    });
  requireOneThresholdPolicy(job);
  const stored = await readAnyNetwork(job.weights);
  if (stored.kind === 'layered') return evaluateLayers(job, stored, threads, monitor);
  refuseLayeredSettings(job, stored.file);
  const dataset = await readDataset(job.dataset);
  const images = imagesOf(dataset, job);
  requireSameSize(stored, dataset);
  const labelling = sliceImages(dataset.train, 0, trainingShare(dataset.train.count));
  const shown =
    job.optimiseThreshold === undefined
      ? undefined
      : firstImages(
          labelling,
          job.optimiseThreshold,
          `labelling images of ${dataset.name}`,
          '--optimise-threshold',
        );
  const damaged =
    job.supply === undefined
      ? await flippedAnywhere(stored, job)
      : await readFromChip(stored, dataset, { ...job, supply: job.supply }, monitor.remark);

  const pool = await createEvaluationPool(threads);
  try {
    const { weights, ...errors } = damaged;
    if (shown !== undefined) {
      const work = { pool, stored, weights, shown, images, vote: job.vote, seed: job.seed };
      return {
        ...(await withOptimisedThreshold(work, monitor)),
        split: job.split,
        vote: job.vote,
        ...errors,
      };
    }
    const relabels = job.relabel || job.adapt !== undefined;
    monitor.begin('evaluating', images.count + (relabels ? labelling.count : 0));
    const theta = adaptedTheta(stored, weights, labelling, job);
    const network: Network = { ...stored.network, weights, theta };
    const onImages = (count: number) => monitor.advance(count);
    const responses = relabels
      ? await pool.respond(network, labelling, job.seed, onImages)
      : requireResponses(network, stored.file);
    const settings = { responses, vote: job.vote, seed: job.seed };
    const [found] = await evaluateVariants(pool, network, [weights], images, settings, onImages);
    const { accuracy, low, high, images: count, correct } = found!;
    return {
      split: job.split,
      vote: job.vote,
      accuracy,
      accuracy_low: low,
      accuracy_high: high,
      images: count,
      correct,
      ...errors,
    };
  } finally {
    await pool.close();
  }
}

/** The network's thresholds, or those that bring its damaged neurons back to their share of spikes. */
function adaptedTheta(
  { network, file }: StoredNetwork,
  weights: Float32Array,
  images: ImageSet,
  { adapt, seed }: EvaluateJob,
): Float32Array {
  if (adapt === undefined) return network.theta;
  const responses = requireResponses(network, file);
  const settings = { presentations: adapt, rateMv: ADAPTATION_RATE, seed };
  return adaptThresholds({ ...network, responses }, weights, images, settings);
}

/** Throws InputError for two ways of changing thresholds or labels, whose gains could not be told apart. */
function requireOneThresholdPolicy({ optimiseThreshold, adapt, relabel }: EvaluateJob): void {
  if (optimiseThreshold === undefined || (adapt === undefined && !relabel)) return;
  const other = adapt === undefined ? '--relabel' : '--adapt';
  throw new InputError(`--optimise-threshold and ${other} change the same network in two ways`, {
    remedy: `its control is the same weights with thresholds and labels as trained: leave out one of the two`,
  });
}

/** The network's weights in the job's format with errors at its rate anywhere, as repaired on load. */
async function flippedAnywhere(given: StoredNetwork, job: EvaluateJob): Promise<Damaged> {
  const stored = underCeiling(given, job.ceiling);
  const { format, ber, repair, seed } = job;
  const context = await readContext(job, stored);
  if (repairOf(repair).needsPrior && ber === 0)
    throw new InputError(`the repair "${repair}" is made for a bit error rate`, {
      remedy: 'give one with --ber, or a chip with --supply',
    });
  const { network } = stored;
  const device = await loadDevice(job.device, modelFiles);
  const { flippedBits, storedBits, codes } = uniformErrors(network, { ...job, device })(ber, seed);
  return {
    weights: loadWeights(codes, format, repair, network, context?.learn(format, ber)),
    flipped_bits: flippedBits,
    ber_observed: flippedBits / storedBits,
  };
}

/** The weights as one chip gives them back at a supply, as repaired on load. */
async function readFromChip(
  stored: StoredNetwork,
  dataset: Dataset,
  job: EvaluateJob & { readonly supply: number },
  remark: Remark | undefined,
): Promise<Damaged> {
  const memory = await openMemory(job, stored, createInputRecorder(remark), async () => dataset);
  const held = memory.hold(memory.at(job.chip, job.supply, job.mapping));
  return {
    weights: held.weights,
    flipped_bits: held.flippedBits,
    ber_chip: held.berChip,
    ber_placed: held.berPlaced,
    ber_observed: held.berObserved,
    module: memory.module(job.chip),
    latency_curve: curveInUse(memory.device, {
      timing: job.timing,
      latencies: false,
      profile: memory.profile,
    }),
  };
}

/** The images that the job is about; InputError if there are fewer. */
function imagesOf({ name, train, test }: Dataset, { split, images }: EvaluateJob): ImageSet {
  const all = split === 'test' ? test : sliceImages(train, trainingShare(train.count), train.count);
  return firstImages(all, images, `${split} images of ${name}`);
}
