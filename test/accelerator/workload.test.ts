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
