// What the controller of one channel knows. The host writes the settings, `configure` (index.ts) takes memory for the tables.

/** Later than all, and earlier than any constraint reaches back to, in cycles since the origin. */
export const NEVER: i32 = 1 << 30;
export const LONG_AGO: i32 = -(1 << 29);
/** Longer constraints and refresh intervals could leave the range of 32-bit cycles. */
export const LONGEST: i32 = 1 << 28;

/** Commands, as issued-commands.ts numbers them: first those to one bank, then those to a rank. */
export const ACT: i32 = 0;
export const PRE: i32 = 1;
export const RD: i32 = 2;
export const WR: i32 = 3;
export const RDA: i32 = 4;
export const WRA: i32 = 5;
export const SASEL: i32 = 6;
export const REFpb: i32 = 7;
export const PREA: i32 = 8;
export const REFab: i32 = 9;
export const PDE: i32 = 10;
export const PDX: i32 = 11;
export const SRE: i32 = 12;
export const SRX: i32 = 13;
export const BANK_COMMANDS: i32 = 8;
export const ALL_COMMANDS: i32 = 14;

/** No row is open; nothing is candidate. */
export const CLOSED: i32 = -1;
export const NOTHING: i32 = -1;

/** What serving a request took: its row was open; its bank was opened for it; another row was closed for it first. */
export const HIT: i32 = 0;
export const MISS: i32 = 1;
export const CONFLICT: i32 = 2;

/** What a rank sleeps in. */
export const AWAKE: i32 = 0;
export const POWER_DOWN: i32 = 1;
export const SELF_REFRESH: i32 = 2;

/** Which bytes of the cycles of a group's commands are those of one; no bytes. */
export function lookupOf(command: i32): i32 {
  return 0x03020100 + 0x04040404 * command;
}
export const NO_LOOKUP: i32 = -1;

export function isColumn(command: i32): bool {
  return command >= RD && command <= WRA;
}

/**
 * Requests that follow each other in age, in a row's columns and in equal steps of entry time. Segments of a bank form a
 * list, oldest first.
 */
@unmanaged
export class Segment {
  next: Segment | null;
  previous: Segment | null;
  row: i32;
  size: i32;
  /** Of the oldest request: its column burst, order of entry, cycle of entry, what it took so far. */
  column: i32;
  age: i32;
  entered: f64;
  /** Cycles between entries. */
  step: f64;
  condition: i32;
}

/** What waits for a bank in one queue, and the segment behind the command that the queue wants there. */
@unmanaged
export class BankQueue {
  head: Segment | null;
  tail: Segment | null;
  candidate: Segment | null;
}

/**
 * One queue, reads or writes. What it wants of each bank lies in arrays beside each other, so that four banks are compared
 * at once: the command, where its cycle lies among those of a group's commands (`lookupOf`), the cycle from which the bank
 * itself allows it, and its priority (smaller goes first: columns before rows, then by age; the low bits tell the bank).
 */
@unmanaged
export class RequestQueue {
  write: i32;
  capacity: i32;
  /** The queue's column command, without and with auto-precharge. */
  column: i32;
  closingColumn: i32;
  /** Requests waiting, and the most that ever did. */
  count: i32;
  peak: i32;
  /** Age of the next request to enter. */
  nextAge: i32;
  /** The segment that the last request joined; it may have been served since. */
  lastEntered: Segment | null;
  free: Segment | null;
  /** [bank]: BankQueue */
  bankQueues: usize;
  command: usize;
  lookup: usize;
  ready: usize;
  priority: usize;
  /** Column to end of data, cycles. */
  done: f64;
  /** Cycles that requests spent waiting, summed; and their latencies. */
  waited: f64;
  latency: usize;
}

@unmanaged
export class Bank {
  rank: i32;
  /** Number in its rank, as the host counts. */
  inRank: i32;
  group: i32;
  openRow: i32;
  /** Where several rows may be open: how many are, and which, in the order of activation. */
  openCount: i32;
  openRows: usize;
  /** The subarray activated or selected last; columns since the last activation; cycle of the last of both. */
  selected: i32;
  columns: i32;
  used: i32;
  /** Whether its rank sleeps or a refresh of it is overdue. */
  blocked: i32;
}

