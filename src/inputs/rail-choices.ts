import type { RailChoice } from '../energy/saving-range.ts';
import { InputError } from '../errors/input-error.ts';
import { bytesPerBurst, type Device, type Organisation } from '../hardware/device.ts';
import { loadDevice } from '../hardware/load-device.ts';
import { loadNamedModel } from '../hardware/load-named-model.ts';
import { placeIn } from '../hardware/model-places.ts';
import type { ModelSource } from '../hardware/model-source.ts';

/** Counts by which energy tells ranks and banks apart. */
const COUNTED = [
  'channels',
  'ranks',
  'bankGroups',
  'banksPerGroup',
  'devicesPerRank',
] as const satisfies readonly (keyof Organisation)[];

/**
 * The rails with which a device's energy can be priced: its own, and those of the part that its file names (`own_rails`).
 * Throws InputError for a part that cannot be read or that is another memory.
 */
export async function railChoices(device: Device, models: ModelSource): Promise<RailChoice[]> {
  const given = { name: device.name, device };
  const { ownRails } = device;
  if (ownRails === undefined) return [given];
  const place = placeIn(device.places, 'own_rails');
  const load = () => loadDevice(ownRails, models);
  const part = await (place.place === undefined
    ? load()
    : loadNamedModel('device with the rails of the part', place.place, load));
  const differs =
    part.standard.name !== device.standard.name ||
    part.clock !== device.clock ||
    bytesPerBurst(part.organisation) !== bytesPerBurst(device.organisation) ||
    COUNTED.some((count) => part.organisation[count] !== device.organisation[count]);
  if (differs)
    throw new InputError(`${part.name} is another memory than ${device.name}`, {
      ...place,
      remedy: 'let own_rails name a device of the same standard, clock and organisation',
    });
  return [given, { name: part.name, device: part }];
}
