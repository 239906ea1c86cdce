import { ACTIVITY } from '../activity.ts';
import { controller } from '../controller-settings.ts';
import { DATA_PINS } from '../data-pins.ts';
import { energyModel, law } from '../energy-settings.ts';
import { LAYERED } from '../layered-settings.ts';
import {
  draw,
  flipProbability,
  memorySettings,
  rewriteEvery,
  subarrays,
  supply,
} from '../memory-settings.ts';
import { dataset, images, seed, vote, weights } from '../network-settings.ts';
import { maybeFile, overTime, switchedOn } from '../output-settings.ts';
import { described, type JobInput, type JobOf, optional, withDefault } from '../setting.ts';
import { TENSOR_SETTINGS } from '../tensor-settings.ts';
import { TIMELINE } from '../timeline.ts';
import { accelerator, batch, cores, layerSchedule, load, traffic, workload } from '../traffic-settings.ts';

/** `sparkxd simulate`: accelerator and DRAM in one loop, one inference after the other. */
export const SIMULATE = {
  weights,
  dataset,
  ...memorySettings({ timing: 'stretched', mapping: 'sparkxd' }),
  ...TENSOR_SETTINGS,
  supply: optional(described(supply, 'supply of the DRAM (default: nominal)')),
  law,
  energyModel,
  ...DATA_PINS,
  flipProbability: withDefault(flipProbability, 1),
  draw,
  rewriteEvery,
  accelerator,
  cores,
  layerSchedule,
  batch,
  load,
  traffic,
  workload: withDefault(workload, 'event'),
  images: withDefault(described(images, 'test images, one after the other'), 100),
  vote,
  controller,
  subarrays,
  seed,
  ...LAYERED,
  record: maybeFile('write the requests and their times (.sxt), for replay --arrival trace'),
  ...TIMELINE,
  ...ACTIVITY,
  overTime,
  hash: switchedOn('print a hash of all DRAM commands'),
};

export type SimulateJob = JobOf<typeof SIMULATE>;
/**
 * These settings as a caller gives them; docs/reference/settings.md has their units, bounds and defaults.
 * @interface
 */
export type SimulateInput = JobInput<typeof SIMULATE>;
