// Chooses the command of a queue that is issued next.
import { autoPrecharge, inOrder, selectsSubarrays } from './features';
import { NEVER } from './layout';
import {
  at,
  bankQueueOf,
  commandOf,
  groupEarliestOf,
  isColumn,
  LOOKUP,
  NOTHING,
  PRIORITY,
  priorityOf,
  READY,
  RequestQueue,
  readyOf,
  Segment,
  s,
  VECTOR,
  vectorOf,
} from './state';

/**
 * The key of the candidate that can be issued first from the current cycle on; in the same cycle columns go before rows, then
 * the older request. A key has the cycles to wait, at most the longest wait, above the bits of a priority; without any
 * candidate the wait is the longest.
 *
 * The least key is found of four banks at a time. A candidate waits for its bank (`ready`) and for its bank group (`lookup`).
 * @inline
 */
export function leastKey(queue: RequestQueue): i32 {
  const cycle = s.cycle;
  const now = i32x4.splat(cycle);
  const longest = i32x4.splat(s.longestWait);
  const bits = s.priorityBits;
  let best = i32x4.splat(0x7fffffff);
  let candidates = queue.candidates;
  const end = candidates + vectorOf(s.bankSlots);
  let earliest = s.vectors;
  do {
    const shared = allowedByGroup(earliest, v128.load(candidates, LOOKUP));
    const from = i32x4.max_s(i32x4.max_s(v128.load(candidates, READY), shared), now);
    const wait = i32x4.min_s(i32x4.sub(from, now), longest);
    best = i32x4.min_s(best, v128.or(i32x4.shl(wait, bits), v128.load(candidates, PRIORITY)));
    candidates += VECTOR;
    earliest += VECTOR;
  } while (candidates < end);
  best = i32x4.min_s(best, v128.shuffle<i32>(best, best, 2, 3, 0, 1));
  best = i32x4.min_s(best, v128.shuffle<i32>(best, best, 1, 0, 3, 2));
  return i32x4.extract_lane(best, 0);
}

/**
 * Chooses the candidate with the least key. Returns NEVER, or, if no candidate can go within the longest wait, the cycle at
 * which to look again.
 */
export function choose(queue: RequestQueue): i32 {
  if (queue.count === 0) return NEVER;
  const key = leastKey(queue);
  const cycle = s.cycle + (key >> s.priorityBits);
  if (key >> s.priorityBits === s.longestWait) return cycle;
  proposeCandidate(queue, key & s.bankMask, cycle);
  return NEVER;
}

/**
 * The earliest cycles at which a group allows the candidates of four of its banks; 0 for no candidate. `earliest`: address
 * of the group's earliest cycles. @inline
 */
export function allowedByGroup(earliest: usize, lookup: v128): v128 {
  // An index beyond the vector gives 0, so each command is found in one of the two halves of the eight commands.
  const shared = v128.swizzle(v128.load(earliest), lookup);
  if (!selectsSubarrays() && !autoPrecharge()) return shared;
  return v128.or(shared, v128.swizzle(v128.load(earliest, 16), i8x16.sub(lookup, i8x16.splat(16))));
}

/** The bank slot of the oldest request, -1 for none. */
export function oldestBank(queue: RequestQueue): i32 {
  let oldest = -1;
  let first: Segment | null = null;
  for (let bankSlot = 0; bankSlot < s.bankSlots; bankSlot++) {
    const head = bankQueueOf(queue, bankSlot).head;
    if (head !== null && (first === null || head.age < first.age)) {
      oldest = bankSlot;
      first = head;
    }
  }
  return oldest;
}

/** The same as `choose`, but only for the bank of the oldest request. */
export function chooseOldest(queue: RequestQueue): i32 {
  const oldest = oldestBank(queue);
  if (oldest >= 0 && commandOf(queue, oldest) !== NOTHING)
    proposeCandidate(queue, oldest, candidateFrom(queue, oldest));
  return NEVER;
}

/** The same as `choose` or, in order, as `chooseOldest`, but only for row commands. */
export function chooseRow(queue: RequestQueue): i32 {
  const oldest = inOrder() ? oldestBank(queue) : -1;
  let first = -1;
  let from = NEVER;
  for (let bankSlot = 0; bankSlot < s.bankSlots; bankSlot++) {
    const command = commandOf(queue, bankSlot);
    if (command === NOTHING || isColumn(command) || (inOrder() && bankSlot !== oldest)) continue;
    const cycle = candidateFrom(queue, bankSlot);
    if (cycle > from || (cycle === from && priorityOf(queue, bankSlot) > priorityOf(queue, first))) continue;
    first = bankSlot;
    from = cycle;
  }
  if (first >= 0) proposeCandidate(queue, first, from);
  return NEVER;
}

/** The first cycle from the current one on in which a bank's candidate may be issued. */
function candidateFrom(queue: RequestQueue, bankSlot: i32): i32 {
  const shared = at(groupEarliestOf(bankSlot), commandOf(queue, bankSlot));
  return max(s.cycle, max(readyOf(queue, bankSlot), shared));
}

/** Chooses the candidate of a bank for `cycle`, unless the current choice is for the same cycle or an earlier one. @inline */
function proposeCandidate(queue: RequestQueue, bankSlot: i32, cycle: i32): void {
  if (cycle >= s.chosenAt) return;
  s.chosenAt = cycle;
  s.chosenBank = bankSlot;
  s.chosen = commandOf(queue, bankSlot);
  s.chosenIsRankWork = 0;
}
