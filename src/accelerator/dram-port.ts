import { transferTimes } from '../dram/channel-statistics.ts';
import { columnGap } from '../dram/column-gap.ts';
import { type Controller, createController } from '../dram/controller.ts';
import type { ControllerOptions } from '../dram/controller-options.ts';
import type { CoreObserver } from '../dram/core/open-core.ts';
import { WR, WRA } from '../dram/issued-commands.ts';
import { bothObservers, type CommandLog, endTogether, observerFor } from '../dram/replay.ts';
import { createRowQueues } from '../dram/row-queues.ts';
import { type Arbiter, type ArbiterKind, createArbiter } from '../engine/arbiter.ts';
import { cycleFrom, NEVER, type Ticks } from '../engine/common-tick.ts';
import type { EventLoop } from '../engine/event-loop.ts';
import { createNumberQueue, type NumberQueue } from '../engine/number-queue.ts';
import { InputError } from '../errors/input-error.ts';
import type { ChannelActivity } from '../hardware/activity.ts';
import type { Organisation } from '../hardware/device.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import type { Cycles } from '../units/flavours.ts';
import { createRequestTable } from './request-table.ts';
import { type CountedSource, createSourceCounts, type SourceCounts } from './source-counts.ts';

/** What a source of requests has to know of its memory. */
export interface DramPort {
  /**
   * Begins a request of a source that arrives at a DRAM cycle; its pieces follow by `add`. Cycles of one source never fall, and
   * none lies in what the memory has run. `tag` is the source's own name for it.
   */
  open(source: number, tag: number, write: boolean, cycle: Cycles): number;
  /** Adds consecutive bursts of one DRAM row to the request that was opened last. `bank` is flat in its rank, columns count bursts. */
  add(
    request: number,
    channel: number,
    rank: number,
    bank: number,
    row: number,
    column: number,
    count: number,
  ): void;
  /**
   * Until which answer the source does nothing: that to a request of its own, to any of them (ANY), or none (NOTHING). To be called
   * after each request.
   */
  awaits(source: number, request: number): void;
  /** What was done in the cycles below this one, to which the memory runs; nobody may request anything before it any more. */
  activityTo(cycle: Cycles): ChannelActivity;
  /** Serves all that was asked for, and ends the time of all channels together; the last call but for the statistics. */
  finish(): ChannelActivity;
  /** By source. */
  readonly counts: readonly SourceCounts[];
  /** Bursts transferred so far. */
  readonly bursts: number;
  /** The cycle before which all commands of all channels are known. */
  readonly ran: Cycles;
  /** Cycles of one burst on the bus of its channel. */
  readonly burstCycles: Cycles;
}

/** For `awaits`: one of the source's requests, and none. */
export const ANY = -1;
export const NOTHING = -2;

/** Called when the end of a request is known: the DRAM cycle after its last data, which may not have come yet. */
export type RequestDone = (tag: number, cycle: Cycles, sequence: number) => void;

/** Sources that share a memory, by number. */
export interface PortSource {
  readonly done: RequestDone;
  /** Of the arbiter; at least 1. */
  readonly weight: number;
}

/** A memory, and how its channels choose between sources. */
export interface PortMemory {
  readonly organisation: Organisation;
  readonly timing: ResolvedTiming;
  readonly options: ControllerOptions;
  readonly arbiter?: ArbiterKind;
  readonly log?: CommandLog;
  /** Hears of all commands of a channel, too. */
  readonly observer?: (channel: number) => CoreObserver | undefined;
  /** Hears of the pieces in the order in which a channel takes them, with the cycle from which it may. */
  readonly taken?: TakenPiece;
  /** Hears of the data on the buses, of each channel in the order of time; not of reads that a waiting write answered. */
  readonly transferred?: TransferredBursts;
}

/** Bursts of one request follow each other every `step` cycles; the data of the first of them end before the cycle `end`. */
export type TransferredBursts = (
  source: number,
  channel: number,
  write: boolean,
  end: Cycles,
  count: number,
  step: Cycles,
) => void;

export type TakenPiece = (
  source: number,
  write: boolean,
  channel: number,
  rank: number,
  bank: number,
  row: number,
  column: number,
  count: number,
  cycle: Cycles,
) => void;

/** A piece in the queue of its source and channel: [request, rank, bank, row, column, count]. */
const PIECE = 6;

/** One channel: its controller, and the pieces that wait to enter it. */
interface ChannelPort {
  readonly controller: Controller;
  /** The cycle that the controller has not run yet. */
  cycle: Cycles;
  /** By source. */
  readonly queues: readonly NumberQueue[];
  /** When the first piece of each source arrived. */
  readonly since: Float64Array;
  readonly arbiter: Arbiter;
  /** Queue of the row of the piece that was taken last: a read that is forwarded is its. */
  entering: number;
  /** Whether that piece may be waiting yet, so that no other can be taken. */
  occupied: boolean;
}

