import { InputError } from '../errors/input-error.ts';
import { suggest } from '../errors/suggest.ts';
import type { Device } from '../hardware/device.ts';

/** Name of a device's own currents, beside those of `otherCurrents`. */
export const OWN_CURRENTS = 'own';

/** The device with another public set of its currents. Throws InputError for a set that it does not have. */
export function withCurrents(device: Device, name: string): Device {
  if (name === OWN_CURRENTS) return device;
  const set = device.otherCurrents.find((other) => other.name === name);
  if (set === undefined)
    throw new InputError(`${device.name} has no currents "${name}"`, {
      remedy: suggest(name, [OWN_CURRENTS, ...device.otherCurrents.map((other) => other.name)], 'currents'),
    });
  return { ...device, rails: set.rails, otherCurrents: [] };
}
