import type { BankwiseStates } from '../hardware/activity.ts';
import { refreshedBanks } from '../hardware/refreshed-banks.ts';
import type { CommandName } from '../hardware/standard.ts';
import type { Cycles } from '../units/flavours.ts';
import type { CommandDurations } from './completion.ts';

/** Counts the time of one rank as `BankwiseStates` says. It takes only commands that the state of the rank allows. */
export interface BankwiseCounter {
  apply(command: CommandName, cycle: Cycles, bank: number): void;
  /** The counts over the window from 0 to `cycles`; the last call. */
  finish(cycles: Cycles): BankwiseStates;
}

export function createBankwiseStates(banks: number, t: CommandDurations): BankwiseCounter {
  const bankActive = new Float64Array(banks);
  const spent = { active: 0, precharged: 0, activePowerDown: 0, prechargePowerDown: 0, selfRefresh: 0 };
  type State = keyof typeof spent;
  /** Open rows of each bank, and of all banks. */
  const open = new Float64Array(banks);
  let openRows = 0;
  let asleep: 'power-down' | 'self-refresh' | undefined;
  /** The end of the last all-bank refresh, of the last per-bank refresh, and of the last one of each bank. */
  let refreshEnd: Cycles = 0;
  let bankRefreshEnd: Cycles = 0;
  const ownRefreshEnd = new Float64Array(banks);
  /** The earliest cycle at which a power-down could begin, and at which the present one begins. */
  let earliest: Cycles = 0;
  let sleepFrom: Cycles = 0;
  /** Whether a row was open as it was entered: a precharge that an RDA or WRA holds may close it later. */
  let sleepsActive = false;
  let counted: Cycles = 0;

  const notBefore = (cycle: Cycles): void => {
    earliest = Math.max(earliest, cycle);
  };

  /** The state at cycle `counted`, and the cycle at which it may end without a command. */
  function now(): { readonly state: State; readonly until: Cycles; readonly refreshes: boolean } {
    const isActive = asleep === 'power-down' ? sleepsActive : openRows > 0;
    const state = isActive ? 'active' : 'precharged';
    const lasting = { state, until: Number.POSITIVE_INFINITY, refreshes: false } as const;
    if (counted < refreshEnd) return { state: 'active', until: refreshEnd, refreshes: true };
    if (counted < bankRefreshEnd) return { state: 'active', until: bankRefreshEnd, refreshes: false };
    if (asleep === 'self-refresh') return { ...lasting, state: 'selfRefresh' };
    if (asleep === undefined) return lasting;
    if (counted < sleepFrom) return { ...lasting, until: sleepFrom };
    return { ...lasting, state: isActive ? 'activePowerDown' : 'prechargePowerDown' };
  }

  function advance(cycle: Cycles): void {
    while (counted < cycle) {
      const { state, until, refreshes } = now();
      const end = Math.min(until, cycle);
      spent[state] += end - counted;
      if (state === 'active')
        for (let bank = 0; bank < banks; bank++)
          if (refreshes || open[bank]! > 0) bankActive[bank]! += end - counted;
      counted = end;
    }
  }

  function close(bank: number, cycle: Cycles): void {
    if (open[bank] === 0) return;
    open[bank]!--;
    openRows--;
    notBefore(cycle + t.tRP);
  }

  return {
    apply(command, cycle, bank) {
      advance(cycle);
      switch (command) {
        case 'ACT':
          open[bank]!++;
          openRows++;
          notBefore(cycle + t.tRCD);
          return;
        case 'PRE':
          close(bank, cycle);
          return;
        case 'PREA':
          for (let b = 0; b < banks; b++) while (open[b]! > 0) close(b, cycle);
          return;
        case 'REFab':
        case 'SRE':
          refreshEnd = cycle + t.tRFC;
          notBefore(refreshEnd);
          if (command === 'SRE') asleep = 'self-refresh';
          return;
        case 'REFpb':
          for (const own of refreshedBanks(banks, t.banksPerREFpb, bank)) {
            bankActive[own]! += t.tRFCpb;
            ownRefreshEnd[own] = cycle + t.tRFCpb;
          }
          bankRefreshEnd = Math.max(bankRefreshEnd, cycle + t.tRFCpb);
          notBefore(bankRefreshEnd);
          return;
        case 'PDE':
          asleep = 'power-down';
          sleepsActive = openRows > 0;
          sleepFrom = Math.max(cycle, earliest);
          return;
        case 'PDX':
          asleep = undefined;
          if (openRows > 0) notBefore(Math.max(cycle, earliest) + t.tRCD);
          return;
        case 'SRX':
          asleep = undefined;
          return;
        default:
          return;
      }
    },
    finish(cycles) {
      advance(cycles);
      const late = (bank: number): Cycles => Math.max(0, ownRefreshEnd[bank]! - cycles);
      return {
        bankActiveCycles: bankActive.map((active, bank) => active - late(bank)),
        activeCycles: spent.active,
        prechargedCycles: spent.precharged,
        activePowerDownCycles: spent.activePowerDown,
        prechargePowerDownCycles: spent.prechargePowerDown,
        selfRefreshCycles: spent.selfRefresh,
      };
    },
  };
}
