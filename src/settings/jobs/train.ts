import { z } from 'zod';
import { STORAGE_FORMATS } from '../../snn/weight-format.ts';
import { faultAwareSchema } from '../fault-aware.ts';
import { dataset, seed, weights } from '../network-settings.ts';
import { maybeFile, outputFile } from '../output-settings.ts';
import { described, type JobInput, type JobOf, optional, type Setting } from '../setting.ts';
import { between, oneOf, text, whole } from '../values.ts';

const size = 'expected n and a number of neurons, such as n400';

/** `sparkxd train`: a network of a size, by the program's own recipe or by a manifest's. */
export const TRAIN = {
  neurons: optional({
    schema: z.int({ error: size }).min(1, { error: size }).max(99_999, { error: size }),
    flag: 'network',
    value: 'NAME',
    read: (text: string) => Number(/^n([1-9]\d{0,4})$/i.exec(text)?.[1] ?? Number.NaN),
    help: 'n and the number of excitatory neurons: n400, n900, ... (default: n400, or as in --weights)',
  }),
  dataset: optional(
    described(
      dataset,
      'mnist, fashion-mnist, or a folder with the four IDX files, plain or .gz (default: mnist, or as in --weights)',
    ),
  ),
  images: optional({
    ...whole(1, 10_000_000),
    help: 'train on the first N training images (default: all but a sixth, left for validation)',
  }),
  epochs: optional({
    ...whole(1, 100_000),
    help: 'show these images N times (default: as the recipe of the size says; once with --weights)',
  }),
  seed: described(seed, 'seed of initial weights, image order and input spikes'),
  store: optional({
    ...oneOf(STORAGE_FORMATS, 'formats'),
    value: 'FORMAT',
    help: `weights in the file: ${STORAGE_FORMATS.join(', ')} (default: as the recipe of the size says)`,
  }),
  manifest: optional({
    ...text,
    value: 'FILE',
    help: 'repeat this training and check that the weights are the same bytes',
  }),
  out: outputFile('where the weights go (safetensors); a manifest is written beside them'),
  curve: maybeFile(
    'write the accuracy after 100, 200, 500, 1000 ... presentations as CSV, for `picture accuracy`',
  ),
  ceiling: optional({
    ...between(1e-6, 1),
    value: 'W',
    help: 'bound of the weights while they learn (default: 1, or the largest of --weights)',
  }),
  weights: optional(
    described(
      weights,
      'with --fault-aware: go on from these weights, a file or a shipped name, at the final rates of their training',
    ),
  ),
  faultAware: {
    schema: z.exactOptional(faultAwareSchema),
    optional: true,
    read: (text: string) => text,
    help: 'train under bit errors, beside a control without them',
  } satisfies Setting,
};

export type TrainJob = JobOf<typeof TRAIN>;
export type TrainInput = JobInput<typeof TRAIN>;
