// Generated from src/dram/core/layout-table.ts by `npm run build:kernels`: do not edit.

/** Address of the core state, which begins with `Settings`. */
export const STATE: usize = 1024;

/** A cycle, counted from the origin of the clock, that is later than all others; as a limit: none. */
export const NEVER: i32 = 1073741824;

/** Cycles of the longest constraint or interval with which 32-bit sums of cycles stay in range. */
export const LONGEST: i32 = 268435456;

/** Commands to one bank: as many as come first in the list. */
export const BANK_COMMANDS: i32 = 8;

/** Banks compared at once. Each bank group takes a multiple of this many bank slots. */
export const BANKS_PER_VECTOR: i32 = 4;

/** Bits of a bank slot in the lean core. */
export const LEAN_BANK_BITS: i32 = 6;

/** Bits of the age of a request in the lean core. */
export const LEAN_AGE_BITS: i32 = 12;

/** Latencies below this have a bin each; above, each octave has this many bins. A power of two. */
export const EXACT_LATENCIES: i32 = 1024;

/** Octaves above the exact range: latencies up to 2^53 cycles. */
export const LATENCY_OCTAVES: i32 = 43;

/** Commands: first those to one bank, then those to a whole rank. */
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
export const ALL_COMMANDS: i32 = 14;

/** What a request needed: a column alone; an activation first; another row closed before that. */
export const HIT: i32 = 0;
export const MISS: i32 = 1;
export const CONFLICT: i32 = 2;
export const CONDITIONS: i32 = 3;

/** Where a later command to a bank goes, seen from the bank of an earlier one. */
export const OWN_BANK: i32 = 0;
export const OTHER_BANK_OF_GROUP: i32 = 1;
export const OWN_GROUP: i32 = 2;
export const OTHER_GROUP: i32 = 3;
export const OTHER_RANK: i32 = 4;
export const OWN_SUBARRAY: i32 = 5;
export const OTHER_SUBARRAY: i32 = 6;
export const RELATIONS: i32 = 7;

/** Where the next column goes, seen from the bank group of the one before it. */
export const COLUMN_OWN_GROUP: i32 = 0;
export const COLUMN_OTHER_GROUP: i32 = 1;
export const COLUMN_OTHER_RANK: i32 = 2;
export const COLUMN_RELATIONS: i32 = 3;

/** Of what a window counts the commands. */
export const WINDOW_CHANNEL: i32 = 0;
export const WINDOW_RANK: i32 = 1;
export const WINDOW_BANK_GROUP: i32 = 2;
export const WINDOW_BANK: i32 = 3;
export const WINDOW_LEVELS: i32 = 4;

/**
 * What a rank spends its time in: first its own states, then the refreshes that hold it. `RankCounts` has the cycles of
 * each from `active` on, in this order.
 */
export const RANK_ACTIVE: i32 = 0;
export const RANK_PRECHARGED: i32 = 1;
export const RANK_ACTIVE_POWER_DOWN: i32 = 2;
export const RANK_PRECHARGE_POWER_DOWN: i32 = 3;
export const RANK_SELF_REFRESH: i32 = 4;
export const RANK_REFRESH: i32 = 5;
export const RANK_ENTRY_REFRESH: i32 = 6;
export const RANK_EXIT_REFRESH: i32 = 7;
export const RANK_ENTRY_PRECHARGE: i32 = 8;
export const RANK_EXIT_PRECHARGE: i32 = 9;
export const RANK_STATES: i32 = 10;

/** What the host writes before it calls `configure`. Flags are 0 or 1. */
@unmanaged
export class Settings {
  ranks: i32;
  /** Bank groups of a rank, 1 if it has none. */
  bankGroups: i32;
  banksPerGroup: i32;
  rowsPerSubarray: i32;
  /** Subarrays of a bank, for the counts of accesses. */
  subarraysOfBank: i32;
  /** Subarrays of a bank with timing of their own, 0 for none. */
  subarrays: i32;
  /** Subarrays of a bank that may be open at once. */
  openSubarrays: i32;
  /** Whether an open subarray is selected by SASEL before its columns. */
  select: i32;
  /** Whether requests are served in the order of their arrival. */
  inOrder: i32;
  /** Whether the last column to a row closes it. */
  autoPrecharge: i32;
  /** Columns of a row before an older request to another row of its bank, NEVER for no limit. */
  rowHitCap: i32;
  /** Cycles after which a row without requests is closed, negative for never. */
  pageTimeout: i32;
  /** Whether refresh is bank by bank (REFpb). */
  perBankRefresh: i32;
  /** Per-bank refreshes that take each bank of a rank once. */
  refreshTurns: i32;
  /** Cycles from one refresh of a rank to the next. */
  refreshInterval: i32;
  /** Refreshes that a rank may owe at most. */
  maxPostponed: i32;
  /** Cycles before it would owe more at which a rank stops for its refresh. */
  refreshLead: i32;
  /** Whether a row without a column since its activation gives one before an overdue refresh. */
  serveActivated: i32;
  /** Cycles after its last column at which an idle rank powers down, negative for never. */
  powerDownAfter: i32;
  /** Cycles after its last column at which an idle rank enters self-refresh, negative for never. */
  selfRefreshAfter: i32;
  /** Whether the write queue answers reads of its bursts. */
  forwardWrites: i32;
  /** Requests that the read queue holds. */
  readQueue: i32;
  /** Requests that the write queue holds. */
  writeQueue: i32;
  /** Waiting writes at which a write drain begins. */
  highWatermark: i32;
  /** Waiting writes at which it ends if a read waits. */
  lowWatermark: i32;
  /** Bits of the age of a request. */
  ageBits: i32;
  /** Cycles, for the energy counters; so are the six that follow. */
  tRAS: i32;
  tRCD: i32;
  tRFC: i32;
  /** 0 for a standard without per-bank refresh. */
  tRFCpb: i32;
  tRP: i32;
  readToPrecharge: i32;
  writeToPrecharge: i32;
  /** Records in `windows`. */
  windowCount: i32;
  /** Whether a command delays any in other banks of its group. */
  siblings: i32;
  /** Bit mask: columns that may form streaks. */
  streaks: i32;
  /** Records in `runs`. */
  batch: i32;
  /** Whether commands are reported to the observer. */
  observed: i32;
}

