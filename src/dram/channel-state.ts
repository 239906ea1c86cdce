import { InputError } from '../errors/input-error.ts';
import { banksPerRank, type Organisation } from '../hardware/device.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import { type BankQueue, createBankQueue } from './bank-queue.ts';
import type { ControllerOptions } from './controller-options.ts';
import type { ControllerSink } from './controller-sink.ts';
import { NEVER } from './earliest-cycles.ts';
import { BANK_COMMANDS, commandsOf, RD, RDA, WR, WRA } from './issued-commands.ts';
import { createTimingTable, type TimingTable } from './timing-table.ts';

/** No row is open; a bank of which a queue wants nothing; no command. */
export const CLOSED = -1;
export const NOTHING = -1;

/** What a rank sleeps in. */
export const AWAKE = 0;
export const POWER_DOWN = 1;
export const SELF_REFRESH = 2;

/** Longer constraints and refresh intervals could leave the range of 32-bit cycles. */
const LONGEST = 1 << 28;

/** One queue, and per bank the command that it wants next there and where the constraints on that one stand. */
export interface Lane {
  readonly queue: BankQueue;
  /** The lane's column command, without and with auto-precharge. */
  readonly column: number;
  readonly lastColumn: number;
  readonly command: Int32Array;
  /** The segment it serves. */
  readonly segment: Int32Array;
  readonly bankEntry: Int32Array;
  readonly groupEntry: Int32Array;
  readonly subarrayEntry: Int32Array;
  /** Smaller goes first: columns before rows, then by age; the low bits tell the bank. */
  readonly priority: Int32Array;
}

/** All that one channel's controller knows. Cycles are 32-bit integers counted from `origin`, which moves on. */
export interface ChannelState {
  readonly ranks: number;
  /** Banks in a rank, and in the channel. */
  readonly banks: number;
  readonly allBanks: number;
  readonly bankGroups: number;
  readonly rankOf: Int32Array;
  readonly groupOf: Int32Array;
  readonly rowsPerSubarray: number;
  /** Subarrays of a bank that may be open at once. */
  readonly openSubarrays: number;
  readonly select: boolean;
  readonly table: TimingTable;
  readonly sink: ControllerSink;

  readonly inOrder: boolean;
  readonly autoPrecharge: boolean;
  readonly rowHitCap: number;
  /** Infinity without the timeout policy. */
  readonly pageTimeout: number;
  readonly perBankRefresh: boolean;
  readonly refreshInterval: number;
  readonly mayOwe: number;
  readonly powerDownAfter: number;
  readonly selfRefreshAfter: number;
  /** Whether there is anything that idle ranks do. */
  readonly idleWork: boolean;
  readonly forwardWrites: boolean;
  readonly highWatermark: number;
  readonly lowWatermark: number;
  readonly readDone: number;
  readonly writeDone: number;

  /** Bits of a priority and of the bank in it, the bit that sets rows behind columns, and the last priority. */
  readonly priorityBits: number;
  readonly bankBits: number;
  readonly bankMask: number;
  readonly rowPriority: number;
  readonly noPriority: number;
  /** The longest wait that fits beside a priority. */
  readonly longestWait: number;
  readonly reads: Lane;
  readonly writes: Lane;
  /** The lane that is served. */
  lane: Lane;

  /** By bank: the open row, where only one may be open; else all open rows in the order of activation. */
  readonly openRow: Int32Array;
  readonly openRows: readonly number[][];
  /** By bank: the subarray activated or selected last; columns since the last activation; cycle of the last of both. */
  readonly selected: Int32Array;
  readonly columns: Int32Array;
  readonly used: Int32Array;
  /** By bank: whether its rank sleeps or a refresh of it is overdue. */
  readonly blocked: Uint8Array;

