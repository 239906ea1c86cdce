import type { ControllerOptions } from '../../src/dram/controller-options.ts';
import { banksPerRank, type Organisation } from '../../src/hardware/device.ts';
import type { ResolvedTiming } from '../../src/hardware/resolved-timing.ts';
import type { CommandName } from '../../src/hardware/standard.ts';
import { allowed, type Issued } from './constraint-history.ts';
import { referenceRefreshLead } from './refresh-lead.ts';

/** One burst. `bank` is flat in its rank. It may enter its queue from cycle `arrival` on, in the order of the list. */
export interface Burst {
  write: boolean;
  rank: number;
  bank: number;
  row: number;
  column: number;
  arrival: number;
}

export type Condition = 'hit' | 'miss' | 'conflict' | 'forwarded';

export interface ReferenceRun {
  commands: Issued[];
  /** Per burst, in order of service: what it took, and the cycles from its entry to the end of its data. */
  served: { write: boolean; condition: Condition; latency: number }[];
  lastDone: number;
  /** The most that ever waited in each queue. */
  peakReads: number;
  peakWrites: number;
}

interface Waiting extends Burst {
  /** The burst as it was handed over. */
  burst: Burst;
  condition: Condition;
  entered: number;
}

/** Called as a burst's command goes: what it took, its cycle of entry, and the cycle after its last data. */
export type Served = (burst: Burst, condition: Condition, entered: number, done: number) => void;

/** One channel, a cycle at a time. */
export interface ReferenceChannel {
  /** The next cycle, in which `next` may enter its queue; whether it did. */
  tick(next: Burst | undefined): boolean;
  /** Whether bursts wait in the queues. */
  busy(): boolean;
  /** Issued so far. */
  readonly commands: readonly Issued[];
  peakReads(): number;
  peakWrites(): number;
}

interface Rank {
  /** By bank: the open rows, in the order of their activation. */
  readonly open: number[][];
  /** By bank: the row whose subarray was activated or selected last. */
  readonly selected: number[];
  /** By bank: columns since the last activation, and the cycle of the last activation or column. */
  readonly columns: number[];
  readonly used: number[];
  asleep: 'power-down' | 'self-refresh' | undefined;
  asleepSince: number;
  /** When the next refresh is due. */
  due: number;
  refreshes: number;
  lastColumn: number;
}

type Step = { command: Issued; request?: Waiting };

/** The controller over a list of bursts, in order, from cycle 0 until all are served. */
export function referenceController(
  organisation: Organisation,
  timing: ResolvedTiming,
  policy: ControllerOptions,
  bursts: readonly Burst[],
  /** Cycle to which the channel idles when it is done. */
  until = 0,
  /** Takes for each burst of the list the cycle after the last of its data. */
  ends: number[] = [],
): ReferenceRun {
  // Copies, so that a burst that stands twice in the list is two.
  const order = bursts.map((burst) => ({ ...burst }));
  const served: ReferenceRun['served'] = [];
  let lastDone = 0;
  let lastProgress = 0;
  let fed = 0;
  let cycle = 0;
  const channel = referenceChannel(organisation, timing, policy, (burst, condition, entered, done) => {
    served.push({ write: burst.write, condition, latency: done - entered });
    ends[order.indexOf(burst)] = done;
    lastDone = Math.max(lastDone, done);
    lastProgress = cycle;
  });
  for (; fed < order.length || channel.busy() || cycle < until; cycle++) {
    const waits = fed < order.length || channel.busy();
    if (waits && cycle > lastProgress + 1_000_000) throw new Error('no progress in a million cycles');
    const next = order[fed];
    if (channel.tick(next && next.arrival <= cycle ? next : undefined)) fed++;
  }
  return {
    commands: [...channel.commands],
    served,
    lastDone,
    peakReads: channel.peakReads(),
    peakWrites: channel.peakWrites(),
  };
}

/**
 * The controller of docs/controller.md, one channel, written to be read: every cycle is ticked, queues are plain arrays
 * in order of age, and every constraint is judged from the history of issued commands. Shares no code with src/dram.
 */
