import { InputError } from '../errors/input-error.ts';
import type { RankActivity } from '../hardware/activity.ts';
import type { CurrentName } from '../hardware/currents.ts';
import { banksPerRank, type Device, type Rail } from '../hardware/device.ts';
import { placeIn } from '../hardware/model-places.ts';
import type { PerBankRefreshEnergy } from '../hardware/standard.ts';
import type { Milliamperes, Nanoseconds, Picojoules, Volts } from '../units/flavours.ts';
import { bankRefreshCurrent } from './core-terms.ts';
import type { LedgerTerm } from './ledger.ts';

/** Durations of commands at nominal supply: stretching a latency moves no more charge. */
export interface Durations {
  readonly tCK: Nanoseconds;
  readonly tRAS: Nanoseconds;
  readonly tRC: Nanoseconds;
  readonly tRP: Nanoseconds;
  readonly tRFC: Nanoseconds;
  /** One burst on the data bus. */
  readonly tB: Nanoseconds;
}

/** What a rail's energy is worked out from. `current` throws InputError for one that the device does not give. */
export interface RailContext {
  readonly device: Device;
  readonly rail: Rail;
  /** The device's first rail (DRAMPower 4.1 charges some terms to it alone). */
  readonly first: boolean;
  readonly banks: number;
  /** What is known of per-bank refresh. Throws InputError where the standard has none. */
  perBankRefresh(): BankRefreshOfRail;
  readonly times: Durations;
  readonly V: Volts;
  current(name: CurrentName): Milliamperes;
}

/** What a per-bank refresh draws from a rail. */
export interface BankRefreshOfRail extends Pick<PerBankRefreshEnergy, 'rails'> {
  readonly tRFCpb: Nanoseconds;
  /** The current while the refresh lasts; undefined where one activation stands for it. */
  readonly current: Milliamperes | undefined;
}

/** Takes one energy of one device; `bank` undefined is what the banks share. */
export type Entry = (term: LedgerTerm, energy: Picojoules, bank?: number) => void;

/**
 * The energy of one rail in one rank at nominal voltage. A model asks for a current only when the state or command
 * that needs it occurred, so a current that a run does not need may be missing.
 */
export type RailModel = (context: RailContext, rank: RankActivity, enter: Entry) => void;

export function railContext(device: Device, rail: Rail): RailContext {
  const current = (name: CurrentName): Milliamperes => {
    const value = rail.currents[name];
    if (value === undefined)
      throw new InputError(`${device.name} gives no ${name} for ${rail.name}, which this run needs`, {
        ...(rail.currentsPlace === undefined ? {} : { place: rail.currentsPlace }),
        remedy: 'add it to the device file with its source, or choose a device that has it',
      });
    return value;
  };
  return {
    device,
    rail,
    first: rail === device.rails[0],
    banks: banksPerRank(device.organisation),
    times: durationsOf(device),
    perBankRefresh() {
      const { standard, timing } = device;
      const energy = standard.perBankRefreshEnergy;
      const tRFCpb = timing['tRFCpb'];
      if (energy === undefined || tRFCpb === undefined)
        throw new InputError(
          `${standard.name} has no per-bank refresh, so its energy is not known`,
          placeIn(standard.places),
        );
      const { rails, withoutIDD5PB } = energy;
      if (rail.currents.IDD5PB === undefined && withoutIDD5PB === 'activation')
        return { rails, tRFCpb, current: undefined };
      const IDD5PB = current('IDD5PB');
      const interval = rail.bankRefreshInterval;
      if (interval === undefined)
        throw new InputError(
          `${device.name} does not say over which time IDD5PB of ${rail.name} is an average`,
          rail.currentsPlace === undefined ? {} : { place: rail.currentsPlace },
        );
      const during =
        interval === tRFCpb ? IDD5PB : bankRefreshCurrent(IDD5PB, current('IDD2N'), interval, tRFCpb);
      return { rails, tRFCpb, current: during };
    },
    V: rail.nominal,
    current,
  };
}

/** Throws InputError when the device lacks one of the times that every DRAM has. */
export function durationsOf(device: Device): Durations {
  const { timing, clock, organisation, standard } = device;
  const time = (name: string): Nanoseconds => {
    const value = timing[name];
    // A device gives all parameters of its standard, so it is there that one is missing.
    if (value === undefined)
      throw new InputError(
        `${device.name} gives no ${name}, which its energy needs`,
        placeIn(standard.places, 'parameters'),
      );
    return value;
  };
  const tCK = 1000 / clock;
  return {
    tCK,
    tRAS: time('tRAS'),
    tRC: time('tRC'),
    tRP: time('tRP'),
    tRFC: time('tRFCab'),
    tB: (organisation.burstLength / organisation.dataRate) * tCK,
  };
}
