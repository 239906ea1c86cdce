// Allocates the tables that the settings call for, and sets the state in which the simulation starts.
import { pendingBytes, rankCountsBytes, startCounting } from './activity';
import { WHOLE } from './build';
import { clearCandidate } from './candidates';
import { autoPrecharge, capsRowHits, inOrder, opensSubarrays } from './features';
import { histogramBytes } from './latency';
import {
  ALL_COMMANDS,
  BANK_COMMANDS,
  BANKS_PER_VECTOR,
  BankCounts,
  COLUMN_OTHER_GROUP,
  COLUMN_RELATIONS,
  CONDITIONS,
  RD,
  RDA,
  RELATIONS,
  Run,
  Window,
  WR,
  WRA,
} from './layout';
import { ROW_KEYS } from './queue';
import { updateRank } from './rank-work';
import {
  allocate,
  at,
  BANK,
  BANK_QUEUES,
  BankQueue,
  bankOf,
  bankSlotOf,
  CANDIDATES,
  CLOSED,
  groupEarliestOf,
  LONG_AGO,
  NOTHING,
  put,
  Rank,
  RequestQueue,
  rankOf,
  Segment,
  s,
  VECTOR_CANDIDATES,
  vectorOf,
} from './state';
import { membersOf, noteReach, noteSpread } from './timing';

/** Allocates all tables. The host writes the settings before, the timing tables after it, and then calls `begin`. */
export function configure(): void {
  s.banks = s.bankGroups * s.banksPerGroup;
  s.groups = s.ranks * s.bankGroups;
  s.slotsPerGroup = (s.banksPerGroup + (BANKS_PER_VECTOR - 1)) & ~(BANKS_PER_VECTOR - 1);
  s.slotsPerRank = s.bankGroups * s.slotsPerGroup;
  s.bankSlots = s.ranks * s.slotsPerRank;
  s.bankBitsOfWhole = 32 - clz(s.bankSlots - 1);
  if (s.bankSlots > 1 << s.bankBits) unreachable();
  if (WHOLE) {
    s.bankTableOfWhole = allocate(<usize>s.bankSlots * BANK);
    s.vectorsOfWhole = allocate(vectorOf(s.bankSlots));
  }
  s.subarrayShift = popcnt(s.rowsPerSubarray) === 1 ? ctz(s.rowsPerSubarray) : -1;
  s.idleWork =
    s.pageTimeout >= 0 || s.maxPostponed > 0 || s.powerDownAfter >= 0 || s.selfRefreshAfter >= 0 ? 1 : 0;
  s.delays = words(ALL_COMMANDS * RELATIONS * BANK_COMMANDS);
  s.toRank = words(ALL_COMMANDS * ALL_COMMANDS);
  s.toOtherRank = words(ALL_COMMANDS * ALL_COMMANDS);
  s.columnStep = words(WRA + 1);
  s.columnDelay = words((WRA + 1) * COLUMN_RELATIONS);
  s.windows = allocate(<usize>s.windowCount * offsetof<Window>());
  s.reach = words(ALL_COMMANDS);
  s.ownDelays = words(ALL_COMMANDS);
  s.last = words(s.ranks * ALL_COMMANDS);
  s.rankWindows = words(s.ranks * ALL_COMMANDS);
  const rankVectors = s.slotsPerRank / BANKS_PER_VECTOR;
  s.spreadBytes = (s.bankGroups * rankVectors * BANK_COMMANDS) << 2;
  s.spread = allocate(<usize>(BANK_COMMANDS * s.spreadBytes));
  s.subarrayEarliest = words(s.bankSlots * s.subarrays * BANK_COMMANDS);
  s.readLatency = allocate(histogramBytes);
  s.writeLatency = allocate(histogramBytes);
  s.lanes = words(BANKS_PER_VECTOR * BANKS_PER_VECTOR);
  for (let lane = 0; lane < BANKS_PER_VECTOR; lane++) put(s.lanes, lane * BANKS_PER_VECTOR + lane, -1);
  createQueue(s.reads, 0, s.readQueue);
  createQueue(s.writes, 1, s.writeQueue);
  s.rankTable = allocate(<usize>s.ranks * offsetof<Rank>());
  const mayOpen = opensSubarrays() ? min(s.openSubarrays, s.subarraysOfBank) : 1;
  // A pending precharge begins at most so many cycles after its column, and there is at most one column a cycle. Besides,
  // all open rows may be read before the next command at which pending precharges are counted.
  s.pendingCapacity = s.banks * mayOpen + max(s.tRAS, max(s.readToPrecharge, s.writeToPrecharge)) + 1;
  s.bankCounts = allocate(<usize>s.bankSlots * offsetof<BankCounts>());
  s.rankCounts = allocate(rankCountsBytes());
  s.served = allocate((<usize>(s.bankSlots * 2 * CONDITIONS)) << 3);
  s.pending = allocate(pendingBytes());
  s.runs = allocate(<usize>s.batch * offsetof<Run>());
  s.subarrayAccesses = allocate((<usize>(s.bankSlots * s.subarraysOfBank)) << 3);
  s.slotTable = words(s.ranks * s.banks);
  for (let number = 0; number < s.ranks * s.banks; number++)
    put(s.slotTable, number, (number / s.banksPerGroup) * s.slotsPerGroup + (number % s.banksPerGroup));
  for (let bankSlot = 0; bankSlot < s.bankSlots; bankSlot++) {
    const bank = bankOf(bankSlot);
    bank.rank = bankSlot / s.slotsPerRank;
    bank.group = bankSlot / s.slotsPerGroup;
    bank.rankVectors = groupEarliestOf(bank.rank * s.slotsPerRank);
    bank.spread = ((bank.group % s.bankGroups) * rankVectors * BANK_COMMANDS) << 2;
    bank.openRow = CLOSED;
    bank.selected = NOTHING;
    bank.inRank = -1;
    bank.blocked = 1;
    if (mayOpen > 1) bank.openRows = words(mayOpen);
  }
  for (let rank = 0; rank < s.ranks; rank++) {
    rankOf(rank).index = rank;
    rankOf(rank).due = s.refreshInterval;
    for (let inRank = 0; inRank < s.banks; inRank++) bankOf(bankSlotOf(rank, inRank)).inRank = inRank;
  }
}