export function referenceChannel(
  organisation: Organisation,
  timing: ResolvedTiming,
  policy: ControllerOptions,
  onServed: Served,
): ReferenceChannel {
  const parameter = (name: string): number => timing.parameters[name] ?? 0;
  const transfer = organisation.burstLength / organisation.dataRate;
  const banks = banksPerRank(organisation);
  const perBank = policy.refresh === 'perBank';
  // Per-bank refreshes that a rank needs in tREFI: each takes banks that lie so many apart.
  const turns = banks / timing.rules.banksPerREFpb;
  const interval = perBank ? timing.rules.perBankRefreshInterval! : parameter('tREFI');
  const mayOwe = policy.postponedRefreshes * (perBank ? turns : 1);
  const lead = referenceRefreshLead(organisation, timing, policy);
  const history: Issued[] = [];
  const reads: Waiting[] = [];
  const writes: Waiting[] = [];
  const ranks = Array.from(
    { length: organisation.ranks },
    (): Rank => ({
      open: Array.from({ length: banks }, () => []),
      selected: Array(banks).fill(-1),
      columns: Array(banks).fill(0),
      used: Array(banks).fill(0),
      ...{ asleep: undefined, asleepSince: 0, due: interval, refreshes: 0, lastColumn: 0 },
    }),
  );
  let draining = false;
  let peakReads = 0;
  let peakWrites = 0;
  let now = 0;

  return {
    tick,
    busy: () => reads.length + writes.length > 0,
    commands: history,
    peakReads: () => peakReads,
    peakWrites: () => peakWrites,
  };

  function tick(next: Burst | undefined): boolean {
    const cycle = now++;
    // 1. Feed: one burst, if its queue has room, or if a waiting write holds what it reads. Requests to one burst keep their
    // order: one waits outside while the other queue holds another.
    let readHeld = false;
    let entered = false;
    if (next) {
      const queue = next.write ? writes : reads;
      if (policy.forwardWrites && !next.write && writes.some((write) => sameBurst(write, next))) {
        onServed(next, 'forwarded', cycle, cycle + 1);
        entered = true;
      } else if (queue.length >= (next.write ? policy.writeQueue : policy.readQueue)) {
        // No room.
      } else if ((next.write ? reads : writes).some((earlier) => sameBurst(earlier, next))) {
        readHeld = !next.write;
      } else {
        queue.push({ ...next, burst: next, condition: 'hit', entered: cycle });
        entered = true;
        peakReads = Math.max(peakReads, reads.length);
        peakWrites = Math.max(peakWrites, writes.length);
      }
    }

    // 2. Mode: drain writes from the high watermark (or when no read waits) down to the low one.
    // A read that waits for a write has the writes drained.
    const noRead = reads.length === 0 || readHeld;
    if (draining) draining = writes.length > 0 && (writes.length > policy.lowWatermark || noRead);
    else draining = writes.length >= policy.highWatermark || (noRead && writes.length > 0);
    const queue = draining ? writes : reads;

    // 3. What a rank must do, 4. columns, 5. rows, 6. what idle ranks do: the first that is allowed, if any. While a row must
    // give a column before its refresh, no other column goes.
    const considered = lookedAt(queue);
    const held = ranks.some((_, rank) => urgent(rank, cycle) && activated(cycle, rank).length > 0);
    const step =
      first(mustDo(cycle)) ??
      first(held ? [] : columns(cycle, considered, queue)) ??
      first(rows(cycle, considered)) ??
      first(idle(cycle));
    if (step) {
      history.push(step.command);
      apply(step);
    }
    return entered;
  }

  function first(steps: Iterable<Step>): Step | undefined {
    for (const step of steps) if (allowed(organisation, timing, history, step.command)) return step;
    return undefined;
  }

  function sameBurst(a: Burst, b: Burst): boolean {
    return a.rank === b.rank && a.bank === b.bank && a.row === b.row && a.column === b.column;
  }

  /** The requests of a queue that the scheduler considers. */
  function lookedAt(queue: readonly Waiting[]): readonly Waiting[] {
    return policy.scheduler === 'fcfs' ? queue.slice(0, 1) : queue;
  }

  function waitsFor(rank: number): boolean {
    return [...reads, ...writes].some((r) => r.rank === rank);
  }

  /** Whether it is the bank's turn to be refreshed: all banks at once, or those of the next per-bank refresh. */
  function isNext(rank: number, bank: number): boolean {
    return !perBank || bank % turns === ranks[rank]!.refreshes % turns;
  }

  /** Refreshes that the rank owes; in self-refresh it sees to itself. */
  function owed(rank: number, cycle: number): number {
    const { due, asleep } = ranks[rank]!;
    return asleep === 'self-refresh' || cycle < due ? 0 : Math.floor((cycle - due) / interval) + 1;
  }
  /** Whether the rank is about to owe more than it may: that many refreshes, `lead` cycles from now. */
  function urgent(rank: number, cycle: number): boolean {
    return owed(rank, cycle + lead) > mayOwe;
  }

  function whole(cycle: number, command: CommandName, rank: number): Step {
    return { command: { cycle, command, rank, bank: -1, row: 0, column: 0 } };
  }

  /** The next commands on the way to the rank's refresh: of several open banks, each may be closed first. */
  function refresh(cycle: number, rank: number): Step[] {
    const { open, asleep, refreshes } = ranks[rank]!;
    if (asleep === 'power-down') return [whole(cycle, 'PDX', rank)];
    const first = activated(cycle, rank);
    if (first.length > 0) return first;
    if (!perBank) return [whole(cycle, open.some((rows) => rows.length > 0) ? 'PREA' : 'REFab', rank)];
    const close = open.flatMap(([row], bank): Step[] =>
      row === undefined || !isNext(rank, bank)
        ? []
        : [{ command: { cycle, command: 'PRE', rank, bank, row, column: 0 } }],
    );
    if (close.length > 0) return close;
    return [{ command: { cycle, command: 'REFpb', rank, bank: refreshes % turns, row: 0, column: 0 } }];
  }

  /**
   * With `activated`, the columns that must go before the rank's refresh, the oldest request first: of each bank whose turn it is,
   * whose row has given no column since its activation, that for the oldest request to this row in either queue.
   */
  function activated(cycle: number, rank: number): Step[] {
    const { open, columns: count, asleep } = ranks[rank]!;
    if (policy.beforeRefresh === 'nothing' || asleep) return [];
    return open
      .flatMap(([row], bank): Waiting[] =>
        row === undefined || count[bank]! > 0 || !isNext(rank, bank)
          ? []
          : [...lookedAt(reads), ...lookedAt(writes)]
              .filter((r) => r.rank === rank && r.bank === bank && r.row === row)
              .sort((a, b) => a.entered - b.entered)
              .slice(0, 1),
      )
      .sort((a, b) => a.entered - b.entered)
      .map((request) => column(cycle, request, request.write ? writes : reads));
  }

  /** The column of a request; the last one of its queue for the row closes it under the closed page policy. */
  function column(cycle: number, request: Waiting, queue: readonly Waiting[]): Step {
    const { write, rank, bank, row, column } = request;
    const isLast = !queue.some((r) => r !== request && r.rank === rank && r.bank === bank && r.row === row);
    const precharge = policy.pagePolicy === 'closed' && isLast;
    const command = write ? (precharge ? 'WRA' : 'WR') : precharge ? 'RDA' : 'RD';
    return { command: { cycle, command, rank, bank, row, column }, request };
  }

  function* mustDo(cycle: number): Generator<Step> {
    for (let rank = 0; rank < organisation.ranks; rank++) {
      const { asleep } = ranks[rank]!;
      if (urgent(rank, cycle)) yield* refresh(cycle, rank);
      else if (asleep && waitsFor(rank)) yield whole(cycle, asleep === 'power-down' ? 'PDX' : 'SRX', rank);
    }
  }

  /** Whether requests to this bank may be served: its rank is awake and no refresh of it is overdue. */
  function serves(cycle: number, { rank, bank }: Burst): boolean {
    return !ranks[rank]!.asleep && !(urgent(rank, cycle) && isNext(rank, bank));
  }

  function isOpen({ rank, bank, row }: Burst): boolean {
    return ranks[rank]!.open[bank]!.includes(row);
  }
  function sameSubarray(a: number, b: number): boolean {
    return Math.floor(a / organisation.rowsPerSubarray) === Math.floor(b / organisation.rowsPerSubarray);
  }

  /** What the bank does next for the requests of it that are considered, oldest first. */
  function bankStep(cycle: number, requests: readonly Waiting[], queue: readonly Waiting[]): Step {
    const oldest = requests[0]!;
    const { rank, bank } = oldest;
    const { open, selected, columns: count } = ranks[rank]!;
    const opened = open[bank]!;
    const { openSubarrays = 1, select = false } = timing.subarrays ?? {};
    const step = (command: CommandName, request: Waiting, row: number): Step => ({
      command: { cycle, command, rank, bank, row, column: 0 },
      request,
    });
    // Two open subarrays: the older one goes, whatever is wanted.
    if (openSubarrays === 2 && opened.length === 2) return step('PRE', oldest, opened[0]!);
    const isSelected = (request: Waiting): boolean => !select || sameSubarray(selected[bank]!, request.row);
    const hit = requests.find((r) => isOpen(r) && isSelected(r)) ?? requests.find((r) => isOpen(r));
    if (hit && (isOpen(oldest) || count[bank]! < policy.rowHitCap)) {
      if (!isSelected(hit)) return step('SASEL', hit, hit.row);
      return column(cycle, hit, queue);
    }
    // The row that is in the way: any of the bank's if only one subarray may be open, else the subarray's own.
    const obstacle = openSubarrays === 1 ? opened[0] : opened.find((row) => sameSubarray(row, oldest.row));
    return obstacle === undefined ? step('ACT', oldest, oldest.row) : step('PRE', oldest, obstacle);
  }

  /** What each bank does next, in the order of age of the requests that are served. */
  function bankSteps(cycle: number, considered: readonly Waiting[], queue: readonly Waiting[]): Step[] {
    const seen = new Set<string>();
    const steps: Step[] = [];
    for (const request of considered) {
      const key = `${request.rank}/${request.bank}`;
      if (seen.has(key)) continue;
      seen.add(key);
      if (!serves(cycle, request)) continue;
      const ofBank = considered.filter(({ rank, bank }) => rank === request.rank && bank === request.bank);
      steps.push(bankStep(cycle, ofBank, queue));
    }
    return steps.sort((a, b) => considered.indexOf(a.request!) - considered.indexOf(b.request!));
  }

  function columns(cycle: number, considered: readonly Waiting[], queue: readonly Waiting[]): Step[] {
    return bankSteps(cycle, considered, queue).filter(({ command }) => isColumn(command.command));
  }
  function rows(cycle: number, considered: readonly Waiting[]): Step[] {
    return bankSteps(cycle, considered, considered).filter(({ command }) => !isColumn(command.command));
  }

  function* idle(cycle: number): Generator<Step> {
    for (let rank = 0; rank < organisation.ranks; rank++) {
      const { open, used, asleep, lastColumn } = ranks[rank]!;
      if (asleep === 'self-refresh' || urgent(rank, cycle)) continue;
      if (!asleep && policy.pagePolicy === 'timeout')
        for (let bank = 0; bank < banks; bank++) {
          if (cycle - used[bank]! < policy.pageTimeout) continue;
          const wanted = [...reads, ...writes].some((r) => r.rank === rank && r.bank === bank && isOpen(r));
          const row = open[bank]![0];
          if (row !== undefined && !wanted)
            yield { command: { cycle, command: 'PRE', rank, bank, row, column: 0 } };
        }
      if (!asleep && owed(rank, cycle) > 0) {
        if (![...reads, ...writes].some((r) => r.rank === rank && isNext(rank, r.bank)))
          yield* refresh(cycle, rank);
      }
      if (waitsFor(rank) || owed(rank, cycle) > 0) continue;
      if (cycle - lastColumn >= policy.selfRefreshAfter) {
        const anyOpen = open.some((rows) => rows.length > 0);
        yield whole(cycle, asleep ? 'PDX' : anyOpen ? 'PREA' : 'SRE', rank);
      } else if (!asleep && cycle - lastColumn >= policy.powerDownAfter) yield whole(cycle, 'PDE', rank);
    }
  }

  function apply({ command, request }: Step): void {
    const { cycle, rank: number, bank, row } = command;
    const rank = ranks[number]!;
    const close = (rows: number[]): void => void rows.splice(rows.indexOf(row), 1);
    switch (command.command) {
      case 'ACT':
        rank.open[bank]!.push(row);
        rank.selected[bank] = row;
        rank.columns[bank] = 0;
        rank.used[bank] = cycle;
        if (request!.condition === 'hit') request!.condition = 'miss';
        return;
      case 'SASEL':
        rank.selected[bank] = row;
        return;
      case 'PRE':
        close(rank.open[bank]!);
        if (request) request.condition = 'conflict';
        return;
      case 'PREA':
        for (const rows of rank.open) rows.length = 0;
        return;
      case 'REFab':
      case 'REFpb':
        rank.due += interval;
        rank.refreshes++;
        return;
      case 'PDE':
      case 'SRE':
        rank.asleep = command.command === 'PDE' ? 'power-down' : 'self-refresh';
        rank.asleepSince = cycle;
        return;
      case 'SRX':
        rank.due += cycle - rank.asleepSince;
        rank.asleep = undefined;
        return;
      case 'PDX':
        rank.asleep = undefined;
        return;
      default: {
        const { burst, write, condition, entered } = request!;
        const done = cycle + transfer + (write ? parameter('WL') : parameter('RL') + parameter('tDQSCK'));
        onServed(burst, condition, entered, done);
        rank.columns[bank]!++;
        rank.used[bank] = cycle;
        rank.lastColumn = cycle;
        if (command.command.endsWith('A')) close(rank.open[bank]!);
        const queue = write ? writes : reads;
        queue.splice(queue.indexOf(request!), 1);
      }
    }
  }
}

const isColumn = (name: CommandName): boolean => ['RD', 'RDA', 'WR', 'WRA'].includes(name);
