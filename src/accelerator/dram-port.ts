import type { AddressMapping } from '../dram/address.ts';
import { transferTimes } from '../dram/channel-statistics.ts';
import { createController } from '../dram/controller.ts';
import type { ControllerOptions } from '../dram/controller-options.ts';
import type { CoreObserver } from '../dram/core/open-core.ts';
import { bothObservers, type CommandLog, endTogether, observerFor } from '../dram/replay.ts';
import type { ChannelActivity } from '../hardware/activity.ts';
import type { Organisation } from '../hardware/device.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import type { WeightRowRuns } from '../mapping/weight-rows.ts';
import type { Cycles } from '../units/flavours.ts';
import { cutIntoPieces, ownersOfBursts } from './row-pieces.ts';

/** What an accelerator sees of its memory: requests for weight rows, and when all of a row has arrived. */
export interface DramPort {
  /** Asks for a weight row that is not under way. Cycles never fall, and none lies before a `runTo`. */
  request(row: number, cycle: Cycles): void;
  /** The cycle after the last data of the row's latest request; -1 while the columns for it are not all issued. */
  done(row: number): Cycles;
  /** No cycle before this one can be `done` of a row that is under way. Beyond the current cycle of its channels. */
  earliestDone(row: number): Cycles;
  /** Runs the memory through every cycle below `limit`; no later request may have an arrival below it. */
  runTo(limit: Cycles): void;
  /** What the memory did up to the last data so far. */
  activity(): ChannelActivity;
  /** Bursts read so far. */
  readonly bursts: number;
  /** Cycles of one burst on the bus of its channel. */
  readonly burstCycles: Cycles;
}

/** A memory that holds weight rows, and its controllers. */
export interface PortMemory {
  readonly organisation: Organisation;
  readonly timing: ResolvedTiming;
  readonly options: ControllerOptions;
  readonly mapping: AddressMapping;
  readonly runs: WeightRowRuns;
  readonly log?: CommandLog;
  /** Hears of all commands of a channel, too. */
  readonly observer?: (channel: number) => CoreObserver;
}

/**
 * The same controllers as `replay`'s, driven by someone who learns only from the answers what to ask next. Their
 * commands are those of a replay of the same requests with the same arrivals.
 */
export function createDramPort({
  organisation,
  timing,
  options,
  mapping,
  runs,
  log,
  observer,
}: PortMemory): DramPort {
  const { channels } = organisation;
  const pieces = cutIntoPieces(runs, organisation, mapping);
  const owners = ownersOfBursts(pieces, organisation);
  const rows = runs.start.length - 1;
  const { readDone, burst } = transferTimes(organisation, timing);
  const gap = columnGap(organisation, timing);
  /** Bursts whose column is not issued: [row * channels + channel]; and the latest end of data of those that are. */
  const left = new Int32Array(rows * channels);
  const rowsLeft = new Int32Array(rows);
  const latest = new Float64Array(rows);
  const asked = new Float64Array(rows);
  let bursts = 0;
  const controllers = Array.from({ length: channels }, (_, channel) =>
    createController(organisation, timing, options, watched(channel)),
  );
  /** Pieces that wait to be offered, and their arrivals. */
  const waiting = controllers.map(() => ({ piece: [] as number[], arrival: [] as number[], head: 0 }));

  /** Hears which columns are issued, and of every command where a log wants to. */
  function watched(channel: number): CoreObserver {
    const others = bothObservers(log && observerFor(log, channel), observer?.(channel));
    return {
      command: (...command) => others?.command(...command),
      columns(cycle, command, rank, bank, row, column, count, step, ...rest) {
        bursts += count;
        const first = owners.first(channel, rank, bank, row) + column;
        for (let i = 0; i < count; i++) {
          const owner = owners.row[first + i]!;
          left[owner * channels + channel]!--;
          rowsLeft[owner]!--;
          latest[owner] = Math.max(latest[owner]!, cycle + i * step + readDone);
        }
        others?.columns(cycle, command, rank, bank, row, column, count, step, ...rest);
      },
      forwarded() {},
    };
  }

  function runChannel(channel: number, limit: Cycles): void {
    const controller = controllers[channel]!;
    const queue = waiting[channel]!;
    while (controller.cycle < limit) {
      if (queue.head < queue.piece.length) {
        const p = queue.piece[queue.head]!;
        const taken = controller.offer(
          false,
          pieces.rank[p]!,
          pieces.bank[p]!,
          pieces.row[p]!,
          pieces.column[p]!,
          pieces.count[p]!,
          queue.arrival[queue.head]!,
        );
        if (taken) queue.head++;
      }
      const more = queue.head < queue.piece.length;
      controller.runUntil(limit, more);
      if (!more) break;
    }
    if (queue.head === queue.piece.length && queue.head > 0) {
      queue.piece.length = 0;
      queue.arrival.length = 0;
      queue.head = 0;
    }
  }

  return {
    request(row, cycle) {
      latest[row] = 0;
      asked[row] = cycle;
      for (let p = pieces.start[row]!; p < pieces.start[row + 1]!; p++) {
        const channel = pieces.channel[p]!;
        left[row * channels + channel]! += pieces.count[p]!;
        rowsLeft[row]! += pieces.count[p]!;
        waiting[channel]!.piece.push(p);
        waiting[channel]!.arrival.push(cycle);
      }
    },
    done: (row) => (rowsLeft[row] === 0 ? latest[row]! : -1),
    earliestDone(row) {
      let bound = latest[row]!;
      for (let channel = 0; channel < channels; channel++) {
        const bursts = left[row * channels + channel]!;
        if (bursts > 0) bound = Math.max(bound, controllers[channel]!.cycle + (bursts - 1) * gap + readDone);
      }
      return bound;
    },
    runTo(limit) {
      for (let channel = 0; channel < channels; channel++) runChannel(channel, limit);
    },
    activity() {
      const cycles = endTogether(controllers);
      const ranks = controllers.flatMap((controller) => controller.statistics(cycles).activity.ranks);
      return { cycles, ranks };
    },
    get bursts() {
      return bursts;
    },
    burstCycles: burst,
  };
}

/** Cycles that surely lie between two reads of a channel: its commands are one a cycle, most devices say more. */
function columnGap({ ranks }: Organisation, { commands, constraints }: ResolvedTiming): Cycles {
  const reads = commands.filter((command) => command === 'RD' || command === 'RDA');
  return constraints
    .filter(
      ({ level, window, sibling, preceding, following }) =>
        (level === 'channel' || (level === 'rank' && ranks === 1)) &&
        window === 1 &&
        !sibling &&
        reads.every((read) => preceding.includes(read) && following.includes(read)),
    )
    .reduce((gap, { latency }) => Math.max(gap, latency), 1);
}
