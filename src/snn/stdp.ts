import type { InputSpikes } from './encoder.ts';
import { decayPerStep, type NeuronConstants } from './neuron-constants.ts';
import type { Plasticity } from './population.ts';

/** Weights stay within 0 and this, unless a recipe has a lower ceiling. */
export const MAXIMUM_WEIGHT = 1;

/** Spike-timing-dependent plasticity of the weights; the trainer moves its rate along a schedule. */
export interface Stdp extends Omit<Plasticity, 'crossed'> {
  setPostRate(rate: number): void;
}

/** The synapses that learn: rows of `stride` weights, one row an input. */
export interface PlasticSynapses {
  readonly weights: Float32Array;
  readonly stride: number;
  readonly inputs: number;
  readonly neurons: number;
  /** Bound of the weights. */
  readonly ceiling: number;
  /** Where the neurons see the weights, if they do not see `weights` itself. */
  readonly view?: WeightView;
}

/** The weights that drive the neurons when memory gives back other values than were stored. */
export interface WeightView {
  /** As read; the layout of the stored weights. */
  readonly weights: Float32Array;
  /** 1 where the value read is not the one stored: it stays until the next reading. The others follow what is learnt. */
  readonly damaged: Uint8Array;
}

/**
 * The rule "PostPre" of BindsNET with traces that a spike sets to 1: an input spike depresses by preRate x the
 * postsynaptic trace, then a postsynaptic spike potentiates by postRate x the presynaptic trace, then weights are
 * bounded to [0, ceiling]; both traces include the spikes of the step itself. After the presentation the incoming weights of
 * each neuron that fired are scaled to `weightSum` (and bounded by the ceiling, since that is what the memory stores).
 *
 * Only synapses with a trace are touched: traces are looked up by the age of the last spike, and zero traces change
 * nothing.
 */
export function createStdp(
  synapses: PlasticSynapses,
  constants: NeuronConstants,
  { preRate, weightSum, steps }: { preRate: number; weightSum: number; steps: number },
): Stdp {
  const { weights, stride, inputs, neurons, ceiling, view } = synapses;
  const { fround } = Math;
  const traceByAge = decayingTrace(decayPerStep(constants.traceDecayMs, constants), steps);
  const preRate32 = fround(preRate);
  let postRate32 = 0;

  const never = -1;
  const lastInput = new Int32Array(inputs);
  const lastFired = new Int32Array(neurons);
  const activeInputs = new Int32Array(inputs);
  const fired = new Int32Array(neurons);
  let activeCount = 0;
  let firedCount = 0;

  return { setPostRate, beginPresentation, step, endPresentation };

  function setPostRate(rate: number): void {
    postRate32 = fround(rate);
  }

  function beginPresentation(): void {
    lastInput.fill(never);
    lastFired.fill(never);
    activeCount = 0;
    firedCount = 0;
  }

  function step(now: number, winner: number, { offsets, inputs: spikes }: InputSpikes): void {
    const from = offsets[now]!;
    const to = offsets[now + 1]!;
    for (let k = from; k < to; k++) {
      const input = spikes[k]!;
      if (lastInput[input] === never) activeInputs[activeCount++] = input;
      lastInput[input] = now;
    }
    if (winner >= 0) {
      if (lastFired[winner] === never) fired[firedCount++] = winner;
      lastFired[winner] = now;
    }
    for (let k = 0; k < firedCount; k++) depress(fired[k]!, now, winner, spikes, from, to);
    if (winner >= 0) potentiate(winner, now);
  }

  function depress(
    neuron: number,
    now: number,
    winner: number,
    spikes: Uint16Array,
    from: number,
    to: number,
  ): void {
    const amount = fround(preRate32 * traceByAge[now - lastFired[neuron]!]!);
    // The winner's synapses are bounded after its potentiation, which reaches each input that spikes now.
    const floor = neuron === winner ? Number.NEGATIVE_INFINITY : 0;
    for (let k = from; k < to; k++) {
      const synapse = spikes[k]! * stride + neuron;
      const weight = weights[synapse]! - amount;
      weights[synapse] = Math.max(weight, floor);
      if (view !== undefined && view.damaged[synapse] === 0) view.weights[synapse] = weights[synapse]!;
    }
  }

  function potentiate(neuron: number, now: number): void {
    for (let k = 0; k < activeCount; k++) {
      const input = activeInputs[k]!;
      const synapse = input * stride + neuron;
      const weight = weights[synapse]! + fround(postRate32 * traceByAge[now - lastInput[input]!]!);
      weights[synapse] = Math.min(Math.max(weight, 0), ceiling);
      if (view !== undefined && view.damaged[synapse] === 0) view.weights[synapse] = weights[synapse]!;
    }
  }

  function endPresentation(): void {
    for (let k = 0; k < firedCount; k++) normaliseIncoming(synapses, fired[k]!, weightSum);
  }
}

/** Scales the incoming weights of one neuron to the sum `weightSum`, none above the ceiling; a neuron without weights stays so. */
export function normaliseIncoming(
  { weights, stride, inputs, ceiling, view }: PlasticSynapses,
  neuron: number,
  weightSum: number,
): void {
  const end = inputs * stride;
  let sum = 0;
  for (let synapse = neuron; synapse < end; synapse += stride) sum += weights[synapse]!;
  if (sum === 0) return;
  const factor = weightSum / sum;
  for (let synapse = neuron; synapse < end; synapse += stride) {
    const weight = weights[synapse]! * factor;
    weights[synapse] = Math.min(weight, ceiling);
    if (view !== undefined && view.damaged[synapse] === 0) view.weights[synapse] = weights[synapse]!;
  }
}

/** A trace that a spike set to 1, by age in steps: what repeated multiplication in single precision leaves. */
function decayingTrace(decay: number, steps: number): Float32Array {
  const trace = new Float32Array(steps + 1);
  trace[0] = 1;
  for (let age = 1; age <= steps; age++) trace[age] = trace[age - 1]! * decay;
  return trace;
}
