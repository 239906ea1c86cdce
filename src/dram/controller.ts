import type { Organisation } from '../hardware/device.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import type { Cycles } from '../units/flavours.ts';
import { closeBankRow, openBankRow, rowToClose, subarrayOf, want, wantBoth } from './bank-candidates.ts';
import { CONFLICT, enterQueue, HIT, leaveQueue, MISS, renumber } from './bank-queue.ts';
import {
  AWAKE,
  type ChannelState,
  createChannelState,
  fromOrigin,
  type Lane,
  NOTHING,
  rebaseState,
} from './channel-state.ts';
import { type ControllerOptions, requireController } from './controller-options.ts';
import type { ControllerSink } from './controller-sink.ts';
import { NEVER } from './earliest-cycles.ts';
import { ACT, isColumn, PRE } from './issued-commands.ts';
import { chooseIdleWork, chooseRankDuty, issueRankWork, noteUrgentRanks, updateRank } from './rank-work.ts';
import { streakLength } from './streak.ts';
import { noteCommand, rebaseTiming } from './timing-table.ts';

/** One channel. */
export interface Controller {
  /**
   * Hands over a run of `count` requests (bursts), all read or all written, in consecutive columns of one row; they
   * enter their queue one a cycle as it has room, not before `arrival`. False, and nothing taken, while an earlier run
   * still waits to enter.
   */
  offer(
    write: boolean,
    rank: number,
    bank: number,
    row: number,
    column: number,
    count: number,
    arrival: Cycles,
  ): boolean;
  /**
   * Runs until `cycle` reaches `limit`, until the whole run has entered (if `more` are to come, so that the next one is
   * not late), or until no request waits.
   */
  runUntil(limit: Cycles, more: boolean): void;
  /** The cycle that has not been run yet. */
  readonly cycle: Cycles;
  /** Requests that wait, in a queue or to enter one. */
  readonly waiting: number;
  /** The most that ever waited in the read queue and in the write queue. */
  readonly peakReads: number;
  readonly peakWrites: number;
  /** Cycle after the last data transfer so far. */
  readonly lastDone: Cycles;
}

/** The origin moves on after so many cycles, far below `NEVER` so that no sum with a latency reaches it. */
const REBASE_AFTER = 1 << 29;

/**
 * The controller of docs/controller.md, which has the semantics, cycle by cycle. Event-driven: time jumps to the next
 * cycle at which anything can change, and a streak of row hits that nothing can interrupt is issued by arithmetic. The
 * command stream is that of a controller that ticks through every cycle. Throws InputError for options that contradict
 * each other or the device, and while running if refresh leaves no time for accesses.
 */
export function createController(
  organisation: Organisation,
  timing: ResolvedTiming,
  options: ControllerOptions,
  sink: ControllerSink,
): Controller {
  requireController(options, timing);
  const s = createChannelState(organisation, timing, options, sink);
  return {
    offer(write, rank, bank, row, column, count, arrival) {
      if (s.portCount > 0) return false;
      s.portLane = write ? s.writes : s.reads;
      s.portCount = count;
      s.portBank = rank * s.banks + bank;
      s.portRow = row;
      s.portColumn = column;
      s.portArrivalAt = arrival;
      s.portArrival = fromOrigin(s, arrival);
      return true;
    },
    runUntil: (limit, more) => run(s, limit, more),
    get cycle() {
      return s.origin + s.cycle;
    },
    get waiting() {
      return s.reads.queue.count + s.writes.queue.count + s.portCount;
    },
    get peakReads() {
      return s.reads.queue.peak;
    },
    get peakWrites() {
      return s.writes.queue.peak;
    },
    get lastDone() {
      return s.origin + s.lastDone;
    },
  };
}

function run(s: ChannelState, absoluteLimit: number, more: boolean): void {
  let limit = fromOrigin(s, absoluteLimit);
  const reads = s.reads.queue;
  const writes = s.writes.queue;
  for (;;) {
    if (s.portCount === 0 && (more || reads.count + writes.count === 0)) return;
    if (s.cycle >= limit && s.origin + s.cycle >= absoluteLimit) return;
    if (s.cycle >= REBASE_AFTER) {
      rebase(s);
      limit = fromOrigin(s, absoluteLimit);
    }
    if (s.portCount > 0 && s.portArrival <= s.cycle) feed(s);

    // Reads wait for a write drain to end, writes for one to begin; asking twice changes nothing.
    const draining =
      s.lane === s.writes
        ? writes.count > 0 && (writes.count > s.lowWatermark || reads.count === 0)
        : writes.count >= s.highWatermark || (reads.count === 0 && writes.count > 0);
    const lane = draining ? s.writes : s.reads;
    if (lane !== s.lane) s.settled = false;
    s.lane = lane;
    if (s.cycle >= s.nextUrgent) noteUrgentRanks(s);

    let again = NEVER;
    if (!s.settled) {
      s.chosen = NOTHING;
      s.chosenAt = NEVER;
      s.chosenWhole = false;
      if (s.attention) chooseRankDuty(s);
      again = s.inOrder ? chooseOldest(s, lane) : choose(s, lane);
      if (s.idleWork) chooseIdleWork(s);
      s.settled = again === NEVER && !s.attention && !s.idleWork;
    }

    if (s.chosenAt > s.cycle) {
      const next = nextEvent(s, again < limit ? again : limit, more);
      if (next <= s.chosenAt) {
        s.cycle = next;
        continue;
      }
      // Nothing else happens until then, so what is chosen now is what would be chosen then.
      s.cycle = s.chosenAt;
    }
    s.settled = false;
    if (s.chosenWhole) issueRankWork(s);
    else if (isColumn(s.chosen)) issueColumns(s, lane, limit, more);
    else issueRow(s, lane);
    s.cycle++;
  }
}

