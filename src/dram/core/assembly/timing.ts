// The earliest cycle at which each command may be issued, updated after every command.
import { delaysSiblings, timesSubarrays, usesAllCommands } from './features';
import {
  ALL_COMMANDS,
  BANK_COMMANDS,
  BANKS_PER_VECTOR,
  OTHER_BANK_OF_GROUP,
  OTHER_GROUP,
  OTHER_RANK,
  OTHER_SUBARRAY,
  OWN_BANK,
  OWN_GROUP,
  OWN_SUBARRAY,
  REFpb,
  RELATIONS,
  WINDOW_BANK,
  WINDOW_BANK_GROUP,
  WINDOW_CHANNEL,
  WINDOW_RANK,
  Window,
} from './layout';
import {
  at,
  bankEarliestOf,
  bankOf,
  bankSlotOf,
  groupEarliestOf,
  LONG_AGO,
  put,
  s,
  VECTOR,
  vectorOf,
} from './state';

/** Raises an earliest cycle to at least `cycle`. @inline */
function raise(earliest: usize, index: i32, cycle: i32): void {
  const entry = earliest + ((<usize>index) << 2);
  if (load<i32>(entry) < cycle) store<i32>(entry, cycle);
}

/** Address of the delays from a command to the eight bank commands: two vectors. @inline */
function delaysOf(command: i32, relation: i32): usize {
  return s.delays + ((<usize>(command * RELATIONS + relation)) << 5);
}

/** Raises the earliest cycles of some bank commands (a bit mask), in the vectors of `slots` bank slots, to at least `cycle`. @inline */
function raiseSome(row: usize, slots: i32, commands: i32, cycle: i32): void {
  const wanted = i32x4.splat(commands);
  const from = i32x4.splat(cycle);
  // Earliest cycles are never negative, so 0 changes nothing.
  const first = v128.and(from, i32x4.ne(v128.and(wanted, i32x4(1, 2, 4, 8)), i32x4.splat(0)));
  const second = v128.and(from, i32x4.ne(v128.and(wanted, i32x4(16, 32, 64, 128)), i32x4.splat(0)));
  let vector = row;
  const end = row + vectorOf(slots);
  do {
    v128.store(vector, i32x4.max_s(v128.load(vector), first));
    if (usesAllCommands()) v128.store(vector, i32x4.max_s(v128.load(vector, 16), second), 16);
    vector += VECTOR;
  } while (vector < end);
}

/** Relations of a command to banks other than its own, as bits of `reach`. */
const BEYOND_BANK: i32 = (1 << OWN_GROUP) | (1 << OTHER_GROUP) | (1 << OTHER_RANK);

/** Finds the relations in which each command delays any bank command, and the commands that it delays in its own bank. */
export function noteReach(): void {
  for (let command = 0; command < ALL_COMMANDS; command++) {
    let reach = 0;
    for (let relation = 0; relation < RELATIONS; relation++)
      for (let later = 0; later < BANK_COMMANDS; later++)
        if (at(delaysOf(command, relation), later) > 0) reach |= 1 << relation;
    put(s.reach, command, reach);
    let delayed = 0;
    for (let later = 0; later < BANK_COMMANDS; later++)
      if (at(delaysOf(command, OWN_BANK), later) > 0) delayed |= 1 << later;
    put(s.ownDelays, command, delayed);
  }
}

/** Finds the delays from each command to the commands of all groups of its rank. */
export function noteSpread(): void {
  const row: usize = BANK_COMMANDS << 2;
  let to = s.spread;
  for (let command = 0; command < BANK_COMMANDS; command++)
    for (let group = 0; group < s.bankGroups; group++)
      for (let bankSlot = 0; bankSlot < s.slotsPerRank; bankSlot += BANKS_PER_VECTOR) {
        const own = bankSlot / s.slotsPerGroup === group;
        memory.copy(to, delaysOf(command, own ? OWN_GROUP : OTHER_GROUP), row);
        to += row;
      }
}

/** Raises the earliest cycles of bank commands, at the address `row`, after a command at `cycle`. @inline */
function raiseAll(row: usize, command: i32, relation: i32, cycle: i32): void {
  raiseBy(row, delaysOf(command, relation), i32x4.splat(cycle));
}