  /** By rank: open rows, waiting requests, cycle of the last column. */
  readonly openCount: Int32Array;
  readonly waiting: Int32Array;
  readonly lastColumn: Int32Array;
  readonly asleep: Uint8Array;
  readonly asleepSince: Int32Array;
  /** By rank: the next refresh is due, and the rank owes more than it may. */
  readonly due: Int32Array;
  readonly urgentAt: Int32Array;
  readonly urgent: Uint8Array;
  readonly refreshes: Float64Array;
  /** The first cycle at which another rank becomes urgent; whether some rank must do something. */
  nextUrgent: number;
  attention: boolean;

  origin: number;
  cycle: number;
  lastDone: number;
  lastProgress: number;

  /** The run that is entering. */
  portLane: Lane;
  portCount: number;
  portBank: number;
  portRow: number;
  portColumn: number;
  portArrival: number;
  portArrivalAt: number;

  /** The command that goes next and when; of a bank, or (`chosenWhole`) work of a rank. */
  chosen: number;
  chosenAt: number;
  chosenBank: number;
  chosenWhole: boolean;
  /** Whether the choice stands until its cycle: nothing that it depends on has changed since. */
  settled: boolean;
  /** Whether requests enter between the columns of the streak, one after each. */
  feeding: boolean;
}

export function createChannelState(
  organisation: Organisation,
  timing: ResolvedTiming,
  options: ControllerOptions,
  sink: ControllerSink,
): ChannelState {
  const { ranks, bankGroups, banksPerGroup, rowsPerSubarray } = organisation;
  const banks = banksPerRank(organisation);
  const allBanks = ranks * banks;
  const perBankRefresh = options.refresh === 'perBank';
  const tREFI = refreshIntervalOf(timing);
  const refreshInterval = perBankRefresh ? Math.floor(tREFI / banks) : tREFI;
  const mayOwe = options.postponedRefreshes * (perBankRefresh ? banks : 1);
  const { openSubarrays = 1, select = false } = timing.subarrays ?? {};
  const parameter = (name: string): number => timing.parameters[name] ?? 0;
  const burst = organisation.burstLength / organisation.dataRate;

  const bankBits = 32 - Math.clz32(allBanks - 1);
  const queued = Math.max(options.readQueue, options.writeQueue);
  const ageBits = Math.max(34 - Math.clz32(queued), 18 - bankBits);
  const priorityBits = 1 + ageBits + bankBits;
  if (priorityBits > 26)
    throw new InputError(`queues of ${queued} requests are more than the controller can order`, {
      remedy: 'queues of some thousand requests at most',
    });
  const lane = (write: boolean): Lane => ({
    queue: createBankQueue(write, write ? options.writeQueue : options.readQueue, allBanks, 1 << ageBits),
    column: write ? WR : RD,
    lastColumn: write ? WRA : RDA,
    command: new Int32Array(allBanks).fill(NOTHING),
    segment: new Int32Array(allBanks),
    bankEntry: new Int32Array(allBanks).fill(allBanks * BANK_COMMANDS),
    groupEntry: new Int32Array(allBanks),
    subarrayEntry: new Int32Array(allBanks),
    priority: new Int32Array(allBanks).fill((1 << priorityBits) - 1),
  });
  const reads = lane(false);
  const perRank = (): Int32Array => new Int32Array(ranks);
  const perBank = (): Int32Array => new Int32Array(allBanks);
  const urgentAt = Math.min(NEVER, refreshInterval * (1 + mayOwe));
  return {
    ranks,
    banks,
    allBanks,
    bankGroups,
    rowsPerSubarray,
    select,
    sink,
    rankOf: perBank().map((_, bank) => Math.floor(bank / banks)),
    groupOf: perBank().map((_, bank) => Math.floor(bank / banksPerGroup)),
    openSubarrays: openSubarrays === 'all' ? Number.POSITIVE_INFINITY : openSubarrays,
    table: createTimingTable(organisation, timing, commandsOf(options, timing)),
    inOrder: options.scheduler === 'fcfs',
    autoPrecharge: options.pagePolicy === 'closed',
    rowHitCap: Math.min(NEVER, options.rowHitCap),
    pageTimeout: options.pagePolicy === 'timeout' ? options.pageTimeout : Number.POSITIVE_INFINITY,
    perBankRefresh,
    refreshInterval,
    mayOwe,
    powerDownAfter: options.powerDownAfter,
    selfRefreshAfter: options.selfRefreshAfter,
    idleWork:
      options.pagePolicy === 'timeout' ||
      mayOwe > 0 ||
      Number.isFinite(options.powerDownAfter) ||
      Number.isFinite(options.selfRefreshAfter),
    forwardWrites: options.forwardWrites,
    highWatermark: options.highWatermark,
    lowWatermark: options.lowWatermark,
    readDone: parameter('RL') + parameter('tDQSCK') + burst,
    writeDone: parameter('WL') + burst,
    priorityBits,
    bankBits,
    reads,
    writes: lane(true),
    lane: reads,
    bankMask: (1 << bankBits) - 1,
    rowPriority: 1 << (priorityBits - 1),
    noPriority: (1 << priorityBits) - 1,
    longestWait: (1 << (31 - priorityBits)) - 1,
    openRow: perBank().fill(CLOSED),
    openRows: Array.from({ length: allBanks }, () => []),
    selected: perBank().fill(-1),
    columns: perBank(),
    used: perBank(),
    blocked: new Uint8Array(allBanks),
    openCount: perRank(),
    waiting: perRank(),
    lastColumn: perRank(),
    asleep: new Uint8Array(ranks),
    asleepSince: perRank(),
    due: perRank().fill(refreshInterval),
    urgentAt: perRank().fill(urgentAt),
    urgent: new Uint8Array(ranks),
    refreshes: new Float64Array(ranks),
    nextUrgent: urgentAt,
    attention: false,
    origin: 0,
    cycle: 0,
    lastDone: 0,
    lastProgress: 0,
    portLane: reads,
    portCount: 0,
    portBank: 0,
    portRow: 0,
    portColumn: 0,
    portArrival: 0,
    portArrivalAt: 0,
    chosen: NOTHING,
    chosenAt: 0,
    chosenBank: 0,
    chosenWhole: false,
    feeding: false,
    settled: false,
  };
}

