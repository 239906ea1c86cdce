import type { ClassResponses } from './network.ts';
import { NO_CLASS } from './neuron-labels.ts';
import type { VoteDefinition } from './vote-definition.ts';
import { activity } from './votes/activity.ts';
import { likelihood } from './votes/likelihood.ts';
import { proportion } from './votes/proportion.ts';

/** Every way in which spike counts become a class, in the order in which help texts name them. */
const DEFINITIONS = [activity, proportion, likelihood] as const satisfies readonly VoteDefinition[];

export type Vote = (typeof DEFINITIONS)[number]['name'];
export const VOTES: readonly Vote[] = DEFINITIONS.map(({ name }) => name);

/** The vote that gains most from the labelling counts (docs/snn.md). */
export const DEFAULT_VOTE: Vote = 'likelihood';

/** What is known of a vote. */
export function voteOf(name: Vote): VoteDefinition {
  return DEFINITIONS.find((vote) => vote.name === name)!;
}

/** Turns the spike counts of one presentation into a class; silence gives NO_CLASS, equal scores the lower class. */
export function createClassifier(responses: ClassResponses, vote: Vote): (counts: Uint16Array) => number {
  const classes = responses.images.length;
  const weights = voteOf(vote).weights(responses);
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
