import type { ImageSet } from '../datasets/dataset.ts';
import { firstImages } from '../datasets/first-images.ts';
import { requireSameSize } from '../datasets/same-size.ts';
import { InputError } from '../errors/input-error.ts';
import { createEvaluationPool } from '../experiments/accuracy/evaluate-pool.ts';
import { refuseLayeredSettings } from '../experiments/layers/layered-job.ts';
import { readCurve } from '../experiments/training/training-curve.ts';
import { openMemory } from '../inputs/open-memory.ts';
import { readDataset } from '../inputs/read-dataset.ts';
import { readAnyNetwork, readNetwork, type StoredNetwork } from '../inputs/read-network.ts';
import { createInputRecorder } from '../inputs/recorder.ts';
import { PICTURE, type PictureInput, type PictureJob } from '../settings/jobs/picture.ts';
import { completeJob } from '../settings/parse-job.ts';
import type { InputSpikes } from '../snn/encoder.ts';
import { createInference, createInput } from '../snn/infer.ts';
import { inputCount, type Network } from '../snn/network.ts';
import { scorePredictions } from '../sparkxd/accuracy.ts';
import { requireResponses } from '../weights/network-file.ts';
import { chartSvg } from './chart-svg.ts';
import { confusionCounts, confusionSvg } from './confusion-svg.ts';
import { layeredRaster } from './layered-raster.ts';
import { encodePng } from './png.ts';
import { rasterSvg, type Spike } from './raster-svg.ts';
import { firstNeurons, receptiveFields, sideBySide } from './receptive-fields.ts';
import { trainingCurveChart } from './training-curve.ts';

/** Receptive fields of a picture by default. */
const FIELDS_SHOWN = 100;

/** The bytes of a picture file: PNG or SVG. Throws InputError for what the network, images or chip do not have. */
export async function runPicture(input: PictureInput, threads = 1): Promise<Uint8Array | string> {
  const job = completeJob(PICTURE, input);
  if (job.kind === 'accuracy') return accuracyCurves(job.curves ?? []);
  if (job.kind === 'raster') {
    const read = await readAnyNetwork(job.weights);
    if (read.kind === 'layered') return layeredRaster(job, read);
    refuseLayeredSettings(job, read.file);
  }
  const stored = await readNetwork(job.weights);
  const { network } = stored;
  const weights = await heldWeights(job, stored);
  if (job.kind === 'fields') {
    const shown = shownNeurons(job, network);
    const columns = Math.ceil(Math.sqrt(shown));
    const clean = receptiveFields(
      { ...network, neurons: shown },
      firstNeurons(network, network.weights, shown),
      columns,
    );
    if (job.supply === undefined) return encodePng(clean);
    return encodePng(
      sideBySide(
        clean,
        receptiveFields({ ...network, neurons: shown }, firstNeurons(network, weights, shown), columns),
      ),
    );
  }
  const dataset = await readDataset(job.dataset);
  requireSameSize(stored, dataset);
  const words = `${job.weights}, ${job.supply === undefined ? 'as trained' : `${job.supply} V, chip ${job.chip}, repair ${job.repair}`}`;
  if (job.kind === 'raster') return raster(job, network, weights, dataset.test, words);

  const images = firstImages(dataset.test, job.images, 'test images');
  const responses = requireResponses(network, stored.file);
  const pool = await createEvaluationPool(threads);
  try {
    const settings = { responses, vote: job.vote, seed: job.seed };
    const [predictions] = await pool.predict(network, [weights], images, settings);
    const classes = responses.images.length;
    const { accuracy } = scorePredictions(predictions!, images);
    return confusionSvg(
      confusionCounts(images.labels, predictions!, classes),
      classes,
      `${words}: ${(accuracy * 100).toFixed(2)} % of ${images.count} images`,
    );
  } finally {
    await pool.close();
  }
}

/** A line a training. Throws InputError without a curve to draw. */
async function accuracyCurves(files: readonly string[]): Promise<string> {
  if (files.length === 0)
    throw new InputError('`picture accuracy` draws curves of trainings', {
      remedy: 'name one or several with --curve FILE; sparkxd train --curve FILE writes them',
    });
  return chartSvg(trainingCurveChart(await Promise.all(files.map(readCurve))).spec);
}

/** How many neurons `fields` shows. Throws InputError if the network has fewer. */
function shownNeurons({ neurons, weights }: PictureJob, network: Network): number {
  if (neurons === undefined) return Math.min(FIELDS_SHOWN, network.neurons);
  if (neurons > network.neurons)
    throw new InputError(`${neurons} neurons are requested, ${weights} has ${network.neurons}`);
  return neurons;
}

/** The weights as the chip gives them back, or as trained. */
async function heldWeights(job: PictureJob, stored: StoredNetwork): Promise<Float32Array> {
  if (job.supply === undefined) return stored.network.weights;
  const memory = await openMemory(job, stored, createInputRecorder(), () => readDataset(job.dataset));
  return memory.hold(memory.at(job.chip, job.supply, job.mapping)).weights;
}

function raster(
  { image, seed }: PictureJob,
  network: Network,
  weights: Float32Array,
  test: ImageSet,
  words: string,
): string {
  if (image >= test.count)
    throw new InputError(`there is no test image ${image}`, {
      remedy: `they are numbered 0 to ${test.count - 1}`,
    });
  const input = createInput(network, test, seed)(image);
  const { steps } = input;
  const title = `test image ${image}, label ${test.labels[image]}; ${words}`;
  return rasterSvg(
    { units: inputCount(network), spikes: inputSpikes(input) },
    { units: network.neurons, spikes: neuronSpikes(network, weights, input) },
    steps,
    title,
  );
}

function inputSpikes({ steps, offsets, inputs }: InputSpikes): Spike[] {
  const spikes: Spike[] = [];
  for (let step = 0; step < steps; step++)
    for (let i = offsets[step]!; i < offsets[step + 1]!; i++) spikes.push({ step, unit: inputs[i]! });
  return spikes;
}

/** When each neuron fires: what a presentation cut off after step t counts more than one cut off a step before. */
function neuronSpikes(network: Network, weights: Float32Array, input: InputSpikes): Spike[] {
  const inference = createInference(network);
  inference.setWeights(weights);
  const spikes: Spike[] = [];
  let before = new Uint16Array(network.neurons);
  for (let step = 0; step < input.steps; step++) {
    const counts = inference.respond({ ...input, steps: step + 1 }).slice();
    counts.forEach((count, unit) => {
      if (count > before[unit]!) spikes.push({ step, unit });
    });
    before = counts;
  }
  return spikes;
}