/** Raises the earliest cycles at the address `row` by the delays at another, from a cycle. @inline */
function raiseBy(row: usize, delays: usize, from: v128): void {
  v128.store(row, i32x4.max_s(v128.load(row), i32x4.add(from, v128.load(delays))));
  if (!usesAllCommands()) return;
  v128.store(row, i32x4.max_s(v128.load(row, 16), i32x4.add(from, v128.load(delays, 16))), 16);
}

/** The earliest cycle of a command to a bank, as far as the bank and its subarray decide. */
export function bankReady(command: i32, bankSlot: i32, subarray: i32): i32 {
  const own = at(bankEarliestOf(bankSlot), command);
  return !timesSubarrays()
    ? own
    : max(own, at(s.subarrayEarliest, (bankSlot * s.subarrays + subarray) * BANK_COMMANDS + command));
}

/** The earliest cycle of a command to a bank; it may be long past. */
export function bankCommandEarliest(command: i32, bankSlot: i32, subarray: i32): i32 {
  return max(bankReady(command, bankSlot, subarray), at(groupEarliestOf(bankSlot), command));
}

/** The earliest cycle of a REFpb to a bank, which all banks that it refreshes must allow; it may be long past. */
export function bankRefreshEarliest(bankSlot: i32): i32 {
  const bank = bankOf(bankSlot);
  let earliest = LONG_AGO;
  for (let inRank = bank.inRank % s.refreshTurns; inRank < s.banks; inRank += s.refreshTurns)
    earliest = max(earliest, bankCommandEarliest(REFpb, bankSlotOf(bank.rank, inRank), 0));
  return earliest;
}

/** The earliest cycle of a command to a whole rank; it may be long past. */
export function rankEarliest(command: i32, rank: i32): i32 {
  let earliest = at(s.rankWindows, rank * ALL_COMMANDS + command);
  for (let r = 0; r < s.ranks; r++) {
    const delays = r === rank ? s.toRank : s.toOtherRank;
    for (let from = 0; from < ALL_COMMANDS; from++) {
      const delay = at(delays, from * ALL_COMMANDS + command);
      if (delay > 0) earliest = max(earliest, at(s.last, r * ALL_COMMANDS + from) + delay);
    }
  }
  return earliest;
}

/** Notes a command for those to a whole rank and for windows; `bankSlot` is negative for one to a whole rank. @inline */
function noteCommand(command: i32, rank: i32, bankSlot: i32, cycle: i32): void {
  put(s.last, rank * ALL_COMMANDS + command, cycle);
  if ((s.windowCommands >> command) & 1) noteWindows(command, rank, bankSlot, cycle);
}

/** Updates all earliest cycles after a command to a bank at `cycle`. @inline */
export function noteBankCommand(command: i32, rank: i32, bankSlot: i32, subarray: i32, cycle: i32): void {
  noteCommand(command, rank, bankSlot, cycle);
  noteBank(command, rank, bankSlot, subarray, cycle);
}

/** Updates all earliest cycles after a REFpb at `cycle`, which is a command to each of the banks that it refreshes. */
export function noteBankRefresh(rank: i32, bankSlot: i32, cycle: i32): void {
  noteCommand(REFpb, rank, bankSlot, cycle);
  for (let inRank = bankOf(bankSlot).inRank % s.refreshTurns; inRank < s.banks; inRank += s.refreshTurns)
    noteBank(REFpb, rank, bankSlotOf(rank, inRank), 0, cycle);
}

/** Updates the earliest cycles of commands to banks after a command to one of them at `cycle`. @inline */
function noteBank(command: i32, rank: i32, bankSlot: i32, subarray: i32, cycle: i32): void {
  raiseAll(bankEarliestOf(bankSlot), command, OWN_BANK, cycle);
  const reach = at(s.reach, command);
  if (reach & BEYOND_BANK) {
    noteGroups(command, bankSlot, cycle);
    if (s.ranks > 1) noteOtherRanks(command, rank, cycle);
  }
  if (delaysSiblings() && reach & (1 << OTHER_BANK_OF_GROUP)) noteSiblingBanks(command, bankSlot, cycle);
  if (timesSubarrays()) noteSubarrays(command, bankSlot, subarray, cycle);
}

