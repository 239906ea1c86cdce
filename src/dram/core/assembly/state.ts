// The state of the controller of one channel. The host writes the settings, `configure` allocates the tables, and every
// other file reads and writes the state through `s`.
import { WHOLE } from './build';
import { LEAN_AGE_BITS, LEAN_BANK_BITS, NEVER, RD, STATE, Tables, WRA } from './layout';

/** A cycle so long ago that no constraint counts from it, in cycles since the origin of the clock. */
export const LONG_AGO: i32 = -(1 << 29);

/** Instead of a cycle: later than all. */
export const UNSTEADY: i64 = i64.MAX_VALUE;

/** Instead of a row: no row is open. */
export const CLOSED: i32 = -1;
/** Instead of a command or a subarray: none. */
export const NOTHING: i32 = -1;

/** How a rank sleeps. */
export const AWAKE: i32 = 0;
export const POWER_DOWN: i32 = 1;
export const SELF_REFRESH: i32 = 2;

/**
 * Indices, as four bytes, of a command's i32 in an array that has one for each bank command; for a byte shuffle. @inline
 */
export function lookupOf(command: i32): i32 {
  return 0x03020100 + 0x04040404 * command;
}
/** Four indices beyond any array, for which the shuffle gives 0. */
export const NO_LOOKUP: i32 = -1;

/** The command that a queue's candidate for a bank is, NOTHING for none. @inline */
export function commandOf(queue: RequestQueue, bankSlot: i32): i32 {
  // The low byte is four times the command, or -1.
  return (load<i32>(queue.candidates + candidateOf(bankSlot), LOOKUP) << 24) >> 26;
}

/** Whether a command moves data. @inline */
export function isColumn(command: i32): bool {
  return <u32>(command - RD) <= <u32>(WRA - RD);
}

/**
 * Requests of consecutive ages to consecutive columns of one row, which entered their queue at equal intervals. The
 * segments of a bank form a list, oldest first.
 */
@unmanaged
export class Segment {
  next: Segment | null;
  previous: Segment | null;
  row: i32;
  /** Requests. */
  size: i32;
  /** Of the oldest request: its column (in bursts), its age (smaller is older) and the cycle at which it entered. */
  column: i32;
  age: i32;
  entered: i64;
  /** Cycles from one entry to the next. */
  step: i64;
  /** What the oldest request has needed so far: HIT, MISS or CONFLICT. */
  condition: i32;
}

/** The requests to one bank that wait in one queue. */
@unmanaged
export class BankQueue {
  head: Segment | null;
  tail: Segment | null;
  /** The segment that the bank's candidate command serves. */
  candidate: Segment | null;
}

/**
 * The read queue or the write queue. For each bank it has a candidate: the command that the bank's requests need next. Of
 * four banks at a time, so that they are compared at once, three vectors follow each other: `lookupOf` the command; the
 * first cycle at which the bank itself allows it; and its priority. A smaller priority goes first: columns before rows, then
 * by age; the low bits are the bank slot.
 */
@unmanaged
export class RequestQueue {
  /** 1 for the write queue, 0 for the read queue. */
  write: i32;
  /** Requests that fit. */
  capacity: i32;
  /** The queue's column command (RD or WR), and the one with auto-precharge (RDA or WRA). */
  column: i32;
  closingColumn: i32;
  /** Requests that wait, and the most that ever did. */
  count: i32;
  peak: i32;
  /** Age of the next request to enter. */
  nextAge: i32;
  /** The segment that the last request joined. It may have been served since. */
  lastEntered: Segment | null;
  /** List of unused segments. */
  free: Segment | null;
  /** Byte offset in a bank's record of its `BankQueue`. */
  bankQueues: usize;
  /** The candidates of the first four bank slots; those of the next four follow VECTOR bytes on. */
  candidates: usize;
  /** Cycles from a column command to the end of its data. */
  done: f64;
  /** Cycle of the last column from the start of the simulation, negative before the first. */
  lastColumn: i64;
  /** Whole cycles of `done`. */
  wholeDone: i64;
  /** Cycles that requests spent waiting: summed, the least and the most. */
  waited: i64;
  leastWait: i64;
  mostWait: i64;
  /** Histogram of latencies: `LatencyTotals`, then the bins. */
  latency: usize;
  /** i32 [key of a row, ROW_KEYS]: segments whose row has it. */
  rowKeys: usize;
}