@unmanaged
export class Rank {
  index: i32;
  openCount: i32;
  waiting: i32;
  lastColumn: i32;
  asleep: i32;
  asleepSince: i32;
  /** The next refresh is due; the rank owes more than it may from `urgentAt` on. */
  due: i32;
  urgentAt: i32;
  urgent: i32;
  /** Which of its banks a per-bank refresh takes next. */
  target: i32;
}

/** A constraint on the n-th last command: tFAW is "ACT to ACT, window 4". Lies as the host wrote it. */
@unmanaged
export class Window {
  /** 0 channel, 1 rank, 2 bank group, 3 bank. */
  level: i32;
  sibling: i32;
  latency: i32;
  length: i32;
  /** Bit masks of commands. */
  preceding: i32;
  following: i32;
  /** [member * length + position], and [member]: the position that comes next. */
  ring: usize;
  next: usize;
}

/** A run of requests as the host writes it; see `serve` of index.ts. */
@unmanaged
export class Run {
  arrival: f64;
  write: i32;
  rank: i32;
  bank: i32;
  row: i32;
  column: i32;
  count: i32;
}

@unmanaged
export class State {
  // Settings, in the order of SETTINGS in ../open-core.ts.
  ranks: i32;
  bankGroups: i32;
  banksPerGroup: i32;
  rowsPerSubarray: i32;
  /** Subarrays of a bank, and those that timing tells apart (0: none). */
  subarraysOfBank: i32;
  subarrays: i32;
  /** Subarrays of a bank that may be open at once. */
  openSubarrays: i32;
  select: i32;
  inOrder: i32;
  autoPrecharge: i32;
  rowHitCap: i32;
  /** Negative without: pageTimeout, powerDownAfter, selfRefreshAfter. */
  pageTimeout: i32;
  perBankRefresh: i32;
  refreshInterval: i32;
  maxPostponed: i32;
  powerDownAfter: i32;
  selfRefreshAfter: i32;
  forwardWrites: i32;
  readQueue: i32;
  writeQueue: i32;
  highWatermark: i32;
  lowWatermark: i32;
  ageBits: i32;
  /** Cycles that the energy counters need. */
  tRAS: i32;
  tRFC: i32;
  tRP: i32;
  readToPrecharge: i32;
  writeToPrecharge: i32;
  windowCount: i32;
  /** Whether a command delays any in other banks of its group. */
  siblings: i32;
  /** Bit mask: columns that may form streaks. */
  streaks: i32;
  /** Runs that the host hands over at once. */
  batch: i32;
  /** Whether the host wants to hear of every command. */
  observed: i32;

  // What host and core share, in the order of TABLES in ../open-core.ts.
  /** [(command * 7 + relation) * 8 + later command] */
  delays: usize;
  toRank: usize;
  toOtherRank: usize;
  /** By column command: cycles to the next of its kind in the same bank; [command * 3 + relation]: in another. */
  columnStep: usize;
  columnDelay: usize;
  windows: usize;
  bankCounts: usize;
  rankCounts: usize;
  subarrayAccesses: usize;
  readLatency: usize;
  writeLatency: usize;
  runs: usize;

  // What follows from the settings.
  /** Banks in a rank, and bankSlots for banks: groups are filled up to whole vectors of four. */
  banks: i32;
  bankSlots: i32;
  slotsPerGroup: i32;
  slotsPerRank: i32;
  groups: i32;
  bankBits: i32;
  bankMask: i32;
  priorityBits: i32;
  rowPriority: i32;
  noPriority: i32;
  /** The longest wait that fits beside a priority. */
  longestWait: i32;
  /** Ages stay below this. */
  ages: i32;
  /** Power of two of rowsPerSubarray, -1 if it is none. */
  subarrayShift: i32;
  /** Whether there is anything that idle ranks do. */
  idleWork: i32;
  reads: RequestQueue;
  writes: RequestQueue;
  bankTable: usize;
  rankTable: usize;
  /** Places by number of the bank in its channel: a lookup for every request that enters, instead of two divisions. */
  slotTable: usize;

