import { LAYERED } from '../layered-settings.ts';
import { memorySettings, supply } from '../memory-settings.ts';
import { dataset, images, seed, split, vote, weights } from '../network-settings.ts';
import { maybeFile, switchedOn } from '../output-settings.ts';
import { described, type JobInput, type JobOf, optional, withDefault } from '../setting.ts';
import { TENSOR_SETTINGS } from '../tensor-settings.ts';
import { between, whole } from '../values.ts';

const memory = memorySettings({ timing: 'paper', mapping: 'sparkxd' });

/** `sparkxd evaluate`: accuracy of stored weights, clean, with bit errors anywhere, or as a chip gives them back. */
export const EVALUATE = {
  weights,
  dataset,
  split,
  images: described(images, 'only the first N images (default: all)'),
  vote,
  relabel: switchedOn('label the neurons anew from the training images, with the weights as loaded'),
  ber: withDefault({ ...between(0, 1), help: 'flip this share of the bits of the weights, at random' }, 0),
  supply: optional(described(supply, 'read the weights from a chip at this supply, with its errors')),
  ...memory,
  ...TENSOR_SETTINGS,
  adapt: optional({
    ...whole(1, 10_000_000),
    help: 'adapt the thresholds to the weights as loaded on N unlabelled training images, then label anew',
  }),
  optimiseThreshold: optional({
    ...whole(1, 10_000_000),
    help: 'shift all thresholds to the greatest accuracy on N labelled training images, under the errors',
  }),
  seed: described(seed, 'seed of the input spikes and of the bit errors'),
  ...LAYERED,
  spikes: maybeFile('layered networks: write the spikes of every layer in every step, as .npz'),
};

/** What of it is of a chip: without a supply none of these is read. */
export const READ_WITH_SUPPLY = [
  'profile',
  'timing',
  'latencyCurve',
  'mapping',
  'chip',
  'errorModel',
  'weakCells',
  'temperature',
  'berLimit',
  'occupied',
  'pruneInputs',
] as const satisfies readonly (keyof typeof memory)[];

export type EvaluateJob = JobOf<typeof EVALUATE>;
/**
 * These settings as a caller gives them; docs/reference/settings.md has their units, bounds and defaults.
 * @interface
 */
export type EvaluateInput = JobInput<typeof EVALUATE>;
