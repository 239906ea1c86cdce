import { device, latencyCurve, subarrays, supply, temperature, timing } from '../memory-settings.ts';
import { described, type JobInput, type JobOf, optional, withDefault } from '../setting.ts';
import { commandFormat, commands } from '../traffic-settings.ts';
import { whole } from '../values.ts';

/** `sparkxd check`: a command trace held against the protocol of a device. */
export const CHECK = {
  commands,
  format: commandFormat,
  device,
  supply: optional(described(supply, 'supply voltage (default: nominal)')),
  timing: withDefault(timing, 'nominal'),
  latencyCurve,
  subarrays,
  temperature: described(
    temperature,
    'temperature in degC: refresh must be as frequent as the standard asks for there (default: as in the data sheet)',
  ),
  postponedRefreshes: optional({
    ...whole(0, 2 ** 28),
    help: 'refreshes that may be postponed (default: as many as the standard allows)',
  }),
  limit: withDefault({ ...whole(0, 1_000_000), help: 'violations to list; all are counted' }, 100),
};

export type CheckJob = JobOf<typeof CHECK>;
/**
 * These settings as a caller gives them; docs/reference/settings.md has their units, bounds and defaults.
 * @interface
 */
export type CheckInput = JobInput<typeof CHECK>;
