import { InputError } from '../errors/input-error.ts';
import { asOne } from '../errors/obstacles.ts';
import { gunzipped, readBytes } from '../files/read-file.ts';
import type { LayeredNetwork } from '../snn/layers/layered-network.ts';
import { withLikeliest } from '../snn/weight-range.ts';
import { examineNetwork } from '../weights/any-network.ts';
import type { LayerFile } from '../weights/layer-file.ts';
import { NETWORK_TENSORS, type NetworkFile } from '../weights/network-file.ts';
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

/** A network of layers read from a file, and the file's bytes for the manifest. */
export interface StoredLayers extends LayerFile {
  readonly file: string;
  readonly bytes: Uint8Array;
}

export type AnyNetwork =
  | ({ readonly kind: 'diehl-cook' } & StoredNetwork)
  | ({ readonly kind: 'layered' } & StoredLayers);

/**
 * Reads a network of Diehl & Cook or of layers: a shipped name (`n400-mnist`, also written `networks/n400-mnist.safetensors`) or a
 * file, safetensors, npz or NIR by its content, and notes it under `role`. Throws InputError for neither, and one with all that keeps
 * the file from being a network.
 */
export async function readAnyNetwork(
  nameOrFile: string,
  note: NoteInput = () => {},
  role = 'weights',
): Promise<AnyNetwork> {
  const file = await locate(nameOrFile);
  const { bytes, content } = await readWeightBytes(file);
  note(role, nameOrFile, bytes);
  const examined = await examineNetwork(content, file);
  if (examined.kind === 'layered') return { kind: 'layered', ...examined.layers, file, bytes };
  if (examined.kind === 'none') throw asOne(examined.obstacles, { file });
  const { tensors, network } = examined;
  const own: readonly string[] = NETWORK_TENSORS;
  const leftOut = [...tensors.tensors.keys(), ...(tensors.unreadable?.keys() ?? [])].filter(
    (key) => !own.includes(key),
  );
  return { kind: 'diehl-cook', ...network, file, bytes, leftOut };
}

/** Commands that take networks of layers. */
const TAKE_LAYERS = [
  'evaluate',
  'tolerance',
  'run',
  'sweep',
  'map',
  'errors explain',
  'record',
  'replay',
  'simulate',
  'picture raster',
  'weights show',
  'weights convert',
  'weights damage',
];

/** As `readAnyNetwork`, for what runs networks of Diehl & Cook alone. Throws InputError also for one of layers. */
export async function readNetwork(
  nameOrFile: string,
  note: NoteInput = () => {},
  role = 'weights',
): Promise<StoredNetwork> {
  const read = await readAnyNetwork(nameOrFile, note, role);
  if (read.kind === 'diehl-cook') {
    const { kind: _, ...stored } = read;
    return stored;
  }
  throw new InputError(
    `a network of layers (${layersInWords(read.network)}), where one of Diehl & Cook is needed`,
    {
      place: { file: read.file },
      remedy: `commands that take networks of layers: ${TAKE_LAYERS.join(', ')}`,
    },
  );
}

/** Layers that a message names. */
const MOST_NAMED = 8;

/** "784, dense 128, lif, dense 10, lif" */
export function layersInWords({ layers }: LayeredNetwork): string {
  const inner = layers.slice(0, -1).map((layer) => {
    if (layer.kind === 'neurons') return layer.model;
    const shape = layer.shape.join(' x ');
    return layer.kind === 'input' ? shape : `${layer.kind} ${shape}`;
  });
  const more = inner.length > MOST_NAMED ? ` and ${inner.length - MOST_NAMED} more` : '';
  return `${inner.slice(0, MOST_NAMED).join(', ')}${more}`;
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
