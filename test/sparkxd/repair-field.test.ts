import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  neighbourMeans,
  type ReceptiveFields,
  replaceOutliers,
  restoreSums,
} from '../../src/sparkxd/repair-field.ts';
import { silenceDamaged } from '../../src/sparkxd/repairs/silence.ts';

const fields: ReceptiveFields = {
  imageRows: 4,
  imageColumns: 5,
  neurons: 3,
  weightSum: 4,
  ceiling: 1,
  likeliest: 0,
};
const size = 4 * 5 * 3;
const someWeights = fc
  .array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: size, maxLength: size })
  .map((values) => Float32Array.from(values));

/** The weights around a pixel of one neuron, looked up one by one. */
function around(weights: Float32Array, row: number, column: number, neuron: number): number[] {
  const found: number[] = [];
  for (const [r, c] of [-1, 0, 1].flatMap((dr) => [-1, 0, 1].map((dc) => [row + dr, column + dc] as const)))
    if (r >= 0 && r < 4 && c >= 0 && c < 5 && (r !== row || c !== column))
      found.push(weights[(r * 5 + c) * 3 + neuron]!);
  return found;
}

function forEachWeight(visit: (row: number, column: number, neuron: number, at: number) => void): void {
  for (let at = 0; at < size; at++) visit(Math.floor(at / 15), Math.floor(at / 3) % 5, at % 3, at);
}

describe('repair of receptive fields', () => {
  it('replaces what is far from the median around it, and nothing else', () => {
    fc.assert(
      fc.property(someWeights, (weights) => {
        const repaired = weights.slice();
        replaceOutliers(repaired, fields);
        forEachWeight((row, column, neuron, at) => {
          const sorted = around(weights, row, column, neuron).sort((a, b) => a - b);
          const half = sorted.length / 2;
          const median = Number.isInteger(half)
            ? (sorted[half - 1]! + sorted[half]!) / 2
            : sorted[Math.floor(half)]!;
          const expected = Math.abs(weights[at]! - median) > 0.25 ? Math.fround(median) : weights[at]!;
          expect(repaired[at]).toBe(expected);
        });
      }),
      { seed: 1, numRuns: 50 },
    );
  });

  it('averages neighbours, fewer at the edge', () => {
    fc.assert(
      fc.property(someWeights, (weights) => {
        const means = neighbourMeans(weights, fields);
        forEachWeight((row, column, neuron, at) => {
          const neighbours = around(weights, row, column, neuron);
          expect(means[at]).toBeCloseTo(neighbours.reduce((a, b) => a + b, 0) / neighbours.length, 5);
        });
      }),
      { seed: 1, numRuns: 20 },
    );
  });

  it('brings each neuron back to its sum, none of its weights above 1', () => {
    const weights = new Float32Array(size);
    // Neuron 0 has small weights, neuron 1 one that would go above 1, neuron 2 none at all.
    for (let input = 0; input < 20; input++) weights[input * 3] = 0.1;
    weights.set([0.5], 1);
    weights.set([0.01], 4);
    restoreSums(weights, fields);
    expect(weights[0]).toBeCloseTo(0.2, 6);
    expect([weights[1], weights[2]]).toEqual([1, 0]);
  });

  it('silences neurons whose sum is off, not a number, or infinite, and leaves the others as they are', () => {
    const sound = new Float32Array(size).fill(0.2);
    for (const strange of [Number.NaN, Number.POSITIVE_INFINITY, -3e38, 0.9]) {
      const weights = sound.slice();
      weights[7] = strange;
      silenceDamaged(weights, fields);
      expect(weights.every((weight, at) => weight === (at % 3 === 1 ? 0 : Math.fround(0.2)))).toBe(true);
    }
  });
});
