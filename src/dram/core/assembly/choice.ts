// Which command goes next.
import { autoPrecharge, selectsSubarrays } from './features';
import { NEVER } from './layout';
import { at, bankOf, bankQueueOf, NOTHING, RequestQueue, Segment, s } from './state';

/**
 * Chooses the command of a queue that goes first from the current cycle on: columns before rows, then the older request.
 * Returns the cycle up to which it has looked, NEVER if a command is chosen.
 *
 * One key a bank, (cycles to wait, priority), of four banks at once, and their minimum. A bank's command waits for the
 * bank (`ready`) and for its group (`lookup`).
 */
export function choose(queue: RequestQueue): i32 {
  if (queue.count === 0) return NEVER;
  const cycle = s.cycle;
  const now = i32x4.splat(cycle);
  const longest = i32x4.splat(s.longestWait);
  const bits = s.priorityBits;
  const bytes = (<usize>s.slotsPerGroup) << 2;
  let best = i32x4.splat(0x7fffffff);
  let offset: usize = 0;
  for (let group = 0; group < s.groups; group++)
    for (const groupEnd = offset + bytes; offset < groupEnd; offset += 16) {
      const shared = allowedByGroup(group, v128.load(queue.lookup + offset));
      const from = i32x4.max_s(i32x4.max_s(v128.load(queue.ready + offset), shared), now);
      const wait = i32x4.min_s(i32x4.sub(from, now), longest);
      best = i32x4.min_s(best, v128.or(i32x4.shl(wait, bits), v128.load(queue.priority + offset)));
    }
  best = i32x4.min_s(best, v128.shuffle<i32>(best, best, 2, 3, 0, 1));
  best = i32x4.min_s(best, v128.shuffle<i32>(best, best, 1, 0, 3, 2));
  const first = i32x4.extract_lane(best, 0);
  const wait = first >> bits;
  if (wait === s.longestWait) return cycle + wait;
  proposeCandidate(queue, first & s.bankMask, cycle + wait);
  return NEVER;
}

/** From when on a group allows what is candidate of four of its banks, looked up by `lookupOf`; 0 where nothing is. @inline */
export function allowedByGroup(group: i32, lookup: v128): v128 {
  const earliest = s.groupEarliest + ((<usize>group) << 5);
  // Bytes beyond the vector give 0: a command is in the first four or in the others.
  const shared = v128.swizzle(v128.load(earliest), lookup);
  if (!selectsSubarrays() && !autoPrecharge()) return shared;
  return v128.or(shared, v128.swizzle(v128.load(earliest, 16), i8x16.sub(lookup, i8x16.splat(16))));
}

/** As `choose`, for the oldest request alone. */
export function chooseOldest(queue: RequestQueue): i32 {
  let oldest = -1;
  let first: Segment | null = null;
  for (let bankSlot = 0; bankSlot < s.bankSlots; bankSlot++) {
    const head = bankQueueOf(queue, bankSlot).head;
    if (head !== null && (first === null || head.age < first.age)) {
      oldest = bankSlot;
      first = head;
    }
  }
  if (first === null || at(queue.command, oldest) === NOTHING) return NEVER;
  const shared = at(s.groupEarliest, (bankOf(oldest).group << 3) + at(queue.command, oldest));
  proposeCandidate(queue, oldest, max(s.cycle, max(at(queue.ready, oldest), shared)));
  return NEVER;
}

/** Chooses what the queue wants of a bank, unless something goes earlier or at the same time. */
function proposeCandidate(queue: RequestQueue, bankSlot: i32, cycle: i32): void {
  if (cycle >= s.chosenAt) return;
  s.chosenAt = cycle;
  s.chosenBank = bankSlot;
  s.chosen = at(queue.command, bankSlot);
  s.chosenIsRankWork = 0;
}
