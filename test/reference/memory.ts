import type { ControllerOptions } from '../../src/dram/controller-options.ts';
import type { ArbiterKind } from '../../src/engine/arbiter.ts';
import type { Organisation } from '../../src/hardware/device.ts';
import type { ResolvedTiming } from '../../src/hardware/resolved-timing.ts';
import { referenceArbiter } from './arbiter.ts';
import type { Issued } from './constraint-history.ts';
import { type Burst, type Condition, referenceChannel } from './controller.ts';

/** A burst in the memory; `bank` is flat in its rank. */
export type Place = Omit<Burst, 'arrival' | 'write'> & { channel: number };

/** What the memory did for one source. */
export interface ReferenceCounts {
  requests: number;
  reads: number;
  writes: number;
  rowHits: number;
  rowMisses: number;
  rowConflicts: number;
  forwardedReads: number;
  /** Of each request in the order of its end: cycles from its arrival to the end of its last data. */
  latencies: number[];
}

/** A run of bursts that a channel took. */
export interface TakenRun {
  source: number;
  write: boolean;
  channel: number;
  places: Place[];
  cycle: number;
}

export interface ReferenceMemory {
  /** A request that arrives at a cycle, not below the one that comes next; `done` gets the cycle after its last data. */
  request(
    source: number,
    write: boolean,
    places: readonly Place[],
    arrival: number,
    done: (end: number) => void,
  ): void;
  /** The next cycle of all channels. */
  tick(): void;
  /** Whether anything is under way at the next cycle, or data are still to come. */
  busy(): boolean;
  readonly counts: readonly ReferenceCounts[];
  readonly taken: readonly TakenRun[];
  /** Commands of each channel up to the end of all data, and in any case those before `until`. */
  commands(until: number): Issued[][];
}

interface Piece {
  write: boolean;
  arrival: number;
  bursts: Entering[];
}

interface Entering extends Burst {
  request: { left: number; arrival: number; end: number; source: number; done(end: number): void };
}

/**
 * The memory of docs/engine.md, ticked: a channel has an arbiter, a queue of pieces for each source, and the reference controller. Each
 * burst carries its request, so that nothing has to be found out afterwards.
 */
export function referenceMemory(
  organisation: Organisation,
  timing: ResolvedTiming,
  options: ControllerOptions,
  kind: ArbiterKind,
  weights: readonly number[],
): ReferenceMemory {
  const counts = weights.map(
    (): ReferenceCounts => ({
      requests: 0,
      reads: 0,
      writes: 0,
      rowHits: 0,
      rowMisses: 0,
      rowConflicts: 0,
      forwardedReads: 0,
      latencies: [],
    }),
  );
  const taken: TakenRun[] = [];
  let cycle = 0;
  const channels = Array.from({ length: organisation.channels }, (_, number) => ({
    number,
    controller: referenceChannel(organisation, timing, options, (burst, condition, _entered, done) => {
      const channel = channels[number]!;
      channel.lastServed = cycle;
      channel.lastDone = Math.max(channel.lastDone, done);
      served(burst as Entering, condition, done);
    }),
    arbiter: referenceArbiter(kind, weights),
    queues: weights.map((): Piece[] => []),
    /** Bursts of the piece that is entering. */
    entering: [] as Entering[],
    lastServed: -1,
    lastDone: 0,
  }));

  function served({ request, write }: Entering, condition: Condition, done: number): void {
    const own = counts[request.source]!;
    if (write) own.writes++;
    else own.reads++;
    if (condition === 'hit') own.rowHits++;
    else if (condition === 'miss') own.rowMisses++;
    else if (condition === 'conflict') own.rowConflicts++;
    else own.forwardedReads++;
    request.end = Math.max(request.end, done);
    if (--request.left > 0) return;
    own.requests++;
    own.latencies.push(request.end - request.arrival);
    request.done(request.end);
  }

  /** With `--forward-writes`, reads are pieces of one burst. */
  function cut(places: readonly Place[], write: boolean): Place[][] {
    const pieces: Place[][] = [];
    for (const place of places) {
      const before = pieces.at(-1)?.at(-1);
      const goesOn =
        before !== undefined &&
        before.channel === place.channel &&
        before.rank === place.rank &&
        before.bank === place.bank &&
        before.row === place.row &&
        before.column + 1 === place.column;
      if (goesOn && (write || !options.forwardWrites)) pieces.at(-1)!.push(place);
      else pieces.push([place]);
    }
    return pieces;
  }

  function take(channel: (typeof channels)[number]): void {
    const wanting = channel.queues.flatMap(([piece], source) =>
      piece && piece.arrival <= cycle ? [{ source, since: piece.arrival }] : [],
    );
    if (wanting.length === 0) return;
    const source = channel.arbiter.choose(wanting);
    const { write, bursts } = channel.queues[source]!.shift()!;
    channel.arbiter.grant(source, bursts.length);
    const places = bursts.map(({ rank, bank, row, column }) => ({
      channel: channel.number,
      rank,
      bank,
      row,
      column,
    }));
    taken.push({ source, write, channel: channel.number, places, cycle });
    channel.entering = bursts;
  }

  const waits = ({ queues, entering, controller }: (typeof channels)[number]): boolean =>
    queues.some((queue) => queue.length > 0) || entering.length > 0 || controller.busy();

  return {
    counts,
    taken,
    request(source, write, places, arrival, done) {
      const request = { left: places.length, arrival, end: 0, source, done };
      for (const piece of cut(places, write))
        channels[piece[0]!.channel]!.queues[source]!.push({
          write,
          arrival,
          bursts: piece.map(({ rank, bank, row, column }) => ({
            rank,
            bank,
            row,
            column,
            write,
            arrival,
            request,
          })),
        });
    },
    tick() {
      for (const channel of channels) {
        if (channel.entering.length === 0) take(channel);
        if (channel.controller.tick(channel.entering[0])) channel.entering.shift();
      }
      cycle++;
    },
    busy: () => channels.some(waits) || cycle < Math.max(...channels.map(({ lastDone }) => lastDone)),
    commands(until) {
      const end = Math.max(...channels.map(({ lastDone }) => lastDone));
      // The channel that is done last issues nothing after its last burst, the others idle until its data have come.
      return channels.map(({ controller, lastDone, lastServed }) =>
        controller.commands.filter(
          (command) =>
            command.cycle < until || (lastDone < end ? command.cycle < end : command.cycle <= lastServed),
        ),
      );
    },
  };
}