/** One bank. Its record takes BANK bytes, with the `BankQueue` of both queues and its earliest cycles behind these fields. */
@unmanaged
export class Bank {
  rank: i32;
  /** Number in its rank, as the host counts; negative for a bank slot that no bank has. */
  inRank: i32;
  /** Number of its bank group in the channel. */
  group: i32;
  /** The open row; of several, the one that was activated last. */
  openRow: i32;
  /** Only where several rows of a bank may be open: how many are, and which, in the order of activation (i32). */
  openCount: i32;
  openRows: usize;
  /** The subarray that was activated or selected last. */
  selected: i32;
  /** Only where that matters: columns since the last activation. */
  columns: i32;
  /** Only where idle ranks may have work: cycle of the last activation or column. */
  used: i32;
  /** 1 while the rank sleeps or an overdue refresh stops the bank. */
  blocked: i32;
  /** Address of its rank's first vector, and byte offset of its group's delays in `spread`. */
  rankVectors: usize;
  spread: usize;
  /** Cycle from the start of the simulation since which a row has been open. */
  since: i64;
  /** Cycles with an open row in the steady time of its rank that `BankCounts` lacks. */
  steady: i64;
}

@unmanaged
export class Rank {
  index: i32;
  /** Open rows in all its banks. */
  openCount: i32;
  /** Only where idle ranks may have work: requests to the rank that wait in either queue. */
  waiting: i32;
  /** Likewise: cycle of its last column. */
  lastColumn: i32;
  /** AWAKE, POWER_DOWN or SELF_REFRESH, and since when. */
  asleep: i32;
  asleepSince: i32;
  /** Cycle at which the next refresh is due. */
  due: i32;
  /** Cycle from which the rank must stop for its refresh, and whether it has. */
  urgentAt: i32;
  urgent: i32;
  /** The first bank (number in its rank) that the next per-bank refresh takes; the others lie `refreshTurns` apart. */
  target: i32;
  /** Open rows in all its banks, as the time of the rank is counted: RDA and WRA close theirs later. */
  openRows: i32;
  /**
   * Cycle from the start of the simulation since which all time of the rank has been active, whatever rows opened or closed;
   * UNSTEADY if that is not known.
   */
  steadyFrom: i64;
}

@unmanaged
export class State extends Tables {
  // What follows from the settings.
  /** Banks in a rank. */
  banks: i32;
  /**
   * Bank slots in the channel, in a group and in a rank. A bank slot is the index of a bank in the core's arrays; each
   * group is filled up to whole vectors, so some slots have no bank.
   */
  bankSlots: i32;
  slotsPerGroup: i32;
  slotsPerRank: i32;
  /** Bank groups in the channel. */
  groups: i32;
  /** i32x4 [lane]: all bits of that lane. */
  lanes: usize;
  /** In the whole core: bits of a bank slot. */
  bankBitsOfWhole: i32;
  /** log2 of rowsPerSubarray, -1 if it is not a power of two. */
  subarrayShift: i32;
  /** Whether idle ranks may have work: timeouts, early refreshes, sleep. */
  idleWork: i32;
  /** `Rank` [rank]. */
  rankTable: usize;
  /** In the whole core: addresses of the tables below that the lean core has at fixed places. */
  bankTableOfWhole: usize;
  vectorsOfWhole: usize;
  /** i32 [rank * banks + number in its rank]: bank slot. Each request that enters needs it; this saves two divisions. */
  slotTable: usize;

  // When commands may be issued.
  /** i32 [rank * ALL_COMMANDS + command]: the last cycle of each command. */
  last: usize;
  /**
   * i32 [((command * groups of a rank + group) * vectors of a rank + vector) * BANK_COMMANDS + later command]: cycles from a
   * command in a group to commands in the groups of its rank; and the bytes of one command.
   */
  spread: usize;
  spreadBytes: i32;
  /** i32 [command]: bit mask of the relations in which it delays any bank command. */
  reach: usize;
  /** i32 [command]: bit mask of the commands to its own bank that it delays. */
  ownDelays: usize;
  /** Bit mask: commands that some window counts or delays. */
  windowCommands: i32;
  /** Earliest cycles: i32 [(bank slot * subarrays + subarray) * BANK_COMMANDS + command]. */
  subarrayEarliest: usize;
  /** i32 [rank * ALL_COMMANDS + command]: earliest cycles of commands to a whole rank, as far as windows delay them. */
  rankWindows: usize;
  /** 1 if the last command changed the earliest cycles of banks other than its own. */
  banksTouched: i32;

