import { hasCurrents } from '../energy/energy-of.ts';
import type { Device } from '../hardware/device.ts';
import type { Remark } from './recorder.ts';

/** Says why the energy of a device must be doubted, or is not known, where that is so: of every command that gives its energy. */
export function remarkDoubt(device: Device, remark: Remark | undefined): void {
  const { name, energyDoubt, energyUnknown } = device;
  if (!hasCurrents(device))
    remark?.(`energy of ${name}: not known${energyUnknown === undefined ? '' : `: ${energyUnknown}`}`);
  else if (energyDoubt !== undefined) remark?.(`energy of ${name}: ${energyDoubt}`);
}
