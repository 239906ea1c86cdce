import { LAYERED } from '../layered-settings.ts';
import { ceiling, device, ecc, errorModel, prior, repair } from '../memory-settings.ts';
import { dataset, images, seed, vote, weights } from '../network-settings.ts';
import { switchedOn } from '../output-settings.ts';
import { described, type JobInput, type JobOf, optional, withDefault } from '../setting.ts';
import { TENSOR_SETTINGS } from '../tensor-settings.ts';
import { between, listOf, share, whole } from '../values.ts';
import { bound } from './run.ts';

const rate = 'expected rates such as 1e-4,1e-3, above 0, at most 1';
const rates = between(0, 1);

/** `sparkxd tolerance`: accuracy against bit error rate, and the highest rate within a bound. */
export const TOLERANCE = {
  weights: withDefault(weights, 'n400-mnist'),
  dataset,
  bers: withDefault(
    {
      ...listOf({ ...rates, schema: rates.schema.positive({ error: rate }) }, 1000),
      help: 'bit error rates of the curve',
    },
    [1e-5, 1e-4, 1e-3, 1e-2, 1e-1],
  ),
  format: TENSOR_SETTINGS.format,
  tensorFormats: TENSOR_SETTINGS.tensorFormats,
  ceiling,
  ecc,
  repair,
  prior,
  errorModel,
  device: described(device, 'DRAM device whose lines models 1 to 3 know'),
  bound,
  trials: withDefault({ ...whole(2, 10_000), help: 'masks of errors at each rate, at most' }, 16),
  precision: withDefault(
    { ...share, help: 'half-width of the 95 % interval over masks at which to stop earlier' },
    0.0025,
  ),
  images: described(images, 'images of either split (default: all)'),
  vote,
  byBit: switchedOn('also flip each bit position alone, at the highest rate'),
  byInputs: optional({
    ...whole(2, 1_000_000),
    value: 'GROUPS',
    help: 'also damage one group of inputs alone (by the sum of their weights), at the highest rate',
  }),
  byLayer: switchedOn(
    'layered networks: also search the rate that each tensor bears alone, and the rates that all bear together',
  ),
  seed: described(seed, 'seed of the masks and of the input spikes'),
  ...LAYERED,
};

export type ToleranceJob = JobOf<typeof TOLERANCE>;
/**
 * These settings as a caller gives them; docs/reference/settings.md has their units, bounds and defaults.
 * @interface
 */
export type ToleranceInput = JobInput<typeof TOLERANCE>;
