import { decayPerStep, refractorySteps } from '../../neuron-constants.ts';
import { FLOAT_BYTES } from '../kernel/layout.ts';
import { ELEMENTWISE, type LayerKind, wrongCount } from '../layer-kind.ts';
import { type CompetitionLayer, sizeOf } from '../layered-network.ts';
import { createSignal, spreadValues, valuesOf } from '../signal.ts';

const { fround } = Math;

/**
 * Of the neurons at or above threshold the one that exceeds it most fires (the lowest number if several do equally); all of them are
 * reset and refractory. The one that fires takes the inhibition from every neuron that is not refractory, one step later. Same
 * operations as ../../population.ts, whose input arrives one step late: through a delayed source, here.
 */
export const COMPETITION: LayerKind<CompetitionLayer> = {
  ...ELEMENTWISE,
  kind: 'competition',
  spikes: () => true,
  stateless: false,
  obstacles: ({ theta, shape, constants }, dynamics) => [
    ...wrongCount('thresholds (theta)', theta.length, sizeOf(shape)),
    ...(theta.every(Number.isFinite) ? [] : ['has a theta that is not a finite number']),
    ...(dynamics && Math.abs(dynamics.timeStepS * 1000 - constants.timeStepMs) > 1e-9 * constants.timeStepMs
      ? [`has a time step of ${constants.timeStepMs} ms, not of ${dynamics.timeStepS} s`]
      : []),
  ],

  plan({ constants, theta }, input, _, reserve) {
    const { size } = input;
    const output = createSignal(size, reserve);
    const rest = constants.restPotentialMv;
    const decay = decayPerStep(constants.membraneDecayMs, constants);
    const reset = fround(constants.resetPotentialMv - rest);
    const inhibition = fround(constants.inhibitionMv);
    const refractory = refractorySteps(constants);
    const threshold = theta.map((own) => constants.thresholdMv - rest + own);
    const potential = new Float32Array(size);
    /** The step up to which each neuron takes no input. */
    const restingUntil = new Int32Array(size);
    let step = 0;

    return {
      output,
      start: (kernel) => ({
        rest() {
          potential.fill(0);
          restingUntil.fill(-1);
          output.count = 0;
          step = 0;
        },
        step() {
          spreadValues(input, kernel);
          const inhibited = output.count > 0 ? inhibition : 0;
          integrate(valuesOf(input, kernel), inhibited);
          const winner = fire();
          output.count = winner < 0 ? 0 : 1;
          if (winner >= 0) kernel.ids[output.idsAt / FLOAT_BYTES] = winner;
          step++;
        },
      }),
    };

    function integrate(sums: Float32Array, inhibited: number): void {
      for (let neuron = 0; neuron < size; neuron++) {
        const decayed = fround(potential[neuron]! * decay);
        potential[neuron] =
          restingUntil[neuron]! >= step ? decayed : decayed + fround(sums[neuron]! - inhibited);
      }
    }

    function fire(): number {
      let winner = -1;
      let most = Number.NEGATIVE_INFINITY;
      for (let neuron = 0; neuron < size; neuron++) {
        const excess = potential[neuron]! - threshold[neuron]!;
        if (!(excess >= 0)) continue;
        if (excess > most) {
          most = excess;
          winner = neuron;
        }
        potential[neuron] = reset;
        restingUntil[neuron] = step + refractory;
      }
      return winner;
    }
  },
};
