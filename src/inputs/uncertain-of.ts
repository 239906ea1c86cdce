import { requireCurrents } from '../energy/energy-of.ts';
import { lawsWith, pinsWith, type Uncertain } from '../energy/saving-range.ts';
import type { VoltageLaw } from '../energy/voltage-law.ts';
import type { DataPins, Device } from '../hardware/device.ts';
import type { ModelSource } from '../hardware/model-source.ts';
import { railChoices } from './rail-choices.ts';

/**
 * What the range of a job's savings is over; its own law and pins are among it. Throws InputError for a device without
 * currents.
 */
export async function uncertainOf(
  law: VoltageLaw,
  device: Device,
  io: DataPins | undefined,
  models: ModelSource,
): Promise<Uncertain> {
  requireCurrents(device);
  return { rails: await railChoices(device, models), laws: lawsWith(law), pins: pinsWith(io, device) };
}
