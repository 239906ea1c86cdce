import { InputError } from '../errors/input-error.ts';
import type { NeuronConstants } from '../snn/neuron-constants.ts';
import type { ElementType, TensorFile } from './safetensors.ts';

/** Arrays of a NIR LIF node, one value a neuron. */
export const NEURON_ARRAYS = ['tau', 'r', 'v_leak', 'v_threshold', 'v_reset'] as const;

export const MS_PER_S = 1000;

/** How far a foreign neuron's constants may lie from those of the network that it is to be like, as a share. */
const SAME = 1e-6;

/**
 * `weight` and `theta` of a foreign graph's tensors (those without `v_threshold` are left as they are): theta is what the threshold
 * exceeds that of `constants` by. Throws InputError where tau, r, v_leak or v_reset are others than the network's to be like.
 */
export function thetaOfNir(file: TensorFile, constants: NeuronConstants, name: string): TensorFile {
  const threshold = file.tensors.get('v_threshold');
  if (!threshold) return file;
  const tau = constants.membraneDecayMs / MS_PER_S;
  const expected = { tau, r: tau, v_leak: constants.restPotentialMv, v_reset: constants.resetPotentialMv };
  for (const [key, value] of Object.entries(expected)) {
    const tensor = file.tensors.get(key);
    // Files of NIR before 1.0 have no v_reset, which then is 0.
    const found = tensor ? valuesOf(tensor.type, tensor.bytes) : [0];
    const other = found.find((each) => !(Math.abs(each - value) <= SAME * Math.abs(value)));
    if (other !== undefined)
      throw new InputError(`${key} of the LIF node is ${other}, the network to be like has ${value}`, {
        place: { file: name },
        remedy:
          'potentials are in mV, times in seconds, and r = tau: a spike of weight w raises the potential by w',
      });
  }
  const theta = Float32Array.from(
    valuesOf(threshold.type, threshold.bytes),
    (value) => value - constants.thresholdMv,
  );
  const weight = file.tensors.get('weight')!;
  return {
    metadata: file.metadata,
    tensors: new Map([
      ['weight', weight],
      ['theta', { type: 'F32', shape: [theta.length], bytes: bytesOf(theta) }],
    ]),
  };
}

/** The bytes of an array. */
export const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Numbers of an array of one of the types that NIR files have. */
export function valuesOf(type: ElementType, bytes: Uint8Array): number[] {
  const { buffer } = bytes.slice();
  if (type === 'F32') return [...new Float32Array(buffer)];
  if (type === 'F64') return [...new Float64Array(buffer)];
  if (type === 'I64') return Array.from(new BigInt64Array(buffer), Number);
  if (type === 'I32') return [...new Int32Array(buffer)];
  return [...new Uint32Array(type === 'U32' ? buffer : Uint32Array.from(bytes).buffer)];
}
