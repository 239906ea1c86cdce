import { InputError } from '../errors/input-error.ts';
import { gunzipped, readBytes } from '../files/read-file.ts';
import { withLikeliest } from '../snn/weight-range.ts';
import { NETWORK_TENSORS, type NetworkFile, networkOfTensors } from '../weights/network-file.ts';
import type { TensorFile } from '../weights/tensor.ts';
import { readTensors } from '../weights/weight-container.ts';
import { locate } from './locate-network.ts';
import type { NoteInput } from './recorder.ts';

/** A network read from a file, and the file's bytes for the manifest. */
export interface StoredNetwork extends NetworkFile {
  readonly file: string;
  readonly bytes: Uint8Array;
  /** Arrays of the file that are not the network's. */
  readonly leftOut: readonly string[];
}

/** Most bytes of a weight file, as it lies and as gzip unpacks it. */
const LARGEST_FILE = 2 ** 28;

/**
 * Reads a trained network: a shipped name (`n400-mnist`, also written `networks/n400-mnist.safetensors`) or a file,
 * safetensors, npz or NIR by its content, and notes it under `role`. Throws InputError for neither, and for whatever
 * their readers refuse.
 */
export async function readNetwork(
  nameOrFile: string,
  note: NoteInput = () => {},
  role = 'weights',
): Promise<StoredNetwork> {
  const file = await locate(nameOrFile);
  const { bytes, tensors } = await readTensorFile(file);
  note(role, nameOrFile, bytes);
  const own: readonly string[] = NETWORK_TENSORS;
  const leftOut = [...tensors.tensors.keys(), ...(tensors.unreadable?.keys() ?? [])].filter(
    (key) => !own.includes(key),
  );
  return { ...networkOfTensors(tensors, file), file, bytes, leftOut };
}

/** The tensors of a file of weights, which may be gzip, at most 256 MiB; and its bytes. Throws InputError as `readTensors`. */
export async function readTensorFile(file: string): Promise<{ bytes: Uint8Array; tensors: TensorFile }> {
  const { bytes, content } = await readWeightBytes(file);
  return { bytes, tensors: await readTensors(content, file) };
}

/** The bytes of a file of weights, and what gzip unpacks of them; at most 256 MiB. */
export async function readWeightBytes(
  file: string,
): Promise<{ readonly bytes: Uint8Array; readonly content: Uint8Array }> {
  const bytes = await readBytes(file, { what: 'cannot read the weights', limit: LARGEST_FILE });
  return { bytes, content: gunzipped(bytes, file, LARGEST_FILE) };
}

/** The network under a ceiling of its weights that a job gives. Throws InputError for one below the largest weight. */
export function underCeiling(stored: StoredNetwork, ceiling: number | undefined): StoredNetwork {
  if (ceiling === undefined) return stored;
  const { network, file } = stored;
  const { ceiling: largest } = network;
  if (!(ceiling >= largest))
    throw new InputError(`a ceiling of ${ceiling}, but the largest weight is ${largest}`, {
      place: { file },
      remedy: 'leave out --ceiling, or give that weight or more',
    });
  return { ...stored, network: { ...network, ...withLikeliest(network.weights, ceiling) } };
}

/** What results call a network: its file's name without folder and ending. */
export const networkName = ({ file }: Pick<StoredNetwork, 'file'>): string =>
  file.replace(/^.*[/\\]/, '').replace(/\.safetensors$/, '');
