import type { ArbiterKind } from '../../src/engine/arbiter.ts';

/** A source that wants its turn, and the time from which it has wanted. */
export interface Wanting {
  source: number;
  since: number;
}

export interface ReferenceArbiter {
  /** Whose turn it is among those who want; at least one does. */
  choose(wanting: readonly Wanting[]): number;
  /** The source has had its turn, with so much. */
  grant(source: number, amount: number): void;
}

/** The arbiters of docs/engine.md, in whole numbers of any size. */
export function referenceArbiter(kind: ArbiterKind, weights: readonly number[]): ReferenceArbiter {
  const sources = weights.length;
  let last = sources - 1;
  /** For `weighted`, by source: what it has had over its weight, times the product of all weights, so that it is whole. */
  const all = weights.reduce((product, weight) => product * BigInt(weight), 1n);
  const had = weights.map(() => 0n);
  /** What the source that went last had had before: who begins to want saves up no less. */
  let level = 0n;

  return {
    choose(wanting) {
      const inOrder = [...wanting].sort((a, b) => a.source - b.source);
      if (kind === 'fixed-priority') return inOrder[0]!.source;
      if (kind === 'oldest')
        return inOrder.reduce((best, other) => (other.since < best.since ? other : best)).source;
      if (kind === 'round-robin') return (inOrder.find(({ source }) => source > last) ?? inOrder[0]!).source;
      for (const { source } of inOrder) if (had[source]! < level) had[source] = level;
      return inOrder.reduce((best, other) => (had[other.source]! < had[best.source]! ? other : best)).source;
    },
    grant(source, amount) {
      last = source;
      level = had[source]!;
      had[source]! += (BigInt(amount) * all) / BigInt(weights[source]!);
    },
  };
}