  // When commands may go: [bankSlot * 8 + command], [group * 8 + command], [(bankSlot * subarrays + subarray) * 8 + command],
  // and [rank * 14 + command] the last cycle of each and what windows demand of commands to the rank.
  last: usize;
  /** Bit mask: commands that a window begins or ends with. */
  windowCommands: i32;
  bankEarliest: usize;
  groupEarliest: usize;
  subarrayEarliest: usize;
  rankWindows: usize;
  /** A command changed what other banks than its own may do. */
  banksTouched: i32;

  // The clock. Cycles are counted from `origin`, which moves on.
  origin: f64;
  cycle: i32;
  lastProgress: i32;
  /** The cycle after the last data so far, from the very beginning. */
  lastDone: f64;

  /** The queue that is served. */
  servedQueue: RequestQueue;
  /** The first cycle at which another rank becomes urgent; whether some rank must do something. */
  nextUrgent: i32;
  attention: i32;

  /** Where the runs that the host handed over go on, and where they end. */
  nextRun: usize;
  lastRun: usize;
  /** The run that is entering. */
  portQueue: RequestQueue;
  portCount: i32;
  portBank: i32;
  portRow: i32;
  portColumn: i32;
  portArrival: i32;
  portArrivalAt: f64;

  /** The command that goes next and when; of a bank, or (`chosenIsRankWork`) work of a rank. */
  chosen: i32;
  chosenAt: i32;
  chosenBank: i32;
  chosenIsRankWork: i32;
  /** Whether the choice stands until its cycle: nothing that it depends on has changed since. */
  settled: i32;
  /** Whether requests enter between the columns of the streak, one after each. */
  feeding: i32;
  /** Bit mask: columns that banks of two groups may give in turns. The bank that goes second. */
  turns: i32;
  partner: i32;
  /** Refresh leaves no time for accesses. */
  stuck: i32;

  // What was counted.
  forwardedReads: f64;
  /** By rank: precharges that RDA and WRA hold, in order of time. */
  pending: usize;
  pendingCapacity: i32;
}

/** The state lies at a fixed bankSlot, below the heap. */
export const STATE: usize = 1024;
export const s = changetype<State>(STATE);

/** Where the next array begins. */
let heap: usize = STATE + 1024;

/** Memory of `bytes`, zero, at a whole vector. */
export function allocate(bytes: usize): usize {
  const at = heap;
  heap = (heap + bytes + 15) & ~(<usize>15);
  const missing = <i32>((heap + 0xffff) >> 16) - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) unreachable();
  return at;
}

/** TODO @inline */
export function at(array: usize, index: i32): i32 {
  return load<i32>(array + ((<usize>index) << 2));
}

/** TODO @inline */
export function put(array: usize, index: i32, value: i32): void {
  store<i32>(array + ((<usize>index) << 2), value);
}

/** TODO @inline */
export function bankOf(bankSlot: i32): Bank {
  return changetype<Bank>(s.bankTable + <usize>bankSlot * offsetof<Bank>());
}

/** TODO @inline */
export function rankOf(rank: i32): Rank {
  return changetype<Rank>(s.rankTable + <usize>rank * offsetof<Rank>());
}

/** TODO @inline */
export function bankQueueOf(queue: RequestQueue, bankSlot: i32): BankQueue {
  return changetype<BankQueue>(queue.bankQueues + <usize>bankSlot * offsetof<BankQueue>());
}

/** TODO @inline */
export function subarrayOf(row: i32): i32 {
  return s.subarrayShift >= 0 ? row >> s.subarrayShift : row / s.rowsPerSubarray;
}

/** The bankSlot of a bank that the host numbers in its rank. @inline */
export function bankSlotOf(rank: i32, inRank: i32): i32 {
  return at(s.slotTable, rank * s.banks + inRank);
}

export function fromOrigin(cycle: f64): i32 {
  const since = cycle - s.origin;
  return since >= <f64>NEVER ? NEVER : since <= -1 ? -1 : <i32>since;
}