/** Updates the earliest cycles of all bank groups of a rank after a command to one of its banks. @inline */
function noteGroups(command: i32, bankSlot: i32, cycle: i32): void {
  const bank = bankOf(bankSlot);
  const from = i32x4.splat(cycle);
  let delays = s.spread + <usize>(command * s.spreadBytes) + bank.spread;
  let vector = bank.rankVectors;
  const end = vector + vectorOf(s.slotsPerRank);
  do {
    raiseBy(vector, delays, from);
    delays += BANK_COMMANDS << 2;
    vector += VECTOR;
  } while (vector < end);
}

/** Does so for the ranks other than the command's. */
function noteOtherRanks(command: i32, rank: i32, cycle: i32): void {
  const first = rank * s.slotsPerRank;
  const end = first + s.slotsPerRank;
  for (let bankSlot = 0; bankSlot < s.bankSlots; bankSlot += BANKS_PER_VECTOR)
    if (bankSlot < first || bankSlot >= end) raiseAll(groupEarliestOf(bankSlot), command, OTHER_RANK, cycle);
}

function noteSiblingBanks(command: i32, own: i32, cycle: i32): void {
  s.banksTouched = 1;
  const first = bankOf(own).group * s.slotsPerGroup;
  for (let bankSlot = first; bankSlot < first + s.banksPerGroup; bankSlot++)
    if (bankSlot !== own) raiseAll(bankEarliestOf(bankSlot), command, OTHER_BANK_OF_GROUP, cycle);
}

function noteSubarrays(command: i32, bankSlot: i32, own: i32, cycle: i32): void {
  const first = bankSlot * s.subarrays;
  raiseAll(subarrayEarliestOf(first + own), command, OWN_SUBARRAY, cycle);
  if ((at(s.reach, command) & (1 << OTHER_SUBARRAY)) === 0) return;
  for (let subarray = 0; subarray < s.subarrays; subarray++)
    if (subarray !== own) raiseAll(subarrayEarliestOf(first + subarray), command, OTHER_SUBARRAY, cycle);
}

/** Address of the earliest cycles of a subarray, numbered in the channel. @inline */
function subarrayEarliestOf(subarray: i32): usize {
  return s.subarrayEarliest + ((<usize>subarray) << 5);
}

/** Updates all earliest cycles after a command to a whole rank at `cycle`. */
export function noteRankCommand(command: i32, rank: i32, cycle: i32): void {
  noteCommand(command, rank, -1, cycle);
  s.banksTouched = 1;
  for (let bankSlot = 0; bankSlot < s.bankSlots; bankSlot += BANKS_PER_VECTOR) {
    const relation = bankSlot / s.slotsPerRank === rank ? OWN_GROUP : OTHER_RANK;
    raiseAll(groupEarliestOf(bankSlot), command, relation, cycle);
  }
  const first = rank * s.slotsPerRank;
  for (let bankSlot = first; bankSlot < first + s.slotsPerRank; bankSlot++)
    raiseAll(bankEarliestOf(bankSlot), command, OWN_BANK, cycle);
}

/** Notes a command in every window that counts it, for each member (channel, rank, group or bank) concerned. */
function noteWindows(command: i32, rank: i32, bankSlot: i32, cycle: i32): void {
  let record = s.windows;
  for (
    const end = record + <usize>s.windowCount * offsetof<Window>();
    record < end;
    record += offsetof<Window>()
  ) {
    const window = changetype<Window>(record);
    if (((window.preceding >> command) & 1) === 0) continue;
    if (window.level === WINDOW_RANK && window.sibling === 0) noteMember(window, rank, cycle);
    else noteMembers(window, command, rank, bankSlot, cycle);
  }
}

/** Notes a command in a window of any level. */
function noteMembers(window: Window, command: i32, rank: i32, bankSlot: i32, cycle: i32): void {
  const level = window.level;
  if (level === WINDOW_RANK) {
    for (let r = 0; r < s.ranks; r++) if (r !== rank) noteOne(window, r, cycle);
  } else if (level === WINDOW_CHANNEL) {
    if (window.sibling === 0) noteOne(window, 0, cycle);
  } else noteInRank(window, command, rank, bankSlot, cycle);
}

