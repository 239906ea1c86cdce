import { DATA_PINS } from '../data-pins.ts';
import { currents, energyModel, law, rho } from '../energy-settings.ts';
import { device, subarrays, supplies } from '../memory-settings.ts';
import { switchedOn } from '../output-settings.ts';
import { described, type JobInput, type JobOf, optional } from '../setting.ts';
import { commandFormat, commands } from '../traffic-settings.ts';
import { whole } from '../values.ts';

/** `sparkxd power`: energy of a command trace at each supply. */
export const POWER = {
  commands,
  format: commandFormat,
  device,
  currents,
  supplies: optional(described(supplies, 'supply voltages: 1.35,1.25 or 1.35:1.00:0.025 (default: nominal)')),
  subarrays,
  endCycle: optional({
    ...whole(0),
    help: 'end of the window (default: when the last command is complete)',
  }),
  lenient: switchedOn('leave out commands that the state of the device forbids, and count them'),
  law,
  energyModel,
  rho,
  ...DATA_PINS,
};

export type PowerJob = JobOf<typeof POWER>;
/**
 * These settings as a caller gives them; docs/reference/settings.md has their units, bounds and defaults.
 * @interface
 */
export type PowerInput = JobInput<typeof POWER>;
