import { DATA_PINS } from '../data-pins.ts';
import { energyModel } from '../energy-settings.ts';
import { memorySettings, supply } from '../memory-settings.ts';
import { dataset, seed, weights } from '../network-settings.ts';
import { described, type JobInput, type JobOf, withDefault } from '../setting.ts';
import { TENSOR_SETTINGS } from '../tensor-settings.ts';

const {
  repair: _repair,
  prior: _prior,
  mapping,
  ...storage
} = memorySettings({
  timing: 'paper',
  mapping: 'sparkxd',
});

/** `sparkxd map`: where one policy puts a network's weights on one chip. */
export const MAP = {
  weights: withDefault(weights, 'n400-mnist'),
  mapping: { ...mapping, flag: 'policy' },
  dataset: described(dataset, 'with --prune-inputs: images whose spikes decide'),
  ...storage,
  ...TENSOR_SETTINGS,
  supply: withDefault(supply, 1.025),
  energyModel,
  ...DATA_PINS,
  seed,
};

export type MapJob = JobOf<typeof MAP>;
/**
 * These settings as a caller gives them; docs/reference/settings.md has their units, bounds and defaults.
 * @interface
 */
export type MapInput = JobInput<typeof MAP>;