/** Addresses of the arrays that host and core share; `configure` sets them. Dimensions are given as [index]. */
@unmanaged
export class Tables extends Settings {
  /** i32 [(command * RELATIONS + relation) * BANK_COMMANDS + later command], cycles. */
  delays: usize;
  /** i32 [command * ALL_COMMANDS + later command], cycles to a command to the same rank as a whole. */
  toRank: usize;
  /** The same to a command to another rank as a whole. */
  toOtherRank: usize;
  /** i32 [column], cycles to the next column of its kind in the same bank. */
  columnStep: usize;
  /** i32 [column * COLUMN_RELATIONS + relation], cycles to the next of its kind in another bank. */
  columnDelay: usize;
  /** `Window` [windowCount]. */
  windows: usize;
  /** `BankCounts` [bank slot]. */
  bankCounts: usize;
  /** `RankCounts` [rank]. */
  rankCounts: usize;
  /** f64 [(bank slot * 2 + write) * CONDITIONS + condition], requests; write is 1 for writes, 0 for reads. */
  served: usize;
  /** f64 [bank slot * subarraysOfBank + subarray], bursts. */
  subarrayAccesses: usize;
  /** `LatencyTotals`, then f64 [bin]: EXACT_LATENCIES * (LATENCY_OCTAVES + 1) bins. */
  readLatency: usize;
  /** The same of writes. */
  writeLatency: usize;
  /** `Run` [batch]. */
  runs: usize;
}

/** A run of requests to consecutive columns of one row. */
@unmanaged
export class Run {
  /** Cycle from the start of the simulation. */
  arrival: f64;
  /** 1 for writes, 0 for reads. */
  write: i32;
  rank: i32;
  /** Number in its rank. */
  bank: i32;
  row: i32;
  /** Burst in the row, of the first request. */
  column: i32;
  count: i32;
}

/** A constraint on the n-th last command: tFAW is "ACT to ACT, window 4". */
@unmanaged
export class Window {
  /** WINDOW_CHANNEL to WINDOW_BANK. */
  level: i32;
  /** 1 if a command counts for the other members of its level alone. */
  sibling: i32;
  /** Cycles. */
  latency: i32;
  /** n. */
  length: i32;
  /** Bit mask of the commands that are counted. */
  preceding: i32;
  /** Bit mask of the commands that wait. */
  following: i32;
  /** The core sets this and the next. i32 [member * length + position], cycles. */
  ring: usize;
  /** i32 [member], the position that is written next. */
  next: usize;
}

/** What is counted of a bank. */
@unmanaged
export class BankCounts {
  /** Activations; those whose row is not open any more have had a precharge. */
  act: f64;
  /** Per-bank refreshes that name this bank. */
  refPerBank: f64;
  /** Cycle at which the last per-bank refresh ends. */
  refPerBankEnd: f64;
  /** Cycle of the last activation. */
  activated: f64;
  /** Rows that are open. */
  open: f64;
  /** Cycles with an open row, without the stay that lasts. */
  active: f64;
  /** The rank's active cycles when that stay began. */
  activeThen: f64;
  /** The last three again, as DRAMPower 6 counts. */
  bankwiseActive: f64;
  bankwiseThen: f64;
  bankwiseRefreshEnd: f64;
}

/** What is counted of a rank. */
@unmanaged
export class RankCounts {
  /** The cycle up to which time is counted. */
  counted: f64;
  /** The state of its own that it is in. */
  state: f64;
  /** A refresh holds the rank active until this cycle ... */
  heldActive: f64;
  /** ... and then precharged until this one. */
  heldPrecharged: f64;
  /** Which refresh: one of the states from RANK_REFRESH on. */
  heldBy: f64;
  /** All-bank refreshes. */
  refAllBank: f64;
  selfRefreshEntries: f64;
  /** Precharges of RDA and WRA that have not begun. */
  pending: f64;
  /** The cycle up to which time is counted as DRAMPower 6 does. */
  bankwiseCounted: f64;
  /** The end of the last all-bank refresh ... */
  refreshEnd: f64;
  /** ... and of the last per-bank refresh. */
  bankRefreshEnd: f64;
  /** The earliest cycle at which a power-down could begin. */
  earliestSleep: f64;
  /** The cycle at which the last power-down began. */
  sleepFrom: f64;
  /** Cycles spent as DRAMPower 6 counts: in the rank states up to RANK_REFRESH, from here on. */
  bankwiseActive: f64;
  bankwisePrecharged: f64;
  bankwiseActivePowerDown: f64;
  bankwisePrechargePowerDown: f64;
  bankwiseSelfRefresh: f64;
  bankwiseRefresh: f64;
  /** Cycles spent in each of the rank states, from here on. */
  active: f64;
  precharged: f64;
  activePowerDown: f64;
  prechargePowerDown: f64;
  selfRefresh: f64;
  refresh: f64;
  entryRefresh: f64;
  exitRefresh: f64;
  entryPrecharge: f64;
  exitPrecharge: f64;
}

/** Sums over the latencies that were counted, in cycles. */
@unmanaged
export class LatencyTotals {
  count: f64;
  sum: f64;
  min: f64;
  max: f64;
}
