import { banksPerRank, type Organisation } from '../../src/hardware/device.ts';
import type { ResolvedTiming } from '../../src/hardware/resolved-timing.ts';
import type { CommandName, Level } from '../../src/hardware/standard.ts';

/** One burst. `bank` is flat in its rank. It may enter its queue from cycle `arrival` on, in the order of the list. */
export interface Burst {
  write: boolean;
  rank: number;
  bank: number;
  row: number;
  column: number;
  arrival: number;
}

/** `bank` is -1 for a command to the whole rank; `row` is 0 for those, `column` is 0 for all but RD and WR. */
export interface Issued {
  cycle: number;
  command: CommandName;
  rank: number;
  bank: number;
  row: number;
  column: number;
}

export interface ReferencePolicy {
  readonly readQueue: number;
  readonly writeQueue: number;
  readonly highWatermark: number;
  readonly lowWatermark: number;
}

export interface ReferenceRun {
  commands: Issued[];
  /** Per burst, in order of service: what it took, and the cycles from its entry to the end of its data. */
  served: { write: boolean; condition: 'hit' | 'miss' | 'conflict'; latency: number }[];
  lastDone: number;
}

interface Waiting extends Burst {
  condition: 'hit' | 'miss' | 'conflict';
  entered: number;
}

/**
 * The controller of docs/controller.md, one channel, written to be read: every cycle is ticked, queues are plain arrays
 * in order of age, and every constraint is judged from the history of issued commands. Shares no code with src/dram.
 */
export function referenceController(
  organisation: Organisation,
  timing: ResolvedTiming,
  policy: ReferencePolicy,
  bursts: readonly Burst[],
): ReferenceRun {
  const parameter = (name: string): number => timing.parameters[name] ?? 0;
  const transfer = organisation.burstLength / organisation.dataRate;
  const history: Issued[] = [];
  const served: ReferenceRun['served'] = [];
  const waiting: { reads: Waiting[]; writes: Waiting[] } = { reads: [], writes: [] };
  const openRow = new Map<string, number>();
  const refreshDue = Array.from({ length: organisation.ranks }, () => parameter('tREFI'));
  let draining = false;
  let fed = 0;
  let lastDone = 0;
  let lastProgress = 0;

  const key = (rank: number, bank: number): string => `${rank}/${bank}`;
  const openBanksOf = (rank: number): number =>
    [...openRow.keys()].filter((open) => open.startsWith(`${rank}/`)).length;

  for (let cycle = 0; fed < bursts.length || waiting.reads.length + waiting.writes.length > 0; cycle++) {
    if (cycle > lastProgress + 1_000_000) throw new Error('no progress in a million cycles');

    // 1. Feed: one burst, if it has arrived and its queue has room.
    const next = bursts[fed];
    if (next && next.arrival <= cycle) {
      const queue = next.write ? waiting.writes : waiting.reads;
      if (queue.length < (next.write ? policy.writeQueue : policy.readQueue)) {
        queue.push({ ...next, condition: 'hit', entered: cycle });
        fed++;
      }
    }

    // 2. Mode: drain writes from the high watermark (or when no read waits) down to the low one.
    const { reads, writes } = waiting;
    if (draining) draining = writes.length > 0 && (writes.length > policy.lowWatermark || reads.length === 0);
    else draining = writes.length >= policy.highWatermark || (reads.length === 0 && writes.length > 0);
    const queue = draining ? writes : reads;

    // 3. Refresh, 4. columns, 5. rows: the first that is allowed in this cycle, if any.
    const chosen = refresh(cycle) ?? column(cycle, queue) ?? row(cycle, queue);
    if (!chosen) continue;
    lastProgress = cycle;
    history.push(chosen.command);
    apply(chosen.command, chosen.request, queue);
  }
  return { commands: history, served, lastDone };

  function refresh(cycle: number): { command: Issued; request?: Waiting } | undefined {
    for (let rank = 0; rank < organisation.ranks; rank++) {
      if (cycle < refreshDue[rank]!) continue;
      const name = openBanksOf(rank) > 0 ? 'PREA' : 'REFab';
      const command: Issued = { cycle, command: name, rank, bank: -1, row: 0, column: 0 };
      if (allowed(organisation, timing, history, command)) return { command };
    }
    return undefined;
  }

  /** The oldest burst whose row is open and whose column command may go. */
  function column(
    cycle: number,
    queue: readonly Waiting[],
  ): { command: Issued; request: Waiting } | undefined {
    for (const request of queue) {
      const { rank, bank, row, column, write } = request;
      if (cycle >= refreshDue[rank]! || openRow.get(key(rank, bank)) !== row) continue;
      const command: Issued = { cycle, command: write ? 'WR' : 'RD', rank, bank, row, column };
      if (allowed(organisation, timing, history, command)) return { command, request };
    }
    return undefined;
  }

  /** The oldest burst whose bank may be opened or closed for it: a bank that the queue still hits is not closed. */
  function row(cycle: number, queue: readonly Waiting[]): { command: Issued; request: Waiting } | undefined {
    for (const request of queue) {
      const { rank, bank } = request;
      if (cycle >= refreshDue[rank]!) continue;
      const open = openRow.get(key(rank, bank));
      const inBank = queue.filter((other) => other.rank === rank && other.bank === bank);
      if (open !== undefined && inBank.some((other) => other.row === open)) continue;
      const command: Issued =
        open === undefined
          ? { cycle, command: 'ACT', rank, bank, row: request.row, column: 0 }
          : { cycle, command: 'PRE', rank, bank, row: open, column: 0 };
      // The bank is opened or closed for its oldest burst only.
      if (inBank[0] === request && allowed(organisation, timing, history, command))
        return { command, request };
    }
    return undefined;
  }

  function apply(command: Issued, request: Waiting | undefined, queue: Waiting[]): void {
    const { cycle, rank, bank, row } = command;
    switch (command.command) {
      case 'ACT':
        openRow.set(key(rank, bank), row);
        if (request!.condition === 'hit') request!.condition = 'miss';
        break;
      case 'PRE':
        openRow.delete(key(rank, bank));
        request!.condition = 'conflict';
        break;
      case 'PREA':
        for (let b = 0; b < banksPerRank(organisation); b++) openRow.delete(key(rank, b));
        break;
      case 'REFab':
        refreshDue[rank]! += parameter('tREFI');
        break;
      default: {
        const { write, condition, entered } = request!;
        const done = cycle + transfer + (write ? parameter('WL') : parameter('RL') + parameter('tDQSCK'));
        served.push({ write, condition, latency: done - entered });
        lastDone = Math.max(lastDone, done);
        queue.splice(queue.indexOf(request!), 1);
      }
    }
  }
}

