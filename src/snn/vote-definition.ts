import type { ClassResponses } from './network.ts';

/** How spike counts become a class. One file of `votes/` each, listed in `vote.ts`. */
export interface VoteDefinition {
  /** As the user writes it; also the name of its file. */
  readonly name: string;
  /** One line for help texts. */
  readonly summary: string;
  /** What one spike of each neuron adds to the score of each class, neurons x classes: every vote is linear in the counts. */
  weights(responses: ClassResponses): Float64Array;
}
