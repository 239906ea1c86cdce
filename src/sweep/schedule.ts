import type { SweepPoint } from './plan.ts';
import type { PointGroup } from './point-groups.ts';

/** Points that a thread works off together: of one group, in the plan's order. */
export interface Portion {
  readonly group: PointGroup;
  readonly points: readonly SweepPoint[];
}

/** Hands out points; each is handed out once. */
export interface Schedule {
  /** Points still to be handed out. */
  readonly left: number;
  /** What the thread (from 0) works off next, or undefined at the end. */
  next(thread: number): Portion | undefined;
}

/**
 * Points of a portion: enough that input spikes, made once a portion, weigh little; few enough that little is lost
 * when the process is killed.
 */
const MOST_POINTS = 8;

/** At the end a portion is at most this part of a thread's share of what is left, so that all end together. */
const PART_OF_THE_REST = 2;

interface Member {
  readonly group: PointGroup;
  readonly cost: number;
  taken: number;
}

/**
 * Deals the points of `groups` to threads. What the points of a group share is computed by each thread that works at
 * the group, so a thread stays with its group, begins the costliest that nobody has begun, and helps with the one of
 * which most is left only when all have been begun. `costOf` is the cost of one point of a group in any unit.
 */
export function createSchedule(
  groups: readonly PointGroup[],
  threads: number,
  costOf: (group: PointGroup) => number,
): Schedule {
  const members: Member[] = groups.map((group) => ({ group, cost: costOf(group), taken: 0 }));
  const rest = ({ group, cost, taken }: Member): number => (group.points.length - taken) * cost;
  // The sort is stable: groups of one cost begin in the plan's order.
  const unbegun = [...members].sort((a, b) => rest(a) - rest(b) || members.indexOf(b) - members.indexOf(a));
  const begun = new Set<Member>();
  const current: (Member | undefined)[] = Array.from({ length: threads });
  let costLeft = members.reduce((sum, member) => sum + rest(member), 0);
  let left = groups.reduce((sum, { points }) => sum + points.length, 0);

  const largestBegun = (): Member | undefined => {
    let largest: Member | undefined;
    for (const member of begun) if (!largest || rest(member) > rest(largest)) largest = member;
    return largest;
  };
  return {
    get left() {
      return left;
    },
    next(thread) {
      let member = current[thread];
      if (!member || !begun.has(member)) {
        member = unbegun.pop() ?? largestBegun();
        if (!member) return undefined;
        begun.add(member);
        current[thread] = member;
      }
      const fair =
        threads === 1 ? MOST_POINTS : Math.ceil(costLeft / (threads * PART_OF_THE_REST * member.cost));
      const { points } = member.group;
      const count = Math.min(MOST_POINTS, Math.max(1, fair), points.length - member.taken);
      const portion = { group: member.group, points: points.slice(member.taken, member.taken + count) };
      member.taken += count;
      costLeft -= count * member.cost;
      left -= count;
      if (member.taken === points.length) begun.delete(member);
      return portion;
    },
  };
}
