import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePlan } from '../../src/sweep/plan.ts';
import { groupPoints } from '../../src/sweep/point-groups.ts';
import { createSchedule } from '../../src/sweep/schedule.ts';
import { randomCases } from '../effort.ts';

const groupsOf = (networks: number, points: number) => {
  const network = Array.from({ length: networks }, (_, i) => `n${i}`);
  const chip = Array.from({ length: points }, (_, i) => i + 1);
  return groupPoints(parsePlan(JSON.stringify({ axes: { network, supply: 1.1, chip } }), 'p').points);
};

/** Runs a schedule as threads would that need exactly the cost of what they are given. */
function simulate(networks: number, points: number, costs: readonly number[], threads: number) {
  const groups = groupsOf(networks, points);
  const schedule = createSchedule(groups, threads, (group) => costs[groups.indexOf(group)]!);
  const clocks = new Float64Array(threads);
  const dealt: number[] = [];
  const openings = new Set<string>();
  const sizes: number[] = [];
  const idle = new Set<number>();
  while (idle.size < threads) {
    let thread = -1;
    for (let t = 0; t < threads; t++)
      if (!idle.has(t) && (thread < 0 || clocks[t]! < clocks[thread]!)) thread = t;
    const portion = schedule.next(thread);
    if (!portion) {
      idle.add(thread);
      continue;
    }
    const place = groups.indexOf(portion.group);
    openings.add(`${thread} ${place}`);
    sizes.push(portion.points.length);
    dealt.push(...portion.points.map(({ index }) => index));
    clocks[thread]! += portion.points.length * costs[place]!;
  }
  return { makespan: Math.max(...clocks), dealt, openings: openings.size, sizes, left: schedule.left };
}

describe('the schedule of a sweep', () => {
  it('hands out every point once, and ends within two points of the even share', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 30 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 4, maxLength: 4 }),
        fc.integer({ min: 1, max: 5 }),
        (networks, points, costs, threads) => {
          const { makespan, dealt, left } = simulate(networks, points, costs, threads);
          expect([...dealt].sort((a, b) => a - b)).toEqual(
            Array.from({ length: networks * points }, (_, i) => i),
          );
          expect(left).toBe(0);
          const used = costs.slice(0, networks);
          const even = (used.reduce((sum, cost) => sum + cost, 0) * points) / threads;
          expect(makespan).toBeLessThanOrEqual(even + 2 * Math.max(...used));
        },
      ),
      { seed: 9, numRuns: randomCases(200) },
    );
  });

  it('opens each group once where there are enough, and once more to help at the end', () => {
    expect(simulate(3, 30, [4, 9, 16], 2).openings).toBe(4);
    expect(simulate(3, 30, [4, 9, 16], 1)).toMatchObject({ openings: 3, makespan: 870 });
  });
});
