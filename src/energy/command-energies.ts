import type { ChannelActivity, RankActivity } from '../hardware/activity.ts';
import { banksPerRank, type Device } from '../hardware/device.ts';
import type { Picojoules } from '../units/flavours.ts';
import { type EnergyOptions, energyOf } from './energy-of.ts';

/** Energy of one command each on all devices of a rank, without the background that flows meanwhile. */
export interface CommandEnergies {
  readonly ACT: Picojoules;
  readonly PRE: Picojoules;
  readonly RD: Picojoules;
  readonly WR: Picojoules;
  readonly REFab: Picojoules;
}

/** Throws InputError as `energyOf` does. */
export function commandEnergies(device: Device, options: EnergyOptions): CommandEnergies {
  const banks = banksPerRank(device.organisation);
  const once = Float64Array.from({ length: banks }, (_, bank) => (bank === 0 ? 1 : 0));
  const total = (over: Partial<RankActivity>): Picojoules =>
    energyOf(device, oneRank({ ...idleRank(banks), ...over }), options).total;
  return {
    ACT: total({ act: once }),
    PRE: total({ pre: once }),
    RD: total({ rd: once }),
    WR: total({ wr: once }),
    REFab: total({ refAllBank: 1 }),
  };
}

/** Command energy of one read in each condition: a hit is RD, a miss ACT + RD, a conflict PRE + ACT + RD. */
export function conditionEnergies({ ACT, PRE, RD }: CommandEnergies): {
  readonly hit: Picojoules;
  readonly miss: Picojoules;
  readonly conflict: Picojoules;
} {
  return { hit: RD, miss: ACT + RD, conflict: PRE + ACT + RD };
}

const oneRank = (rank: RankActivity): ChannelActivity => ({ cycles: rank.cycles, ranks: [rank] });

/** A rank over an empty window. */
export function idleRank(banks: number): RankActivity {
  const none = (): Float64Array => new Float64Array(banks);
  return {
    cycles: 0,
    act: none(),
    pre: none(),
    rd: none(),
    wr: none(),
    refPerBank: none(),
    refAllBank: 0,
    bankActiveCycles: none(),
    activeCycles: 0,
    prechargedCycles: 0,
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
    bankwise: {
      bankActiveCycles: none(),
      activeCycles: 0,
      prechargedCycles: 0,
      activePowerDownCycles: 0,
      prechargePowerDownCycles: 0,
      selfRefreshCycles: 0,
    },
  };
}
