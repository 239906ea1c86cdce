import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ARBITERS, type ArbiterKind, createArbiter } from '../../src/engine/arbiter.ts';
import { NEVER } from '../../src/engine/common-tick.ts';
import { randomCases } from '../effort.ts';
import { referenceArbiter } from '../reference/arbiter.ts';

/** What comes to each source, in order: after how much time, and how large. */
type Arrivals = { gap: number; amount: number }[][];

const arrivals = (sources: number): fc.Arbitrary<Arrivals> =>
  fc.array(
    fc.array(
      fc.record({
        gap: fc.oneof(fc.constant(0), fc.nat(6), fc.nat(60)),
        amount: fc.integer({ min: 1, max: 20 }),
      }),
      { minLength: 1, maxLength: 30 },
    ),
    { minLength: sources, maxLength: sources },
  );
const contests = fc.integer({ min: 1, max: 5 }).chain((sources) =>
  fc.record({
    weights: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: sources, maxLength: sources }),
    arrivals: arrivals(sources),
  }),
);

interface Turn {
  time: number;
  source: number;
  /** From when the source has wanted this turn. */
  since: number;
  amount: number;
  /** Who wanted. */
  wanting: number[];
}

/** One thing goes at a time and takes as long as it is large; each source wants one after the other. */
function contest(kind: ArbiterKind, weights: readonly number[], drawn: Arrivals): Turn[] {
  const arbiter = createArbiter(kind, weights);
  const plain = referenceArbiter(kind, weights);
  const queues = drawn.map((all) => {
    let time = 0;
    return all.map(({ gap, amount }) => {
      time += gap;
      return { time, amount };
    });
  });
  const turns: Turn[] = [];
  for (let now = 0; queues.some((queue) => queue.length > 0); ) {
    const since = Float64Array.from(queues, ([head]) => head?.time ?? NEVER);
    const source = arbiter.choose(since, now);
    const wanting = [...since.keys()].filter((one) => since[one]! <= now);
    if (wanting.length === 0) {
      expect(source).toBe(-1);
      now = Math.min(...since);
      continue;
    }
    expect(source).toBe(plain.choose(wanting.map((one) => ({ source: one, since: since[one]! }))));
    const { amount } = queues[source]!.shift()!;
    arbiter.grant(source, amount);
    plain.grant(source, amount);
    turns.push({ time: now, source, since: since[source]!, amount, wanting });
    now += amount;
  }
  return turns;
}

describe('arbiters', () => {
  it.each(ARBITERS)('%s is what its description says', (kind) => {
    fc.assert(
      fc.property(contests, ({ weights, arrivals: drawn }) => void contest(kind, weights, drawn)),
      { seed: 16, numRuns: randomCases(300) },
    );
  });

  it('round-robin lets every other go once at most before a source', () => {
    fc.assert(
      fc.property(contests, ({ weights, arrivals: drawn }) => {
        const turns = contest('round-robin', weights, drawn);
        for (const [i, { source }] of turns.entries()) {
          const others = new Set<number>();
          for (
            let j = i - 1;
            j >= 0 && turns[j]!.source !== source && turns[j]!.wanting.includes(source);
            j--
          ) {
            expect(others.has(turns[j]!.source)).toBe(false);
            others.add(turns[j]!.source);
          }
        }
      }),
      { seed: 17, numRuns: randomCases(300) },
    );
  });

  it('oldest lets nobody go before a source that wanted later', () => {
    fc.assert(
      fc.property(contests, ({ weights, arrivals: drawn }) => {
        const turns = contest('oldest', weights, drawn);
        for (const [i, { time, since }] of turns.entries())
          for (const later of turns.slice(i + 1))
            if (later.since <= time) expect(since <= later.since).toBe(true);
      }),
      { seed: 18, numRuns: randomCases(300) },
    );
  });

  it('weighted keeps shares of those who always want in proportion, to one thing of each', () => {
    fc.assert(
      fc.property(
        contests.map(({ weights, arrivals: drawn }) => ({
          weights,
          drawn: drawn.map((all) => all.map(({ amount }) => ({ gap: 0, amount }))),
        })),
        ({ weights, drawn }) => {
          const largest = drawn.map((all) => Math.max(...all.map(({ amount }) => amount)));
          const had = weights.map(() => 0);
          for (const { source, amount, wanting } of contest('weighted', weights, drawn)) {
            had[source]! += amount;
            if (wanting.length < weights.length) break;
            for (const [a, weight] of weights.entries())
              for (const [b, other] of weights.entries())
                expect(had[a]! / weight - had[b]! / other).toBeLessThanOrEqual(
                  largest[a]! / weight + largest[b]! / other + 1e-9,
                );
          }
        },
      ),
      { seed: 19, numRuns: randomCases(300) },
    );
  });

  it('weighted lets nobody save up: who comes late gets its share from then on', () => {
    const arbiter = createArbiter('weighted', [1, 1]);
    for (let i = 0; i < 100; i++) {
      expect(arbiter.choose(new Float64Array([0, NEVER]), i)).toBe(0);
      arbiter.grant(0, 1);
    }
    const order = Array.from({ length: 10 }, (_, i) => {
      const source = arbiter.choose(new Float64Array([0, 100]), 100 + i);
      arbiter.grant(source, 1);
      return source;
    });
    expect(order.filter((source) => source === 1)).toHaveLength(5);
  });

  it('fixed-priority lets a source starve while an earlier one wants', () => {
    const arbiter = createArbiter('fixed-priority', [1, 1]);
    for (let i = 0; i < 1000; i++) {
      expect(arbiter.choose(new Float64Array([i, 0]), i)).toBe(0);
      arbiter.grant(0, 1);
    }
    expect(arbiter.choose(new Float64Array([NEVER, 0]), 1000)).toBe(1);
  });
});
