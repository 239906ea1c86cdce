import { subarrayOfRow } from '../hardware/bank-index.ts';
import type { DramCommand } from '../hardware/dram-command.ts';
import { refreshedBanks } from '../hardware/refreshed-banks.ts';
import { cyclesOf, type ResolvedTiming } from '../hardware/resolved-timing.ts';
import type { Level } from '../hardware/standard.ts';
import type { Cycles } from '../units/flavours.ts';
import { broken, type Violation } from './checker-violation.ts';

/** Rules of state: open rows, power-down, self-refresh, refreshes that are due. */
export interface RankRules {
  check(command: DramCommand): Violation[];
  end(cycle: Cycles): Violation[];
}

interface RankState {
  /** By bank: the open row of each of its subarrays (all of a bank count as subarray 0 unless they are used apart). */
  readonly open: Map<number, Map<number, number>>;
  /** By bank: the subarray that drives the global bitlines. */
  readonly selected: Map<number, number>;
  asleep: 'power-down' | 'self-refresh' | undefined;
  /** Since when the rank has owed refreshes of its own, without the time spent in self-refresh. */
  owedSince: Cycles;
  asleepSince: Cycles;
  /** By bank: refreshes so far, and parts of one. An all-bank refresh counts for all of them. */
  readonly refreshes: number[];
  /** The fewest refreshes that any bank has had. */
  fewestRefreshes: number;
}

interface Shape {
  readonly ranks: number;
  readonly banks: number;
  readonly rowsPerSubarray: number;
}

/** Shares of refreshes add up to whole ones but for this. */
const ROUNDING = 1e-6;

/**
 * What a REFpb counts for in the refreshes of its banks: where the standard has each bank refreshed several times in tREFI, each
 * time a part of its rows, that part.
 */
function shareOfREFpb(timing: ResolvedTiming, banks: number): number {
  const { perBankRefreshInterval: interval, banksPerREFpb } = timing.rules;
  if (interval === undefined) return 1;
  const round = interval * (banks / banksPerREFpb);
  return 1 / Math.max(1, Math.round(cyclesOf(timing, 'tREFI') / round));
}

