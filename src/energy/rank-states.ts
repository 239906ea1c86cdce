import type { RankActivity } from '../hardware/activity.ts';
import { refreshedBanks } from '../hardware/refreshed-banks.ts';
import type { ClosingCommand, CommandName } from '../hardware/standard.ts';
import type { Cycles } from '../units/flavours.ts';
import type { CommandDurations } from './completion.ts';
import type { OpenRows } from './open-rows.ts';

/** States that partition a rank's time, named as `RankActivity` names their cycles. */
const STATES = [
  'activeCycles',
  'prechargedCycles',
  'activePowerDownFastCycles',
  'activePowerDownSlowCycles',
  'prechargePowerDownFastCycles',
  'prechargePowerDownSlowCycles',
  'selfRefreshCycles',
  'entryRefreshActiveCycles',
  'entryRefreshPrechargedCycles',
  'exitRefreshActiveCycles',
  'exitRefreshPrechargedCycles',
] as const;
type State = (typeof STATES)[number];

/** A stretch of time whose state is settled whatever the base state is: a refresh at work. */
interface Segment {
  readonly state: State;
  readonly until: Cycles;
}

/** The states of one rank through a command stream. */
export interface RankStates {
  /** Applies a command; answers with what forbids it, or undefined. Without subarrays used apart the row does not matter. */
  apply(
    command: CommandName,
    cycle: Cycles,
    bank: number,
    row: number,
    slowExit: boolean,
  ): string | undefined;
  /** The precharge that an RDA or WRA holds begins, which power-down does not hinder; answers with what forbids it. */
  closeHeld(cycle: Cycles, bank: number, row: number): string | undefined;
  /** Cycle up to which a refresh is known to hold the rank. */
  busyUntil(): Cycles;
  /** The counts over the window from 0 to `cycles`; the last call. */
  finish(cycles: Cycles): Omit<RankActivity, 'bankwise'>;
}

const AFTER_EXIT: Partial<Record<State, State>> = {
  entryRefreshActiveCycles: 'exitRefreshActiveCycles',
  entryRefreshPrechargedCycles: 'exitRefreshPrechargedCycles',
};

