import { perNeuron } from '../class-shares.ts';
import type { VoteDefinition } from '../vote-definition.ts';

/** Each neuron's spikes shared among the classes by its mean responses (BindsNET's proportion weighting). */
export const proportion = {
  name: 'proportion',
  summary: "each neuron's spikes shared among the classes by its mean responses",
  weights({ spikes, images }) {
    const classes = images.length;
    const means = Float64Array.from(spikes, (count, k) => (count === 0 ? 0 : count / images[k % classes]!));
    return perNeuron(means, classes, (mean, sum) => (sum === 0 ? 0 : mean / sum));
  },
} as const satisfies VoteDefinition;
