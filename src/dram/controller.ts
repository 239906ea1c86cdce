import { InputError } from '../errors/input-error.ts';
import { banksPerRank, type Organisation, subarraysPerBank } from '../hardware/device.ts';
import { placeIn } from '../hardware/model-places.ts';
import { cyclesOf, type ResolvedTiming } from '../hardware/resolved-timing.ts';
import type { Cycles } from '../units/flavours.ts';
import { type ChannelStatistics, readStatistics, transferTimes } from './channel-statistics.ts';
import { type ControllerOptions, requireController } from './controller-options.ts';
import { LONGEST, leastAgeBits, NEVER, slotsPerGroup, WINDOW, WINDOW_LENGTH } from './core/layout.ts';
import {
  type Core,
  type CoreObserver,
  type CoreSettings,
  type OpenCore,
  openCore,
  type TakesRun,
} from './core/open-core.ts';
import { commandsOf } from './issued-commands.ts';
import { refreshLead } from './refresh-lead.ts';
import { BATCH, RUN_BYTES, RunBatch } from './run-batch.ts';
import { createTimingTable, type TimingTable } from './timing-table.ts';

/** One channel. A run is of requests (bursts), all read or all written, in consecutive columns of one row. */
export interface Controller {
  /**
   * Hands over a run of `count` requests; they enter their queue one a cycle as it has room, not before `arrival`.
   * False, and nothing taken, while an earlier run still waits to enter.
   */
  readonly offer: TakesRun<boolean>;
  /**
   * Runs until `cycle` reaches `limit`, until the whole run has entered (if `more` are to come, so that the next one is
   * not late), or until no request waits.
   */
  runUntil(limit: Cycles, more: boolean): void;
  /** Takes runs many at once, for those who need not know when each enters. */
  readonly batch: RunBatch;
  /** Serves runs as another `RunBatch` has written them, `RUN_BYTES` each. */
  serve(runs: Uint8Array): void;
  /** Runs until nothing waits. */
  drain(): void;
  /** Runs until a cycle with nothing to serve: refreshes, and what idle ranks do, go on. */
  idleUntil(cycle: Cycles): void;
  /** The cycle that has not been run yet. */
  readonly cycle: Cycles;
  /** Requests that wait, in a queue or to enter one. */
  readonly waiting: number;
  /** Cycle after the last data transfer so far. */
  readonly lastDone: Cycles;
  /** What was done, the time counted up to `cycles`. */
  statistics(cycles: Cycles): ChannelStatistics;
}

/**
 * The controller of docs/controller.md, which has the semantics, cycle by cycle. Event-driven, in WebAssembly
 * (core/assembly): time jumps to the next cycle at which anything can change, and a streak of row hits that nothing can
 * interrupt is issued by arithmetic. The command stream is that of a controller that ticks through every cycle. An
 * observer is called for every command, which costs time; `open` may open another build of the core. Throws InputError for
 * options that contradict each other or the device, and while running if refresh leaves no time for accesses.
 */
export function createController(
  organisation: Organisation,
  timing: ResolvedTiming,
  options: ControllerOptions,
  observer?: CoreObserver,
  open: OpenCore = openCore,
): Controller {
  requireController(options, timing);
  const table = createTimingTable(organisation, timing, commandsOf(options, timing));
  const settings = settingsOf(organisation, timing, options, table, observer !== undefined);
  const core = open(settings, observer);
  writeTable(core, table);
  const { readDone, writeDone } = transferTimes(organisation, timing);
  core.begin(readDone, writeDone);

  const { offer, runUntil } = core;
  function progressed(able: number): void {
    if (!able)
      throw new InputError(
        `refresh leaves no time for accesses: one is due every ${settings.refreshInterval} cycles`,
        {
          ...placeIn(timing.places?.device, 'timing', 'tREFI'),
          remedy: 'check tREFI, tRFCab and tRFCpb of the device',
        },
      );
  }

  const batch = new RunBatch(core.memory.buffer, core.tables.runs, BATCH, (runs) =>
    progressed(core.serve(runs)),
  );

  return {
    offer: (write, rank, bank, row, column, count, arrival) =>
      offer(write, rank, bank, row, column, count, arrival) !== 0,
    runUntil: (limit, more) => progressed(runUntil(limit, more)),
    batch,
    serve(runs) {
      for (let from = 0; from < runs.length; from += BATCH * RUN_BYTES) {
        const part = runs.subarray(from, from + BATCH * RUN_BYTES);
        new Uint8Array(core.memory.buffer, core.tables.runs, part.length).set(part);
        progressed(core.serve(part.length / RUN_BYTES));
      }
    },
    drain() {
      batch.flush();
      progressed(runUntil(Number.POSITIVE_INFINITY, false));
    },
    idleUntil: (cycle) => core.idleUntil(cycle),
    get cycle() {
      return core.cycle();
    },
    get waiting() {
      return core.waiting();
    },
    get lastDone() {
      return core.lastDone();
    },
    statistics: (cycles) => readStatistics(core, organisation, cycles),
  };
}

