import { InputError } from '../errors/input-error.ts';
import type { ChannelActivity } from '../hardware/activity.ts';
import { bytesPerBurst, type Organisation } from '../hardware/device.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import type { CommandName } from '../hardware/standard.ts';
import type { Cycles } from '../units/flavours.ts';
import type { AddressMapping } from './address.ts';
import { isPowerOfTwo } from './address-mapping-bits.ts';
import { type BankCounts, type ChannelStatistics, transferTimes } from './channel-statistics.ts';
import { type Controller, createController } from './controller.ts';
import type { ControllerOptions } from './controller-options.ts';
import type { CoreObserver } from './core/open-core.ts';
import type { SentPiece } from './count-reads.ts';
import { ISSUED_COMMANDS } from './issued-commands.ts';
import { type LatencyHistogram, latencyHistogram } from './latency-histogram.ts';

/** Consecutive bursts, all read or all written, from a byte address on, not before `arrival` (0: as fast as accepted). */
export interface RequestRun {
  address: number;
  bursts: number;
  write: boolean;
  arrival: Cycles;
}

/** Requests in order of entry; fills the run in place and is false at the end. */
export interface RequestSource {
  next(run: RequestRun): boolean;
}

/** Requests that waited in a queue: on average over the run (all channels together), and at most in one channel. */
export interface QueueOccupancy {
  readonly mean: number;
  readonly peak: number;
}

export interface ReplayResult {
  /** Until the last response. */
  readonly cycles: Cycles;
  readonly reads: number;
  readonly writes: number;
  /** Requests served while their row was open, after an ACT for them, and after a PRE for them (docs/controller.md). */
  readonly rowHits: number;
  readonly rowMisses: number;
  readonly rowConflicts: number;
  /** Reads answered from the write queue; they are none of the three. */
  readonly forwardedReads: number;
  /** By channel. */
  readonly banks: readonly BankCounts[];
  /** From entry into the queue to the end of the data. */
  readonly readLatency: LatencyHistogram;
  readonly writeLatency: LatencyHistogram;
  /** Share of the cycles in which data is on the bus, over all channels. */
  readonly busUtilisation: number;
  readonly readQueue: QueueOccupancy;
  readonly writeQueue: QueueOccupancy;
  /** Of all channels, their ranks one channel after the other, over the same window. */
  readonly activity: ChannelActivity;
}

/** Sees every command as it is issued, in order of time within a channel. `bank` is flat in its rank, -1 for commands to it. */
export type CommandLog = (
  cycle: Cycles,
  command: CommandName,
  rank: number,
  bank: number,
  row: number,
  column: number,
  channel: number,
) => void;

/** Who follows a replay besides its log: which pieces are sent to the channels, and what these do with them. */
export interface ReplayWatch {
  readonly sent?: SentPiece | undefined;
  readonly observer?: ((channel: number) => CoreObserver | undefined) | undefined;
}

/** A replay that is done in portions. */
export interface OpenReplay {
  /** Sends the next runs of the source, at most `runs` of them; false when the source had no more. */
  advance(runs: number): boolean;
  /** Serves what still waits and reports on all; the last call. */
  finish(): ReplayResult;
}

/**
 * Sends all requests of a source through the memory and reports what it did. Each channel takes its own requests, in
 * their order and as fast as it accepts them, whatever the others do. Throws InputError for requests beyond the memory
 * or between its bursts, and what `createController` throws.
 */
export function replay(...memoryAndSource: Parameters<typeof openReplay>): ReplayResult {
  const opened = openReplay(...memoryAndSource);
  opened.advance(Number.POSITIVE_INFINITY);
  return opened.finish();
}

/** The same in portions, for callers that have other things to attend to. */
export function openReplay(
  organisation: Organisation,
  timing: ResolvedTiming,
  options: ControllerOptions,
  mapping: AddressMapping,
  source: RequestSource,
  log?: CommandLog,
  { sent, observer }: ReplayWatch = {},
): OpenReplay {
  const controllers = Array.from({ length: organisation.channels }, (_, channel) =>
    createController(
      organisation,
      timing,
      options,
      bothObservers(log && observerFor(log, channel), observer?.(channel)),
    ),
  );
  function drain(): void {
    for (const controller of controllers) controller.drain();
  }
  return {
    advance(runs) {
      let more: boolean;
      try {
        more = feedChannels(controllers, organisation, mapping, source, runs, sent);
      } catch (fault) {
        // What was sent before it may not be servable: that is said first, however many runs are sent at once.
        drain();
        throw fault;
      }
      for (const { batch } of controllers) batch.flush();
      return more;
    },
    finish() {
      drain();
      return summaryAt(endTogether(controllers), controllers, organisation, timing);
    },
  };
}

/** Lets channels that are done idle until the last of them is; answers with the cycle. */
export function endTogether(controllers: readonly Controller[]): Cycles {
  const cycles = Math.max(...controllers.map(({ lastDone }) => lastDone));
  for (const controller of controllers) if (controller.lastDone < cycles) controller.idleUntil(cycles);
  return cycles;
}

/** What the channels of a memory did, their time counted up to `cycles`, a cycle that none of them has passed. */
export function summaryAt(
  cycles: Cycles,
  controllers: readonly Controller[],
  organisation: Organisation,
  timing: ResolvedTiming,
): ReplayResult {
  return summaryOf(
    cycles,
    controllers.map((controller) => controller.statistics(cycles)),
    organisation,
    timing,
  );
}