  // The clock. Cycles in 32 bits are counted from `origin`, which moves on.
  origin: f64;
  /** The origin as a whole number. */
  start: i64;
  cycle: i32;
  /** The last cycle in which a request entered or was served. */
  lastProgress: i32;
  /** The cycle after the last forwarded read so far, from the start of the simulation. */
  lastForwarded: f64;

  /** The queue that is served now: reads, or writes during a drain. */
  servedQueue: RequestQueue;
  /** The first cycle at which another rank becomes urgent. */
  nextUrgent: i32;
  /** Whether some rank must refresh or wake up. */
  attention: i32;

  /** The next of the runs in the host's batch, and the end of the batch. */
  nextRun: usize;
  lastRun: usize;
  /** The entering run: its queue, what is left of it, and the cycle of its arrival (from the origin, from the start). */
  portQueue: RequestQueue;
  portCount: i32;
  portBank: i32;
  portRow: i32;
  portColumn: i32;
  /** Whether the other queue holds no request to its row. */
  portClear: i32;
  portArrival: i32;
  portArrivalAt: f64;
  /** Whether the channel runs on though nothing waits. */
  idling: i32;
  /** Whether its next request is a read that waits at the port for a write to the same burst. */
  readHeld: i32;

  /** The chosen command, its cycle and its bank slot (any slot of the rank for a command to a rank). */
  chosen: i32;
  chosenAt: i32;
  chosenBank: i32;
  /** Whether the chosen command is work of a rank rather than for a request. */
  chosenIsRankWork: i32;
  /** Whether the choice stands until its cycle, because nothing that it depends on has changed since. */
  settled: i32;
  /** Whether a request enters after each column of the streak. */
  feeding: i32;
  /** Bit mask: columns that banks of two groups may give in turns. */
  turns: i32;
  /** The bank that goes second in turns. */
  partner: i32;
  /** Searches for short streaks that are left out after each one in vain, and how many of them are still to be. */
  searchPause: i32;
  searchRest: i32;

  // Counters.
  forwardedReads: f64;
  /** `Pending` [rank * pendingCapacity + index]: precharges of RDA and WRA that have not begun, by cycle. */
  pending: usize;
  pendingCapacity: i32;

  get reads(): RequestQueue {
    return changetype<RequestQueue>(READS);
  }
  get writes(): RequestQueue {
    return changetype<RequestQueue>(WRITES);
  }
  /** Bank records [bank slot], BANK bytes each. */
  get bankTable(): usize {
    return WHOLE ? this.bankTableOfWhole : LEAN_BANKS;
  }
  /** Vectors [bank slot / 4], VECTOR bytes each. */
  get vectors(): usize {
    return WHOLE ? this.vectorsOfWhole : LEAN_VECTORS;
  }

  /** Bits of a bank slot, and their mask. */
  get bankBits(): i32 {
    return WHOLE ? this.bankBitsOfWhole : LEAN_BANK_BITS;
  }
  get bankMask(): i32 {
    return (1 << this.bankBits) - 1;
  }
  /** Ages stay below this. */
  get ages(): i32 {
    return 1 << (WHOLE ? this.ageBits : LEAN_AGE_BITS);
  }
  /** Bits of a priority; the bit that rows have and columns lack; the priority of no candidate. */
  get priorityBits(): i32 {
    return 1 + (WHOLE ? this.ageBits : LEAN_AGE_BITS) + this.bankBits;
  }
  get rowPriority(): i32 {
    return 1 << (this.priorityBits - 1);
  }
  get noPriority(): i32 {
    return (1 << this.priorityBits) - 1;
  }
  /** The longest wait, in cycles, that fits into 32 bits together with a priority. */
  get longestWait(): i32 {
    return (1 << (31 - this.priorityBits)) - 1;
  }
}

/** The state lies at a fixed address, below the heap. */
export const s = changetype<State>(STATE);

/** The two queues lie behind the state ... */
const READS: usize = STATE + 768;
const WRITES: usize = STATE + 896;
const TABLES: usize = STATE + 1024;

/** Bytes of a bank's record; byte offsets in it of its queues and of its earliest cycles, i32 [command]. */
export const BANK: usize = 128;
export const BANK_QUEUES: usize = 64;
const BANK_EARLIEST: usize = 96;

/**
 * Four bank slots of one group, VECTOR bytes: the earliest cycles of the group, i32 [command], then the candidates of the
 * read queue and those of the write queue. Each of these is three vectors, at the byte offsets below.
 */
