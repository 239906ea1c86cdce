import { ADDITION_FORMATS } from '../../hardware/accelerator.ts';
import { controller } from '../controller-settings.ts';
import { law } from '../energy-settings.ts';
import { memorySettings, subarrays, supply } from '../memory-settings.ts';
import { dataset, images, seed, vote, weights } from '../network-settings.ts';
import { maybeFile, switchedOn } from '../output-settings.ts';
import { described, type JobInput, type JobOf, optional, withDefault } from '../setting.ts';
import { accelerator, workload } from '../traffic-settings.ts';
import { between, oneOf } from '../values.ts';

/** `sparkxd simulate`: accelerator and DRAM in one loop, one inference after the other. */
export const SIMULATE = {
  weights,
  dataset,
  ...memorySettings({ timing: 'stretched', mapping: 'sparkxd', repair: 'none' }),
  format: withDefault(
    {
      ...oneOf(ADDITION_FORMATS, 'formats'),
      help: `weights in memory and in the adders: ${ADDITION_FORMATS.join(', ')}`,
    },
    'fp32',
  ),
  supply: optional(described(supply, 'supply of the DRAM (default: nominal)')),
  law,
  flipProbability: withDefault(
    {
      ...between(0, 1),
      value: 'P',
      help: 'probability that a read of a weak cell flips, at the same bit error rate; below 1 each read draws anew',
    },
    1,
  ),
  accelerator,
  workload: withDefault(workload, 'event'),
  images: withDefault(described(images, 'test images, one after the other'), 100),
  vote,
  controller,
  subarrays,
  seed,
  record: maybeFile('write the requests and their times (.sxt), for replay --arrival trace'),
  hash: switchedOn('print a hash of all DRAM commands'),
};

export type SimulateJob = JobOf<typeof SIMULATE>;
export type SimulateInput = JobInput<typeof SIMULATE>;