/** The first cycle after this one in which something may happen other than the chosen command. */
function nextEvent(s: ChannelState, limit: number, more: boolean): number {
  let next = limit;
  if (s.nextUrgent < next) next = s.nextUrgent;
  if (s.portCount > 0) {
    if (s.portArrival > s.cycle) {
      if (s.portArrival < next) next = s.portArrival;
    } else if (mayEnter(s)) next = Math.min(next, s.cycle + 1);
  } else if (more) next = Math.min(next, s.cycle + 1);
  return next;
}

const mayEnter = (s: ChannelState): boolean =>
  s.portLane.queue.count < s.portLane.queue.capacity || isForwarded(s);

/** Whether the burst that wants to enter is a read of one that waits to be written. */
function isForwarded(s: ChannelState): boolean {
  if (!s.forwardWrites || s.portLane !== s.reads) return false;
  const { queue } = s.writes;
  for (let segment = queue.head[s.portBank]!; segment >= 0; segment = queue.next[segment]!) {
    const first = queue.column[segment]!;
    if (
      queue.row[segment] === s.portRow &&
      s.portColumn >= first &&
      s.portColumn < first + queue.size[segment]!
    )
      return true;
  }
  return false;
}

/** Lets the next request of the waiting run enter, if it may. */
function feed(s: ChannelState): void {
  if (isForwarded(s)) {
    s.sink.forwarded(s.origin + s.cycle);
    s.portColumn++;
    s.portCount--;
    s.lastProgress = s.cycle;
    s.lastDone = Math.max(s.lastDone, s.cycle + 1);
  } else if (s.portLane.queue.count < s.portLane.queue.capacity) enter(s, s.cycle, 1, 1);
}

/** Lets `count` requests of the waiting run enter, from a cycle on and `step` cycles apart. */
function enter(s: ChannelState, at: number, step: number, count: number): void {
  const lane = s.portLane;
  const { queue } = lane;
  const bank = s.portBank;
  const rank = s.rankOf[bank]!;
  s.lastProgress = at;
  s.settled = false;
  if (queue.youngest >= queue.ages >> 1) {
    renumber(queue);
    for (let b = 0; b < s.allBanks; b++) want(s, lane, b);
  }
  const began = enterQueue(queue, bank, s.portRow, s.portColumn, s.origin + at, step, count);
  s.portColumn += count;
  s.portCount -= count;
  s.waiting[rank] = s.waiting[rank]! + count;
  if (s.asleep[rank] !== AWAKE) s.attention = true;
  const wanted = lane.command[bank]!;
  if (began) {
    if (
      wanted === NOTHING ||
      (wanted === PRE && s.portRow === s.openRow[bank]) ||
      (s.openSubarrays > 1 && !isColumn(wanted))
    ) {
      want(s, lane, bank);
      return;
    }
  }
  // The row's last column is the last no longer.
  if (wanted === lane.lastColumn) want(s, lane, bank);
}

/**
 * Chooses the command of a lane that goes first from the current cycle on: columns before rows, then the older request.
 * Returns the cycle up to which it has looked.
 *
 * One key a bank, (cycles to wait, priority), and their minimum, without a branch that depends on data: x & (x >> 31)
 * is x where x is negative and 0 elsewhere.
 */
function choose(s: ChannelState, lane: Lane): number {
  if (lane.queue.count === 0) return NEVER;
  const { bankEntry, groupEntry, subarrayEntry, priority } = lane;
  const { bankEarliest, groupEarliest, subarrayEarliest, subarrays } = s.table;
  const { cycle, priorityBits, allBanks, longestWait: longest } = s;
  let best = 0x7fffffff;
  for (let bank = 0; bank < allBanks; bank++) {
    let at = groupEarliest[groupEntry[bank]!]!;
    let less = (bankEarliest[bankEntry[bank]!]! - at) | 0;
    at = (at + (less & ~(less >> 31))) | 0;
    if (subarrays > 0) {
      less = (subarrayEarliest[subarrayEntry[bank]!]! - at) | 0;
      at = (at + (less & ~(less >> 31))) | 0;
    }
    let wait = (at - cycle) | 0;
    wait &= ~(wait >> 31);
    less = (wait - longest) | 0;
    wait = (longest + (less & (less >> 31))) | 0;
    less = (((wait << priorityBits) | priority[bank]!) - best) | 0;
    best = (best + (less & (less >> 31))) | 0;
  }
  const wait = best >> priorityBits;
  if (wait === longest) return cycle + longest;
  if (cycle + wait < s.chosenAt) {
    s.chosenAt = cycle + wait;
    s.chosenBank = best & s.bankMask;
    s.chosen = lane.command[s.chosenBank]!;
    s.chosenWhole = false;
  }
  return NEVER;
}

