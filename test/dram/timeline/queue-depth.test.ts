import { describe, expect, it } from 'vitest';
import { createQueueDepth } from '../../../src/dram/timeline/queue-depth.ts';

/** Depths as they are handed over, of requests that wait from `entered` up to and with `issued`. */
function depths(
  requests: readonly [entered: number, issued: number][],
  mostHeld?: number,
): [number, number][] {
  const taken: [number, number][] = [];
  const queue = createQueueDepth((cycle, depth) => taken.push([cycle, depth]), -1, Infinity, mostHeld);
  for (const [entered, issued] of requests) queue.served(entered, 0, issued, 0, 1);
  queue.end();
  return taken;
}

describe('the depth of a queue', () => {
  it('changes once a cycle at most, and not where one enters as another leaves', () => {
    expect(
      depths([
        [0, 3],
        [2, 5],
        [4, 6],
      ]),
    ).toEqual([
      [0, 1],
      [2, 2],
      [6, 1],
      [7, 0],
    ]);
  });

  it('holds little back: a request that waited since before what was handed over counts from then on', () => {
    const short = Array.from({ length: 40 }, (_, i): [number, number] => [i * 10, i * 10 + 4]);
    const late: [number, number] = [0, 405];
    const exact = depths([...short, late]);
    expect(exact[0]).toEqual([0, 2]);
    const bounded = depths([...short, late], 16);
    expect(bounded[0]).toEqual([0, 1]);
    expect(bounded.slice(-3)).toEqual(exact.slice(-3));
    expect(bounded.every(([cycle], i) => i === 0 || cycle > bounded[i - 1]![0])).toBe(true);
  });
});
