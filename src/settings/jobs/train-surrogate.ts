import { z } from 'zod';
import { OBJECTIVES, SURROGATES } from '../../snn/supervised/recipe.ts';
import { MOST_NEURONS } from '../../snn/supervised/schema.ts';
import { STORAGE_FORMATS, WEIGHT_FORMATS } from '../../snn/weight-format.ts';
import { TENSOR_REPAIRS } from '../../sparkxd/repair-on-load.ts';
import { CURRICULA } from '../../sparkxd/supervised-errors.ts';
import { dataset, MOST_IMAGES, seed } from '../network-settings.ts';
import { outputFile } from '../output-settings.ts';
import { type JobInput, type JobOf, optional, prefixed, withDefault } from '../setting.ts';
import { between, oneOf, text, whole } from '../values.ts';

/** How weights learn: spike-timing-dependent plasticity without labels, or gradients of a loss through surrogates of the spikes. */
export const RULES = ['stdp', 'surrogate'] as const;
export type Rule = (typeof RULES)[number];
export const rule = withDefault(
  {
    ...oneOf(RULES, 'rules'),
    help: 'stdp: unsupervised, one layer with lateral inhibition; surrogate: supervised, dense layers, fp16 and 6 epochs unless said otherwise',
  },
  'stdp',
);

const sizes = 'expected sizes such as 784-256-10';

/** What only `--rule surrogate` reads. */
export const SURROGATE_ONLY = prefixed(
  {
    layers: optional({
      schema: z
        .array(z.int({ error: sizes }).min(1, { error: sizes }).max(MOST_NEURONS, { error: sizes }), {
          error: sizes,
        })
        .min(2, { error: sizes })
        .max(64, { error: sizes })
        .readonly(),
      value: 'SIZES',
      read: (words: string) => (/^\d+(-\d+)+$/.test(words) ? words.split('-').map(Number) : words),
      help: 'inputs, hidden neurons layer by layer, classes (default: 256 hidden neurons between the pixels and the classes)',
    }),
    steps: withDefault({ ...whole(1, 10_000), help: 'time steps of 1 ms that an image is shown' }, 20),
    batch: withDefault(
      { ...whole(1, 1_000_000), help: 'images from one change of the weights to the next' },
      128,
    ),
    learningRate: withDefault(
      { ...between(1e-9, 10), help: 'of Adam, falling evenly to 0 over the run' },
      0.002,
    ),
    surrogate: withDefault(
      { ...oneOf(SURROGATES, 'surrogates'), help: "what stands for the derivative of a neuron's spikes" },
      'arctangent',
    ),
    slope: withDefault(
      { ...between(1e-3, 1000), help: 'steepness of the surrogate: alpha of arctangent, k of fast-sigmoid' },
      2,
    ),
    input: withDefault(
      {
        ...oneOf(['current', 'bernoulli'], 'inputs'),
        help: 'pixels as a constant current, or as spikes with the probability pixel / 255 in each step',
      },
      'current',
    ),
    objective: withDefault(
      {
        ...oneOf(OBJECTIVES, 'objectives'),
        help: 'the loss is taken of summed potentials of output neurons that do not spike, or of spike counts',
      },
      'potential',
    ),
    reset: withDefault(
      {
        ...oneOf(['subtract', 'value'], 'resets'),
        help: 'a spike takes the threshold off the potential, or sets it to 0',
      },
      'subtract',
    ),
    curriculum: withDefault(
      {
        ...oneOf(CURRICULA, 'curricula'),
        help: 'with --fault-aware: how the bit error rate goes: in steps or evenly (linear) from 0, drawn for each batch (mixed), or constant',
      },
      'mixed',
    ),
  },
  'with --rule surrogate: ',
);

/** A training by surrogate gradients. */
export const TRAIN_SURROGATE = {
  ...SURROGATE_ONLY,
  dataset: optional(dataset),
  images: optional({ ...whole(1, MOST_IMAGES), help: 'train on the first N training images' }),
  epochs: withDefault({ ...whole(1, 100_000), help: 'show these images N times' }, 6),
  seed,
  store: withDefault({ ...oneOf(STORAGE_FORMATS, 'formats'), help: 'weights in the file' }, 'fp16'),
  format: withDefault(
    { ...oneOf(WEIGHT_FORMATS, 'formats'), help: 'weights in memory, as the forward pass reads them' },
    'fp16',
  ),
  ceiling: withDefault(
    { ...between(1e-6, 1000), value: 'W', help: 'bound of the magnitude of the weights' },
    0.25,
  ),
  manifest: optional({ ...text, value: 'FILE', help: 'repeat this training' }),
  out: outputFile('where the weights go'),
  ber: optional({
    ...between(0, 1),
    help: 'train under errors at this bit error rate, beside a control without',
  }),
  repair: withDefault(
    { ...oneOf(TENSOR_REPAIRS, 'repairs'), help: 'what is done to weights on load' },
    'zero',
  ),
  errorSeed: withDefault({ ...whole(0), help: 'seed of the flips' }, 1),
};

export type SurrogateJob = JobOf<typeof TRAIN_SURROGATE>;
export type SurrogateInput = JobInput<typeof TRAIN_SURROGATE>;
