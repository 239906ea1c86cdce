import { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';
import { inputCount, type Network } from '../snn/network.ts';
import { rangeOf } from '../snn/weight-range.ts';
import { QUANTISED } from './quantised.ts';
import {
  isWhole,
  numbersOf,
  type Orientation,
  type Tensor,
  type TensorFile,
  takeTensor,
  transposed,
} from './tensor.ts';

/** What bare arrays may be. */
export const ROLES = ['weight', 'theta'] as const;
type Role = (typeof ROLES)[number];

export const THETA_UNITS = ['mV', 'V'] as const;
export type ThetaUnit = (typeof THETA_UNITS)[number];
const MV_PER_UNIT: Readonly<Record<ThetaUnit, number>> = { mV: 1, V: 1000 };
/** Thresholds of trained networks rise by millivolts; where none reaches this, the numbers may be volts. */
const SMALL_THETA_MV = 1;

/** What the user states about bare arrays; what is left out is taken as the file says, or assumed. */
export interface StatedArrays {
  /** Names of the arrays in the file; those of other names are left out. */
  readonly names?: Readonly<Partial<Record<string, string>>> | undefined;
  readonly orientation?: Orientation | undefined;
  readonly thetaUnit?: ThetaUnit | undefined;
}

export interface Adopted {
  readonly network: Network;
  /** What was assumed, a sentence each. */
  readonly assumed: readonly string[];
  /** Arrays of the file that the network lacks. */
  readonly leftOut: readonly string[];
}

/** A network whose constants bare arrays take, and what messages call it. */
export interface Model {
  readonly network: Network;
  readonly name: string;
}

/**
 * The network that bare arrays `weight` and `theta` of another program make of `model`, which gives what arrays do not
 * say: image size, neuron constants, encoding and weight sum. How many neurons there are is taken from the arrays. The
 * network has no labels: they follow from responses, which `--relabel` collects. The orientation of a weight is as stated,
 * else as the format says, else as the shape says; a square one of which neither is known is refused. Throws InputError also for
 * other arrays, which would be lost, unless `names` says which two to take, and for whole numbers, which lack a scale.
 */
export function networkLike(
  { network: like, name: likeName }: Model,
  file: TensorFile,
  name: string,
  { names, orientation: stated, thetaUnit }: StatedArrays = {},
): Adopted {
  const refuse = (what: string, remedy?: string): InputError =>
    new InputError(what, { place: { file: name }, ...(remedy ? { remedy } : {}) });
  const nameOf = (role: Role): string => names?.[role] ?? role;
  const chosen: readonly string[] = ROLES.map(nameOf);
  if (!names) refuseOthers(file, chosen, refuse);
  const take = (role: Role): Tensor => {
    const known = file.tensors.has(nameOf(role)) || file.unreadable?.has(nameOf(role));
    if (!known && names?.[role] === undefined)
      throw refuse(`it has no array "${role}"`, waysToName(role, [...file.tensors.keys()]));
    const tensor = takeTensor(file, nameOf(role), name);
    if (isWhole(tensor.type))
      throw refuse(
        `array ${quoted(nameOf(role))} is ${tensor.type}, whole numbers without a scale`,
        QUANTISED,
      );
    return tensor;
  };
  const weight = take('weight');
  const theta = take('theta');
  const inputs = inputCount(like);
  if (theta.shape.length !== 1)
    throw refuse(
      `array ${quoted(nameOf('theta'))} has ${theta.shape.length} dimensions (${theta.shape.join(' x ')}), expected one value a neuron`,
    );
  const neurons = theta.shape[0]!;
  const orientation = orientationOf(
    weight,
    [inputs, neurons],
    stated ?? file.orientation,
    nameOf('weight'),
    refuse,
  );
  const values = Float32Array.from(numbersOf(weight));
  const scale = MV_PER_UNIT[thetaUnit ?? 'mV'];
  const thresholds = Float32Array.from(numbersOf(theta), (value) => value * scale);
  const { responses: _, ...constants } = like;
  const weights = orientation === 'inputs-by-outputs' ? values : transposed(values, neurons, inputs);
  const network: Network = {
    ...constants,
    ...rangeOf(weights),
    neurons,
    weights,
    theta: thresholds,
  };

  const assumed = [
    `image size, neuron constants, encoding and weight sum are those of ${likeName}${
      neurons === like.neurons
        ? ''
        : `, which has ${like.neurons} neurons, not ${neurons}: its inhibition of ${like.constants.inhibitionMv} mV was found for those`
    }`,
  ];
  if (stated === undefined && file.orientation === undefined)
    assumed.push(
      `array ${quoted(nameOf('weight'))} (${weight.shape.join(' x ')}) is ${orientation} (--orientation states it)`,
    );
  if (thetaUnit === undefined && file.orientation === undefined) assumed.push(thetaAssumption(thresholds));
  const leftOut = [...file.tensors.keys(), ...(file.unreadable?.keys() ?? [])].filter(
    (key) => !chosen.includes(key),
  );
  return { network, assumed, leftOut };
}

/** Names that a remedy lists. */
const MOST_NAMES = 12;

function waysToName(role: Role, arrays: readonly string[]): string {
  if (arrays.length === 0) return 'write it with numpy.savez(FILE, weight=..., theta=...)';
  const more = arrays.length > MOST_NAMES ? ` and ${arrays.length - MOST_NAMES} more` : '';
  return `name it with --array ${role}=NAME; arrays: ${arrays.slice(0, MOST_NAMES).join(', ')}${more}`;
}

/** Throws InputError for arrays that could be read and would be lost. */
function refuseOthers(
  { tensors }: TensorFile,
  chosen: readonly string[],
  refuse: (what: string, remedy?: string) => InputError,
): void {
  const other = [...tensors.keys()].find((key) => !chosen.includes(key));
  if (other === undefined) return;
  throw refuse(
    `array ${quoted(other)} would be lost: only ${ROLES.join(' and ')} are taken`,
    other.startsWith('label')
      ? 'leave labels out and label anew with --relabel'
      : 'say which two to take: --array weight=NAME --array theta=NAME',
  );
}

/** How the weight lies. Throws InputError where its shape does not fit, or fits both ways and nothing says which. */
function orientationOf(
  { shape }: Tensor,
  [inputs, neurons]: readonly [number, number],
  known: Orientation | undefined,
  name: string,
  refuse: (what: string, remedy?: string) => InputError,
): Orientation {
  const is = (rows: number, columns: number): boolean =>
    shape.length === 2 && shape[0] === rows && shape[1] === columns;
  const fits: Record<Orientation, boolean> = {
    'inputs-by-outputs': is(inputs, neurons),
    'outputs-by-inputs': is(neurons, inputs),
  };
  const array = `array ${quoted(name)} is ${shape.join(' x ') || 'a single number'}`;
  const counts = `${inputs} inputs of the network to be like, ${neurons} neurons as theta has`;
  if (known !== undefined) {
    if (fits[known]) return known;
    throw refuse(
      `${array}, expected ${known === 'inputs-by-outputs' ? `${inputs} x ${neurons}` : `${neurons} x ${inputs}`} (${known}: ${counts})`,
    );
  }
  if (!fits['inputs-by-outputs'] && !fits['outputs-by-inputs'])
    throw refuse(`${array}, expected ${inputs} x ${neurons} or ${neurons} x ${inputs} (${counts})`);
  if (fits['inputs-by-outputs'] && fits['outputs-by-inputs'])
    throw refuse(
      `${array}: which of the two counts inputs cannot be told`,
      'state it: --orientation inputs-by-outputs or outputs-by-inputs',
    );
  return fits['inputs-by-outputs'] ? 'inputs-by-outputs' : 'outputs-by-inputs';
}

function thetaAssumption(theta: Float32Array): string {
  const largest = theta.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const small =
    largest > 0 && largest < SMALL_THETA_MV
      ? `; none reaches ${SMALL_THETA_MV} mV (largest ${Number(largest.toPrecision(3))}): if they are volts, state --theta-unit V`
      : '';
  return `theta is in mV${small}`;
}
