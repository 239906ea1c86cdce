import { NO_CLASS, neuronLabels } from '../neuron-labels.ts';
import type { VoteDefinition } from '../vote-definition.ts';

/** Highest mean count among the neurons labelled with the class (Diehl & Cook 2015). */
export const activity = {
  name: 'activity',
  summary: 'highest mean count among the neurons labelled with the class',
  weights(responses) {
    const labels = neuronLabels(responses);
    const classes = responses.images.length;
    const members = new Uint32Array(classes);
    for (const label of labels) if (label !== NO_CLASS) members[label]!++;
    const weights = new Float64Array(labels.length * classes);
    labels.forEach((label, neuron) => {
      if (label !== NO_CLASS) weights[neuron * classes + label] = 1 / members[label]!;
    });
    return weights;
  },
} as const satisfies VoteDefinition;
