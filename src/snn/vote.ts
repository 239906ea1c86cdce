import type { ClassResponses } from './network.ts';

/** A label that no neuron has earned: the answer to silence, and the label of a neuron that never fired. */
export const NO_CLASS = 255;

/**
 * How spike counts become a class.
 * - `activity`: highest mean count among the neurons labelled with the class (Diehl & Cook's vote).
 * - `proportion`: each neuron's spikes shared among classes by its mean responses (BindsNET's proportion weighting).
 * - `likelihood`: sum of counts x log probability of the class given a spike of the neuron, smoothed (naive Bayes).
 */
export const VOTES = ['activity', 'proportion', 'likelihood'] as const;
export type Vote = (typeof VOTES)[number];

/** The vote that gains most from the labelling counts (docs/snn.md). */
export const DEFAULT_VOTE: Vote = 'likelihood';

/** Pseudo-spikes that a neuron is given for each class, so that a class it never answered to is not impossible. */
const SMOOTHING = 0.3;

/** Each neuron's class: the one whose images drew the most spikes on average; NO_CLASS if none drew any. */
export function neuronLabels({ spikes, images }: ClassResponses): Uint8Array {
  const classes = images.length;
  return Uint8Array.from({ length: spikes.length / classes }, (_, neuron) => {
    let label = NO_CLASS;
    let best = 0;
    for (let c = 0; c < classes; c++) {
      const mean = images[c]! === 0 ? 0 : spikes[neuron * classes + c]! / images[c]!;
      if (mean > best) {
        best = mean;
        label = c;
      }
    }
    return label;
  });
}

/** Turns the spike counts of one presentation into a class; silence gives NO_CLASS, equal scores the lower class. */
export function createClassifier(responses: ClassResponses, vote: Vote): (counts: Uint16Array) => number {
  const classes = responses.images.length;
  const weights = VOTE_WEIGHTS[vote](responses);
  const scores = new Float64Array(classes);
  return (counts) => {
    scores.fill(0);
    let heard = false;
    for (let neuron = 0; neuron < counts.length; neuron++) {
      const count = counts[neuron]!;
      if (count === 0) continue;
      heard = true;
      for (let c = 0; c < classes; c++) scores[c]! += count * weights[neuron * classes + c]!;
    }
    if (!heard) return NO_CLASS;
    let winner = 0;
    for (let c = 1; c < classes; c++) if (scores[c]! > scores[winner]!) winner = c;
    return winner;
  };
}

/** What one spike of each neuron says for each class, neurons x classes: every vote is linear in the counts. */
const VOTE_WEIGHTS: Readonly<Record<Vote, (responses: ClassResponses) => Float64Array>> = {
  activity(responses) {
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

  proportion({ spikes, images }) {
    const classes = images.length;
    const means = Float64Array.from(spikes, (count, k) => (count === 0 ? 0 : count / images[k % classes]!));
    return perNeuron(means, classes, (mean, sum) => (sum === 0 ? 0 : mean / sum));
  },

  likelihood({ spikes, images }) {
    const classes = images.length;
    return perNeuron(Float64Array.from(spikes), classes, (count, sum) =>
      Math.log((count + SMOOTHING) / (sum + classes * SMOOTHING)),
    );
  },
};

/** `weigh` of each value and the sum over its neuron's classes. */
function perNeuron(
  values: Float64Array,
  classes: number,
  weigh: (value: number, sum: number) => number,
): Float64Array {
  const weights = new Float64Array(values.length);
  for (let first = 0; first < values.length; first += classes) {
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += values[first + c]!;
    for (let c = 0; c < classes; c++) weights[first + c] = weigh(values[first + c]!, sum);
  }
  return weights;
}
