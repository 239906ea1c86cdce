import { InputError } from '../errors/input-error.ts';
import type { ChannelActivity } from '../hardware/activity.ts';
import type { DataPins, Device } from '../hardware/device.ts';
import type { Picojoules, Volts } from '../units/flavours.ts';
import { OWN_CURRENTS, withCurrents } from './current-set.ts';
import { type EnergyModel, energyOf } from './energy-of.ts';
import { pinsLabel } from './io.ts';
import { lawInWords, type VoltageLaw } from './voltage-law.ts';

/** The laws between which public sources leave the energy: currents that stay, and a circuit simulation's exponent. */
export const PUBLIC_LAWS: readonly VoltageLaw[] = ['linear', 'quadratic', { exponent: 2.3 }];

/** A device whose rails the energy may be of, and what they are called: as a study sets them, or as the part has them. */
export interface RailChoice {
  readonly name: string;
  readonly device: Device;
}

/** What the DRAM did, to be priced in any number of ways. */
export interface PricedTraffic {
  readonly activity: ChannelActivity;
  /** Accesses or inferences that the energy is divided by. */
  readonly units: number;
  /** What the bits read cost over the datasheet's pattern (docs/energy.md, "Data"); default 1. */
  readonly readFactor?: number;
}

/** What a saving is worked out from. */
export interface SavingTraffic {
  /** At nominal supply. */
  readonly baseline: PricedTraffic;
  readonly point: PricedTraffic;
}

/** What is not known for certain, as lists of what it may be. */
export interface Uncertain {
  /** The first has the supply as it is given; of the others the same share of their nominal supply is taken. */
  readonly rails: readonly RailChoice[];
  readonly laws: readonly VoltageLaw[];
  /** Undefined stands for core currents alone. */
  readonly pins: readonly (DataPins | undefined)[];
}

/** One way of pricing, and the saving that it gives: 1 - energy a unit of the point / energy a unit of the baseline. */
export interface SavingCase {
  /** Name of the set of currents; `own` for the device's. */
  readonly currents: string;
  readonly law: string;
  readonly rails: string;
  /** As `pinsLabel` writes them. */
  readonly pins: string;
  readonly saving: number;
}

/** A saving with what it may be. */
export interface SavingRange {
  readonly low: number;
  readonly high: number;
  /** At least one; by rails, currents and pins, the laws of each together. */
  readonly cases: readonly SavingCase[];
  /** Sets of currents, or rails, that could not be priced, and why. */
  readonly left: readonly { readonly rails: string; readonly currents: string; readonly why: string }[];
}

/**
 * The range of a saving over every public set of currents, voltage law, choice of rails, and data pins in or out. Cycles
 * and commands depend on none of these, so the activity is worked out once and priced many times. A set that lacks a
 * current which the traffic needs is left out and named. Throws InputError where nothing can be priced.
 */
export function savingRange(
  { baseline, point }: SavingTraffic,
  { rails, laws, pins }: Uncertain,
  { supply, model, rho = 1 }: { readonly supply: Volts; readonly model: EnergyModel; readonly rho?: number },
): SavingRange {
  const ratio = supply / rails[0]!.device.supply.nominal;
  const cases: SavingCase[] = [];
  const left: SavingRange['left'][number][] = [];
  let failure: InputError | undefined;
  for (const { name, device } of rails)
    for (const currents of [OWN_CURRENTS, ...device.otherCurrents.map((set) => set.name)])
      try {
        cases.push(...casesOf(name, currents, withCurrents(device, currents)));
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        failure ??= error;
        left.push({ rails: name, currents, why: error.message });
      }
  if (cases.length === 0) throw failure ?? new InputError('no rails to price a saving with');
  const savings = cases.map(({ saving }) => saving);
  return { low: Math.min(...savings), high: Math.max(...savings), cases, left };

  function casesOf(name: string, currents: string, device: Device): SavingCase[] {
    const { nominal } = device.supply;
    const same = nominal === rails[0]!.device.supply.nominal;
    const reduced = same ? supply : nominal * ratio;
    return pins.flatMap((io) =>
      laws.map((law) => {
        const unit = ({ activity, units, readFactor = 1 }: PricedTraffic, at: Volts): Picojoules => {
          const { total, terms } = energyOf(device, activity, { supply: at, law, model, rho, io });
          return (total + terms.rd * (readFactor - 1)) / units;
        };
        const saving = 1 - unit(point, reduced) / unit(baseline, nominal);
        return { currents, law: lawInWords(law), rails: name, pins: pinsLabel(io), saving };
      }),
    );
  }
}

/** The public laws, and that of a job where it is none of them. */
export function lawsWith(own: VoltageLaw): VoltageLaw[] {
  const known = PUBLIC_LAWS.some((law) => lawInWords(law) === lawInWords(own));
  return known ? [...PUBLIC_LAWS] : [own, ...PUBLIC_LAWS];
}

/** Core currents alone, and with the data pins of a job, or else of the device, where either gives them. */
export function pinsWith(own: DataPins | undefined, { io }: Device): (DataPins | undefined)[] {
  const pins = own ?? io;
  return pins === undefined ? [undefined] : [undefined, pins];
}
