import { networkOfTensors, tensorsOfNetwork } from '../snn/network-file.ts';
import type { StorageFormat } from '../snn/weight-format.ts';
import { readBytes, writeWhole } from './files.ts';
import { networkLike } from './foreign-weights.ts';
import { readNetwork } from './read-network.ts';
import { formatTensors, parseTensors } from './weight-container.ts';

export interface WeightsConvertJob {
  /** A network, or with `like` a file of bare arrays. */
  readonly input: string;
  /** Its ending names the format. */
  readonly output: string;
  /** Default: as the input has them, bare arrays as fp32. */
  readonly storage?: StorageFormat | undefined;
  /** Network whose sizes, neuron constants and encoding bare arrays take. */
  readonly like?: string | undefined;
}

export interface WeightsConvertOutcome {
  readonly neurons: number;
  readonly storage: StorageFormat;
  readonly labelled: boolean;
  readonly bytes: number;
}

/** Writes a trained network in another format. Throws InputError for unsound input; then nothing is written. */
export async function runWeightsConvert(job: WeightsConvertJob): Promise<WeightsConvertOutcome> {
  const source = job.like === undefined ? await readNetwork(job.input) : await adopt(job.input, job.like);
  const storage = job.storage ?? source.storage;
  const tensors = tensorsOfNetwork({ network: source.network, training: source.training, storage });
  // What is written must read back: this is where bare arrays meet the checks of every network.
  const { network } = networkOfTensors(tensors, job.input);
  const bytes = formatTensors(tensors, job.output);
  await writeWhole(job.output, bytes);
  const { neurons, responses } = network;
  return { neurons, storage, labelled: responses !== undefined, bytes: bytes.length };
}

async function adopt(
  input: string,
  like: string,
): Promise<{ network: ReturnType<typeof networkLike>; training: string; storage: StorageFormat }> {
  const [model, bytes] = await Promise.all([readNetwork(like), readBytes(input)]);
  const network = networkLike(model.network, parseTensors(bytes, input), input);
  return { network, training: '{}', storage: 'fp32' };
}