/** Allocates an i32 array. */
function words(count: i32): usize {
  return allocate((<usize>count) << 2);
}

/** Prepares a queue; `write` is 1 for the write queue. */
function createQueue(queue: RequestQueue, write: i32, capacity: i32): void {
  queue.write = write;
  queue.capacity = capacity;
  queue.column = write ? WR : RD;
  queue.closingColumn = write ? WRA : RDA;
  queue.bankQueues = BANK_QUEUES + <usize>write * offsetof<BankQueue>();
  queue.candidates = s.vectors + VECTOR_CANDIDATES + <usize>write * CANDIDATES;
  const segments = allocate(<usize>capacity * offsetof<Segment>());
  for (let i = capacity - 1; i >= 0; i--) {
    const segment = changetype<Segment>(segments + <usize>i * offsetof<Segment>());
    segment.next = queue.free;
    queue.free = segment;
  }
  queue.rowKeys = words(ROW_KEYS);
  queue.latency = write ? s.writeLatency : s.readLatency;
  queue.lastColumn = -1;
  queue.leastWait = i64.MAX_VALUE;
  for (let bankSlot = 0; bankSlot < s.bankSlots; bankSlot++) clearCandidate(queue, bankSlot);
}

/** Starts the simulation. `readDone`, `writeDone`: cycles from a column to the end of its data. */
export function begin(readDone: f64, writeDone: f64): void {
  s.reads.done = readDone;
  s.reads.wholeDone = <i64>readDone;
  s.writes.done = writeDone;
  s.writes.wholeDone = <i64>writeDone;
  s.servedQueue = s.reads;
  s.portQueue = s.reads;
  for (let i = 0; i < s.ranks * ALL_COMMANDS; i++) put(s.last, i, LONG_AGO);
  for (let w = 0; w < s.windowCount; w++) {
    const window = changetype<Window>(s.windows + <usize>w * offsetof<Window>());
    const members = membersOf(window.level);
    window.ring = words(members * window.length);
    window.next = words(members);
    for (let i = 0; i < members * window.length; i++) put(window.ring, i, LONG_AGO);
    s.windowCommands |= window.preceding | window.following;
  }
  noteReach();
  noteSpread();
  if (s.groups > 1) noteTurns();
  startCounting();
  for (let rank = 0; rank < s.ranks; rank++) updateRank(rankOf(rank));
  s.nextUrgent = rankOf(0).urgentAt;
}

/** Finds the columns that banks of two groups may issue in turns. */
function noteTurns(): void {
  if (inOrder() || autoPrecharge() || capsRowHits()) return;
  for (let column = RD; column <= WR; column++)
    for (let relation = COLUMN_OTHER_GROUP; relation < COLUMN_RELATIONS; relation++) {
      const own = at(s.columnStep, column);
      const step = at(s.columnDelay, column * COLUMN_RELATIONS + relation);
      if (((s.streaks >> column) & 1) !== 0 && step < own && own <= 2 * step) s.turns |= 1 << column;
    }
}
