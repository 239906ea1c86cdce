import { pow } from '../elementary/power.ts';
import { InputError } from '../errors/input-error.ts';
import { suggest } from '../errors/suggest.ts';
import type { Device, Rail } from '../hardware/device.ts';
import type { Volts } from '../units/flavours.ts';

/**
 * How a rail's energy follows its voltage: `quadratic` (current follows voltage, E ~ V^2; fits the published savings
 * within 0.3 points), `linear` (currents stay, E ~ V), or any exponent (2.3 is what a circuit simulation of one
 * activation gives).
 */
export type RailLaw = 'quadratic' | 'linear' | { readonly exponent: number };

/** One law for all rails, or one for each rail by its name; rails that are not named follow `quadratic`. */
export type VoltageLaw = RailLaw | { readonly rails: Readonly<Record<string, RailLaw>> };

/**
 * Energy of a rail at `supply` over its energy at nominal supply; 1 for a rail that the supply knob leaves alone,
 * because rail voltage = nominal rail voltage x supply / nominal supply. Throws InputError for a supply outside the
 * device's range, an exponent that is no positive number, a law for a rail that the device does not have.
 */
export function voltageFactor(device: Device, rail: Rail, supply: Volts, law: VoltageLaw): number {
  const { nominal, min, max } = device.supply;
  if (!(supply >= min && supply <= max))
    throw new InputError(`supply ${supply} V is outside the range of ${device.name}, ${min} to ${max} V`, {
      remedy: `choose supplies between ${min} and ${max} V (nominal ${nominal} V)`,
    });
  const own = railLaw(device, rail, law);
  if (!rail.scaled) return 1;
  const ratio = supply / nominal;
  if (own === 'quadratic') return ratio * ratio;
  if (own === 'linear') return ratio;
  if (!(own.exponent > 0 && Number.isFinite(own.exponent)))
    throw new InputError(`a voltage law's exponent must be a positive number, not ${own.exponent}`);
  return pow(ratio, own.exponent);
}

/** A law as tables name it: "quadratic", "exponent 2.3", or "VDD1=linear, VDD2=exponent 2.3". */
export function lawInWords(law: VoltageLaw): string {
  if (typeof law === 'string') return law;
  if ('exponent' in law) return `exponent ${law.exponent}`;
  return Object.entries(law.rails)
    .map(([rail, own]) => `${rail}=${lawInWords(own)}`)
    .join(', ');
}

/** Voltage of a rail at `supply`. */
export const railVoltage = (device: Device, rail: Rail, supply: Volts): Volts =>
  rail.scaled ? rail.nominal * (supply / device.supply.nominal) : rail.nominal;

function railLaw(device: Device, rail: Rail, law: VoltageLaw): RailLaw {
  if (typeof law === 'string' || !('rails' in law)) return law;
  const known = device.rails.map(({ name }) => name);
  for (const name of Object.keys(law.rails))
    if (!known.includes(name))
      throw new InputError(`${device.name} has no rail "${name}" for a voltage law`, {
        remedy: suggest(name, known, 'rails'),
      });
  return law.rails[rail.name] ?? 'quadratic';
}
