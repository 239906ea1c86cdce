import type { Ticks } from './common-tick.ts';

/**
 * Who goes first where several sources want the same. `round-robin`: the first from the one after the last that went;
 * `fixed-priority`: the first in the order of the description, so that later ones may starve; `oldest`: who has waited longest;
 * `weighted`: who has had least for its weight since it began to want (start-time fair queueing).
 */
export const ARBITERS = ['round-robin', 'fixed-priority', 'oldest', 'weighted'] as const;
export type ArbiterKind = (typeof ARBITERS)[number];

/** Chooses between sources 0 to n - 1. Of equal ones the first goes, so that every choice is determined. */
export interface Arbiter {
  /** Whose turn it is among the sources with `since[source] <= now`, the time from which each has wanted; -1 if none. */
  choose(since: Float64Array, now: number): number;
  /** The source has had its turn, with so much (bytes or bursts, whole). */
  grant(source: number, amount: number): void;
}

/** Weights are whole and at least 1; they matter to `weighted` alone. */
export function createArbiter(kind: ArbiterKind, weights: readonly number[]): Arbiter {
  if (kind === 'weighted') return fairQueueing(weights);
  const sources = weights.length;
  let next = 0;
  return {
    choose(since, now) {
      const first = kind === 'round-robin' ? next : 0;
      let chosen = -1;
      for (let i = 0; i < sources; i++) {
        const source = (first + i) % sources;
        const wanted = since[source]!;
        if (wanted > now) continue;
        if (kind !== 'oldest') return source;
        if (chosen < 0 || wanted < since[chosen]!) chosen = source;
      }
      return chosen;
    },
    grant(source) {
      next = source + 1 === sources ? 0 : source + 1;
    },
  };
}

/**
 * Each source has a tag that grows by what it is granted over its weight; the least tag goes. A source that wanted nothing
 * for a while begins at the tag of the latest grant, so that it saves nothing up. Tags are whole: in units in which every weight divides.
 */
function fairQueueing(weights: readonly number[]): Arbiter {
  const unit = weights.reduce(
    (multiple, weight) => (multiple * weight) / greatestDivisor(multiple, weight),
    1,
  );
  const tags = new Float64Array(weights.length);
  let latest = 0;
  const tagOf = (source: number): number => Math.max(latest, tags[source]!);
  return {
    choose(since: Float64Array, now: Ticks) {
      let chosen = -1;
      for (let source = 0; source < weights.length; source++)
        if (since[source]! <= now && (chosen < 0 || tagOf(source) < tagOf(chosen))) chosen = source;
      return chosen;
    },
    grant(source, amount) {
      latest = tagOf(source);
      tags[source] = latest + amount * (unit / weights[source]!);
    },
  };
}

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b));
