import { inputCount, type Network } from '../network.ts';
import type { RunnableNetwork } from './layered-network.ts';

/**
 * Diehl & Cook's network as layers: input, dense, competition, output, with its Poisson input. An input spike reaches the neurons one step
 * later, so the dense layer reads the input through a delayed source; the last step's spikes reach nobody. The weights are shared, not copied.
 */
export function layeredCompetition(network: Network): RunnableNetwork {
  const { neurons, constants, encoding, weights, theta, imageRows, imageColumns } = network;
  const shape = [neurons];
  return {
    network: {
      layers: [
        { kind: 'input', name: 'input', shape: [imageRows, imageColumns], sources: [] },
        {
          kind: 'dense',
          name: 'dense',
          shape,
          sources: [{ layer: 0, delayed: true }],
          inputs: inputCount(network),
          outputs: neurons,
          weights,
        },
        {
          kind: 'competition',
          name: 'competition',
          shape,
          sources: [{ layer: 1, delayed: false }],
          constants,
          theta,
        },
        { kind: 'output', name: 'output', shape, sources: [{ layer: 2, delayed: false }] },
      ],
    },
    dynamics: {
      timeStepS: constants.timeStepMs / 1000,
      integration: 'exact',
      reset: 'value',
      resetTime: 'same-step',
      threshold: 'ge',
    },
    presentation: { steps: encoding.steps, input: { kind: 'poisson', encoding }, readout: 'votes' },
  };
}
