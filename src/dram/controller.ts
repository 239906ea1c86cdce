import { banksPerRank, type Organisation } from '../hardware/device.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import type { Cycles } from '../units/flavours.ts';
import type { ControllerOptions } from './controller-options.ts';
import { CONFLICT, createRequestQueue, MISS, type RequestQueue } from './request-queue.ts';
import { COMMAND, createTimingTable } from './timing-table.ts';

const { ACT, PRE, PREA, RD, WR, REFab } = COMMAND;

/** What a controller tells of itself while it runs. `bank` is flat in its rank, -1 for the whole rank. */
export interface ControllerSink {
  command(cycle: Cycles, command: number, rank: number, bank: number, row: number, column: number): void;
  /** A request's data has been moved: `done` is the cycle after its last transfer. */
  served(
    write: boolean,
    rank: number,
    bank: number,
    row: number,
    condition: number,
    entered: Cycles,
    done: Cycles,
  ): void;
}

/** One channel. */
export interface Controller {
  /** Room for one more request of this kind; at most one request enters a cycle. */
  hasRoom(write: boolean): boolean;
  /** Enters a request (one burst) at the current cycle. `bank` is flat in its rank. */
  offer(write: boolean, rank: number, bank: number, row: number, column: number): void;
  /**
   * Issues the command of the current cycle, if any, and moves on to the next cycle at which something can happen:
   * a command, a refresh coming due, room for a request where there was none, or `until`, whichever is first.
   */
  step(until: Cycles): void;
  readonly cycle: Cycles;
  /** Requests waiting. */
  readonly waiting: number;
  /** Cycle after the last data transfer so far. */
  readonly lastDone: Cycles;
}

/** No row is open. */
const CLOSED = -1;

/**
 * FR-FCFS with open pages (docs/controller.md has the semantics, cycle by cycle). Event-driven: time jumps to the next
 * cycle at which anything can change; the command stream is that of a controller that ticks through every cycle.
 */
