import { controller } from '../controller-settings.ts';
import { DATA_PINS } from '../data-pins.ts';
import { dataEnergy, energyModel, law, range } from '../energy-settings.ts';
import { LAYERED } from '../layered-settings.ts';
import { chips, mappings, memorySettings, subarrays, supplies } from '../memory-settings.ts';
import { dataset, images, seed, vote, weights } from '../network-settings.ts';
import { described, type JobInput, type JobOf, withDefault } from '../setting.ts';
import { TENSOR_SETTINGS } from '../tensor-settings.ts';
import { accelerator, inferences, workload } from '../traffic-settings.ts';
import { share } from '../values.ts';

export const bound = withDefault({ ...share, help: 'accuracy that may be lost' }, 0.01);

const {
  mapping: _mapping,
  chip: _chip,
  ...memory
} = memorySettings({ timing: 'paper', mapping: 'baseline' });

/** `sparkxd run`: one network on one device, over supplies x mappings x chips. */
export const RUN = {
  weights: withDefault(weights, 'n400-mnist'),
  dataset,
  supplies: withDefault(supplies, [1.35, 1.325, 1.25, 1.175, 1.1, 1.025]),
  mappings: withDefault(mappings, ['baseline', 'sparkxd']),
  chips,
  ...memory,
  ...TENSOR_SETTINGS,
  accelerator,
  images: described(
    images,
    'test images for the accuracy; with --optimise validation images of the search, too (default: all)',
  ),
  inferences,
  vote,
  workload: withDefault(workload, 'stream'),
  controller,
  subarrays,
  dataEnergy,
  bound,
  law,
  energyModel,
  range,
  ...DATA_PINS,
  seed,
  ...LAYERED,
};

export type RunJob = JobOf<typeof RUN>;
/**
 * These settings as a caller gives them; docs/reference/settings.md has their units, bounds and defaults.
 * @interface
 */
export type RunInput = JobInput<typeof RUN>;
