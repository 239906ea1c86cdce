import type { ChannelActivity } from '../hardware/activity.ts';
import { banksPerRank, type Organisation } from '../hardware/device.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import { COMMAND } from './timing-table.ts';

const { ACT, PRE, PREA, RD, RDA, WR, WRA, REFab } = COMMAND;

/** Counts what commands do to each rank: all that an energy model needs. */
export interface ActivityCounter {
  command(cycle: number, command: number, rank: number, bank: number): void;
  /** The counts over the window from cycle 0 to `cycles`; the counter may go on. */
  activity(cycles: number): ChannelActivity;
}

/**
 * A bank is active from ACT to PRE, a rank while any bank of it is. As DRAMPower 4.1 counts, the rank of an all-bank
 * refresh is active for tRFC - tRP and precharged for the last tRP.
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
    refreshEnds: [] as number[],
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
    command(cycle, command, rankNumber, bank) {
      const rank = ranks[rankNumber]!;
      if (command === RD || command === RDA) rank.rd[bank]!++;
      else if (command === WR || command === WRA) rank.wr[bank]!++;
      else if (command === ACT) {
        rank.act[bank]!++;
        rank.openSince[bank] = cycle;
        if (rank.openBanks++ === 0) rank.rankOpenSince = cycle;
      } else if (command === PRE) close(rank, bank, cycle);
      else if (command === PREA) for (let b = 0; b < banks; b++) close(rank, b, cycle);
      else if (command === REFab) {
        rank.refAllBank++;
        rank.refreshEnds.push(cycle + refreshActive);
      }
    },
    activity(cycles) {
      return {
        cycles,
        ranks: ranks.map((rank) => {
          let active = rank.active + (rank.openBanks > 0 ? cycles - rank.rankOpenSince : 0);
          for (const end of rank.refreshEnds)
            active += Math.max(0, refreshActive - Math.max(0, end - cycles));
          const bankActiveCycles = rank.bankActive.map((sum, bank) =>
            rank.openSince[bank]! < 0 ? sum : sum + cycles - rank.openSince[bank]!,
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
