import { log } from '../../elementary/logarithm.ts';
import { perNeuron } from '../class-shares.ts';
import type { VoteDefinition } from '../vote-definition.ts';

/** Pseudo-spikes that a neuron is given for each class, so that a class it never answered to is not impossible. */
const SMOOTHING = 0.3;

/** Sum of counts x log probability of the class given a spike of the neuron, smoothed (naive Bayes). */
export const likelihood = {
  name: 'likelihood',
  summary: 'log probability of the class given the spikes (naive Bayes)',
  weights({ spikes, images }) {
    const classes = images.length;
    return perNeuron(Float64Array.from(spikes), classes, (count, sum) =>
      log((count + SMOOTHING) / (sum + classes * SMOOTHING)),
    );
  },
} as const satisfies VoteDefinition;
