import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNumberQueue } from '../../src/engine/number-queue.ts';

describe('a queue of numbers', () => {
  it('is an array of records, first in, first out', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.array(
          fc.oneof(fc.record({ push: fc.integer({ min: 1, max: 40 }) }), fc.record({ pop: fc.nat(40) })),
          {
            maxLength: 30,
          },
        ),
        (stride, steps) => {
          const queue = createNumberQueue(stride);
          const plain: number[][] = [];
          let value = 0;
          for (const step of steps) {
            for (let i = 0; 'push' in step && i < step.push; i++) {
              const record = Array.from({ length: stride }, () => value++);
              const at = queue.push();
              queue.data.set(record, at);
              plain.push(record);
            }
            for (let i = 0; 'pop' in step && i < step.pop && plain.length > 0; i++) {
              queue.pop();
              plain.shift();
            }
            const seen = plain.map((_, place) => [
              ...queue.data.subarray(queue.at(place), queue.at(place) + stride),
            ]);
            expect(seen).toEqual(plain);
            expect(queue.length).toBe(plain.length);
          }
        },
      ),
      { seed: 22, numRuns: 300 },
    );
  });
});