/** The same of the statistics of all channels, each of its whole time up to `cycles`. */
export function summaryOf(
  cycles: Cycles,
  statistics: readonly ChannelStatistics[],
  organisation: Organisation,
  timing: ResolvedTiming,
): ReplayResult {
  const readLatency = latencyHistogram(statistics.map((channel) => channel.readLatency));
  const writeLatency = latencyHistogram(statistics.map((channel) => channel.writeLatency));
  const sum = (of: (channel: (typeof statistics)[number]) => number): number =>
    statistics.reduce((total, channel) => total + of(channel), 0);
  const total = (counts: 'rowHits' | 'rowMisses' | 'rowConflicts'): number =>
    sum(({ banks }) => banks[counts].reduce((a, b) => a + b, 0));
  const forwardedReads = sum((channel) => channel.forwardedReads);
  const transfers = readLatency.count - forwardedReads + writeLatency.count;
  const { burst } = transferTimes(organisation, timing);
  const occupancy = (waited: number, peaks: readonly number[]): QueueOccupancy => ({
    mean: cycles === 0 ? 0 : waited / cycles,
    peak: Math.max(...peaks),
  });
  return {
    cycles,
    reads: readLatency.count,
    writes: writeLatency.count,
    rowHits: total('rowHits'),
    rowMisses: total('rowMisses'),
    rowConflicts: total('rowConflicts'),
    forwardedReads,
    banks: statistics.map(({ banks }) => banks),
    readLatency,
    writeLatency,
    busUtilisation: cycles === 0 ? 0 : (transfers * burst) / (cycles * organisation.channels),
    readQueue: occupancy(
      sum(({ readsWaited }) => readsWaited),
      statistics.map(({ peakReads }) => peakReads),
    ),
    writeQueue: occupancy(
      sum(({ writesWaited }) => writesWaited),
      statistics.map(({ peakWrites }) => peakWrites),
    ),
    activity: { cycles, ranks: statistics.flatMap(({ activity }) => activity.ranks) },
  };
}

/**
 * Splits runs where a row or a channel ends and hands the pieces to their channels, at most `runs` of them; false at the
 * end of the source.
 */
export function feedChannels(
  channels: readonly Pick<Controller, 'batch'>[],
  { banksPerGroup, ...organisation }: Organisation,
  mapping: AddressMapping,
  source: RequestSource,
  runs: number,
  sent?: SentPiece,
): boolean {
  const burstBytes = bytesPerBurst({ banksPerGroup, ...organisation });
  const run: RequestRun = { address: 0, bursts: 0, write: false, arrival: 0 };
  const at = new Int32Array(6);
  const { bursts, decode, burstsToRowEnd } = mapping;
  // Each controller has a shape of its own, so that what is read of one is looked up; a batch is not.
  const batches = channels.map(({ batch }) => batch);
  // A product is faster than a quotient, and the same where it is exact.
  const inverse = isPowerOfTwo(burstBytes) ? 1 / burstBytes : 0;
  /** The burst that was decoded last, the one behind those sent, and how many from there on are in its row: -1 where not known. */
  let decoded = 0;
  let following = -1;
  let room = -1;
  for (let done = 0; done < runs; done++) {
    if (!source.next(run)) return false;
    let first = inverse > 0 ? run.address * inverse : run.address / burstBytes;
    let left = run.bursts;
    // Math.floor is an instruction, a remainder of fractions is a call.
    const whole = Math.floor(first) === first && Math.floor(left) === left;
    if (!(whole && first >= 0 && left >= 1 && first + left <= bursts))
      throw new InputError(`${left} bursts from address ${run.address} on are not bursts of this memory`, {
        remedy: `it has ${mapping.bursts} bursts of ${burstBytes} bytes, from address 0 on`,
      });
    if (first === following) {
      // Lines that follow each other need no decoding.
      if (room < 0) room = burstsToRowEnd(first - 1) - 1;
      if (left <= room && batches[at[0]!]!.extend(run.write, left, run.arrival)) {
        const bank = at[2]! * banksPerGroup + at[3]!;
        sent?.(at[0]!, at[1]!, bank, at[4]!, at[5]! + first - decoded, left, run.write);
        following += left;
        room -= left;
        continue;
      }
    }
    while (left > 0) {
      decode(first, at);
      decoded = first;
      const count = left === 1 ? 1 : Math.min(left, burstsToRowEnd(first));
      const bank = at[2]! * banksPerGroup + at[3]!;
      sent?.(at[0]!, at[1]!, bank, at[4]!, at[5]!, count, run.write);
      batches[at[0]!]!.submit(run.write, at[1]!, bank, at[4]!, at[5]!, count, run.arrival);
      first += count;
      left -= count;
    }
    following = first;
    room = -1;
  }
  return true;
}

/** Both observers as one, or the one that there is. */
export function bothObservers(
  one: CoreObserver | undefined,
  other: CoreObserver | undefined,
): CoreObserver | undefined {
  if (!one || !other) return one ?? other;
  return {
    command(...command) {
      one.command(...command);
      other.command(...command);
    },
    columns(...columns) {
      one.columns(...columns);
      other.columns(...columns);
    },
    forwarded(cycle) {
      one.forwarded(cycle);
      other.forwarded(cycle);
    },
  };
}

/** Tells a log of every single command of a channel. */
export function observerFor(log: CommandLog, channel: number): CoreObserver {
  return {
    command: (cycle, command, rank, bank, row) =>
      log(cycle, ISSUED_COMMANDS[command]!, rank, bank, row, 0, channel),
    columns(cycle, command, rank, bank, row, column, count, step) {
      for (let i = 0; i < count; i++)
        log(cycle + i * step, ISSUED_COMMANDS[command]!, rank, bank, row, column + i, channel);
    },
    forwarded() {},
  };
}
