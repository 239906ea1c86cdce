import { InputError } from '../errors/input-error.ts';
import type { ChannelActivity, RankActivity } from '../hardware/activity.ts';
import type { CurrentName, Device, Rail } from '../hardware/device.ts';
import type { Picojoules, Volts } from '../units/flavours.ts';
import { activation, background, burst, precharge, refresh } from './terms.ts';
import { type VoltageLaw, voltageFactor } from './voltage-law.ts';

/** Terms of the ledger, in the order in which they are summed. */
export const LEDGER_TERMS = ['act', 'pre', 'rd', 'wr', 'ref', 'background'] as const;
export type LedgerTerm = (typeof LEDGER_TERMS)[number];
export type TermEnergies = Readonly<Record<LedgerTerm, Picojoules>>;

/** DRAM energy of a run: all ranks and devices of a channel. */
export interface Ledger {
  /** Per term, rails added in the device's order. */
  readonly terms: TermEnergies;
  /** The terms added in the order of `LEDGER_TERMS`; nothing else is in it. */
  readonly total: Picojoules;
  /** Per rail, the same terms. */
  readonly rails: Readonly<Record<string, TermEnergies>>;
}

export interface EnergyOptions {
  readonly supply: Volts;
  readonly law: VoltageLaw;
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

/** Terms added in their stated order. */
export function addTerms(terms: TermEnergies): Picojoules {
  return LEDGER_TERMS.reduce((total, term) => total + terms[term], 0);
}

/**
 * Energy of what a channel did, by DRAMPower 4.1's equations per rail. Durations of commands are the datasheet's at
 * nominal supply (a stretched latency moves no more charge); background is real time. Throws InputError when the
 * device has no current for a state that the run entered.
 */
export function energyOf(device: Device, activity: ChannelActivity, options: EnergyOptions): Ledger {
  const rails = device.rails.map((rail) => [rail.name, railEnergy(device, rail, activity, options)] as const);
  if (rails.length === 0)
    throw new InputError(`${device.name} has no supply currents, so its energy is not known`, {
      remedy: 'its timing can be simulated; for energy choose a device with currents (sparkxd devices)',
    });
  const terms = Object.fromEntries(
    LEDGER_TERMS.map((term) => [term, rails.reduce((total, [, own]) => total + own[term], 0)]),
  ) as Record<LedgerTerm, Picojoules>;
  return { terms, total: addTerms(terms), rails: Object.fromEntries(rails) };
}

/** Command energy of one burst of each kind on the whole channel: what a row hit, miss and conflict cost. */
export function commandEnergies(
  device: Device,
  options: EnergyOptions,
): Record<'ACT' | 'PRE' | 'RD' | 'WR' | 'REFab', Picojoules> {
  const one = (over: Partial<RankActivity>): ChannelActivity => ({
    cycles: 0,
    ranks: [{ ...NOTHING, ...over }],
  });
  const total = (over: Partial<RankActivity>): Picojoules => energyOf(device, one(over), options).total;
  const ONE = Float64Array.of(1);
  return {
    ACT: total({ act: ONE }),
    PRE: total({ pre: ONE }),
    RD: total({ rd: ONE }),
    WR: total({ wr: ONE }),
    REFab: total({ refAllBank: 1 }),
  };
}

const NONE = Float64Array.of(0);
const NOTHING: RankActivity = {
  cycles: 0,
  ...{ act: NONE, pre: NONE, rd: NONE, wr: NONE, refPerBank: NONE, refAllBank: 0, bankActiveCycles: NONE },
  ...{ activeCycles: 0, prechargedCycles: 0, selfRefreshCycles: 0, selfRefreshEntries: 0 },
  ...{ activePowerDownFastCycles: 0, activePowerDownSlowCycles: 0 },
  ...{ prechargePowerDownFastCycles: 0, prechargePowerDownSlowCycles: 0 },
};

function railEnergy(
  device: Device,
  rail: Rail,
  activity: ChannelActivity,
  options: EnergyOptions,
): TermEnergies {
  const { organisation, timing, clock } = device;
  const scale = organisation.devicesPerRank * voltageFactor(device, rail, options.supply, options.law);
  const V = rail.nominal;
  const tCK = 1000 / clock;
  const { tRAS, tRC, tRFCab } = timing as Record<string, number>;
  const burstTime = (organisation.burstLength / organisation.dataRate) * tCK;
  const current = (name: CurrentName): number => {
    const value = rail.currents[name];
    if (value === undefined)
      throw new InputError(`${device.name} gives no ${name} for ${rail.name}, which this run needs`, {
        remedy: 'add it to the device file with its source, or choose a device that has it',
      });
    return value;
  };
  /** A term is worked out only when it happened, so a current that is not needed may be missing. */
  const when = (count: number, energy: (count: number) => Picojoules): Picojoules =>
    count === 0 ? 0 : scale * energy(count);

  const terms: Record<LedgerTerm, Picojoules> = { act: 0, pre: 0, rd: 0, wr: 0, ref: 0, background: 0 };
  for (const rank of activity.ranks) {
    terms.act += when(sum(rank.act), (n) => activation(n, tRAS!, current('IDD0'), current('IDD3N'), V));
    terms.pre += when(sum(rank.pre), (n) => precharge(n, tRC!, tRAS!, current('IDD0'), current('IDD2N'), V));
    terms.rd += when(sum(rank.rd), (n) => burst(n, burstTime, current('IDD4R'), current('IDD3N'), V));
    terms.wr += when(sum(rank.wr), (n) => burst(n, burstTime, current('IDD4W'), current('IDD3N'), V));
    terms.ref += when(rank.refAllBank, (n) => refresh(n, tRFCab!, current('IDD5'), current('IDD3N'), V));
    terms.background +=
      when(rank.activeCycles, (n) => background(n * tCK, current('IDD3N'), V)) +
      when(rank.prechargedCycles, (n) => background(n * tCK, current('IDD2N'), V));
  }
  return terms;
}
