import { createChip } from '../faults/chip.ts';
import { errorModel } from '../faults/error-model.ts';
import type { FaultAwareSettings } from '../settings/fault-aware.ts';
import type { Network } from '../snn/network.ts';
import { errorSupply } from '../sparkxd/error-supply.ts';
import { chipMemory, type FaultyMemory, uniformMemory } from '../sparkxd/faulty-memory.ts';
import { openChip } from './open-chip.ts';

/** Numbers of the chips whose maps are fresh lie this far apart, out of reach of those that people choose. */
const CHIPS_BETWEEN_MAPS = 2 ** 32;

/**
 * The memory that the settings speak of: map 0 is what `sparkxd evaluate` finds under the same seed and chip. Throws
 * InputError for a device, profile or supply that cannot serve.
 */
export async function openFaultyMemory(
  { format, repair, errorSeed: seed, errors }: FaultAwareSettings,
  network: Omit<Network, 'weights' | 'theta' | 'responses'>,
): Promise<FaultyMemory> {
  const storage = { format, repair };
  if (errors.kind === 'uniform') return uniformMemory(network, storage, errors.ber, seed);
  const { device, profile, chip } = await openChip({ ...errors, seed, modelOptions: {} });
  const supply = errorSupply(device, profile, errors.supply, errors.timing);
  const model = errorModel(errors.model);
  const another = (map: number) =>
    createChip(profile, device, { seed, chip: errors.chip + map * CHIPS_BETWEEN_MAPS, model });
  const chipOf = (map: number) => (map === 0 ? chip : another(map));
  return chipMemory(network, storage, device, chipOf, { ...errors, supply, repair });
}
