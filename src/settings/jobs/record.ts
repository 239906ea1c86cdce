import { LAYERED } from '../layered-settings.ts';
import { device, memorySettings, profile, supply } from '../memory-settings.ts';
import { dataset, images, seed, vote, weights } from '../network-settings.ts';
import { outputFile } from '../output-settings.ts';
import { described, type JobInput, type JobOf, withDefault } from '../setting.ts';
import { TENSOR_SETTINGS } from '../tensor-settings.ts';
import { accelerator, workload } from '../traffic-settings.ts';

const {
  repair: _repair,
  prior: _prior,
  temperature: _temperature,
  ...storage
} = memorySettings({
  timing: 'paper',
  mapping: 'baseline',
});

/** `sparkxd record`: the reads of real inference. The chip and the supply are those whose errors the mapping avoids. */
export const RECORD = {
  weights,
  dataset,
  ...storage,
  ...TENSOR_SETTINGS,
  device: described(device, 'device in whose address space the weights lie'),
  profile: described(profile, 'voltage profile of the chip that the mapping knows'),
  supply: withDefault(described(supply, 'supply at which the mapping looks at the chip'), 1.025),
  accelerator,
  workload: withDefault(workload, 'stream'),
  images: withDefault(described(images, 'test images whose inference is recorded'), 16),
  vote: described(vote, 'how spikes become a class in a replay that names no other'),
  seed,
  ...LAYERED,
  out: outputFile('trace to write (.sxt)'),
};

export type RecordJob = JobOf<typeof RECORD>;
/**
 * These settings as a caller gives them; docs/reference/settings.md has their units, bounds and defaults.
 * @interface
 */
export type RecordInput = JobInput<typeof RECORD>;
