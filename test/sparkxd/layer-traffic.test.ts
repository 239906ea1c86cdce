import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StepLists } from '../../src/snn/layers/needed-rows.ts';
import type { WeightFormat } from '../../src/snn/weight-format.ts';
import { createLayerFetches } from '../../src/sparkxd/layer-traffic.ts';
import { storeLayers } from '../../src/sparkxd/stored-layers.ts';
import { randomCases } from '../effort.ts';

const steps = (lists: readonly (readonly number[])[]): StepLists => ({
  offsets: Uint32Array.from([0, ...lists.map((_, t) => lists.slice(0, t + 1).flat().length)]),
  numbers: Uint32Array.from(lists.flat()),
});
describe('the fetches of a layered network', () => {
  const networks = fc.array(
    fc.record({
      rows: fc.integer({ min: 1, max: 6 }),
      columns: fc.integer({ min: 1, max: 12 }),
      format: fc.constantFrom<WeightFormat>('fp32', 'int8', 'int4'),
    }),
    { minLength: 1, maxLength: 3 },
  );
  const stored = (drawn: readonly { rows: number; columns: number; format: WeightFormat }[]) =>
    storeLayers(
      drawn.map(({ rows, columns }, k) => ({
        ...{ name: `fc${k}.weight`, rows, columns, weights: new Float32Array(rows * columns).fill(1) },
      })),
      {
        ...{ format: 'fp32', ecc: 'none' },
        tensorFormats: drawn.map(({ format }, k) => [`fc${k}.weight`, format]),
      },
      32,
    );

  it('are under stream all rows of all tensors in order, for every inference', () => {
    const fetches = createLayerFetches(
      'stream',
      stored([
        { rows: 2, columns: 3, format: 'int8' },
        { rows: 3, columns: 1, format: 'fp32' },
      ]),
      { weightBuffer: 0 },
    );
    for (let inference = 0; inference < 2; inference++) expect([...fetches([])]).toEqual([0, 1, 2, 3, 4]);
  });

  it('are under event what an obvious buffer of bytes misses, step by step, layer by layer, inference after inference', () => {
    fc.assert(
      fc.property(
        networks,
        fc.array(fc.array(fc.array(fc.nat(5), { maxLength: 4 }), { minLength: 3, maxLength: 3 }), {
          minLength: 9,
          maxLength: 9,
        }),
        fc.nat(120),
        (drawn, needs, bufferBytes) => {
          const fetches = createLayerFetches('event', stored(drawn), { weightBuffer: bufferBytes * 8 + 7 });
          let held: { row: number; bytes: number }[] = [];
          for (let inference = 0; inference < 3; inference++) {
            const lists = drawn.map(({ rows }, k) =>
              needs[inference * 3 + k]!.map((step) => step.map((row) => row % rows)),
            );
            const expected: number[] = [];
            for (let step = 0; step < 3; step++)
              for (const [k, { rows, columns, format }] of drawn.entries()) {
                const first = drawn.slice(0, k).reduce((sum, before) => sum + before.rows, 0);
                const bytes = Math.ceil((columns * { fp32: 32, int8: 8, int4: 4 }[format as 'fp32']) / 8);
                for (const own of lists[k]![step]!) {
                  expect(own).toBeLessThan(rows);
                  const row = first + own;
                  if (!held.some((each) => each.row === row)) expected.push(row);
                  if (bytes > bufferBytes) continue;
                  held = [...held.filter((each) => each.row !== row), { row, bytes }];
                  while (held.reduce((sum, each) => sum + each.bytes, 0) > bufferBytes) held = held.slice(1);
                }
              }
            expect([...fetches(lists.map(steps))]).toEqual(expected);
          }
        },
      ),
      { seed: 51, numRuns: randomCases(150) },
    );
  });
});