function settingsOf(
  organisation: Organisation,
  timing: ResolvedTiming,
  options: ControllerOptions,
  table: TimingTable,
  observed: boolean,
): CoreSettings {
  const { ranks, bankGroups, banksPerGroup, rowsPerSubarray } = organisation;
  const { readQueue, writeQueue, highWatermark, lowWatermark, pagePolicy } = options;
  const refreshTurns = banksPerRank(organisation) / timing.rules.banksPerREFpb;
  const perBankRefresh = options.refresh === 'perBank';
  const refreshInterval = refreshIntervalOf(timing, perBankRefresh);
  const { openSubarrays = 1, select = false } = timing.subarrays ?? {};
  const { autoPrecharge } = timing.rules;
  const flag = (set: boolean): number => (set ? 1 : 0);
  const orNever = (cycles: number): number => (Number.isFinite(cycles) ? cycles : -1);
  return {
    ranks,
    bankGroups,
    banksPerGroup,
    rowsPerSubarray,
    subarraysOfBank: subarraysPerBank(organisation),
    subarrays: table.subarrays,
    openSubarrays: openSubarrays === 'all' ? NEVER : openSubarrays,
    select: flag(select),
    inOrder: flag(options.scheduler === 'fcfs'),
    autoPrecharge: flag(pagePolicy === 'closed'),
    rowHitCap: Math.min(NEVER, options.rowHitCap),
    pageTimeout: pagePolicy === 'timeout' ? options.pageTimeout : -1,
    perBankRefresh: flag(perBankRefresh),
    refreshTurns,
    refreshInterval,
    maxPostponed: options.postponedRefreshes * (perBankRefresh ? refreshTurns : 1),
    refreshLead: refreshLead(organisation, timing, options),
    serveActivated: flag(options.beforeRefresh === 'activated'),
    powerDownAfter: orNever(options.powerDownAfter),
    selfRefreshAfter: orNever(options.selfRefreshAfter),
    forwardWrites: flag(options.forwardWrites),
    readQueue,
    writeQueue,
    highWatermark,
    lowWatermark,
    ageBits: ageBitsOf(organisation, Math.max(readQueue, writeQueue)),
    tRAS: cyclesOf(timing, 'tRAS'),
    tRCD: cyclesOf(timing, 'tRCD'),
    tRFC: cyclesOf(timing, 'tRFCab'),
    tRFCpb: timing.commands.includes('REFpb') ? cyclesOf(timing, 'tRFCpb') : 0,
    tRP: cyclesOf(timing, 'tRP'),
    // Only the precharges that RDA and WRA hold are counted by these two.
    readToPrecharge: autoPrecharge?.RDA ?? 0,
    writeToPrecharge: autoPrecharge?.WRA ?? 0,
    windowCount: table.windows.length,
    siblings: flag(table.siblings),
    streaks: table.streaks,
    batch: BATCH,
    observed: flag(observed),
  };
}

/**
 * Bits of a request's age. Beside them a 32-bit key holds the bank, a bit for rows, and the cycles to wait; throws
 * InputError where too few are left for those.
 */
function ageBitsOf({ ranks, bankGroups, banksPerGroup }: Organisation, queued: number): number {
  const bankSlots = ranks * bankGroups * slotsPerGroup(banksPerGroup);
  const bankBits = 32 - Math.clz32(bankSlots - 1);
  const ageBits = Math.max(leastAgeBits(queued), 18 - bankBits);
  if (1 + ageBits + bankBits > 26)
    throw new InputError(`queues of ${queued} requests are more than the controller can order`, {
      remedy: 'queues of some thousand requests at most',
    });
  return ageBits;
}

/**
 * Cycles from one refresh of a rank to the next. Throws InputError for a timing without tREFI, or with anything too long
 * to count with.
 */
function refreshIntervalOf(timing: ResolvedTiming, perBank: boolean): number {
  const { standard, constraints, rules } = timing;
  const tREFI = cyclesOf(timing, 'tREFI');
  const [long] = [{ name: 'tREFI', latency: tREFI }, ...constraints].filter(
    ({ latency }) => latency > LONGEST,
  );
  if (long)
    throw new InputError(`${long.name} of ${long.latency} cycles is longer than the controller can count`);
  const interval = perBank ? rules.perBankRefreshInterval : tREFI;
  if (interval === undefined)
    throw new InputError(
      `${standard} does not say how often a bank is refreshed on its own`,
      placeIn(timing.places?.standard, 'refresh'),
    );
  if (perBank) requireTimeForBanks(timing, interval);
  return interval;
}

/** Throws InputError where refreshes of single banks must be further apart than they are due: no controller could keep up. */
function requireTimeForBanks({ standard, constraints, places }: ResolvedTiming, interval: number): void {
  const apart = Math.max(
    0,
    ...constraints
      .filter(
        ({ level, window, sibling, preceding, following }) =>
          level === 'rank' &&
          window === 1 &&
          !sibling &&
          preceding.includes('REFpb') &&
          following.includes('REFpb'),
      )
      .map(({ latency }) => latency),
  );
  if (apart > interval)
    throw new InputError(
      `refreshes of single banks are due every ${interval} cycles, but ${standard} keeps them ${apart} cycles apart`,
      {
        ...placeIn(places?.device, 'timing', 'tREFI'),
        remedy: 'choose --refresh allBank, or a lower --temperature',
      },
    );
}

/** Puts the constraints where the core reads them. */
function writeTable({ memory, tables }: Core, table: TimingTable): void {
  const write = (at: number, numbers: ArrayLike<number>): void =>
    new Int32Array(memory.buffer, at, numbers.length).set(numbers);
  write(tables.delays, table.delays);
  write(tables.toRank, table.toRank);
  write(tables.toOtherRank, table.toOtherRank);
  write(tables.columnStep, table.columnStep);
  write(tables.columnDelay, table.columnDelay);
  // The core itself sets the rings.
  write(
    tables.windows,
    table.windows.flatMap((window) => {
      const words = new Array<number>(WINDOW_LENGTH).fill(0);
      words[WINDOW.level] = window.level;
      words[WINDOW.sibling] = window.sibling ? 1 : 0;
      words[WINDOW.latency] = window.latency;
      words[WINDOW.length] = window.length;
      words[WINDOW.preceding] = window.preceding;
      words[WINDOW.following] = window.following;
      return words;
    }),
  );
}
