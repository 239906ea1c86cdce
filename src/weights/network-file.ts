import type { z } from 'zod';
import { expectation } from '../errors/expectation.ts';
import { InputError } from '../errors/input-error.ts';
import type { ClassResponses, Network } from '../snn/network.ts';
import { inputCount } from '../snn/network.ts';
import { neuronLabels } from '../snn/neuron-labels.ts';
import { encodingSchema, firstComplaint, neuronConstantsSchema, shapeSchema } from '../snn/schemas.ts';
import { MAXIMUM_WEIGHT } from '../snn/stdp.ts';
import { decodeWeights, type StorageFormat, unpackCodes, weightBits } from '../snn/weight-format.ts';
import { rangeOf } from '../snn/weight-range.ts';
import { formatSafetensors, parseSafetensors } from './safetensors.ts';
import { STORED_AS, storageOfType, storedTensor } from './stored-tensor.ts';
import { type ElementType, type Tensor, type TensorFile, takeTensor } from './tensor.ts';

/**
 * A trained network as a safetensors file.
 *
 * | tensor | type, shape | |
 * |---|---|---|
 * | `weight` | F32, F16 or BF16, inputs x neurons | input to excitatory, 0 to 1 |
 * | `theta` | F32, neurons | adaptive part of the threshold, mV |
 * | `class_spikes` | U32, neurons x classes | spikes of each neuron on labelled images of each class |
 * | `class_images` | U32, classes | how many images of each class were shown |
 * | `label` | U8, neurons | the class assigned to each neuron, 255 for none; follows from the two above |
 *
 * The last three are absent from a network that has not been labelled. Metadata: `format`, `network` (sizes, weight sum), `neuron`
 * (constants), `encoding`, and `training`, what the network was made from, each but the first as JSON.
 */
const FORMAT = 'sparkxd-network-1';

/** Whether tensors are those of such a network. */
export const isDiehlCookFile = ({ metadata }: Pick<TensorFile, 'metadata'>): boolean =>
  metadata.get('format') === FORMAT;

/** The tensors of a network; a file may hold others, which are not read. */
export const NETWORK_TENSORS = ['weight', 'theta', 'class_spikes', 'class_images', 'label'] as const;

/** A network and the record of its training, which only people and `train --manifest` read. */
export interface NetworkFile {
  readonly network: Network;
  /** JSON. */
  readonly training: string;
  /** How the file holds the weights. */
  readonly storage: StorageFormat;
}

/** Bytes of the safetensors file. Weights that `storage` cannot hold exactly are rounded. */
export function formatNetwork(network: NetworkFile): Uint8Array {
  return formatSafetensors(tensorsOfNetwork(network));
}

/** The network as named tensors and metadata, for any container that holds these. */
export function tensorsOfNetwork({ network, training, storage }: NetworkFile): TensorFile {
  const { imageRows, imageColumns, neurons, weightSum, constants, encoding, weights, theta, responses } =
    network;
  const tensors = new Map<string, Tensor>([
    ['weight', storedTensor([inputCount(network), neurons], weights, storage)],
    ['theta', tensor('F32', [neurons], theta)],
  ]);
  if (responses) {
    const classes = responses.images.length;
    tensors.set('class_spikes', tensor('U32', [neurons, classes], responses.spikes));
    tensors.set('class_images', tensor('U32', [classes], responses.images));
    tensors.set('label', tensor('U8', [neurons], neuronLabels(responses)));
  }
  const metadata = new Map([
    ['format', FORMAT],
    ['network', JSON.stringify({ imageRows, imageColumns, neurons, weightSum })],
    ['neuron', JSON.stringify(constants)],
    ['encoding', JSON.stringify(encoding)],
    ['training', training],
  ]);
  return { tensors, metadata };
}

/**
 * Reads what `formatNetwork` wrote. Throws InputError for a file of another kind, missing or misshapen tensors, weights
 * that are not between 0 and 1 (NaN among them), and labels that do not follow from the recorded responses.
 */
export function parseNetwork(bytes: Uint8Array, name: string): NetworkFile {
  return networkOfTensors(parseSafetensors(bytes, name), name);
}

