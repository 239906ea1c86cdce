import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WEIGHT_FORMATS } from '../../src/snn/weight-format.ts';
import { layerDamage } from '../../src/sparkxd/layer-damage.ts';
import { storeLayers } from '../../src/sparkxd/stored-layers.ts';
import { randomCases } from '../effort.ts';

const tensors = [
  [3, 40],
  [17, 5],
  [2, 33],
].map(([rows, columns], k) => ({
  ...{ name: `fc${k}.weight`, rows: rows!, columns: columns! },
  weights: Float32Array.from({ length: rows! * columns! }, (_, i) => ((i * 7919) % 1009) / 1008),
}));

describe('errors in one tensor of a layered network', () => {
  it('are those that the same mask makes there when it damages all, and leave the others alone', () => {
    let damaged = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...WEIGHT_FORMATS),
        fc.constantFrom('none' as const, 'secded' as const),
        fc.nat(2),
        fc.nat(999),
        (format, ecc, only, seed) => {
          const stored = storeLayers(tensors, { format, ecc }, 32);
          const rates: number[] = [];
          const all = layerDamage(stored, 'none')(0.01, seed, ({ observed }) => rates.push(observed));
          const sound = layerDamage(stored, 'none')(0, seed, ({ observed }) => rates.push(observed));
          const own = layerDamage(stored, 'none', only)(0.01, seed, ({ observed }) => rates.push(observed));
          for (const k of tensors.keys()) expect(own[k]).toEqual(k === only ? all[k] : sound[k]);
          if (all[only]!.some((weight, i) => !Object.is(weight, sound[only]![i]))) damaged++;
          expect(rates[1]).toBe(0);
          for (const rate of [rates[0]!, rates[2]!]) expect(Math.abs(rate - 0.01)).toBeLessThan(0.01);
        },
      ),
      { seed: 61, numRuns: randomCases(60) },
    );
    expect(damaged).toBeGreaterThan(randomCases(20));
  });
});
