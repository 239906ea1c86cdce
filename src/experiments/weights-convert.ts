import { sliceImages } from '../datasets/dataset.ts';
import { requireSameSize } from '../datasets/same-size.ts';
import { InputError } from '../errors/input-error.ts';
import { requireNoObstacles } from '../errors/obstacles.ts';
import { writeWhole } from '../files/write-file.ts';
import { locate, requireNotOver } from '../inputs/locate-network.ts';
import { readDataset } from '../inputs/read-dataset.ts';
import {
  networkName,
  readAnyNetwork,
  readNetwork,
  readTensorFile,
  type StoredLayers,
} from '../inputs/read-network.ts';
import { sizeOf } from '../snn/layers/layered-network.ts';
import type { Network } from '../snn/network.ts';
import { trainingShare } from '../snn/recipes.ts';
import { roundWeights, type StorageFormat } from '../snn/weight-format.ts';
import { type Adopted, networkLike, type StatedArrays } from '../weights/foreign-weights.ts';
import { examineLayers, tensorsOfLayers } from '../weights/layers-file.ts';
import { networkOfTensors, tensorsOfNetwork } from '../weights/network-file.ts';
import { arraysOfNir, isForeignNir } from '../weights/nir-neuron.ts';
import { requireWritable, writeLayers, writeTensors } from '../weights/weight-container.ts';
import { createEvaluationPool } from './accuracy/evaluate-pool.ts';

export interface WeightsConvertJob {
  /** A network, or with `like` a file of bare arrays. */
  readonly input: string;
  /** Its ending names the format. */
  readonly output: string;
  /** Default: as the input has them, bare arrays as fp32. */
  readonly storage?: StorageFormat | undefined;
  /** Network whose image size, neuron constants and encoding bare arrays take. */
  readonly like?: string | undefined;
  /** With `like`: what is known of the arrays. */
  readonly stated?: StatedArrays | undefined;
  /** Dataset on whose training images the neurons are labelled anew. */
  readonly relabel?: string | undefined;
  /** Threads for that. */
  readonly threads: number;
}

export interface WeightsConvertOutcome {
  readonly neurons: number;
  /** Of a network of layers, how many it has, input and output included. */
  readonly layers?: number;
  readonly storage: StorageFormat;
  readonly labelled: boolean;
  readonly bytes: number;
  /** What was assumed of bare arrays, a sentence each. */
  readonly assumed: readonly string[];
  /** Arrays of the file that are not in the network. */
  readonly leftOut: readonly string[];
}

/** Writes a trained network in another format. Throws InputError for unsound input; then nothing is written. */
export async function runWeightsConvert(
  job: WeightsConvertJob,
  onImages: (count: number) => void = () => {},
): Promise<WeightsConvertOutcome> {
  requireWritable(job.output);
  requireNotOver(await locate(job.input), [job.output]);
  const read = job.like === undefined ? await readAnyNetwork(job.input) : undefined;
  if (read?.kind === 'layered') return convertLayers(read, job);
  const source = read ? { ...read, assumed: [] } : await adopt(job, job.like!);
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
  const { assumed, leftOut } = source;
  return { neurons, storage, labelled: responses !== undefined, bytes: bytes.length, assumed, leftOut };
}

/** Writes a network of layers as a file of its own kind or as a NIR graph. */
async function convertLayers(
  read: StoredLayers,
  { input, output, relabel, storage: wanted }: WeightsConvertJob,
): Promise<WeightsConvertOutcome> {
  if (relabel !== undefined)
    throw new InputError(
      '--relabel is about the neurons of a Diehl & Cook network; a network of layers names classes by itself',
      {
        place: { file: input },
        remedy: 'leave --relabel out',
      },
    );
  const storage = wanted ?? read.storage;
  const tensors = tensorsOfLayers({ ...read, storage });
  // What is written must read back: a weight may be beyond the range of its format.
  const { layers, obstacles } = examineLayers(tensors, input);
  requireNoObstacles(obstacles, { file: input });
  const bytes = await writeLayers(layers!, tensors, output);
  await writeWhole(output, bytes);
  const cells = layers!.network.layers.filter(({ kind }) => kind === 'neurons' || kind === 'competition');
  return {
    neurons: cells.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    layers: layers!.network.layers.length,
    ...{ storage, labelled: false, bytes: bytes.length, assumed: [], leftOut: [] },
  };
}

async function adopt(
  { input, stated = {} }: WeightsConvertJob,
  like: string,
): Promise<Adopted & { readonly training: string; readonly storage: StorageFormat }> {
  const [model, { tensors }] = await Promise.all([readNetwork(like), readTensorFile(input)]);
  const nir = isForeignNir(tensors);
  if (nir && stated.thetaUnit !== undefined)
    throw new InputError('--theta-unit is about an array of theta; a NIR graph has thresholds, in mV', {
      place: { file: input },
      remedy: 'leave --theta-unit out',
    });
  const file = nir ? arraysOfNir(tensors, model.network, stated.orientation, input) : tensors;
  const adopted = networkLike({ network: model.network, name: networkName(model) }, file, input, stated);
  return { ...adopted, training: '{}', storage: 'fp32' };
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
