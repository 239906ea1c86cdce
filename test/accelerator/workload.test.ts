import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWeightBuffer } from '../../src/accelerator/weight-buffer.ts';
import { eventFetches, streamFetches } from '../../src/accelerator/workload.ts';

/** The obvious buffer: an array, newest last. */
function referenceMisses(spikes: readonly number[], capacity: number): number[] {
  let held: number[] = [];
  return spikes.filter((row) => {
    const hit = held.includes(row);
    held = [...held.filter((other) => other !== row), row].slice(
      capacity === 0 ? held.length + 1 : -capacity,
    );
    return !hit;
  });
}

describe('the stream workload', () => {
  it('reads every weight row once, in order', () => {
    expect([...streamFetches(5)]).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('the event workload', () => {
  it('fetches exactly what an obvious least-recently-used buffer misses', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(19), { maxLength: 300 }), fc.nat(25), (spikes, capacity) => {
        const fetched = eventFetches(spikes, createWeightBuffer(capacity, 20));
        expect([...fetched]).toEqual(referenceMisses(spikes, capacity));
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('fetches what an obvious buffer misses whose rows have sizes of their own', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(fc.nat(11), { maxLength: 200 }), fc.nat(40), sizes, (spikes, capacity, size) => {
        let held: number[] = [];
        const room = (): number => held.reduce((left, row) => left - size[row]!, capacity);
        const missed = spikes.filter((row) => {
          const hit = held.includes(row);
          if (size[row]! > capacity) return true;
          held = [...held.filter((other) => other !== row), row];
          while (room() < 0) held = held.slice(1);
          return !hit;
        });
        expect([...eventFetches(spikes, createWeightBuffer(capacity, 12, size))]).toEqual(missed);
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  it('fetches every spike without a buffer and every distinct row once with a large one', () => {
    const spikes = [3, 1, 3, 3, 2, 1];
    expect([...eventFetches(spikes, createWeightBuffer(0, 4))]).toEqual(spikes);
    expect([...eventFetches(spikes, createWeightBuffer(4, 4))]).toEqual([3, 1, 2]);
  });

  it('keeps rows from one inference to the next', () => {
    const buffer = createWeightBuffer(2, 4);
    expect([...eventFetches([0, 1], buffer)]).toEqual([0, 1]);
    expect([...eventFetches([1, 0, 2], buffer)]).toEqual([2]);
  });
});
