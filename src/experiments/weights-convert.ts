import { sliceImages } from '../datasets/dataset.ts';
import { requireSameSize } from '../datasets/same-size.ts';
import { readBytes } from '../files/read-file.ts';
import { writeWhole } from '../files/write-file.ts';
import { readDataset } from '../inputs/read-dataset.ts';
import { readNetwork } from '../inputs/read-network.ts';
import type { Network } from '../snn/network.ts';
import { trainingShare } from '../snn/recipes.ts';
import { roundWeights, type StorageFormat } from '../snn/weight-format.ts';
import { chooseArrays, networkLike } from '../weights/foreign-weights.ts';
import { networkOfTensors, tensorsOfNetwork } from '../weights/network-file.ts';
import { thetaOfNir } from '../weights/nir-neuron.ts';
import { readTensors, writeTensors } from '../weights/weight-container.ts';
import { createEvaluationPool } from './accuracy/evaluate-pool.ts';

export interface WeightsConvertJob {
  /** A network, or with `like` a file of bare arrays. */
  readonly input: string;
  /** Its ending names the format. */
  readonly output: string;
  /** Default: as the input has them, bare arrays as fp32. */
  readonly storage?: StorageFormat | undefined;
  /** Network whose sizes, neuron constants and encoding bare arrays take. */
  readonly like?: string | undefined;
  /** With `like`: names of the arrays `weight` and `theta` in the file; others are then left out. */
  readonly arrays?: Readonly<Partial<Record<string, string>>> | undefined;
  /** Dataset on whose training images the neurons are labelled anew. */
  readonly relabel?: string | undefined;
  /** Threads for that. */
  readonly threads: number;
}

export interface WeightsConvertOutcome {
  readonly neurons: number;
  readonly storage: StorageFormat;
  readonly labelled: boolean;
  readonly bytes: number;
}

/** Writes a trained network in another format. Throws InputError for unsound input; then nothing is written. */
export async function runWeightsConvert(
  job: WeightsConvertJob,
  onImages: (count: number) => void = () => {},
): Promise<WeightsConvertOutcome> {
  const source = job.like === undefined ? await readNetwork(job.input) : await adopt(job, job.like);
  const storage = job.storage ?? source.storage;
  // Labels must follow from the weights that are written.
  const rounded = { ...source.network, weights: roundWeights(source.network.weights, storage) };
  const labelled =
    job.relabel === undefined ? source.network : await relabelled(rounded, job.relabel, job, onImages);
  const tensors = tensorsOfNetwork({ network: labelled, training: source.training, storage });
  // What is written must read back: this is where bare arrays meet the checks of every network.
  const { network } = networkOfTensors(tensors, job.input);
  const bytes = await writeTensors(tensors, network.constants, job.output);
  await writeWhole(job.output, bytes);
  const { neurons, responses } = network;
  return { neurons, storage, labelled: responses !== undefined, bytes: bytes.length };
}

async function adopt(
  { input, arrays }: WeightsConvertJob,
  like: string,
): Promise<{ network: Network; training: string; storage: StorageFormat }> {
  const [model, bytes] = await Promise.all([readNetwork(like), readBytes(input)]);
  const file = thetaOfNir(await readTensors(bytes, input), model.network.constants, input);
  const network = networkLike(model.network, arrays ? chooseArrays(file, arrays, input) : file, input);
  return { network, training: '{}', storage: 'fp32' };
}

/** Seed of the input spikes that label, the default of `evaluate --relabel`. */
const LABELLING_SEED = 1;

/** The network with the responses of its neurons to the images that train, which `evaluate --relabel` shows too. */
async function relabelled(
  network: Network,
  name: string,
  { input, threads }: WeightsConvertJob,
  onImages: (count: number) => void,
): Promise<Network> {
  const dataset = await readDataset(name);
  requireSameSize({ network, file: input }, dataset);
  const images = sliceImages(dataset.train, 0, trainingShare(dataset.train.count));
  const pool = await createEvaluationPool(threads);
  try {
    return { ...network, responses: await pool.respond(network, images, LABELLING_SEED, onImages) };
  } finally {
    await pool.close();
  }
}
