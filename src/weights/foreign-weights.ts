import { InputError } from '../errors/input-error.ts';
import { suggest } from '../errors/suggest.ts';
import { inputCount, type Network } from '../snn/network.ts';
import { decodeWeights, type StorageFormat, unpackCodes, weightBits } from '../snn/weight-format.ts';
import type { Tensor, TensorFile } from './safetensors.ts';

const KNOWN = ['weight', 'theta'] as const;

/** Arrays under the names `weight` and `theta`, as `names` finds them in the file; the others are left out. Throws InputError. */
export function chooseArrays(
  { tensors, metadata }: TensorFile,
  names: Readonly<Partial<Record<string, string>>>,
  file: string,
): TensorFile {
  const chosen = new Map<string, Tensor>();
  for (const key of KNOWN) {
    const name = names[key] ?? key;
    const tensor = tensors.get(name);
    if (!tensor)
      throw new InputError(`it has no array "${name}"`, {
        place: { file },
        remedy: suggest(name, [...tensors.keys()], 'arrays'),
      });
    chosen.set(key, tensor);
  }
  return { tensors: chosen, metadata };
}

/**
 * The network that bare arrays `weight` and `theta` (mV) of another program make of `like`, which gives what arrays do
 * not say: image size, neuron constants, encoding and weight sum. It has no labels: they follow from responses, which
 * `--relabel` collects. A weight of shape neurons x inputs is transposed; when inputs and neurons are equally
 * many the shape says nothing, and the file is refused. Throws InputError also for other arrays, which would be lost.
 */
export function networkLike(like: Network, { tensors }: TensorFile, name: string): Network {
  const refuse = (what: string, remedy?: string): InputError =>
    new InputError(what, { place: { file: name }, ...(remedy ? { remedy } : {}) });
  const other = [...tensors.keys()].find((key) => !(KNOWN as readonly string[]).includes(key));
  if (other !== undefined)
    throw refuse(
      `array "${other}" would be lost: only ${KNOWN.join(' and ')} are taken`,
      other.startsWith('label')
        ? 'leave labels out and label anew with --relabel'
        : 'say which two to take: --array weight=NAME --array theta=NAME',
    );
  const take = (key: string): Tensor => {
    const array = tensors.get(key);
    if (array) return array;
    throw refuse(`it has no array "${key}"`, 'write it with numpy.savez(FILE, weight=..., theta=...)');
  };

  const weight = take('weight');
  const theta = take('theta');
  const { neurons, ...rest } = like;
  const inputs = inputCount(like);
  const found = weight.shape.join(' x ');
  const straight = found === `${inputs} x ${neurons}`;
  const transposed = found === `${neurons} x ${inputs}`;
  if (!straight && !transposed)
    throw refuse(`array "weight" is ${found}, expected ${inputs} x ${neurons} or ${neurons} x ${inputs}`);
  if (straight && transposed)
    throw refuse(`array "weight" is ${found}: which of the two counts inputs cannot be told`);
  if (theta.shape.join(' x ') !== `${neurons}`)
    throw refuse(`array "theta" is ${theta.shape.join(' x ')}, expected ${neurons}`);

  const values = floats(weight, 'weight', refuse);
  const { responses: _, ...constants } = rest;
  return {
    ...constants,
    neurons,
    weights: straight ? values : transpose(values, neurons, inputs),
    theta: floats(theta, 'theta', refuse),
  };
}

const CODES: Readonly<Record<string, StorageFormat>> = { F32: 'fp32', F16: 'fp16', BF16: 'bf16' };

/** Values of a floating-point array, binary64 rounded to binary32. */
function floats({ type, bytes }: Tensor, key: string, refuse: (what: string) => InputError): Float32Array {
  if (type === 'F64') {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return Float32Array.from({ length: bytes.length / 8 }, (_, k) => view.getFloat64(k * 8, true));
  }
  const format = CODES[type];
  if (format === undefined) throw refuse(`array "${key}" is ${type}, expected F16, BF16, F32 or F64`);
  const bits = weightBits(format);
  return decodeWeights(unpackCodes(bytes, bits, (bytes.length * 8) / bits), format);
}

function transpose(values: Float32Array, rows: number, columns: number): Float32Array {
  const turned = new Float32Array(values.length);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) turned[c * rows + r] = values[r * columns + c]!;
  return turned;
}
