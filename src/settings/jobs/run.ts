import { controller } from '../controller-settings.ts';
import { dataEnergy, law } from '../energy-settings.ts';
import {
  berLimit,
  chips,
  device,
  ecc,
  errorModel,
  format,
  mappings,
  occupied,
  prior,
  profile,
  pruneInputs,
  repair,
  subarrays,
  supplies,
  timing,
  weakCells,
} from '../memory-settings.ts';
import { dataset, images, seed, weights } from '../network-settings.ts';
import { described, type JobInput, type JobOf, withDefault } from '../setting.ts';
import { accelerator, inferences, workload } from '../traffic-settings.ts';
import { share } from '../values.ts';

export const bound = withDefault({ ...share, help: 'accuracy that may be lost' }, 0.01);

/** `sparkxd run`: one network on one device, over supplies x mappings x chips. */
export const RUN = {
  weights: withDefault(weights, 'n400-mnist'),
  dataset,
  device,
  profile,
  accelerator,
  supplies: withDefault(supplies, [1.35, 1.325, 1.25, 1.175, 1.1, 1.025]),
  mappings: withDefault(mappings, ['baseline', 'sparkxd']),
  chips,
  images: described(images, 'test images for the accuracy (default: all)'),
  inferences,
  workload: withDefault(workload, 'stream'),
  timing: withDefault(timing, 'paper'),
  controller,
  subarrays,
  repair: withDefault(repair, 'clamp'),
  prior,
  format,
  ecc,
  dataEnergy,
  errorModel,
  weakCells,
  berLimit,
  occupied,
  pruneInputs,
  bound,
  law,
  seed,
};

export type RunJob = JobOf<typeof RUN>;
export type RunInput = JobInput<typeof RUN>;
