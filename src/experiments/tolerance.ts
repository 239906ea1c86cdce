import { sliceImages } from '../datasets/dataset.ts';
import { firstImages } from '../datasets/first-images.ts';
import { requireSameSize } from '../datasets/same-size.ts';
import { InputError } from '../errors/input-error.ts';
import { loadDevice } from '../hardware/load-device.ts';
import { modelFiles } from '../inputs/model-files.ts';
import { readDataset } from '../inputs/read-dataset.ts';
import { readAnyNetwork, underCeiling } from '../inputs/read-network.ts';
import { readContext } from '../inputs/read-prior.ts';
import { TOLERANCE, type ToleranceInput, type ToleranceJob } from '../settings/jobs/tolerance.ts';
import { completeJob } from '../settings/parse-job.ts';
import { trainingShare } from '../snn/recipes.ts';
import { weightBits } from '../snn/weight-format.ts';
import { marksOf } from '../sparkxd/accuracy.ts';
import {
  bitDamage,
  type Damage,
  inputDamages,
  modelDamage,
  uniformDamage,
} from '../sparkxd/tolerance-damage.ts';
import { requireResponses } from '../weights/network-file.ts';
import { createEvaluationPool } from './accuracy/evaluate-pool.ts';
import { refuseLayeredSettings } from './layers/layered-job.ts';
import { layersTolerance } from './layers/tolerance-layers.ts';
import { type PhaseMonitor, SILENT } from './monitor.ts';
import { studyDamages, type ToleranceOutcome } from './tolerance/damages.ts';
import { createRatedDamage, openTolerance, type RatedDamage } from './tolerance/study.ts';

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
  const read = await readAnyNetwork(job.weights);
  if (read.kind === 'layered') return layersTolerance(job, read, threads, monitor);
  refuseLayeredSettings(job, read.file);
  if (job.byLayer)
    throw new InputError(
      '--by-layer is of layered networks, and this is one of Diehl & Cook: it has one layer',
      {
        place: { file: read.file },
        remedy: 'leave out --by-layer; --by-inputs damages parts of the layer alone',
      },
    );
  const stored = underCeiling(read, job.ceiling);
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
  const rated = (damage: Damage): RatedDamage<Float32Array> => createRatedDamage(damage, job.seed);
  const groups = job.byInputs === undefined ? [] : inputDamages(network, conditions, job.byInputs).map(rated);
  const anywhere = rated(
    job.errorModel === 0
      ? uniformDamage(network, conditions)
      : modelDamage(network, conditions, job.errorModel),
  );
  const bits = job.byBit
    ? Array.from({ length: weightBits(job.format) }, (_, bit) => rated(bitDamage(network, conditions, bit)))
    : [];
  const pool = await createEvaluationPool(threads);
  try {
    const study = await openTolerance(job, network.weights, async (variants, split) => {
      const images = split === 'test' ? test : validation;
      monitor.begin('images', variants.length * images.count);
      const predictions = await pool.predict(network, variants, images, settings, monitor.advance);
      return predictions.map((prediction) => marksOf(prediction, images));
    });
    return await studyDamages(job, study, { vote: job.vote, anywhere, bits, groups });
  } finally {
    await pool.close();
  }
}

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
