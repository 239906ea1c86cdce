// Which command goes next.
import {
  at,
  bankOf,
  Lane,
  NEVER,
  NOTHING,
  PRE,
  ACT,
  queueOf,
  s,
  SASEL,
  Segment,
} from './state';

/**
 * Chooses the command of a lane that goes first from the current cycle on: columns before rows, then the older request.
 * Returns the cycle up to which it has looked, NEVER if a command is chosen.
 *
 * One key a bank, (cycles to wait, priority), of four banks at once, and their minimum. A bank's command waits for the
 * bank (`ready`) and for its group, whose constraints are looked up by comparing the command with each that it may be.
 */
export function choose(lane: Lane): i32 {
  if (lane.count == 0) return NEVER;
  const cycle = s.cycle;
  const now = i32x4.splat(cycle);
  const longest = i32x4.splat(s.longestWait);
  const bits = s.priorityBits;
  const bytes = <usize>s.placesPerGroup << 2;
  let best = i32x4.splat(0x7fffffff);
  let place: usize = 0;
  for (let group = 0; group < s.groups; group++) {
    const afterAct = groupCycle(group, ACT);
    const afterPre = groupCycle(group, PRE);
    const afterColumn = groupCycle(group, lane.column);
    for (const groupEnd = place + bytes; place < groupEnd; place += 16) {
      const command = v128.load(lane.command + place);
      let shared = v128.or(
        whereWanted(command, lane.column, afterColumn),
        v128.or(whereWanted(command, ACT, afterAct), whereWanted(command, PRE, afterPre)),
      );
      if (s.select) shared = v128.or(shared, whereWanted(command, SASEL, groupCycle(group, SASEL)));
      if (s.autoPrecharge)
        shared = v128.or(shared, whereWanted(command, lane.lastColumn, groupCycle(group, lane.lastColumn)));
      const from = i32x4.max_s(i32x4.max_s(v128.load(lane.ready + place), shared), now);
      const wait = i32x4.min_s(i32x4.sub(from, now), longest);
      best = i32x4.min_s(best, v128.or(i32x4.shl(wait, bits), v128.load(lane.priority + place)));
    }
  }
  best = i32x4.min_s(best, v128.shuffle<i32>(best, best, 2, 3, 0, 1));
  best = i32x4.min_s(best, v128.shuffle<i32>(best, best, 1, 0, 3, 2));
  const first = i32x4.extract_lane(best, 0);
  const wait = first >> bits;
  if (wait == s.longestWait) return cycle + wait;
  take(lane, first & s.bankMask, cycle + wait);
  return NEVER;
}

/** From when on a group allows those of four banks' commands that open, close or select rows; 0 elsewhere. */
// @ts-ignore: decorator
@inline
export function sharedByRows(group: i32, command: v128): v128 {
  const shared = v128.or(
    whereWanted(command, ACT, groupCycle(group, ACT)),
    whereWanted(command, PRE, groupCycle(group, PRE)),
  );
  return s.select ? v128.or(shared, whereWanted(command, SASEL, groupCycle(group, SASEL))) : shared;
}

/** The first cycle at which a group allows a command, four times. */
// @ts-ignore: decorator
@inline
function groupCycle(group: i32, command: i32): v128 {
  return v128.load32_splat(s.groupEarliest + (<usize>((group << 3) + command) << 2));
}

/** A cycle for the banks of which that command is wanted, 0 for the others. */
// @ts-ignore: decorator
@inline
function whereWanted(wanted: v128, command: i32, cycle: v128): v128 {
  return v128.and(i32x4.eq(wanted, i32x4.splat(command)), cycle);
}

/** As `choose`, for the oldest request alone. */
export function chooseOldest(lane: Lane): i32 {
  let oldest = -1;
  let first: Segment | null = null;
  for (let place = 0; place < s.places; place++) {
    const head = queueOf(lane, place).head;
    if (head !== null && (first === null || head.age < first.age)) {
      oldest = place;
      first = head;
    }
  }
  if (first === null || at(lane.command, oldest) == NOTHING) return NEVER;
  const shared = at(s.groupEarliest, (bankOf(oldest).group << 3) + at(lane.command, oldest));
  take(lane, oldest, max(s.cycle, max(at(lane.ready, oldest), shared)));
  return NEVER;
}

/** Chooses what the lane wants of a bank, unless something goes earlier or at the same time. */
function take(lane: Lane, place: i32, cycle: i32): void {
  if (cycle >= s.chosenAt) return;
  s.chosenAt = cycle;
  s.chosenBank = place;
  s.chosen = at(lane.command, place);
  s.chosenWhole = 0;
}