export function createController(
  organisation: Organisation,
  timing: ResolvedTiming,
  options: ControllerOptions,
  sink: ControllerSink,
): Controller {
  const { ranks } = organisation;
  const banks = banksPerRank(organisation);
  const allBanks = ranks * banks;
  const table = createTimingTable(organisation, timing);
  const parameter = (name: string): number => timing.parameters[name] ?? 0;
  const burst = organisation.burstLength / organisation.dataRate;
  const readDone = parameter('RL') + parameter('tDQSCK') + burst;
  const writeDone = parameter('WL') + burst;
  const tREFI = parameter('tREFI');

  const reads = createRequestQueue(options.readQueue, allBanks);
  const writes = createRequestQueue(options.writeQueue, allBanks);
  const openRow = new Int32Array(allBanks).fill(CLOSED);
  const openBanks = new Int32Array(ranks);
  const refreshDue = new Float64Array(ranks).fill(tREFI);
  let draining = false;
  let cycle = 0;
  let entries = 0;
  let lastDone = 0;

  // The command chosen by `choose`, and the first cycle at which it may go.
  let chosen = -1;
  let chosenAt = 0;
  let chosenBank = 0;
  let chosenSlot = 0;

  const room = (queue: RequestQueue): boolean => queue.count < queue.capacity;

  /** Reads wait for a write drain to end, writes for one to begin; asking twice changes nothing. */
  function updateMode(): void {
    if (draining) draining = writes.count > 0 && (writes.count > options.lowWatermark || reads.count === 0);
    else draining = writes.count >= options.highWatermark || (reads.count === 0 && writes.count > 0);
  }

  /** The command that goes first from the current cycle on: refresh work, else columns, else rows; older first. */
  function choose(): void {
    chosen = -1;
    chosenAt = Number.POSITIVE_INFINITY;
    for (let rank = 0; rank < ranks; rank++) {
      if (cycle < refreshDue[rank]!) continue;
      const command = openBanks[rank]! > 0 ? PREA : REFab;
      const at = Math.max(cycle, table.earliest(command, rank, -1));
      if (at < chosenAt) {
        chosen = command;
        chosenAt = at;
        chosenBank = rank * banks;
      }
    }
    const queue = draining ? writes : reads;
    if (queue.count === 0) return;
    const refreshAt = chosenAt;
    let rank = 0;
    let column = false;
    let age = 0;
    for (let bank = 0; bank < allBanks; bank++) {
      if (bank >= (rank + 1) * banks) rank++;
      const first = queue.oldest[bank]!;
      if (first < 0 || cycle >= refreshDue[rank]!) continue;
      const row = openRow[bank]!;
      let slot = first;
      let command: number = ACT;
      if (row !== CLOSED) {
        while (slot >= 0 && queue.row[slot] !== row) slot = queue.younger[slot]!;
        command = slot < 0 ? PRE : draining ? WR : RD;
        if (slot < 0) slot = first;
      }
      const at = Math.max(cycle, table.earliest(command, rank, bank - rank * banks));
      // In the same cycle refresh work goes first, then columns before rows, then the older request.
      if (at > chosenAt || at >= refreshAt) continue;
      const isColumn = command === RD || command === WR;
      const ownAge = queue.age[slot]!;
      const better = at < chosenAt || (isColumn === column ? ownAge < age : isColumn);
      if (!better) continue;
      chosen = command;
      chosenAt = at;
      chosenBank = bank;
      chosenSlot = slot;
      column = isColumn;
      age = ownAge;
    }
  }

  function issue(): void {
    const rank = Math.floor(chosenBank / banks);
    const bank = chosenBank - rank * banks;
    const queue = draining ? writes : reads;
    switch (chosen) {
      case ACT: {
        const row = queue.row[chosenSlot]!;
        openRow[chosenBank] = row;
        openBanks[rank]!++;
        if (queue.condition[chosenSlot] !== CONFLICT) queue.condition[chosenSlot] = MISS;
        table.issued(ACT, rank, bank, cycle);
        sink.command(cycle, ACT, rank, bank, row, 0);
        return;
      }
      case PRE:
        sink.command(cycle, PRE, rank, bank, openRow[chosenBank]!, 0);
        queue.condition[chosenSlot] = CONFLICT;
        openRow[chosenBank] = CLOSED;
        openBanks[rank]!--;
        table.issued(PRE, rank, bank, cycle);
        return;
      case PREA:
        openRow.fill(CLOSED, rank * banks, (rank + 1) * banks);
        openBanks[rank] = 0;
        table.issued(PREA, rank, -1, cycle);
        sink.command(cycle, PREA, rank, -1, 0, 0);
        return;
      case REFab:
        refreshDue[rank]! += tREFI;
        table.issued(REFab, rank, -1, cycle);
        sink.command(cycle, REFab, rank, -1, 0, 0);
        return;
      default: {
        const done = cycle + (draining ? writeDone : readDone);
        const row = openRow[chosenBank]!;
        table.issued(chosen, rank, bank, cycle);
        sink.command(cycle, chosen, rank, bank, row, queue.column[chosenSlot]!);
        sink.served(
          draining,
          rank,
          bank,
          row,
          queue.condition[chosenSlot]!,
          queue.entered[chosenSlot]!,
          done,
        );
        queue.remove(chosenBank, chosenSlot);
        if (done > lastDone) lastDone = done;
      }
    }
  }

  /** The first cycle after the current one at which a refresh comes due. */
  function nextRefresh(): number {
    let next = Number.POSITIVE_INFINITY;
    for (let rank = 0; rank < ranks; rank++)
      if (refreshDue[rank]! > cycle && refreshDue[rank]! < next) next = refreshDue[rank]!;
    return next;
  }

  return {
    hasRoom: (write) => room(write ? writes : reads),
    offer(write, rank, bank, row, column) {
      (write ? writes : reads).push(rank * banks + bank, row, column, entries++, cycle);
    },
    step(until) {
      updateMode();
      choose();
      if (chosenAt === cycle) {
        issue();
        cycle++;
        return;
      }
      cycle = Math.max(cycle + 1, Math.min(chosenAt, nextRefresh(), until));
    },
    get cycle() {
      return cycle;
    },
    get waiting() {
      return reads.count + writes.count;
    },
    get lastDone() {
      return lastDone;
    },
  };
}
