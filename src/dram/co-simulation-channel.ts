import { banksPerRank, type Organisation } from '../hardware/device.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import type { Cycles } from '../units/flavours.ts';
import { transferTimes } from './channel-statistics.ts';
import { type Controller, createController } from './controller.ts';
import type { ControllerOptions } from './controller-options.ts';
import type { CoreObserver } from './core/open-core.ts';
import { WR, WRA } from './issued-commands.ts';
import { bothObservers } from './replay.ts';

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
  const banks = banksPerRank(organisation);
  const controller = createController(organisation, timing, options, bothObservers(own(), observer));

  /** Columns of the pieces; `left` are the bursts not yet served, `next` the piece behind in the same list. */
  const writes: boolean[] = [];
  const ranks: number[] = [];
  const bankOf: number[] = [];
  const rows: number[] = [];
  const columns: number[] = [];
  const left: number[] = [];
  const requests: number[] = [];
  const lasts: boolean[] = [];
  const arrivals: Cycles[] = [];
  const next: number[] = [];
  const free: number[] = [];

  let entryHead = -1;
  let entryTail = -1;
  let queued = 0;
  /** The piece that the controller took in last. */
  let port = -1;
  let portArrival: Cycles = 0;
  let portCount = 0;
  let readsLeft = 0;
  let writesLeft = 0;
  /** Pieces with the controller, in the order in which it took them, by bank of the channel and kind. */
  const heads = new Int32Array(organisation.ranks * banks * 2).fill(-1);
  const tails = new Int32Array(heads.length).fill(-1);

  const listOf = (write: boolean, rank: number, bank: number): number =>
    2 * (rank * banks + bank) + (write ? 1 : 0);

  function serve(list: number, before: number, piece: number, bursts: number, done: Cycles): void {
    if (writes[piece]) writesLeft -= bursts;
    else readsLeft -= bursts;
    left[piece]! -= bursts;
    if (left[piece] === 0) {
      if (before < 0) heads[list] = next[piece]!;
      else next[before] = next[piece]!;
      if (tails[list] === piece) tails[list] = before;
      free.push(piece);
    }
    served(requests[piece]!, bursts, done);
  }

  function own(): CoreObserver {
    return {
      command() {},
      // Of one kind in one row of one bank, a controller serves bursts in the order in which it took them.
      columns(cycle, command, rank, bank, row, _column, count, step) {
        const write = command === WR || command === WRA;
        const list = listOf(write, rank, bank);
        const latency = write ? writeDone : readDone;
        let before = -1;
        let piece = heads[list]!;
        for (let done = 0; done < count; ) {
          if (piece < 0) throw new Error('a column was issued that no request asked for');
          const behind = next[piece]!;
          if (rows[piece] === row) {
            const bursts = Math.min(count - done, left[piece]!);
            done += bursts;
            const stays = left[piece]! > bursts;
            serve(list, before, piece, bursts, cycle + (done - 1) * step + latency);
            if (stays) before = piece;
          } else before = piece;
          piece = behind;
        }
      },
      // Pieces are single bursts where reads may be forwarded, so the burst is the whole piece.
      forwarded(cycle) {
        const list = listOf(false, ranks[port]!, bankOf[port]!);
        let before = -1;
        for (let piece = heads[list]!; piece !== port; piece = next[piece]!) before = piece;
        serve(list, before, port, 1, cycle + 1);
      },
    };
  }

  function handOver(): void {
    if (entryHead < 0) return;
    const piece = entryHead;
    const write = writes[piece]!;
    const rank = ranks[piece]!;
    const bank = bankOf[piece]!;
    const count = left[piece]!;
    const arrival = arrivals[piece]!;
    if (!controller.offer(write, rank, bank, rows[piece]!, columns[piece]!, count, arrival)) return;
    entryHead = next[piece]!;
    if (entryHead < 0) entryTail = -1;
    if (lasts[piece]) queued--;
    port = piece;
    portArrival = arrival;
    portCount = count;
    const list = listOf(write, rank, bank);
    next[piece] = -1;
    if (tails[list]! < 0) heads[list] = piece;
    else next[tails[list]!] = piece;
    tails[list] = piece;
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
    const piece = free.pop() ?? left.length;
    writes[piece] = write;
    ranks[piece] = rank;
    bankOf[piece] = bank;
    rows[piece] = row;
    columns[piece] = column;
    left[piece] = count;
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
