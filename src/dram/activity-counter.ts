import type { ChannelActivity } from '../hardware/activity.ts';
import { banksPerRank, type Organisation } from '../hardware/device.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import { ACT, PRE, PREA } from './timing-table.ts';

/** Counts what commands do to each rank: all that an energy model needs. */
export interface ActivityCounter {
  /** ACT, PRE, PREA or REFab, numbered as in `ISSUED_COMMANDS`; bank -1 for those to the whole rank. */
  row(cycle: number, command: number, rank: number, bank: number): void;
  columns(write: boolean, rank: number, bank: number, count: number): void;
  /** The counts over the window from cycle 0 to `cycles`; the counter may go on. */
  activity(cycles: number): ChannelActivity;
}

/**
 * A bank is active from ACT to PRE, a rank while any bank of it is. As DRAMPower 4.1 counts, the rank of an all-bank
 * refresh and its banks are active for tRFC - tRP and precharged for the last tRP (see `RankActivity`).
 */
export function createActivityCounter(organisation: Organisation, timing: ResolvedTiming): ActivityCounter {
  const banks = banksPerRank(organisation);
  const refreshActive = timing.parameters['tRFCab']! - timing.parameters['tRP']!;
  const ranks = Array.from({ length: organisation.ranks }, () => ({
    act: new Float64Array(banks),
    pre: new Float64Array(banks),
    rd: new Float64Array(banks),
    wr: new Float64Array(banks),
    refAllBank: 0,
    openSince: new Float64Array(banks).fill(-1),
    openBanks: 0,
    rankOpenSince: 0,
    bankActive: new Float64Array(banks),
    active: 0,
    lastRefreshEnd: 0,
  }));
  type Rank = (typeof ranks)[number];

  const close = (rank: Rank, bank: number, cycle: number): void => {
    if (rank.openSince[bank]! < 0) return;
    rank.pre[bank]!++;
    rank.bankActive[bank]! += cycle - rank.openSince[bank]!;
    rank.openSince[bank] = -1;
    if (--rank.openBanks === 0) rank.active += cycle - rank.rankOpenSince;
  };

  return {
    row(cycle, command, rankNumber, bank) {
      const rank = ranks[rankNumber]!;
      if (command === ACT) {
        rank.act[bank]!++;
        rank.openSince[bank] = cycle;
        if (rank.openBanks++ === 0) rank.rankOpenSince = cycle;
      } else if (command === PRE) close(rank, bank, cycle);
      else if (command === PREA) for (let b = 0; b < banks; b++) close(rank, b, cycle);
      else {
        rank.refAllBank++;
        rank.lastRefreshEnd = cycle + refreshActive;
      }
    },
    columns(write, rankNumber, bank, count) {
      const rank = ranks[rankNumber]!;
      const columns = write ? rank.wr : rank.rd;
      columns[bank] = columns[bank]! + count;
    },
    activity(cycles) {
      return {
        cycles,
        ranks: ranks.map((rank) => {
          let active = rank.active + (rank.openBanks > 0 ? cycles - rank.rankOpenSince : 0);
          // Only the last refresh can reach beyond the window.
          const refreshing = rank.refAllBank * refreshActive - Math.max(0, rank.lastRefreshEnd - cycles);
          active += refreshing;
          const bankActiveCycles = rank.bankActive.map((sum, bank) =>
            rank.openSince[bank]! < 0 ? sum + refreshing : sum + refreshing + cycles - rank.openSince[bank]!,
          );
          return {
            cycles,
            act: rank.act,
            pre: rank.pre,
            rd: rank.rd,
            wr: rank.wr,
            refPerBank: new Float64Array(banks),
            refAllBank: rank.refAllBank,
            bankActiveCycles,
            activeCycles: active,
            prechargedCycles: cycles - active,
            activePowerDownFastCycles: 0,
            activePowerDownSlowCycles: 0,
            prechargePowerDownFastCycles: 0,
            prechargePowerDownSlowCycles: 0,
            selfRefreshCycles: 0,
            entryRefreshActiveCycles: 0,
            entryRefreshPrechargedCycles: 0,
            exitRefreshActiveCycles: 0,
            exitRefreshPrechargedCycles: 0,
            selfRefreshEntries: 0,
          };
        }),
      };
    },
  };
}
