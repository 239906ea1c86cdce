import fc from 'fast-check';
import { expect, it } from 'vitest';
import { byInferencesSinceWriting } from '../../src/sparkxd/over-time.ts';

const inference = fc.record({ mark: fc.constantFrom(0, 1), wrong: fc.nat(1000) });

it('blocks hold each inference once, by how many came since the weights were written', () => {
  fc.assert(
    fc.property(
      fc.array(inference, { minLength: 1, maxLength: 200, size: 'max' }),
      fc.option(fc.integer({ min: 1, max: 250 }), { nil: undefined }),
      (inferences, every) => {
        const marks = Uint8Array.from(inferences, ({ mark }) => mark);
        const blocks = byInferencesSinceWriting(
          { marks, wrongBits: inferences.map(({ wrong }) => wrong) },
          every,
        );
        let age = 0;
        const of = blocks.map(() => ({ images: 0, correct: 0, wrong: 0 }));
        for (const [i, { mark, wrong }] of inferences.entries()) {
          if (i > 0) age = i % (every ?? 1000) === 0 ? 0 : age + 1;
          const found = blocks.flatMap(({ from, to }, block) => (from <= age && age <= to ? [block] : []));
          expect(found).toHaveLength(1);
          const sums = of[found[0]!]!;
          sums.images++;
          sums.correct += mark;
          sums.wrong += wrong;
        }
        for (const [i, { accuracy, wrongBitsPerInference }] of blocks.entries()) {
          expect(accuracy.images).toBe(of[i]!.images);
          expect(accuracy.correct).toBe(of[i]!.correct);
          expect(wrongBitsPerInference * of[i]!.images).toBeCloseTo(of[i]!.wrong, 6);
        }
      },
    ),
  );
});

it('blocks double: 0, 1, 2-3, 4-7, ..., and end with the interval of writing', () => {
  const blocks = byInferencesSinceWriting(
    { marks: new Uint8Array(40), wrongBits: new Array<number>(40).fill(0) },
    10,
  );
  expect(blocks.map(({ from, to, accuracy }) => [from, to, accuracy.images])).toEqual([
    [0, 0, 4],
    [1, 1, 4],
    [2, 3, 8],
    [4, 7, 16],
    [8, 9, 8],
  ]);
});
