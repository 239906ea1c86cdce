import { createChip } from '../faults/chip.ts';
import { errorModel } from '../faults/error-model.ts';
import type { FaultAwareSettings } from '../settings/fault-aware.ts';
import type { Network } from '../snn/network.ts';
import { chipMemory, type FaultyMemory, uniformMemory } from '../sparkxd/faulty-memory.ts';
import { requireCurveUse } from '../sparkxd/memory-rules.ts';
import { openChip } from './open-chip.ts';
import { createInputRecorder, type Remark } from './recorder.ts';

/** Numbers of the chips whose maps are fresh lie this far apart, out of reach of those that people choose. */
const CHIPS_BETWEEN_MAPS = 2 ** 32;

/**
 * The memory that the settings speak of: map 0 is what `sparkxd evaluate` finds under the same seed and chip. `remark` gets what
 * is assumed of a measured map. Throws InputError for a device, profile or supply that cannot serve.
 */
export async function openFaultyMemory(
  { format, repair, errorSeed: seed, errors }: FaultAwareSettings,
  network: Omit<Network, 'weights' | 'theta' | 'responses'>,
  remark?: Remark,
): Promise<FaultyMemory> {
  if (errors.kind === 'uniform') return uniformMemory(network, { format, repair }, errors.ber, seed);
  const { device, profile, chip } = await openChip({ ...errors, seed }, createInputRecorder(remark));
  requireCurveUse(errors, profile);
  const model = errorModel(errors.errorModel);
  // A measured map is one chip, whatever the number of the map.
  const another = (map: number) =>
    createChip(profile, device, { seed, chip: errors.chip + map * CHIPS_BETWEEN_MAPS, model });
  const chipOf = (map: number) => (map === 0 || chip.kind === 'measured' ? chip : another(map));
  const { supply, mapping } = errors;
  const placeOf = (map: number) => ({ chip: () => chipOf(map), supply, mapping });
  return chipMemory({ device, profile, network }, { ...errors, format, repair }, placeOf);
}
