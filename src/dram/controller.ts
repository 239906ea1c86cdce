import { InputError } from '../errors/input-error.ts';
import { banksPerRank, type Organisation } from '../hardware/device.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import type { Cycles } from '../units/flavours.ts';
import { type BankQueue, CONFLICT, createBankQueue, HIT, MISS } from './bank-queue.ts';
import { type ControllerOptions, requireController } from './controller-options.ts';
import { ACT, BANK_ENTRIES, createTimingTable, NEVER, PRE, PREA, RD, REFab, WR } from './timing-table.ts';

/** What a controller tells of itself while it runs. `bank` is flat in its rank. */
export interface ControllerSink {
  /** ACT or PRE of a bank's row, or PREA or REFab of a rank (bank -1, row 0); `command` indexes `ISSUED_COMMANDS`. */
  row(cycle: Cycles, command: number, rank: number, bank: number, row: number): void;
  /**
   * `count` reads or writes of consecutive column bursts of an open row, the first at `cycle`, each next `step` cycles
   * later. They had entered `enteredStep` cycles apart from `entered` on; the first took `condition`, the others are
   * hits.
   */
  columns(
    cycle: Cycles,
    write: boolean,
    rank: number,
    bank: number,
    row: number,
    column: number,
    count: number,
    step: Cycles,
    condition: number,
    entered: Cycles,
    enteredStep: Cycles,
  ): void;
}

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
  /** Cycle after the last data transfer so far. */
  readonly lastDone: Cycles;
}

/** No row is open. */
const CLOSED = -1;
/** A bank of which a queue wants nothing; no command. */
const NOTHING = -1;
/** Priorities are 31 bits: row or column, age, bank. */
const ROW_PRIORITY = 2 ** 30;
const NO_PRIORITY = 2 ** 31 - 1;
const REFRESH_PRIORITY = 0;
/** The origin moves on after so many cycles, far below `NEVER` so that no sum with a latency reaches it. */
const REBASE_AFTER = 2 ** 29;
/** Refresh intervals in which no request enters or is served, after which the device is declared unable to. */
const PATIENCE = 64;

/** Per bank: the command that one queue wants next there, and where in the timing table its constraints are. */
interface Candidates {
  readonly command: Int32Array;
  /** The segment it serves. */
  readonly segment: Int32Array;
  readonly bankEntry: Int32Array;
  readonly groupEntry: Int32Array;
  /** Smaller goes first: columns before rows, then by age; the low bits tell the bank. */
  readonly priority: Int32Array;
}

/**
 * FR-FCFS with open pages (docs/controller.md has the semantics, cycle by cycle). Event-driven: time jumps to the next
 * cycle at which anything can change, and a streak of row hits that nothing can interrupt is issued by arithmetic. The
 * command stream is that of a controller that ticks through every cycle. Throws InputError for options that contradict
 * each other, and while running if refresh leaves no time for accesses.
 */