/** tREFI in cycles. Throws InputError for a timing without it, or with anything too long to count with. */
function refreshIntervalOf({ standard, parameters, constraints }: ResolvedTiming): number {
  const tREFI = parameters['tREFI'];
  if (tREFI === undefined)
    throw new InputError(`${standard} gives no tREFI: how often to refresh is unknown`);
  const [long] = [{ name: 'tREFI', latency: tREFI }, ...constraints].filter(
    ({ latency }) => latency > LONGEST,
  );
  if (long)
    throw new InputError(`${long.name} of ${long.latency} cycles is longer than the controller can count`);
  return tREFI;
}

/** Counts cycles from `shift` on: the past no longer matters but for how long ago it is, up to `LONGEST` cycles. */
export function rebaseState(s: ChannelState, shift: number): void {
  s.origin += shift;
  s.cycle -= shift;
  s.lastDone -= shift;
  s.lastProgress -= shift;
  for (const cycles of [s.used, s.lastColumn])
    for (let i = 0; i < cycles.length; i++) cycles[i] = Math.max(-LONGEST, cycles[i]! - shift);
  for (let rank = 0; rank < s.ranks; rank++) {
    // What of a stay in self-refresh is over has put the next refresh off already.
    const since = s.asleepSince[rank]! - shift;
    const slept = s.asleep[rank] === SELF_REFRESH ? Math.max(0, -since) : 0;
    s.asleepSince[rank] = Math.max(0, since);
    s.due[rank] = s.due[rank]! - shift + slept;
  }
  s.portArrival = fromOrigin(s, s.portArrivalAt);
}

export const fromOrigin = (s: ChannelState, at: number): number => Math.min(NEVER, at - s.origin);