/**
 * The same controllers as `replay`'s as a component of an event loop, driven by sources that learn only from the answers what
 * to ask next. Each channel takes pieces one after the other; where several sources have one, its arbiter chooses among those
 * that have arrived by the cycle in which the channel can take another. The commands are those of a replay of what was taken.
 */
export function createDramPort(
  loop: EventLoop,
  perCycle: Ticks,
  { organisation, timing, options, arbiter: kind = 'oldest', log, observer, taken, transferred }: PortMemory,
  sources: readonly PortSource[],
): DramPort {
  const { channels } = organisation;
  const { forwardWrites } = options;
  const { burst, readDone, writeDone } = transferTimes(organisation, timing);
  // The least time from one answer to the next, and to the first; a forwarded read takes one cycle.
  const gap = forwardWrites ? 1 : columnGap(organisation, timing);
  const soonest = forwardWrites ? 1 : Math.min(readDone, writeDone);
  const requests = createRequestTable(channels, sources.length);
  const rows = createRowQueues(organisation);
  const counts: readonly CountedSource[] = sources.map(() => createSourceCounts(channels));
  const awaited = new Int32Array(sources.length).fill(NOTHING);
  /** Requests whose end is known and was not yet told. */
  const answered = createNumberQueue(1);
  /** Whether the component is about to answer when its next event is. */
  let advancing = false;
  let bursts = 0;
  let ran = 0;

  const ports = Array.from(
    { length: channels },
    (_, channel): ChannelPort => ({
      controller: createController(organisation, timing, options, watched(channel)),
      cycle: 0,
      queues: sources.map(() => createNumberQueue(PIECE)),
      since: new Float64Array(sources.length).fill(NEVER),
      arbiter: createArbiter(
        kind,
        sources.map(({ weight }) => weight),
      ),
      entering: -1,
      occupied: false,
    }),
  );
  const component = loop.add({ advance });

  /** Hears which columns are issued, and of every command where a log wants to. */
  function watched(channel: number): CoreObserver {
    const others = bothObservers(log && observerFor(log, channel), observer?.(channel));
    const own: CoreObserver = {
      command() {},
      columns(cycle, command, rank, bank, row, _column, count, step, condition) {
        const write = command === WR || command === WRA;
        const queue = rows.of(write, channel, rank, bank, row);
        const end = cycle + (write ? writeDone : readDone);
        bursts += count;
        for (let done = 0; done < count; ) {
          const request = rows.first(queue);
          const taken = rows.take(queue, count - done);
          const source = requests.source[request]!;
          counts[source]!.served(channel, write, taken, done === 0 ? condition : 0);
          transferred?.(source, channel, write, end + done * step, taken, step);
          done += taken;
          served(request, channel, taken, end + (done - 1) * step);
        }
      },
      forwarded(cycle) {
        const request = rows.takeBack(ports[channel]!.entering);
        counts[requests.source[request]!]!.forwarded();
        served(request, channel, 1, cycle + 1);
      },
    };
    return bothObservers(own, others)!;
  }
  function served(request: number, channel: number, count: number, end: Cycles): void {
    requests.serve(request, channel, count, end);
    if (requests.left[request]! > 0) return;
    const at = answered.push();
    answered.data[at] = request;
  }

  /** Runs a channel through every cycle below `limit`. */
  function runChannel(port: ChannelPort, channel: number, limit: Cycles): void {
    const { controller, since } = port;
    while (port.cycle < limit) {
      if (!port.occupied) {
        const cycle = Math.max(port.cycle, earliest(since));
        if (cycle < limit) take(port, channel, cycle);
      }
      const more = earliest(since) < limit;
      controller.runUntil(limit, more);
      port.cycle = controller.cycle;
      port.occupied = port.cycle >= limit;
      if (!more) return;
    }
  }

  /** Has the channel take the next piece, if it can take one. */
  function take(port: ChannelPort, channel: number, cycle: Cycles): void {
    const source = port.arbiter.choose(port.since, cycle);
    const queue = port.queues[source]!;
    const { data } = queue;
    const at = queue.at(0);
    const request = data[at]!;
    const rank = data[at + 1]!;
    const bank = data[at + 2]!;
    const row = data[at + 3]!;
    const column = data[at + 4]!;
    const whole = data[at + 5]!;
    const write = requests.write[request] === 1;
    // A read that a waiting write answers is told of without its place, so that each is offered alone.
    const count = forwardWrites && !write ? 1 : whole;
    if (!port.controller.offer(write, rank, bank, row, column, count, cycle))
      throw new Error('a piece was offered while another waited');
    port.entering = rows.of(write, channel, rank, bank, row);
    rows.enter(port.entering, request, count);
    port.arbiter.grant(source, count);
    taken?.(source, write, channel, rank, bank, row, column, count, cycle);
    if (count < whole) {
      data[at + 4] = column + count;
      data[at + 5] = whole - count;
      return;
    }
    queue.pop();
    port.since[source] = queue.length === 0 ? NEVER : requests.arrival[queue.data[queue.at(0)]!]!;
  }

  function runTo(limit: Cycles): void {
    for (let channel = 0; channel < channels; channel++) runChannel(ports[channel]!, channel, limit);
    if (limit > ran) ran = limit;
    for (; answered.length > 0; answered.pop()) {
      const request = answered.data[answered.at(0)]!;
      const source = requests.source[request]!;
      const end = requests.end[request]!;
      const tag = requests.tag[request]!;
      const sequence = requests.sequence[request]!;
      counts[source]!.answered(end - requests.arrival[request]!);
      requests.close(request);
      sources[source]!.done(tag, end, sequence);
    }
  }

  /** No cycle before this one can be the end of a request that is under way. Beyond the cycles that its channels have run. */
  function earliestEnd(request: number): Cycles {
    let bound = requests.end[request]!;
    for (let channel = 0; channel < channels; channel++) {
      const left = requests.leftIn(request, channel);
      if (left === 0) continue;
      const arrival = requests.arrival[request]!;
      const { cycle } = ports[channel]!;
      if (cycle - arrival > STARVED) throw starved(cycle - arrival);
      const from = Math.max(cycle, arrival);
      bound = Math.max(bound, from + (left - 1) * gap + soonest);
    }
    return bound;
  }

  /** The time before which no answer can come that a source awaits. */
  function next(): Ticks {
    let bound = NEVER;
    for (let source = 0; source < awaited.length; source++) {
      const request = awaited[source]!;
      if (request >= 0) bound = Math.min(bound, earliestEnd(request));
      else if (request === ANY) {
        const underWay = requests.underWay(source);
        for (let i = 0; i < requests.count(source); i++) bound = Math.min(bound, earliestEnd(underWay[i]!));
      }
    }
    return Math.max(loop.now, bound * perCycle);
  }

  function advance(now: Ticks): Ticks {
    advancing = true;
    runTo(cycleFrom(now, perCycle));
    advancing = false;
    return next();
  }

  function activityOf(cycles: Cycles): ChannelActivity {
    return {
      cycles,
      ranks: ports.flatMap(({ controller }) => controller.statistics(cycles).activity.ranks),
    };
  }

  return {
    open: (source, tag, write, cycle) => requests.open(source, tag, write, cycle),
    add(request, channel, rank, bank, row, column, count) {
      const source = requests.source[request]!;
      requests.add(request, channel, count);
      const port = ports[channel]!;
      const queue = port.queues[source]!;
      const at = queue.push();
      const { data } = queue;
      data[at] = request;
      data[at + 1] = rank;
      data[at + 2] = bank;
      data[at + 3] = row;
      data[at + 4] = column;
      data[at + 5] = count;
      if (queue.length === 1) port.since[source] = requests.arrival[request]!;
    },
    awaits(source, request) {
      awaited[source] = request;
      if (!advancing) loop.announce(component, next());
    },
    activityTo(cycle) {
      runTo(cycle);
      for (const port of ports) {
        if (port.controller.waiting === 0) port.controller.idleUntil(cycle);
        port.cycle = port.controller.cycle;
      }
      return activityOf(cycle);
    },
    finish() {
      for (const [channel, port] of ports.entries()) {
        runChannel(port, channel, NEVER);
        port.controller.drain();
      }
      runTo(0);
      return activityOf(endTogether(ports.map(({ controller }) => controller)));
    },
    counts,
    get bursts() {
      return bursts;
    },
    get ran() {
      return ran;
    },
    burstCycles: burst,
  };
}

/** DRAM cycles after which a request that somebody waits for is taken to be starved: some milliseconds. */
const STARVED = 2 ** 23;

const starved = (cycles: Cycles): InputError =>
  new InputError(
    `a request has waited for ${cycles} DRAM cycles: other traffic keeps the controller busy, as writes do that come as fast as they are drained`,
    {
      remedy:
        'give less traffic or more reads of it, another --write-drain, or an arbiter that does not starve',
    },
  );

function earliest(times: Float64Array): Cycles {
  let first = NEVER;
  for (let i = 0; i < times.length; i++) first = Math.min(first, times[i]!);
  return first;
}