export function createRankRules(
  { ranks, banks, rowsPerSubarray }: Shape,
  timing: ResolvedTiming,
  postponedRefreshes: number,
): RankRules {
  const { subarrays } = timing;
  const { closedBanks, banksPerREFpb } = timing.rules;
  const interval = cyclesOf(timing, 'tREFI');
  const perBankShare = shareOfREFpb(timing, banks);
  const states = Array.from(
    { length: ranks },
    (): RankState => ({
      open: new Map(),
      selected: new Map(),
      asleep: undefined,
      owedSince: 0,
      asleepSince: 0,
      refreshes: new Array<number>(banks).fill(0),
      fewestRefreshes: 0,
    }),
  );
  const subarrayOf = ({ row }: DramCommand): number =>
    subarrays ? subarrayOfRow({ rowsPerSubarray }, row) : 0;
  const closed: ReadonlyMap<number, number> = new Map();
  const allBanks = Array.from({ length: banks }, (_, bank) => bank);

  /**
   * Every bank is due once in tREFI, whichever command refreshes it. Each postponed refresh beyond the limit is reported once,
   * for all banks that lack it together: as the rank's if no bank has had it, else as that of the first bank that lacks it.
   */
  function overdue(state: RankState, cycle: Cycles, command: DramCommand): Violation[] {
    const found: Violation[] = [];
    const limit = `within ${1 + postponedRefreshes} x tREFI`;
    for (;;) {
      const { refreshes, fewestRefreshes: fewest } = state;
      const lacks = (count: number): boolean => count + ROUNDING < fewest + 1;
      const latest = state.owedSince + (fewest + 1 + postponedRefreshes) * interval;
      if (!(cycle > latest)) return found;
      const ofRank = refreshes.every(lacks);
      const rule = ofRank
        ? broken(`refresh ${limit}`, 'rank', command)
        : broken(`refresh of bank ${refreshes.findIndex(lacks)} ${limit}`, 'bank', command);
      found.push({ ...rule, missing: cycle - latest });
      refreshes.forEach((count, bank) => {
        if (lacks(count)) refreshes[bank] = fewest + 1;
      });
      state.fewestRefreshes = fewest + 1;
    }
  }

  function countRefresh(state: RankState, refreshed: readonly number[], share: number): void {
    for (const bank of refreshed) state.refreshes[bank]! += share;
    state.fewestRefreshes = Math.floor(Math.min(...state.refreshes) + ROUNDING);
  }

  /** Banks that a command refreshes: those of a REFpb, or all. */
  const banksRefreshedBy = ({ command, bank }: DramCommand): readonly number[] =>
    command === 'REFpb' && bank >= 0 ? refreshedBanks(banks, banksPerREFpb, bank) : allBanks;

  function stateRules(state: RankState, command: DramCommand): Violation[] {
    const { command: name } = command;
    const rule = (text: string, level: Level = 'bank'): Violation[] => [broken(text, level, command)];
    if (state.asleep === 'power-down' && name !== 'PDX')
      return rule('no command but PDX in power-down', 'rank');
    if (state.asleep === 'self-refresh' && name !== 'SRX')
      return rule('no command but SRX in self-refresh', 'rank');
    const open = state.open.get(command.bank) ?? closed;
    const subarray = subarrayOf(command);
    const row = open.get(subarray);
    switch (name) {
      case 'ACT':
        if (row !== undefined) return rule(`ACT needs a closed ${subarrays ? 'subarray' : 'bank'}`);
        if (subarrays && subarrays.openSubarrays !== 'all' && open.size >= subarrays.openSubarrays)
          return rule(`at most ${subarrays.openSubarrays} open subarrays in a bank`);
        return [];
      case 'RD':
      case 'RDA':
      case 'WR':
      case 'WRA':
        if (row === undefined) return rule('a column needs an open bank');
        if (row !== command.row) return rule('a column needs its own row to be open');
        if (subarrays?.openSubarrays === 2 && open.size > 1)
          return rule('a column needs the older subarray to be closed');
        if (subarrays?.select && state.selected.get(command.bank) !== subarray)
          return rule('a column needs its subarray to be selected');
        return [];
      case 'SASEL':
        return row === undefined ? rule('SASEL needs an open subarray') : [];
      case 'REFab':
      case 'REFpb':
      case 'SRE':
      case 'PDE':
        if (closedBanks[name] === 'all' && state.open.size > 0)
          return rule(`${name} needs all banks closed`, 'rank');
        if (closedBanks[name] === 'own' && banksRefreshedBy(command).some((bank) => state.open.has(bank)))
          return rule(`${name} needs a closed bank`);
        return [];
      case 'PDX':
        return state.asleep ? [] : rule('PDX needs power-down', 'rank');
      case 'SRX':
        return state.asleep ? [] : rule('SRX needs self-refresh', 'rank');
      default:
        return [];
    }
  }

  function follow(state: RankState, command: DramCommand): void {
    const { command: name, cycle, bank, row } = command;
    const subarray = subarrayOf(command);
    switch (name) {
      case 'ACT': {
        const open = state.open.get(bank);
        if (open) open.set(subarray, row);
        else state.open.set(bank, new Map([[subarray, row]]));
        state.selected.set(bank, subarray);
        return;
      }
      case 'SASEL':
        state.selected.set(bank, subarray);
        return;
      case 'PRE':
      case 'RDA':
      case 'WRA': {
        const open = state.open.get(bank);
        if (subarrays?.openSubarrays === 1) open?.clear();
        else open?.delete(subarray);
        if (open?.size === 0) state.open.delete(bank);
        return;
      }
      case 'PREA':
        state.open.clear();
        return;
      case 'REFab':
      case 'REFpb':
        countRefresh(state, banksRefreshedBy(command), name === 'REFpb' ? perBankShare : 1);
        return;
      case 'PDE':
        state.asleep = 'power-down';
        return;
      case 'SRE':
        state.asleep = 'self-refresh';
        state.asleepSince = cycle;
        return;
      case 'SRX':
        state.owedSince += cycle - state.asleepSince;
        state.asleep = undefined;
        return;
      case 'PDX':
        state.asleep = undefined;
        return;
      default:
    }
  }

  return {
    check(command) {
      const state = states[command.rank]!;
      const found = stateRules(state, command);
      const inSelfRefresh = state.asleep === 'self-refresh';
      if (!inSelfRefresh) found.push(...overdue(state, command.cycle, command));
      follow(state, command);
      return found;
    },
    end: (cycle) =>
      states.flatMap((state, rank) =>
        state.asleep === 'self-refresh'
          ? []
          : overdue(state, cycle, { cycle, command: 'REFab', rank, bank: -1, row: 0, column: 0 }),
      ),
  };
}
