import { exp } from '../../src/elementary/exponential.ts';
import type { NeuronConstants } from '../../src/snn/neuron-constants.ts';

/**
 * Diehl & Cook's network written down as the equations say: every neuron, every trace and every synapse in every step,
 * nothing skipped, nothing looked up. Single precision after each operation. Slow on purpose.
 */
export interface DenseNetwork {
  /** weights[input][neuron]. */
  readonly weights: number[][];
  /** mV. */
  readonly theta: number[];
  readonly constants: NeuronConstants;
  /** What a faulty memory gives back instead of weights[input][neuron], whatever is learnt; undefined where it is sound. */
  readonly read?: readonly (readonly (number | undefined)[])[];
}

export interface DenseLearning {
  readonly preRate: number;
  readonly postRate: number;
  readonly thetaPlus: number;
  readonly weightSum: number;
}

const f32 = Math.fround;

/**
 * Shows spikes[step][input] to the network from rest and answers with the neuron that fired in each step (-1 for
 * none). With `learning`, weights and theta change in place.
 */
export function presentDensely(
  network: DenseNetwork,
  spikes: readonly (readonly boolean[])[],
  learning?: DenseLearning,
): number[] {
  const { weights, theta, constants, read } = network;
  const inputs = weights.length;
  const neurons = theta.length;
  const membraneDecay = f32(exp(-constants.timeStepMs / constants.membraneDecayMs));
  const traceDecay = f32(exp(-constants.timeStepMs / constants.traceDecayMs));
  const rest = constants.restPotentialMv;

  const potential = new Array<number>(neurons).fill(0);
  const refractory = new Array<number>(neurons).fill(0);
  const inputTrace = new Array<number>(inputs).fill(0);
  const outputTrace = new Array<number>(neurons).fill(0);
  const everFired = new Array<boolean>(neurons).fill(false);
  const winners: number[] = [];

  if (learning) {
    const left = exp((-spikes.length * constants.timeStepMs) / constants.thetaDecayMs);
    for (let j = 0; j < neurons; j++) theta[j]! *= left;
  }

  for (let step = 0; step < spikes.length; step++) {
    // What spiked one step ago arrives now.
    const arriving = step === 0 ? [] : spikes[step - 1]!;
    const inhibition = step > 0 && winners[step - 1]! >= 0 ? f32(constants.inhibitionMv) : 0;
    for (let j = 0; j < neurons; j++) {
      let current = 0;
      for (let i = 0; i < inputs; i++)
        if (arriving[i]) current = f32(current + (read?.[i]?.[j] ?? weights[i]![j]!));
      const decayed = f32(potential[j]! * membraneDecay);
      potential[j] = refractory[j]! > 0 ? decayed : f32(decayed + f32(current - inhibition));
      refractory[j]! -= 1;
    }

    // At most one neuron fires: the one furthest above its threshold, the first of equals.
    let winner = -1;
    let most = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < neurons; j++) {
      const excess = potential[j]! - f32(constants.thresholdMv - rest + theta[j]!);
      if (!(excess >= 0)) continue;
      if (excess > most) {
        most = excess;
        winner = j;
      }
      potential[j] = f32(constants.resetPotentialMv - rest);
      refractory[j] = Math.max(1, Math.round(constants.refractoryMs / constants.timeStepMs));
      if (learning) theta[j]! += learning.thetaPlus;
    }
    winners.push(winner);
    if (winner >= 0) everFired[winner] = true;

    for (let i = 0; i < inputs; i++) inputTrace[i] = spikes[step]![i] ? 1 : f32(inputTrace[i]! * traceDecay);
    for (let j = 0; j < neurons; j++) outputTrace[j] = j === winner ? 1 : f32(outputTrace[j]! * traceDecay);
    if (!learning) continue;
    for (let i = 0; i < inputs; i++)
      for (let j = 0; j < neurons; j++) {
        let weight = weights[i]![j]!;
        if (spikes[step]![i]) weight = f32(weight - f32(f32(learning.preRate) * outputTrace[j]!));
        if (j === winner) weight = f32(weight + f32(f32(learning.postRate) * inputTrace[i]!));
        weights[i]![j] = Math.min(Math.max(weight, 0), 1);
      }
  }

  if (learning)
    for (let j = 0; j < neurons; j++) {
      let sum = 0;
      for (let i = 0; i < inputs; i++) sum += weights[i]![j]!;
      if (!everFired[j] || sum === 0) continue;
      for (let i = 0; i < inputs; i++)
        weights[i]![j] = Math.min(f32(weights[i]![j]! * (learning.weightSum / sum)), 1);
    }
  return winners;
}