/** The inverse of `tensorsOfNetwork`, with the errors of `parseNetwork`. */
export function networkOfTensors(file: TensorFile, name: string): NetworkFile {
  const refuse = (what: string, remedy?: string): InputError =>
    new InputError(what, { place: { file: name }, ...(remedy ? { remedy } : {}) });
  if (file.metadata.get('format') !== FORMAT) {
    const reason = file.unreadable?.get('metadata');
    throw refuse(
      `not a network of this program: ${reason === undefined ? `its metadata has no "format" ${FORMAT}` : `its metadata cannot be read: ${reason}`}`,
      'make one with sparkxd train, or from arrays with sparkxd weights convert --like NETWORK',
    );
  }
  for (const key of NETWORK_TENSORS) if (file.unreadable?.has(key)) takeTensor(file, key, name);

  const json = <T>(key: string, schema: z.ZodType<T>): T => parseMetadata(file, key, schema, refuse);
  const size = json('network', shapeSchema);
  const constants = json('neuron', neuronConstantsSchema);
  const encoding = json('encoding', encodingSchema);
  const take = <T>(
    key: string,
    type: ElementType,
    shape: readonly number[],
    values: (bytes: Uint8Array) => T,
  ): T => values(requireTensor(file, key, type, shape, refuse).bytes);

  const inputs = size.imageRows * size.imageColumns;
  // A weight of any other type is reported as not being FP32.
  const storage = storageOfType(file.tensors.get('weight')?.type) ?? 'fp32';
  const weights = take('weight', STORED_AS[storage], [inputs, size.neurons], (bytes) => {
    const bits = weightBits(storage);
    return decodeWeights(unpackCodes(bytes, bits, inputs * size.neurons), storage);
  });
  const strange = weights.findIndex((weight) => !(weight >= 0 && weight <= MAXIMUM_WEIGHT));
  if (strange >= 0)
    throw refuse(
      `weight ${weights[strange]} from input ${Math.floor(strange / size.neurons)} to neuron ${strange % size.neurons} is not between 0 and ${MAXIMUM_WEIGHT}`,
    );
  const theta = take('theta', 'F32', [size.neurons], readFloats);
  const lowest = constants.resetPotentialMv - constants.thresholdMv;
  const unsound = theta.findIndex((value) => !(value > lowest && value < Number.POSITIVE_INFINITY));
  if (unsound >= 0)
    throw refuse(`theta ${theta[unsound]} mV of neuron ${unsound} is not a finite number above ${lowest} mV`);

  const unlabelled = { ...size, ...rangeOf(weights), constants, encoding, weights, theta };
  const training = file.metadata.get('training') ?? '{}';
  if (!file.tensors.has('class_spikes')) {
    const lone = ['label', 'class_images'].find((key) => file.tensors.has(key));
    if (lone === undefined) return { network: unlabelled, training, storage };
    throw refuse(
      `"${lone}" without "class_spikes", the responses that labels follow from and votes use`,
      'leave it out and label anew with --relabel',
    );
  }

  const classes = file.tensors.get('class_images')?.shape[0] ?? 0;
  const responses: ClassResponses = {
    spikes: take('class_spikes', 'U32', [size.neurons, classes], readWords),
    images: take('class_images', 'U32', [classes], readWords),
  };
  const labels = take('label', 'U8', [size.neurons], (label) => label);
  const expected = neuronLabels(responses);
  const odd = labels.findIndex((label, neuron) => label !== expected[neuron]);
  if (odd >= 0)
    throw refuse(
      `neuron ${odd} is labelled ${labels[odd]}, its responses say ${expected[odd]}`,
      'label it anew',
    );
  return { network: { ...unlabelled, responses }, training, storage };
}

/** The network's responses to labelled images; InputError if it has none, since it then cannot name a class. */
export function requireResponses({ responses }: Network, name: string): ClassResponses {
  if (responses) return responses;
  throw new InputError('the network has no neuron labels, so its spikes name no class', {
    place: { file: name },
    remedy: 'label it from training images with sparkxd evaluate --relabel',
  });
}

function parseMetadata<T>(
  file: TensorFile,
  key: string,
  schema: z.ZodType<T>,
  refuse: (what: string) => InputError,
): T {
  const text = file.metadata.get(key);
  if (text === undefined) throw refuse(`its metadata has no "${key}"`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refuse(`its metadata "${key}" is not JSON`);
  }
  const result = schema.safeParse(value, { error: expectation });
  if (!result.success) throw refuse(`its metadata "${key}" is not valid: ${firstComplaint(result.error)}`);
  return result.data;
}

function requireTensor(
  file: TensorFile,
  key: string,
  type: ElementType,
  shape: readonly number[],
  refuse: (what: string) => InputError,
): Tensor {
  const found = file.tensors.get(key);
  if (!found) throw refuse(`it has no tensor "${key}"`);
  if (found.type !== type || found.shape.join() !== shape.join())
    throw refuse(
      `tensor "${key}" is ${found.type} ${found.shape.join(' x ')}, expected ${type} ${shape.join(' x ')}`,
    );
  return found;
}

function tensor(
  type: ElementType,
  shape: readonly number[],
  values: Float32Array | Uint32Array | Uint8Array,
): Tensor {
  if (values instanceof Uint8Array) return { type, shape, bytes: values };
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (let k = 0; k < values.length; k++)
    if (type === 'F32') view.setFloat32(k * 4, values[k]!, true);
    else view.setUint32(k * 4, values[k]!, true);
  return { type, shape, bytes };
}

function readFloats(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float32Array(bytes.length / 4);
  for (let k = 0; k < values.length; k++) values[k] = view.getFloat32(k * 4, true);
  return values;
}

function readWords(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Uint32Array(bytes.length / 4);
  for (let k = 0; k < values.length; k++) values[k] = view.getUint32(k * 4, true);
  return values;
}
