import type { NeuronModel, NeuronParameter } from '../snn/layers/layered-network.ts';

/** The arrays of each kind of node that is read, as `nir` 1.0 names them (nir/serialization.py, nir/ir/). */
export const NODE_ARRAYS = {
  Input: ['shape'],
  Output: ['shape'],
  Linear: ['weight'],
  Affine: ['weight', 'bias'],
  Conv1d: ['input_shape', 'weight', 'stride', 'padding', 'dilation', 'groups', 'bias'],
  Conv2d: ['input_shape', 'weight', 'stride', 'padding', 'dilation', 'groups', 'bias'],
  SumPool2d: ['kernel_size', 'stride', 'padding'],
  AvgPool2d: ['kernel_size', 'stride', 'padding'],
  Flatten: ['start_dim', 'end_dim', 'input_type'],
  Scale: ['scale'],
  Delay: ['delay'],
  LIF: ['tau', 'r', 'v_leak', 'v_threshold', 'v_reset'],
  IF: ['r', 'v_threshold', 'v_reset'],
  CubaLIF: ['tau_mem', 'tau_syn', 'r', 'w_in', 'v_leak', 'v_threshold', 'v_reset'],
  LI: ['tau', 'r', 'v_leak'],
  I: ['r'],
  CubaLI: ['tau_mem', 'tau_syn', 'r', 'w_in', 'v_leak'],
  Threshold: ['threshold'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
export type NirKind = keyof typeof NODE_ARRAYS;

/** The kinds of node that are neurons. */
export const NEURON_KINDS = {
  LIF: 'lif',
  IF: 'if',
  CubaLIF: 'cuba-lif',
  LI: 'li',
  I: 'i',
  CubaLI: 'cuba-li',
  Threshold: 'threshold',
} as const satisfies Readonly<Partial<Record<NirKind, NeuronModel>>>;
export type NeuronKind = keyof typeof NEURON_KINDS;

export const isNeuronKind = (kind: NirKind): kind is NeuronKind => Object.hasOwn(NEURON_KINDS, kind);

const NAMES: Readonly<Record<NeuronParameter, string>> = {
  tau: 'tau',
  r: 'r',
  vLeak: 'v_leak',
  vThreshold: 'v_threshold',
  vReset: 'v_reset',
  tauSyn: 'tau_syn',
  wIn: 'w_in',
};

/** What NIR calls a parameter of a kind of neuron. */
export function nirName(kind: NeuronKind, parameter: NeuronParameter): string {
  if (kind === 'Threshold') return 'threshold';
  return kind.startsWith('Cuba') && parameter === 'tau' ? 'tau_mem' : NAMES[parameter];
}

/** What a parameter is that a file leaves out: files of NIR before 1.0 have no v_reset, and w_in has a default. */
export const DEFAULT_PARAMETERS: Readonly<Partial<Record<NeuronParameter, number>>> = { vReset: 0, wIn: 1 };
