import { InputError } from '../errors/input-error.ts';
import {
  type Dynamics,
  INPUT_KINDS,
  type InputCode,
  type LayeredNetwork,
  type Presentation,
  READOUTS,
  type RunnableNetwork,
} from '../snn/layers/layered-network.ts';
import { optional } from './setting.ts';
import { between, oneOf, time, whole } from './values.ts';

/** How a layered network steps and is driven, where its file does not say or another way is wanted. */

export const INTEGRATIONS = ['euler', 'exact'] as const;
/** `zero` is the other name of `value`; `as-file` is what the file says. */
export const RESETS = ['value', 'zero', 'subtract', 'as-file'] as const;
export const RESET_TIMES = ['same-step', 'next-step', 'snntorch-same-step'] as const;
export const THRESHOLDS = ['gt', 'ge'] as const;

/** Steps are counted in 16 bits. */
const MOST_STEPS = 65_535;

export const LAYERED = {
  timeStep: optional({
    ...time('1ns', '1000s'),
    help: 'layered networks: time step, such as 1ms (default: what the file says)',
  }),
  steps: optional({
    ...whole(1, MOST_STEPS),
    help: 'layered networks: time steps of a presentation (default: what the file says)',
  }),
  input: optional({
    ...oneOf(INPUT_KINDS, 'inputs'),
    help: `layered networks: how a sample drives them: ${INPUT_KINDS.join(', ')} (default: what the file says; events for event data)`,
  }),
  gain: optional({
    ...between(1e-6, 1e6),
    help: 'layered networks: current, or probability of a spike in a step, of a pixel of full ink (default: 1)',
  }),
  integration: optional({
    ...oneOf(INTEGRATIONS, 'integrations'),
    help: 'layered networks: how a step integrates: euler, exact (default: what the file says, else euler, as snnTorch and Norse)',
  }),
  reset: optional({
    ...oneOf(RESETS, 'resets'),
    help: 'layered networks: after a spike the potential goes to v_reset (value, also zero), or falls by the threshold (subtract) (default: as-file)',
  }),
  resetTime: optional({
    ...oneOf(RESET_TIMES, 'times of the reset'),
    help: 'layered networks: the reset acts in the step of the spike (same-step), or as the next begins (next-step: reset_delay of snnTorch; snntorch-same-step: its reset_delay=False) (default: what the file says, else same-step)',
  }),
  threshold: optional({
    ...oneOf(THRESHOLDS, 'thresholds'),
    help: 'layered networks: a neuron spikes above its threshold (gt), or also at it (ge) (default: what the file says, else gt, as NIR)',
  }),
  readout: optional({
    ...oneOf(READOUTS, 'readouts'),
    help: `layered networks: what names the class: ${READOUTS.join(', ')} (default: what the file says, else counts where the output spikes, the sum of the potential where it does not)`,
  }),
};

/** The settings of a job that are about a layered network. */
export interface LayeredChoice {
  readonly timeStep?: number | undefined;
  readonly steps?: number | undefined;
  readonly input?: InputCode['kind'] | undefined;
  readonly gain?: number | undefined;
  readonly integration?: Dynamics['integration'] | undefined;
  readonly reset?: (typeof RESETS)[number] | undefined;
  readonly resetTime?: Dynamics['resetTime'] | undefined;
  readonly threshold?: Dynamics['threshold'] | undefined;
  readonly readout?: Presentation['readout'] | undefined;
}

/** A layered network as a file gives it. */
export interface UnfinishedNetwork {
  readonly file: string;
  readonly network: LayeredNetwork;
  readonly dynamics: Partial<Dynamics>;
  readonly presentation: Partial<Presentation>;
}

/** Models whose output is a potential. */
const WITHOUT_SPIKES: readonly string[] = ['li', 'i', 'cuba-li'];

/**
 * The network as it runs: the job's settings, then what the file says. `samples` is what it is shown. What neither says is
 * assumed and told to `remark` where the field agrees on it (Euler, a strict threshold, a reset in the step of the spike), and
 * otherwise asked for. Throws one InputError that names all that is missing.
 */
