/**
 * `sparkxd/energy`: the energy of what a memory did, by DRAMPower's equations, at any supply. Knows no scheduling: it takes counts
 * and cycles (`ChannelActivity`), from `sparkxd/dram` or from a list of commands. Energies are in pJ, powers in mW.
 *
 * ```ts
 * import { commandEnergies, energyOf } from 'sparkxd/energy';
 *
 * const ledger = energyOf(device, replayed.activity, { supply: 1.1, law: 'quadratic' });
 * const { ACT, RD } = commandEnergies(device, { supply: 1.1, law: 'quadratic' });
 * ```
 */

export { activityFromCommands, type WindowOptions } from '../energy/activity-from-commands.ts';
export { type CommandEnergies, commandEnergies, conditionEnergies } from '../energy/command-energies.ts';
export { withCurrents } from '../energy/current-set.ts';
export { type SupplyEffects, supplyEffects } from '../energy/effects.ts';
export {
  DEFAULT_ENERGY_MODEL,
  ENERGY_MODELS,
  type EnergyModel,
  type EnergyOptions,
  energyOf,
  hasCurrents,
} from '../energy/energy-of.ts';
export { LEDGER_TERMS, type Ledger, type LedgerTerm } from '../energy/ledger.ts';
export {
  type RailChoice,
  type SavingCase,
  type SavingRange,
  type SavingTraffic,
  savingRange,
  type Uncertain,
} from '../energy/saving-range.ts';
export { type RailLaw, railVoltage, type VoltageLaw, voltageFactor } from '../energy/voltage-law.ts';
export { InputError, type Place } from '../errors/input-error.ts';
export type { ChannelActivity, RankActivity } from '../hardware/activity.ts';
export { CURRENTS, type CurrentName } from '../hardware/currents.ts';
export type { DataPins, Device, Rail } from '../hardware/device.ts';
export type { Milliamperes, Picojoules, Volts } from '../units/flavours.ts';
