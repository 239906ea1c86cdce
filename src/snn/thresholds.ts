import { exp } from '../elementary/exponential.ts';
import type { Kernel } from './kernel/kernel.ts';
import type { NeuronConstants } from './neuron-constants.ts';

/** Sets the kernel's firing thresholds (above rest) from the neurons' theta (mV). */
export function loadThresholds(kernel: Kernel, theta: ArrayLike<number>, constants: NeuronConstants): void {
  const base = constants.thresholdMv - constants.restPotentialMv;
  for (let neuron = 0; neuron < theta.length; neuron++) kernel.threshold[neuron] = base + theta[neuron]!;
}

/** The theta (mV) below which a neuron would fire without input, since it is reset above its threshold. */
export const lowestTheta = ({ resetPotentialMv, thresholdMv }: NeuronConstants): number =>
  resetPotentialMv - thresholdMv + 1;

/** Thresholds that rise with each crossing and decay very slowly, so that all neurons get their share of wins. */
export interface AdaptiveThresholds {
  /** mV, double precision: steps become small against the value. */
  readonly theta: Float64Array;
  setThetaPlus(value: number): void;
  raise(neuron: number): void;
  /** Decay over one presentation, taken at once: within a presentation it is below a part in 10 000. */
  decay(): void;
}

/** Thresholds that begin at theta 0, or where `start` (mV) has them. */
export function createAdaptiveThresholds(
  kernel: Kernel,
  neurons: number,
  constants: NeuronConstants,
  steps: number,
  start?: Float32Array,
): AdaptiveThresholds {
  const theta = new Float64Array(neurons);
  if (start) theta.set(start);
  const base = constants.thresholdMv - constants.restPotentialMv;
  const left = exp((-steps * constants.timeStepMs) / constants.thetaDecayMs);
  let thetaPlus = 0;
  loadThresholds(kernel, theta, constants);

  return {
    theta,
    setThetaPlus(value) {
      thetaPlus = value;
    },
    raise(neuron) {
      theta[neuron]! += thetaPlus;
      kernel.threshold[neuron] = base + theta[neuron]!;
    },
    decay() {
      for (let neuron = 0; neuron < neurons; neuron++) theta[neuron]! *= left;
      loadThresholds(kernel, theta, constants);
    },
  };
}
