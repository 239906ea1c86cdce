import { InputError } from '../errors/input-error.ts';
import { inputCount, type Network } from '../snn/network.ts';
import { SHAPES } from './nir-layout.ts';
import { QUANTISED } from './quantised.ts';
import {
  type ElementType,
  floatTensor,
  isWhole,
  numbersOf,
  type Orientation,
  type Tensor,
  type TensorFile,
} from './tensor.ts';

export const MS_PER_S = 1000;

/** How far a foreign neuron's constants may lie from those of the network that it is to be like, as a share: rounding. */
const SAME: Readonly<Partial<Record<ElementType, number>>> = { F16: 2 ** -11 };
const SAME_ELSE = 1e-6;

/** Whether tensors are those of a NIR graph of another program, the one format that says how a weight lies. */
export const isForeignNir = ({ orientation }: TensorFile): boolean => orientation !== undefined;

/**
 * `weight` and `theta` of a foreign graph: theta is what the threshold exceeds that of `like` by. The weight is as the
 * file has it, which NIR defines as outputs x inputs; `stated` says that this file has it otherwise. Throws InputError
 * where sizes contradict each other or those of `like`, and where tau, r, v_leak or v_reset are other than those of `like`.
 */
export function arraysOfNir(
  { tensors, metadata }: TensorFile,
  like: Network,
  stated: Orientation | undefined,
  name: string,
): TensorFile {
  const refuse = (what: string, remedy?: string): InputError =>
    new InputError(what, { place: { file: name }, ...(remedy === undefined ? {} : { remedy }) });
  const weight = tensors.get('weight')!;
  const [rows, columns] = weight.shape as [number, number];
  const orientation = stated ?? 'outputs-by-inputs';
  const [outputs, inputs] = orientation === 'outputs-by-inputs' ? [rows, columns] : [columns, rows];
  const says = stated === undefined ? 'NIR says outputs x inputs' : `--orientation says ${stated}`;
  const layer = `weight has ${rows} rows x ${columns} columns; ${says}: ${outputs} outputs, ${inputs} inputs`;
  const turn =
    stated === undefined && rows === inputCount(like)
      ? 'if the file has it transposed, state that with --orientation inputs-by-outputs'
      : undefined;
  if (inputs !== inputCount(like))
    throw refuse(`${layer}; the network to be like has ${inputCount(like)} inputs`, turn);
  for (const [type, count] of [
    ['Input', inputs],
    ['Output', outputs],
  ] as const) {
    const shape = tensors.get(SHAPES[type]);
    const size = shape && numbersOf(shape).reduce((product, extent) => product * extent, 1);
    if (size !== undefined && size !== count)
      throw refuse(`${layer}; the ${type} node has the shape ${[...numbersOf(shape!)].join(' x ')}`, turn);
  }

  const { constants } = like;
  const tau = constants.membraneDecayMs / MS_PER_S;
  const expected = { tau, r: tau, v_leak: constants.restPotentialMv, v_reset: constants.resetPotentialMv };
  /** One value a neuron, or one for all. */
  const values = (key: string, { shape, ...tensor }: Tensor): Float64Array => {
    const found = numbersOf({ shape, ...tensor });
    if (shape.length === 0) return new Float64Array(outputs).fill(found[0]!);
    if (shape.length === 1 && shape[0] === outputs) return found;
    throw refuse(
      `${key} of the LIF node has ${shape.join(' x ')} values, its layer has ${outputs} outputs`,
      `one value for all or ${outputs} values are read`,
    );
  };
  for (const [key, value] of Object.entries(expected)) {
    const tensor = tensors.get(key);
    const within = (tensor && SAME[tensor.type]) ?? SAME_ELSE;
    // Files of NIR before 1.0 have no v_reset, which then is 0.
    const found = tensor ? values(key, tensor) : [0];
    const other = found.find((each) => !(Math.abs(each - value) <= within * Math.abs(value)));
    if (other !== undefined)
      throw refuse(
        `${key} of the LIF node is ${other}, the network to be like has ${value}`,
        'potentials are in mV, times in seconds, and r = tau: a spike of weight w raises the potential by w',
      );
  }
  const numbers = Float32Array.from(numbersOf(weight));
  if (isWhole(weight.type) && numbers.some((value) => value < 0 || value > 1))
    throw refuse(`weight is ${weight.type}, whole numbers that are not between 0 and 1`, QUANTISED);
  const theta = Float32Array.from(
    values('v_threshold', tensors.get('v_threshold')!),
    (value) => value - constants.thresholdMv,
  );
  return {
    metadata,
    orientation,
    tensors: new Map([
      ['weight', floatTensor(weight.shape, numbers)],
      ['theta', floatTensor([outputs], theta)],
    ]),
  };
}
