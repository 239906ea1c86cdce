import type { Organisation } from '../hardware/device.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import type { Cycles } from '../units/flavours.ts';
import { transferTimes } from './channel-statistics.ts';
import { type Controller, createController } from './controller.ts';
import type { ControllerOptions } from './controller-options.ts';
import type { CoreObserver } from './core/open-core.ts';
import { WR, WRA } from './issued-commands.ts';
import { bothObservers } from './replay.ts';
import { createRowQueues } from './row-queues.ts';

/** Bursts of a request were served: how many, and the cycle after the last of their data. */
export type Served = (request: number, bursts: number, done: Cycles) => void;

/**
 * One channel whose requests come one at a time. A request consists of pieces: bursts in consecutive columns of a row. The
 * controller takes in one piece at a time; the pieces behind it wait in the entry.
 */
export interface CoSimulationChannel {
  readonly controller: Controller;
  /** Requests of which a piece waits in the entry. */
  readonly queued: number;
  /** Adds a piece to the entry; `last` is the request's last one in this channel. */
  push(
    request: number,
    write: boolean,
    rank: number,
    bank: number,
    row: number,
    column: number,
    count: number,
    last: boolean,
    arrival: Cycles,
  ): void;
  /** Hands the first piece of the entry to the controller, if that can take one. */
  handOver(): void;
  /** Runs through every cycle below `limit`, or until nothing waits. */
  runTo(limit: Cycles): void;
  /** The same, but stops at the first cycle at which fewer than `entry` requests wait in the entry. */
  runToRoom(limit: Cycles, entry: number): void;
  /** Runs through every cycle below `limit`; refreshes and power states go on when nothing waits. */
  idleTo(limit: Cycles): void;
  /** No burst is served before this cycle, apart from those already reported; Infinity if none is under way. */
  earliestDone(): Cycles;
}

export function createCoSimulationChannel(
  organisation: Organisation,
  timing: ResolvedTiming,
  options: ControllerOptions,
  served: Served,
  observer: CoreObserver | undefined,
): CoSimulationChannel {
  const { readDone, writeDone } = transferTimes(organisation, timing);
  const { forwardWrites } = options;
  const underWay = createRowQueues({ ...organisation, channels: 1 });
  const controller = createController(organisation, timing, options, bothObservers(own(), observer));

  /** Columns of the pieces in the entry; `next` is the piece behind. */
  const writes: boolean[] = [];
  const ranks: number[] = [];
  const bankOf: number[] = [];
  const rows: number[] = [];
  const columns: number[] = [];
  const counts: number[] = [];
  const requests: number[] = [];
  const lasts: boolean[] = [];
  const arrivals: Cycles[] = [];
  const next: number[] = [];
  const free: number[] = [];

  let entryHead = -1;
  let entryTail = -1;
  let queued = 0;
  /** Of the piece that the controller took in last: the queue of its row, when it arrived, its bursts. */
  let port = -1;
  let portArrival: Cycles = 0;
  let portCount = 0;
  let readsLeft = 0;
  let writesLeft = 0;

  function serve(request: number, write: boolean, bursts: number, done: Cycles): void {
    if (write) writesLeft -= bursts;
    else readsLeft -= bursts;
    served(request, bursts, done);
  }

  function own(): CoreObserver {
    return {
      command() {},
      columns(cycle, command, rank, bank, row, _column, count, step) {
        const write = command === WR || command === WRA;
        const queue = underWay.of(write, 0, rank, bank, row);
        const latency = write ? writeDone : readDone;
        for (let done = 0; done < count; ) {
          const request = underWay.first(queue);
          const bursts = underWay.take(queue, count - done);
          done += bursts;
          serve(request, write, bursts, cycle + (done - 1) * step + latency);
        }
      },
      // Pieces are single bursts where reads may be forwarded, so the burst is the whole piece.
      forwarded(cycle) {
        serve(underWay.takeBack(port), false, 1, cycle + 1);
      },
    };
  }

  function handOver(): void {
    if (entryHead < 0) return;
    const piece = entryHead;
    const write = writes[piece]!;
    const rank = ranks[piece]!;
    const bank = bankOf[piece]!;
    const row = rows[piece]!;
    const count = counts[piece]!;
    const arrival = arrivals[piece]!;
    if (!controller.offer(write, rank, bank, row, columns[piece]!, count, arrival)) return;
    entryHead = next[piece]!;
    if (entryHead < 0) entryTail = -1;
    if (lasts[piece]) queued--;
    port = underWay.of(write, 0, rank, bank, row);
    portArrival = arrival;
    portCount = count;
    underWay.enter(port, requests[piece]!, count);
    free.push(piece);
  }

  function addPiece(
    request: number,
    write: boolean,
    rank: number,
    bank: number,
    row: number,
    column: number,
    count: number,
    last: boolean,
    arrival: Cycles,
  ): void {
    const piece = free.pop() ?? counts.length;
    writes[piece] = write;
    ranks[piece] = rank;
    bankOf[piece] = bank;
    rows[piece] = row;
    columns[piece] = column;
    counts[piece] = count;
    requests[piece] = request;
    lasts[piece] = last;
    arrivals[piece] = arrival;
    next[piece] = -1;
    if (entryTail < 0) entryHead = piece;
    else next[entryTail] = piece;
    entryTail = piece;
  }

  function run(limit: Cycles, room: number): void {
    while (controller.cycle < limit && queued >= room) {
      const more = entryHead >= 0;
      controller.runUntil(limit, more);
      if (!more) return;
      handOver();
    }
  }

  return {
    controller,
    get queued() {
      return queued;
    },
    push(request, write, rank, bank, row, column, count, last, arrival) {
      if (write) writesLeft += count;
      else readsLeft += count;
      queued += last ? 1 : 0;
      if (forwardWrites)
        for (let i = 0; i < count; i++)
          addPiece(request, write, rank, bank, row, column + i, 1, last && i === count - 1, arrival);
      else addPiece(request, write, rank, bank, row, column, count, last, arrival);
    },
    handOver,
    runTo: (limit) => run(limit, 0),
    runToRoom: run,
    idleTo(limit) {
      run(limit, 0);
      if (controller.cycle < limit) controller.idleUntil(limit);
    },
    earliestDone() {
      if (readsLeft + writesLeft === 0) return Number.POSITIVE_INFINITY;
      const { cycle } = controller;
      const queuesEmpty = portArrival > cycle && controller.waiting === portCount;
      const from = queuesEmpty ? portArrival : cycle;
      if (readsLeft === 0) return from + writeDone;
      if (writesLeft === 0) return from + readDone;
      return from + (forwardWrites ? 1 : Math.min(readDone, writeDone));
    },
  };
}
