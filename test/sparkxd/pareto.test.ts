import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kneeOf, modelReward, stillPossible } from '../../src/sparkxd/pareto.ts';

/** Few different values, so that ties are common. */
const few = fc.integer({ min: 0, max: 4 });
const points = fc.array(fc.record({ energy: few, latency: few, accuracy: few, unsure: few, above: few }), {
  maxLength: 12,
});

describe('what can still be on the front', () => {
  it('is, when everything is known, the points that no other dominates, of equals the first', () => {
    fc.assert(
      fc.property(points, (all) => {
        const known = all.map(({ energy, latency, accuracy }) => ({
          ...{ energy, latency, accuracyLow: accuracy, accuracyHigh: accuracy },
        }));
        const slow = all.map((p, i) =>
          all.every((q, j) => {
            const noWorse = q.energy <= p.energy && q.latency <= p.latency && q.accuracy >= p.accuracy;
            const same = q.energy === p.energy && q.latency === p.latency && q.accuracy === p.accuracy;
            return i === j || !noWorse || (same && i < j);
          }),
        );
        expect(stillPossible(known)).toEqual(slow);
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  it('holds the true front, whatever the unknown accuracies turn out to be', () => {
    fc.assert(
      fc.property(points, (all) => {
        const bounds = all.map(({ energy, latency, accuracy, unsure, above }) => ({
          ...{ energy, latency, accuracyLow: accuracy - unsure, accuracyHigh: accuracy + above },
        }));
        const truth = all.map(({ energy, latency, accuracy }) => ({
          ...{ energy, latency, accuracyLow: accuracy, accuracyHigh: accuracy },
        }));
        const keyOf = (i: number) => `${all[i]!.energy}/${all[i]!.latency}/${all[i]!.accuracy}`;
        const frontOf = (places: readonly number[]) => {
          const on = stillPossible(places.map((i) => truth[i]!));
          return places
            .filter((_, k) => on[k])
            .map(keyOf)
            .sort();
        };
        const every = all.map((_, i) => i);
        const possible = stillPossible(bounds);
        expect(frontOf(every.filter((i) => possible[i]))).toEqual(frontOf(every));
      }),
      { seed: 6, numRuns: 300 },
    );
  });
});

describe('the knee', () => {
  it('is the point farthest above the line between the ends', () => {
    expect(
      kneeOf([
        { energy: 1, accuracy: 0 },
        { energy: 2, accuracy: 8 },
        { energy: 11, accuracy: 10 },
      ]),
    ).toBe(1);
  });
  it('is the cheapest point of a straight front, and none of an empty one', () => {
    expect(
      kneeOf([
        { energy: 2, accuracy: 1 },
        { energy: 1, accuracy: 0 },
      ]),
    ).toBe(1);
    expect(kneeOf([])).toBeUndefined();
  });
});

it('EnforceSNN rewards accuracy and takes away the share of energy', () => {
  expect(modelReward(0.9, 30, 60, 0.2)).toBeCloseTo(0.8, 12);
});
