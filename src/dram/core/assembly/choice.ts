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
  const act = i32x4.splat(ACT);
  const pre = i32x4.splat(PRE);
  const column = i32x4.splat(lane.column);
  const rare = s.autoPrecharge | s.select;
  const bytes = <usize>s.placesPerGroup << 2;
  let group = s.groupEarliest;
  let best = i32x4.splat(0x7fffffff);
  let place: usize = 0;
  for (const end = <usize>s.places << 2; place < end; group += 32) {
    const afterAct = i32x4.splat(load<i32>(group, ACT << 2));
    const afterPre = i32x4.splat(load<i32>(group, PRE << 2));
    const afterColumn = i32x4.splat(load<i32>(group + (<usize>lane.column << 2)));
    for (const groupEnd = place + bytes; place < groupEnd; place += 16) {
      const command = v128.load(lane.command + place);
      let shared = v128.or(
        v128.and(i32x4.eq(command, column), afterColumn),
        v128.or(
          v128.and(i32x4.eq(command, act), afterAct),
          v128.and(i32x4.eq(command, pre), afterPre),
        ),
      );
      if (rare) shared = v128.or(shared, rarer(lane, group, command));
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

/** What the group says of the commands that only some controllers issue. */
function rarer(lane: Lane, group: usize, command: v128): v128 {
  const last = v128.and(
    i32x4.eq(command, i32x4.splat(lane.lastColumn)),
    i32x4.splat(load<i32>(group + (<usize>lane.lastColumn << 2))),
  );
  const select = v128.and(
    i32x4.eq(command, i32x4.splat(SASEL)),
    i32x4.splat(load<i32>(group, SASEL << 2)),
  );
  return v128.or(last, select);
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
