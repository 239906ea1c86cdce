import type { Device } from '../hardware/device.ts';
import type { Remark } from './recorder.ts';

/** Says why the energy of a device must be doubted, where its file does: of every command that gives its energy. */
export function remarkDoubt({ name, energyDoubt }: Device, remark: Remark | undefined): void {
  if (energyDoubt !== undefined) remark?.(`energy of ${name}: ${energyDoubt}`);
}