export const VECTOR: usize = 128;
export const VECTOR_CANDIDATES: usize = 32;
export const CANDIDATES: usize = 48;
export const LOOKUP: usize = 0;
export const READY: usize = 16;
export const PRIORITY: usize = 32;

/** ... and, in the lean core, behind them the tables of banks and vectors. */
const LEAN_BANKS: usize = TABLES;
const LEAN_VECTORS: usize = LEAN_BANKS + (1 << LEAN_BANK_BITS) * BANK;

/** Address of the next array. */
let heap: usize = WHOLE ? TABLES : LEAN_VECTORS + (1 << (LEAN_BANK_BITS - 2)) * VECTOR;

/** Takes `bytes` of memory, all zero, aligned to a vector. */
export function allocate(bytes: usize): usize {
  const at = heap;
  heap = (heap + bytes + 15) & ~(<usize>15);
  const missing = <i32>((heap + 0xffff) >> 16) - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) unreachable();
  return at;
}

/** Element of an i32 array. @inline */
export function at(array: usize, index: i32): i32 {
  return load<i32>(array + ((<usize>index) << 2));
}

/** Sets an element of an i32 array. @inline */
export function put(array: usize, index: i32, value: i32): void {
  store<i32>(array + ((<usize>index) << 2), value);
}

/** Byte offset of the vector that a bank slot is in. @inline */
export function vectorOf(bankSlot: i32): usize {
  return (<usize>(bankSlot & ~3)) << 5;
}

/** Address of the earliest cycles of a bank slot's group. @inline */
export function groupEarliestOf(bankSlot: i32): usize {
  return s.vectors + vectorOf(bankSlot);
}

/** Address of the earliest cycles of a bank. @inline */
export function bankEarliestOf(bankSlot: i32): usize {
  return s.bankTable + <usize>bankSlot * BANK + BANK_EARLIEST;
}

/** Byte offset of a bank slot's elements in those vectors. @inline */
export function candidateOf(bankSlot: i32): usize {
  return vectorOf(bankSlot) + ((<usize>(bankSlot & 3)) << 2);
}

/** The first cycle at which a bank allows its candidate of a queue, NEVER without one. @inline */
export function readyOf(queue: RequestQueue, bankSlot: i32): i32 {
  return load<i32>(queue.candidates + candidateOf(bankSlot), READY);
}

/** The priority of a bank's candidate of a queue. @inline */
export function priorityOf(queue: RequestQueue, bankSlot: i32): i32 {
  return load<i32>(queue.candidates + candidateOf(bankSlot), PRIORITY);
}

/** All bits of a bank slot's lane in its vector. @inline */
export function laneOf(bankSlot: i32): v128 {
  return v128.load(s.lanes + ((<usize>(bankSlot & 3)) << 4));
}

/**
 * A vector with the element of `lane` replaced. Candidates are stored as whole vectors, because a processor waits long for a
 * vector one element of which was stored shortly before. @inline
 */
export function withLane(vector: v128, lane: v128, value: i32): v128 {
  return v128.bitselect(i32x4.splat(value), vector, lane);
}

/** @inline */
export function bankOf(bankSlot: i32): Bank {
  return changetype<Bank>(s.bankTable + <usize>bankSlot * BANK);
}

/** @inline */
export function rankOf(rank: i32): Rank {
  return changetype<Rank>(s.rankTable + <usize>rank * offsetof<Rank>());
}

/** @inline */
export function bankQueueOf(queue: RequestQueue, bankSlot: i32): BankQueue {
  return changetype<BankQueue>(s.bankTable + <usize>bankSlot * BANK + queue.bankQueues);
}

/** The subarray of a row in its bank. @inline */
export function subarrayOf(row: i32): i32 {
  return s.subarrayShift >= 0 ? row >> s.subarrayShift : row / s.rowsPerSubarray;
}

/** The bank slot of a bank that the host numbers in its rank. @inline */
export function bankSlotOf(rank: i32, inRank: i32): i32 {
  return at(s.slotTable, rank * s.banks + inRank);
}

/** A cycle from the start of the simulation as cycles from the origin; NEVER if it is later, 0 for all before it. */
export function fromOrigin(cycle: f64): i32 {
  const since = cycle - s.origin;
  // Most often all has arrived before the origin, and a conversion takes long.
  if (since <= 0) return 0;
  return since >= <f64>NEVER ? NEVER : <i32>since;
}
