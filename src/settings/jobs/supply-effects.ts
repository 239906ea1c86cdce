import { energyModel, law } from '../energy-settings.ts';
import { device, latencyCurve, profile, supplies, timing } from '../memory-settings.ts';
import { described, type JobInput, type JobOf, required, withDefault } from '../setting.ts';

/** `sparkxd devices show DEVICE --supply LIST`: what a supply does to a device. */
export const SUPPLY_EFFECTS = {
  device: required(device),
  supplies,
  profile: described(profile, 'voltage profile, for bit error rates beside the latencies (default: none)'),
  timing: withDefault(timing, 'stretched'),
  latencyCurve,
  law,
  energyModel,
};

export type SupplyEffectsJob = JobOf<typeof SUPPLY_EFFECTS>;
/**
 * These settings as a caller gives them; docs/reference/settings.md has their units, bounds and defaults.
 * @interface
 */
export type SupplyEffectsInput = JobInput<typeof SUPPLY_EFFECTS>;