export function createController(
  organisation: Organisation,
  timing: ResolvedTiming,
  options: ControllerOptions,
  sink: ControllerSink,
): Controller {
  requireController(options);
  const { ranks, banksPerGroup } = organisation;
  const banks = banksPerRank(organisation);
  const allBanks = ranks * banks;
  const table = createTimingTable(organisation, timing);
  const { bankEarliest, groupEarliest } = table;
  const parameter = (name: string): number => timing.parameters[name] ?? 0;
  const burst = organisation.burstLength / organisation.dataRate;
  const readDone = parameter('RL') + parameter('tDQSCK') + burst;
  const writeDone = parameter('WL') + burst;
  const tREFI = timing.parameters['tREFI'] ?? NEVER;
  const { highWatermark, lowWatermark } = options;

  const bankBits = 32 - Math.clz32(allBanks - 1);
  const bankMask = 2 ** bankBits - 1;
  const ages = ROW_PRIORITY >> bankBits;
  const reads = createBankQueue(options.readQueue, allBanks, ages);
  const writes = createBankQueue(options.writeQueue, allBanks, ages);
  const ready = new Int32Array(allBanks);
  const wantReads = createCandidates(allBanks);
  const wantWrites = createCandidates(allBanks);
  const openRow = new Int32Array(allBanks).fill(CLOSED);
  const openBanks = new Int32Array(ranks);
  const groupOf = Int32Array.from({ length: allBanks }, (_, bank) => Math.floor(bank / banksPerGroup));
  const refreshDue = new Int32Array(ranks).fill(tREFI);
  let nextDue = tREFI;
  let draining = false;
  // Cycles are 32-bit integers counted from `origin`, which moves on now and then.
  let origin = 0;
  let cycle = 0;
  let lastDone = 0;
  let lastProgress = 0;

  // The run that is entering.
  let portCount = 0;
  let portWrite = false;
  let portBank = 0;
  let portRow = 0;
  let portColumn = 0;
  let portArrival = 0;
  let portArrivalAt = 0;

  // The command chosen by `choose`, and the first cycle at which it may go.
  let chosen = NOTHING;
  let chosenAt = 0;
  let chosenBank = 0;
  /** Its priority, for ties between ranks. */
  let chosenPriority = 0;

  function want(queue: BankQueue, candidates: Candidates, bank: number): void {
    const first = queue.head[bank]!;
    if (first < 0) {
      candidates.command[bank] = NOTHING;
      candidates.bankEntry[bank] = allBanks * BANK_ENTRIES;
      candidates.priority[bank] = NO_PRIORITY;
      return;
    }
    const row = openRow[bank]!;
    const hit = row === CLOSED ? -1 : queue.find(first, row);
    const command = hit >= 0 ? (queue === reads ? RD : WR) : row === CLOSED ? ACT : PRE;
    const segment = hit >= 0 ? hit : first;
    candidates.command[bank] = command;
    candidates.segment[bank] = segment;
    candidates.bankEntry[bank] = bank * BANK_ENTRIES + command;
    candidates.groupEntry[bank] = groupOf[bank]! * BANK_ENTRIES + command;
    candidates.priority[bank] = (hit >= 0 ? 0 : ROW_PRIORITY) | (queue.age[segment]! << bankBits) | bank;
  }

  /** Lets `count` requests of the waiting run enter, from this cycle on and `step` cycles apart. */
  function enter(at: number, step: number, count: number): void {
    const queue = portWrite ? writes : reads;
    const candidates = portWrite ? wantWrites : wantReads;
    lastProgress = at;
    if (queue.agesRunOut()) {
      queue.renumber();
      for (let bank = 0; bank < allBanks; bank++) want(queue, candidates, bank);
    }
    const began = queue.enter(portBank, portRow, portColumn, origin + at, step, count);
    portColumn += count;
    portCount -= count;
    if (!began) return;
    const wanted = candidates.command[portBank];
    if (wanted === NOTHING || (wanted === PRE && portRow === openRow[portBank]))
      want(queue, candidates, portBank);
  }

  /** Reads wait for a write drain to end, writes for one to begin; asking twice changes nothing. */
  function updateMode(): void {
    if (draining) draining = writes.count > 0 && (writes.count > lowWatermark || reads.count === 0);
    else draining = writes.count >= highWatermark || (reads.count === 0 && writes.count > 0);
  }

  /** The command that goes first from the current cycle on: columns before rows, then the older request. */
  function choose(firstBank: number, endBank: number): void {
    const candidates = draining ? wantWrites : wantReads;
    const { bankEntry, groupEntry, priority } = candidates;
    // Without a branch that depends on data: x & (x >> 31) is x where x is negative, else 0.
    let first = chosenAt;
    for (let bank = firstBank; bank < endBank; bank++) {
      const shared = groupEarliest[groupEntry[bank]!]!;
      let less = (bankEarliest[bankEntry[bank]!]! - shared) | 0;
      let at = (shared + less - (less & (less >> 31))) | 0;
      less = (at - cycle) | 0;
      at = (at - (less & (less >> 31))) | 0;
      ready[bank] = at;
      less = (at - first) | 0;
      first = (first + (less & (less >> 31))) | 0;
    }
    let best = first === chosenAt ? chosenPriority : NO_PRIORITY;
    const before = best;
    for (let bank = firstBank; bank < endBank; bank++) {
      const its = priority[bank]! | (((first - ready[bank]!) >> 31) & NO_PRIORITY);
      const less = (its - best) | 0;
      best = (best + (less & (less >> 31))) | 0;
    }
    if (best === before) return;
    chosenAt = first;
    chosenPriority = best;
    chosenBank = best & bankMask;
    chosen = candidates.command[chosenBank]!;
  }

  /** As `choose`, when a rank's refresh is due: the rank's other work stops, its refresh work goes first. */
  function chooseWithRefresh(): void {
    for (let rank = 0; rank < ranks; rank++) {
      if (cycle < refreshDue[rank]!) {
        choose(rank * banks, (rank + 1) * banks);
        continue;
      }
      const command = openBanks[rank]! > 0 ? PREA : REFab;
      const at = Math.max(cycle, table.rankEarliest(command, rank));
      if (at < chosenAt || (at === chosenAt && chosen < PREA)) {
        chosenAt = at;
        chosenPriority = REFRESH_PRIORITY;
        chosenBank = rank * banks;
        chosen = command;
      }
    }
  }

  function issueRow(): void {
    const rank = Math.floor(chosenBank / banks);
    const bank = chosenBank - rank * banks;
    const queue = draining ? writes : reads;
    const segment = (draining ? wantWrites : wantReads).segment[chosenBank]!;
    if (chosen === ACT) {
      const row = queue.row[segment]!;
      openRow[chosenBank] = row;
      openBanks[rank]!++;
      if (queue.condition[segment] === HIT) queue.condition[segment] = MISS;
      sink.row(origin + cycle, ACT, rank, bank, row);
    } else {
      sink.row(origin + cycle, PRE, rank, bank, openRow[chosenBank]!);
      queue.condition[segment] = CONFLICT;
      openRow[chosenBank] = CLOSED;
      openBanks[rank]!--;
    }
    table.issued(chosen, rank, bank, cycle);
    want(reads, wantReads, chosenBank);
    want(writes, wantWrites, chosenBank);
  }

  function issueToRank(): void {
    const rank = Math.floor(chosenBank / banks);
    if (chosen === PREA) {
      openRow.fill(CLOSED, rank * banks, (rank + 1) * banks);
      openBanks[rank] = 0;
      for (let bank = rank * banks; bank < (rank + 1) * banks; bank++) {
        want(reads, wantReads, bank);
        want(writes, wantWrites, bank);
      }
    } else {
      if (reads.count + writes.count > 0 && cycle - lastProgress > PATIENCE * tREFI)
        throw new InputError(`refresh leaves no time for accesses: tREFI is ${tREFI} cycles`, {
          remedy: 'check tREFI and tRFCab of the device',
        });
      refreshDue[rank] = refreshDue[rank]! + tREFI;
      nextDue = Math.min(...refreshDue);
    }
    table.issued(chosen, rank, -1, cycle);
    sink.row(origin + cycle, chosen, rank, -1, 0);
  }

  /** Issues the chosen column and as many after it as nothing can interrupt. */
  function issueColumns(limit: number, more: boolean): void {
    const queue = draining ? writes : reads;
    const candidates = draining ? wantWrites : wantReads;
    const bank = chosenBank;
    const segment = candidates.segment[bank]!;
    const step = columnStep[chosen]!;
    const count = streakLength(queue, candidates, segment, step, limit, more);
    const rank = Math.floor(bank / banks);
    const inRank = bank - rank * banks;
    const last = cycle + (count - 1) * step;
    sink.columns(
      origin + cycle,
      draining,
      rank,
      inRank,
      queue.row[segment]!,
      queue.column[segment]!,
      count,
      step,
      queue.condition[segment]!,
      queue.entered[segment]!,
      queue.step[segment]!,
    );
    // Each column but the last has made room, filled a cycle later; the last one's is filled by the next cycle's feed.
    if (count > 1 && feeding) enter(cycle + 1, step, count - 1);
    const size = queue.size[segment]!;
    queue.leave(bank, segment, count);
    if (count < size) {
      candidates.priority[bank] = candidates.priority[bank]! + (count << bankBits);
    } else want(queue, candidates, bank);
    table.issued(chosen, rank, inRank, last);
    lastDone = Math.max(lastDone, last + (draining ? writeDone : readDone));
    lastProgress = last;
    cycle = last;
  }

  /** Whether requests enter between the columns of the streak, one after each. */
  let feeding = false;
  const columnStep = [0, 0, table.columnStep(RD), table.columnStep(WR)];

  /** How many columns of the segment follow each other from this cycle on, `step` cycles apart, whatever comes. */
  function streakLength(
    queue: BankQueue,
    candidates: Candidates,
    segment: number,
    step: number,
    limit: number,
    more: boolean,
  ): number {
    feeding = false;
    const size = queue.size[segment]!;
    if (!table.streaks[chosen] || size === 1) return 1;
    const bank = chosenBank;
    let count = size;
    // The columns go before this cycle: a refresh comes due, or the caller's limit is reached.
    let before = nextDue < limit ? nextDue : limit;

    if (portCount > 0) {
      const portQueue = portWrite ? writes : reads;
      if (portArrival > cycle) {
        if (portArrival < before) before = portArrival;
      } else if (portQueue.count < portQueue.capacity) return 1;
      else if (portQueue === queue) {
        if (portBank !== bank) {
          // Entering must not change what its bank wants.
          if (queue.head[portBank]! < 0) return 1;
          if (candidates.command[portBank] === PRE && openRow[portBank] === portRow) return 1;
        }
        feeding = true;
        const grows =
          segment === queue.lastEntered &&
          segment === queue.tail[bank] &&
          portBank === bank &&
          portRow === queue.row[segment] &&
          portColumn === queue.column[segment]! + size &&
          queue.step[segment] === step &&
          queue.entered[segment]! + size * step === origin + cycle + 1;
        // Whatever enters after the run's last request may be of any kind.
        if (grows || portCount < count) count = portCount;
      }
    } else if (more) return 1;

    if (draining && !feeding) count = Math.min(count, Math.max(1, queue.count - lowWatermark));

    const { command, bankEntry, groupEntry, priority } = candidates;
    const age = queue.age[segment]!;
    for (let other = 0; other < allBanks && count > 1; other++) {
      if (other === bank || command[other] === NOTHING) continue;
      const own = bankEarliest[bankEntry[other]!]!;
      if (command[other] !== chosen) {
        // A column goes before a row that is ready in the same cycle.
        const shared = groupEarliest[groupEntry[other]!]!;
        const ready = own > shared ? own : shared;
        if (ready + 1 < before) before = ready + 1;
        continue;
      }
      const itsAge = priority[other]! >> bankBits;
      if (itsAge < age || !table.columnsAlike[chosen]) {
        if (own < before) before = own;
      } else if (itsAge - age < count) count = itsAge - age;
    }
    const room = Math.floor((before - 1 - cycle) / step) + 1;
    return Math.max(1, Math.min(count, room));
  }

  /** Moves the origin to the current cycle. */
  function rebase(): void {
    const shift = cycle;
    origin += shift;
    cycle = 0;
    table.rebase(shift);
    for (let rank = 0; rank < ranks; rank++) refreshDue[rank] = refreshDue[rank]! - shift;
    nextDue -= shift;
    lastDone -= shift;
    lastProgress -= shift;
    portArrival = fromOrigin(portArrivalAt);
  }
  const fromOrigin = (at: number): number => (at - origin < NEVER ? at - origin : NEVER);

  /** The first cycle after this one in which something may happen other than the chosen command. */
  function nextEvent(limit: number, more: boolean): number {
    let next = limit;
    if (cycle < nextDue) {
      if (nextDue < next) next = nextDue;
    } else for (const due of refreshDue) if (due > cycle && due < next) next = due;
    if (portCount > 0) {
      const queue = portWrite ? writes : reads;
      if (queue.count < queue.capacity) {
        const entry = portArrival > cycle ? portArrival : cycle + 1;
        if (entry < next) next = entry;
      }
    } else if (more) next = cycle + 1;
    return next;
  }

  function runUntil(absoluteLimit: number, more: boolean): void {
    let limit = fromOrigin(absoluteLimit);
    for (;;) {
      if (portCount === 0 && (more || reads.count + writes.count === 0)) return;
      if (cycle >= limit && origin + cycle >= absoluteLimit) return;
      if (cycle >= REBASE_AFTER) {
        rebase();
        limit = fromOrigin(absoluteLimit);
      }
      if (portCount > 0 && portArrival <= cycle) {
        const queue = portWrite ? writes : reads;
        if (queue.count < queue.capacity) enter(cycle, 1, 1);
      }
      updateMode();

      chosen = NOTHING;
      chosenAt = NEVER;
      chosenPriority = NO_PRIORITY;
      if (cycle < nextDue) choose(0, allBanks);
      else chooseWithRefresh();

      if (chosenAt > cycle) {
        const next = nextEvent(limit, more);
        if (next <= chosenAt) {
          cycle = next;
          continue;
        }
        // Nothing else happens until then, so what is chosen now is what would be chosen then.
        cycle = chosenAt;
      }
      if (chosen === RD || chosen === WR) issueColumns(limit, more);
      else if (chosen >= PREA) issueToRank();
      else issueRow();
      cycle++;
    }
  }

  return {
    offer(write, rank, bank, row, column, count, arrival) {
      if (portCount > 0) return false;
      portCount = count;
      portWrite = write;
      portBank = rank * banks + bank;
      portRow = row;
      portColumn = column;
      portArrivalAt = arrival;
      portArrival = fromOrigin(arrival);
      return true;
    },
    runUntil,
    get cycle() {
      return origin + cycle;
    },
    get waiting() {
      return reads.count + writes.count + portCount;
    },
    get lastDone() {
      return origin + lastDone;
    },
  };
}

function createCandidates(banks: number): Candidates {
  return {
    command: new Int32Array(banks).fill(NOTHING),
    segment: new Int32Array(banks),
    bankEntry: new Int32Array(banks).fill(banks * BANK_ENTRIES),
    groupEntry: new Int32Array(banks),
    priority: new Int32Array(banks).fill(NO_PRIORITY),
  };
}