function noteInRank(window: Window, command: i32, rank: i32, bankSlot: i32, cycle: i32): void {
  // Members are counted within the rank: banks by their number, not by their bank slot, or bank groups.
  const ofBank = window.level === WINDOW_BANK;
  const size = ofBank ? s.banksPerGroup : s.bankGroups;
  const inRank = ofBank ? s.banks : s.bankGroups;
  for (let member = 0; member < inRank; member++) {
    let counts = bankSlot < 0 && (window.sibling === 0 || size > 1);
    if (bankSlot >= 0) {
      const named = bankOf(bankSlot).inRank;
      // A REFpb is a command to every bank that it refreshes, but counts once for each member.
      const step = command === REFpb ? s.refreshTurns : s.banks;
      for (let bank = named % step; bank < s.banks; bank += step) {
        const own = ofBank ? bank : bank / s.banksPerGroup;
        if (member / size === own / size && (member === own) === (window.sibling === 0)) counts = true;
      }
    }
    if (counts) noteOne(window, rank * inRank + member, cycle);
  }
}

/** The same as `noteMember`, where that need not be fast. */
function noteOne(window: Window, member: i32, cycle: i32): void {
  noteMember(window, member, cycle);
}

/** Notes a counted command of one member, and delays what must wait for the n-th last of them. @inline */
function noteMember(window: Window, member: i32, cycle: i32): void {
  const length = window.length;
  const ring = window.ring + ((<usize>(member * length)) << 2);
  const next = window.next + ((<usize>member) << 2);
  const position = load<i32>(next);
  put(ring, position, cycle);
  const oldest = position + 1 === length ? 0 : position + 1;
  store<i32>(next, oldest);
  const bound = at(ring, oldest) + window.latency;
  const level = window.level;
  const following = window.following;
  for (let wide = following >> BANK_COMMANDS; wide !== 0; wide &= wide - 1)
    for (let rank = 0; rank < s.ranks; rank++)
      if (isOfRank(level, member, rank))
        raise(s.rankWindows, rank * ALL_COMMANDS + BANK_COMMANDS + ctz(wide), bound);
  if (level === WINDOW_BANK) {
    s.banksTouched = 1;
    raiseSome(bankEarliestOf(at(s.slotTable, member)), BANKS_PER_VECTOR, following, bound);
  } else {
    const slots =
      level === WINDOW_BANK_GROUP ? s.slotsPerGroup : level === WINDOW_RANK ? s.slotsPerRank : s.bankSlots;
    raiseSome(groupEarliestOf(member * slots), slots, following, bound);
  }
}

function isOfRank(level: i32, member: i32, rank: i32): bool {
  if (level === WINDOW_CHANNEL) return true;
  return (
    (level === WINDOW_RANK
      ? member
      : level === WINDOW_BANK_GROUP
        ? member / s.bankGroups
        : member / s.banks) === rank
  );
}

/** Moves the origin of all cycles by `shift`. Earliest cycles before the new origin become 0. */
export function rebaseTiming(shift: i32): void {
  for (let bankSlot = 0; bankSlot < s.bankSlots; bankSlot++)
    rebaseEarliest(bankEarliestOf(bankSlot), BANK_COMMANDS, shift);
  for (let bankSlot = 0; bankSlot < s.bankSlots; bankSlot += BANKS_PER_VECTOR)
    rebaseEarliest(groupEarliestOf(bankSlot), BANK_COMMANDS, shift);
  rebaseEarliest(s.subarrayEarliest, s.bankSlots * s.subarrays * BANK_COMMANDS, shift);
  rebaseEarliest(s.rankWindows, s.ranks * ALL_COMMANDS, shift);
  rebaseLast(s.last, s.ranks * ALL_COMMANDS, shift);
  for (let w = 0; w < s.windowCount; w++) {
    const window = changetype<Window>(s.windows + <usize>w * offsetof<Window>());
    rebaseLast(window.ring, membersOf(window.level) * window.length, shift);
  }
}

/** How many members a window level has in the channel. */
export function membersOf(level: i32): i32 {
  if (level === WINDOW_CHANNEL) return 1;
  return level === WINDOW_RANK ? s.ranks : level === WINDOW_BANK_GROUP ? s.groups : s.ranks * s.banks;
}

function rebaseEarliest(earliest: usize, length: i32, shift: i32): void {
  for (let i = 0; i < length; i++) put(earliest, i, max(0, at(earliest, i) - shift));
}

/** The same for cycles of past commands, which constraints still count from. */
function rebaseLast(last: usize, length: i32, shift: i32): void {
  for (let i = 0; i < length; i++) put(last, i, max(LONG_AGO, at(last, i) - shift));
}
