import { CLASSES } from '../datasets/dataset.ts';
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

/** Pseudo-spikes that a neuron is given for each class, so that a class it never answered to is not impossible. */
const SMOOTHING = 0.3;

/** Each neuron's class: the one whose images drew the most spikes on average; NO_CLASS if none drew any. */
export function neuronLabels({ spikes, images }: ClassResponses): Uint8Array {
  return Uint8Array.from({ length: spikes.length / CLASSES }, (_, neuron) => {
    let label = NO_CLASS;
    let best = 0;
    for (let c = 0; c < CLASSES; c++) {
      const mean = images[c]! === 0 ? 0 : spikes[neuron * CLASSES + c]! / images[c]!;
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
  const weights = voteWeights(responses, vote);
  const scores = new Float64Array(CLASSES);
  return (counts) => {
    scores.fill(0);
    let heard = false;
    for (let neuron = 0; neuron < counts.length; neuron++) {
      const count = counts[neuron]!;
      if (count === 0) continue;
      heard = true;
      for (let c = 0; c < CLASSES; c++) scores[c]! += count * weights[neuron * CLASSES + c]!;
    }
    if (!heard) return NO_CLASS;
    let winner = 0;
    for (let c = 1; c < CLASSES; c++) if (scores[c]! > scores[winner]!) winner = c;
    return winner;
  };
}

/** What one spike of each neuron says for each class, neurons x CLASSES: every vote is linear in the counts. */
function voteWeights(responses: ClassResponses, vote: Vote): Float64Array {
  switch (vote) {
    case 'activity':
      return activityWeights(neuronLabels(responses));
    case 'proportion':
      return proportionWeights(responses);
    case 'likelihood':
      return likelihoodWeights(responses);
  }
}

function activityWeights(labels: Uint8Array): Float64Array {
  const weights = new Float64Array(labels.length * CLASSES);
  const members = new Uint32Array(CLASSES);
  for (const label of labels) if (label !== NO_CLASS) members[label]!++;
  labels.forEach((label, neuron) => {
    if (label !== NO_CLASS) weights[neuron * CLASSES + label] = 1 / members[label]!;
  });
  return weights;
}

function proportionWeights({ spikes, images }: ClassResponses): Float64Array {
  const means = Float64Array.from(spikes, (count, k) => (count === 0 ? 0 : count / images[k % CLASSES]!));
  return means.map((mean, k) => {
    const first = k - (k % CLASSES);
    const sum = means.subarray(first, first + CLASSES).reduce((a, b) => a + b, 0);
    return sum === 0 ? 0 : mean / sum;
  });
}

function likelihoodWeights({ spikes }: ClassResponses): Float64Array {
  return Float64Array.from(spikes, (count, k) => {
    const first = k - (k % CLASSES);
    const sum = spikes.subarray(first, first + CLASSES).reduce((a, b) => a + b, 0);
    return Math.log((count + SMOOTHING) / (sum + CLASSES * SMOOTHING));
  });
}