type Target = Pick<Issued, 'rank' | 'bank'>;

/**
 * Members of a level that a command concerns, each as [parent, member]. A command to a whole rank concerns all of the
 * rank's bank groups and banks.
 */
function membersOf(organisation: Organisation, level: Level, { rank, bank }: Target): [number, number][] {
  const { bankGroups, banksPerGroup } = organisation;
  const banks = bank >= 0 ? [bank] : Array.from({ length: banksPerRank(organisation) }, (_, b) => b);
  switch (level) {
    case 'channel':
      return [[0, 0]];
    case 'rank':
      return [[0, rank]];
    case 'bankgroup':
      return [...new Set(banks.map((b) => Math.floor(b / banksPerGroup)))].map((group) => [rank, group]);
    default:
      return banks.map((b) => [rank * bankGroups + Math.floor(b / banksPerGroup), b]);
  }
}

/** Whether every constraint lets `command` go in its cycle after what `history` (in order of time) holds. */
export function allowed(
  organisation: Organisation,
  timing: ResolvedTiming,
  history: readonly Issued[],
  command: Issued,
): boolean {
  // The channel carries one command a cycle.
  if (history.at(-1)?.cycle === command.cycle) return false;
  for (const { level, preceding, following, latency, window, sibling } of timing.constraints) {
    if (!following.includes(command.command)) continue;
    for (const [parent, member] of membersOf(organisation, level, command)) {
      let found = 0;
      for (let i = history.length - 1; i >= 0; i--) {
        const earlier = history[i]!;
        if (earlier.cycle + latency <= command.cycle) break;
        const concerned =
          preceding.includes(earlier.command) &&
          membersOf(organisation, level, earlier).some(([otherParent, other]) =>
            sibling ? otherParent === parent && other !== member : otherParent === parent && other === member,
          );
        if (concerned && ++found === window) return false;
      }
    }
  }
  return true;
}