/** As `choose`, for the oldest request alone. */
function chooseOldest(s: ChannelState, lane: Lane): number {
  const { queue, command } = lane;
  let oldest = -1;
  for (let bank = 0; bank < s.allBanks; bank++) {
    const segment = queue.head[bank]!;
    if (segment >= 0 && (oldest < 0 || queue.age[segment]! < queue.age[queue.head[oldest]!]!)) oldest = bank;
  }
  if (oldest < 0 || command[oldest] === NOTHING) return NEVER;
  const at = Math.max(s.cycle, candidateEarliest(s, lane, oldest));
  if (at < s.chosenAt) {
    s.chosenAt = at;
    s.chosenBank = oldest;
    s.chosen = command[oldest]!;
    s.chosenWhole = false;
  }
  return NEVER;
}

function candidateEarliest(s: ChannelState, lane: Lane, bank: number): number {
  const { bankEarliest, groupEarliest, subarrayEarliest, subarrays } = s.table;
  const at = Math.max(bankEarliest[lane.bankEntry[bank]!]!, groupEarliest[lane.groupEntry[bank]!]!);
  return subarrays > 0 ? Math.max(at, subarrayEarliest[lane.subarrayEntry[bank]!]!) : at;
}

/** Opens, closes or selects a row for the request behind the chosen command. */
function issueRow(s: ChannelState, lane: Lane): void {
  const { chosen, chosenBank: bank, cycle } = s;
  const { queue } = lane;
  const rank = s.rankOf[bank]!;
  const segment = lane.segment[bank]!;
  const row = chosen === PRE ? rowToClose(s, lane, bank) : queue.row[segment]!;
  const subarray = s.table.subarrays > 0 ? subarrayOf(s, row) : 0;
  if (chosen === ACT) {
    openBankRow(s, bank, row);
    if (queue.condition[segment] === HIT) queue.condition[segment] = MISS;
  } else if (chosen === PRE) {
    closeBankRow(s, bank, row);
    queue.condition[segment] = CONFLICT;
  } else s.selected[bank] = subarray;
  const inRank = bank - rank * s.banks;
  s.sink.command(s.origin + cycle, chosen, rank, inRank, row);
  noteCommand(s.table, chosen, rank, inRank, subarray, cycle);
  wantBoth(s, bank);
}

/** Issues the chosen column and as many after it as nothing can interrupt. */
function issueColumns(s: ChannelState, lane: Lane, limit: number, more: boolean): void {
  const { chosen, chosenBank: bank, cycle } = s;
  const { queue } = lane;
  const segment = lane.segment[bank]!;
  const step = s.table.columnStep[chosen]!;
  s.feeding = false;
  const count =
    queue.size[segment] === 1 || chosen !== lane.column ? 1 : streakLength(s, lane, step, limit, more);
  const rank = s.rankOf[bank]!;
  const inRank = bank - rank * s.banks;
  const row = queue.row[segment]!;
  const last = cycle + (count - 1) * step;
  s.sink.columns(
    s.origin + cycle,
    chosen,
    rank,
    inRank,
    row,
    queue.column[segment]!,
    count,
    step,
    queue.condition[segment]!,
    queue.entered[segment]!,
    queue.step[segment]!,
  );
  // Each column but the last has made room, filled a cycle later; the last one's is filled by the next cycle's feed.
  if (count > 1 && s.feeding) enter(s, cycle + 1, step, count - 1);
  noteCommand(s.table, chosen, rank, inRank, s.table.subarrays > 0 ? subarrayOf(s, row) : 0, last);
  s.waiting[rank] = s.waiting[rank]! - count;
  s.lastColumn[rank] = last;
  s.columns[bank] = s.columns[bank]! + count;
  s.used[bank] = last;
  const done = last + (queue.write ? s.writeDone : s.readDone);
  if (done > s.lastDone) s.lastDone = done;
  s.lastProgress = last;
  s.cycle = last;
  const emptied = leaveQueue(queue, bank, segment, count);
  if (chosen !== lane.column) {
    closeBankRow(s, bank, row);
    wantBoth(s, bank);
  } else if (s.rowHitCap < NEVER) wantBoth(s, bank);
  else if (emptied || s.autoPrecharge) want(s, lane, bank);
  else lane.priority[bank] = lane.priority[bank]! + (count << s.bankBits);
}

/** Moves the origin to the current cycle. */
function rebase(s: ChannelState): void {
  const shift = s.cycle;
  rebaseTiming(s.table, shift);
  rebaseState(s, shift);
  for (let rank = 0; rank < s.ranks; rank++) updateRank(s, rank);
  s.nextUrgent = 0;
  s.settled = false;
}
