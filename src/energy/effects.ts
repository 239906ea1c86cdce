import type { ChannelActivity } from '../hardware/activity.ts';
import type { Device } from '../hardware/device.ts';
import type { Picojoules } from '../units/flavours.ts';
import { type EnergyOptions, energyOf } from './energy-of.ts';

/** What a lower supply changes in the energy of the same requests, by cause; negative where it saves. */
export interface SupplyEffects {
  /** The nominal run's own commands and cycles at the lower voltage. */
  readonly voltage: Picojoules;
  /** What the run at the lower supply's slower timing costs beyond that: longer standby, another schedule. */
  readonly timing: Picojoules;
}

/**
 * Parts the change from `nominal` (run at nominal supply) to `reduced` (run at `options.supply`). The two parts add up
 * to the whole change to the last bit, unless a ledger passes 8.8 J. Throws InputError as `energyOf` does.
 */
export function supplyEffects(
  device: Device,
  nominal: ChannelActivity,
  reduced: ChannelActivity,
  options: EnergyOptions,
): SupplyEffects {
  const accurate = energyOf(device, nominal, { ...options, supply: device.supply.nominal }).total;
  const unhurried = energyOf(device, nominal, options).total;
  return {
    voltage: unhurried - accurate,
    timing: energyOf(device, reduced, options).total - unhurried,
  };
}