export function runnableNetwork(
  { file, network, dynamics, presentation }: UnfinishedNetwork,
  choice: LayeredChoice,
  samples: 'images' | 'events',
  remark: (line: string) => void = () => {},
): RunnableNetwork {
  const missing: string[] = [];
  const assumed: string[] = [];
  const need = <T>(value: T | undefined, what: string, flag: string): T => {
    if (value === undefined) missing.push(`${what} (${flag})`);
    return value as T;
  };
  const assume = <T extends string>(value: T | undefined, usual: T, flag: string): T => {
    if (value === undefined) assumed.push(`${flag} ${usual}`);
    return value ?? usual;
  };
  const spikes = network.layers.some(
    (layer) => layer.kind === 'neurons' && 'vThreshold' in layer.parameters && layer.model !== 'threshold',
  );
  const reset =
    choice.reset === undefined || choice.reset === 'as-file'
      ? dynamics.reset
      : choice.reset === 'zero'
        ? 'value'
        : choice.reset;
  const steps = choice.steps ?? presentation.steps;
  const input = inputOf(choice, presentation.input, samples, steps, file);
  const runnable: RunnableNetwork = {
    network,
    dynamics: {
      timeStepS: need(choice.timeStep ?? dynamics.timeStepS, 'the time step', '--time-step 1ms'),
      reset: spikes
        ? need(reset, 'what a spike resets the potential to', '--reset value or subtract')
        : (reset ?? 'value'),
      integration: assume(choice.integration ?? dynamics.integration, 'euler', '--integration'),
      resetTime: assume(choice.resetTime ?? dynamics.resetTime, 'same-step', '--reset-time'),
      threshold: assume(choice.threshold ?? dynamics.threshold, 'gt', '--threshold'),
    },
    presentation: {
      steps: need(steps, 'how many steps a sample is shown', '--steps 20'),
      input: need(input, 'how a sample drives it', '--input current, bernoulli, poisson or latency'),
      readout: choice.readout ?? presentation.readout ?? usualReadout(network),
    },
  };
  if (missing.length > 0)
    throw new InputError(`the network does not say ${missing.join('; ')}`, {
      place: { file },
      remedy: 'give them as they were in training',
    });
  if (assumed.length > 0) remark(`assumed, since ${file} does not say: ${assumed.join(', ')}`);
  return runnable;
}

/** Counts where the output spikes, the sum of the potential where it does not. */
function usualReadout({ layers }: LayeredNetwork): Presentation['readout'] {
  const last = layers.findLast((layer) => layer.kind === 'neurons' || layer.kind === 'competition');
  if (last?.kind === 'competition') return 'votes';
  return last?.kind === 'neurons' && WITHOUT_SPIKES.includes(last.model) ? 'potential-sum' : 'counts';
}

/** Rates of a Poisson input where the file has none: Diehl & Cook's (Front. Comput. Neurosci. 2015), 63.75 Hz at full ink. */
const POISSON_RATE_HZ = 63.75;

/** How a sample drives the network; undefined where neither says. Throws InputError for what does not go together. */
function inputOf(
  { input, gain }: LayeredChoice,
  ofFile: InputCode | undefined,
  samples: 'images' | 'events',
  steps: number | undefined,
  file: string,
): InputCode | undefined {
  const kind = input ?? (samples === 'events' ? 'events' : ofFile?.kind);
  const refuse = (what: string, remedy: string): InputError =>
    new InputError(what, { place: { file }, remedy });
  if (kind !== undefined && (kind === 'events') !== (samples === 'events'))
    throw refuse(
      samples === 'events'
        ? `event data drive a network by their own times, not as ${kind}`
        : 'images have no events',
      samples === 'events' ? 'leave out --input' : 'choose --input current, bernoulli, poisson or latency',
    );
  if (gain !== undefined && kind !== undefined && kind !== 'current' && kind !== 'bernoulli')
    throw refuse(`--gain is of the inputs current and bernoulli, not of ${kind}`, 'leave out --gain');
  switch (kind) {
    case undefined:
      return undefined;
    case 'current':
    case 'bernoulli':
      return { kind, gain: gain ?? (ofFile && 'gain' in ofFile ? ofFile.gain : 1) };
    case 'poisson': {
      const encoding = ofFile?.kind === 'poisson' ? ofFile.encoding : { maximumRateHz: POISSON_RATE_HZ };
      return { kind, encoding: { ...encoding, steps: steps ?? 0 } };
    }
    default:
      return { kind };
  }
}