/** The states of a rank whose rows are all closed; `open` becomes its own. */
export function createRankStates(banks: number, t: CommandDurations, open: OpenRows): RankStates {
  const zeros = (): Float64Array => new Float64Array(banks);
  const act = zeros();
  const pre = zeros();
  const rd = zeros();
  const wr = zeros();
  const refPerBank = zeros();
  const bankActive = zeros();
  const bankRefreshEnd = zeros();
  const spent = Object.fromEntries(STATES.map((state) => [state, 0])) as Record<State, Cycles>;
  let refAllBank = 0;
  let selfRefreshEntries = 0;
  let refreshActive = 0;
  /** Cycle at which the last refresh of all banks ends; by bank, that of its last per-bank refresh. */
  let refreshEnd: Cycles = 0;
  const ownRefreshEnd = zeros();

  /** Power-down or self-refresh state; undefined in standby. */
  let asleep: State | undefined;
  let segments: Segment[] = [];
  let counted: Cycles = 0;

  const baseState = (): State => asleep ?? (open.banks() > 0 ? 'activeCycles' : 'prechargedCycles');

  /** Counts the time up to `cycle`: what refreshes hold first, the rest in the base state. */
  const advance = (cycle: Cycles): void => {
    while (segments.length > 0 && counted < cycle) {
      const { state, until } = segments[0]!;
      const end = Math.min(until, cycle);
      spent[state] += end - counted;
      if (state === 'activeCycles') refreshActive += end - counted;
      counted = end;
      if (until <= cycle) segments.shift();
    }
    if (counted >= cycle) return;
    const state = baseState();
    spent[state] += cycle - counted;
    if (state === 'activeCycles')
      for (let bank = 0; bank < banks; bank++) if (open.count(bank) > 0) bankActive[bank]! += cycle - counted;
    counted = cycle;
  };

  /** What forbids a command that needs the rank awake and no refresh at work. */
  const hindrance = (cycle: Cycles): string | undefined => {
    if (asleep !== undefined)
      return asleep === 'selfRefreshCycles' ? 'the rank is in self-refresh' : 'the rank is in power-down';
    return refreshEnd > cycle ? `a refresh is at work until cycle ${refreshEnd}` : undefined;
  };
  /** The same for a command to these banks, which a per-bank refresh may hold, too. */
  const bankHindrance = (cycle: Cycles, own: Iterable<number>): string | undefined => {
    const fault = hindrance(cycle);
    if (fault !== undefined) return fault;
    for (const bank of own)
      if (ownRefreshEnd[bank]! > cycle)
        return `a refresh of bank ${bank} is at work until cycle ${ownRefreshEnd[bank]!}`;
    return undefined;
  };
  const column = (counts: Float64Array, cycle: Cycles, bank: number, row: number): string | undefined => {
    const fault = hindrance(cycle) ?? open.columnFault(bank, row);
    if (fault === undefined) counts[bank]!++;
    return fault;
  };
  const refreshed = (bank: number): number[] => refreshedBanks(banks, t.banksPerREFpb, bank);
  /** What of the banks that must be closed for the command is open. */
  const openFor = (command: ClosingCommand, bank: number): string | undefined => {
    const closed = t.closedBanks[command];
    if (closed === 'all' && open.banks() > 0) return `bank ${open.first()} has an open row`;
    const own = closed === 'own' ? refreshed(bank).find((each) => open.count(each) > 0) : undefined;
    return own === undefined ? undefined : `bank ${own} has an open row`;
  };

  function wake(cycle: Cycles): void {
    asleep = undefined;
    segments = segments
      .filter(({ until }) => until > cycle)
      .map(({ state, until }) => ({ state: AFTER_EXIT[state] ?? state, until }));
  }

  return {
    apply(command, cycle, bank, row, slowExit) {
      advance(cycle);
      switch (command) {
        case 'ACT': {
          const fault = bankHindrance(cycle, [bank]) ?? open.open(bank, row);
          if (fault !== undefined) return fault;
          act[bank]!++;
          return undefined;
        }
        case 'RD':
        case 'RDA':
          return column(rd, cycle, bank, row);
        case 'WR':
        case 'WRA':
          return column(wr, cycle, bank, row);
        case 'PRE': {
          const fault = bankHindrance(cycle, [bank]);
          if (fault === undefined) pre[bank]! += open.close(bank, row);
          return fault;
        }
        case 'PREA': {
          const fault = bankHindrance(cycle, ownRefreshEnd.keys());
          if (fault !== undefined) return fault;
          for (let b = 0; b < banks; b++) pre[b]! += open.close(b);
          return undefined;
        }
        case 'REFab': {
          const fault = bankHindrance(cycle, ownRefreshEnd.keys()) ?? openFor(command, bank);
          if (fault !== undefined) return fault;
          refAllBank++;
          refreshEnd = cycle + t.tRFC;
          segments = [{ state: 'activeCycles', until: cycle + t.tRFC - t.tRP }];
          return undefined;
        }
        case 'REFpb': {
          const own = refreshed(bank);
          const fault = bankHindrance(cycle, own) ?? openFor(command, bank);
          if (fault !== undefined) return fault;
          refPerBank[bank]!++;
          for (const each of own) {
            bankActive[each]! += t.tRAS + t.tRP;
            bankRefreshEnd[each] = cycle + t.tRAS + t.tRP;
            ownRefreshEnd[each] = cycle + t.tRFCpb;
          }
          return undefined;
        }
        case 'PDE': {
          const fault = asleep === undefined ? openFor(command, bank) : hindrance(cycle);
          if (fault !== undefined) return fault;
          if (open.banks() > 0) asleep = slowExit ? 'activePowerDownSlowCycles' : 'activePowerDownFastCycles';
          else asleep = slowExit ? 'prechargePowerDownSlowCycles' : 'prechargePowerDownFastCycles';
          return undefined;
        }
        case 'PDX':
          if (asleep === undefined || asleep === 'selfRefreshCycles') return 'the rank is not in power-down';
          wake(cycle);
          return undefined;
        case 'SRE': {
          const fault = bankHindrance(cycle, ownRefreshEnd.keys()) ?? openFor(command, bank);
          if (fault !== undefined) return fault;
          selfRefreshEntries++;
          refreshEnd = cycle + t.tRFC;
          asleep = 'selfRefreshCycles';
          segments = [
            { state: 'entryRefreshActiveCycles', until: cycle + t.tRFC - t.tRP },
            { state: 'entryRefreshPrechargedCycles', until: cycle + t.tRFC },
          ];
          return undefined;
        }
        case 'SRX':
          if (asleep !== 'selfRefreshCycles') return 'the rank is not in self-refresh';
          wake(cycle);
          return undefined;
        case 'SASEL':
          return undefined;
      }
    },
    closeHeld(cycle, bank, row) {
      advance(cycle);
      const sleeps = asleep !== undefined && asleep !== 'selfRefreshCycles';
      const fault = sleeps ? undefined : bankHindrance(cycle, [bank]);
      if (fault === undefined) pre[bank]! += open.close(bank, row);
      return fault;
    },
    busyUntil: () => (asleep === undefined ? (segments.at(-1)?.until ?? counted) : counted),
    finish(cycles) {
      advance(cycles);
      const late = (bank: number): Cycles => Math.max(0, bankRefreshEnd[bank]! - cycles);
      return {
        cycles,
        act,
        pre,
        rd,
        wr,
        refPerBank,
        refAllBank,
        selfRefreshEntries,
        ...spent,
        bankActiveCycles: bankActive.map((own, bank) => own + refreshActive - late(bank)),
      };
    },
  };
}
