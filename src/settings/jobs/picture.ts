import { LAYERED } from '../layered-settings.ts';
import { memorySettings, supply } from '../memory-settings.ts';
import { dataset, images, seed, vote, weights } from '../network-settings.ts';
import {
  described,
  type JobInput,
  type JobOf,
  optional,
  prefixed,
  required,
  withDefault,
} from '../setting.ts';
import { TENSOR_SETTINGS } from '../tensor-settings.ts';
import { listOf, oneOf, text, whole } from '../values.ts';

/**
 * What can be drawn. `fields`: receptive fields as trained and as the chip holds them, PNG. `confusion`: labels against
 * answers of the weights as held, SVG. `raster`: spikes of one image, SVG. `accuracy`: accuracy against training images, SVG.
 */
export const PICTURES = ['fields', 'confusion', 'raster', 'accuracy'] as const;
export type PictureKind = (typeof PICTURES)[number];

const memory = memorySettings({ timing: 'paper', mapping: 'baseline' });

/** What a picture reads only where it shows the weights as a chip holds them. */
export const PICTURE_MEMORY = prefixed(
  // `--curve` of picture is the file of a training curve.
  { ...memory, ...TENSOR_SETTINGS, latencyCurve: { ...memory.latencyCurve, flag: 'latency-curve' } },
  'with --supply: ',
);

/** `sparkxd picture`: one picture of a network, as trained or as a chip holds it. */
export const PICTURE = {
  kind: required({
    ...oneOf(PICTURES, 'pictures'),
    positional: true,
    value: 'KIND',
    help: 'fields (PNG: receptive fields, with --supply also as the chip holds them), confusion (SVG), raster (SVG: spikes of one image), accuracy (SVG: against training images, from curves of train)',
  }),
  weights: withDefault(weights, 'n400-mnist'),
  dataset: described(
    dataset,
    'confusion, raster: mnist, fashion-mnist, or a folder with the four IDX files (raster of layered networks: also event data)',
  ),
  supply: optional(described(supply, 'weights as a chip holds them at this supply')),
  ...PICTURE_MEMORY,
  neurons: optional({
    ...whole(1, 1_000_000),
    help: 'fields: the first N neurons (default: 100, or all if fewer)',
  }),
  images: described(images, 'confusion: the first N test images (default: all)'),
  vote: described(vote, `confusion: ${vote.help}`),
  image: withDefault({ ...whole(0, 10_000_000), help: 'raster: number of the test image, from 0' }, 0),
  seed: described(seed, 'seed of the chip, and of the input spikes of confusion and raster'),
  ...LAYERED,
  curves: optional({
    ...listOf({ ...text, value: 'FILE' }, 1000),
    flag: 'curve',
    value: 'FILE',
    repeatable: true,
    help: 'accuracy: a curve of train --curve (repeatable)',
  }),
};

export type PictureJob = JobOf<typeof PICTURE>;
export type PictureInput = JobInput<typeof PICTURE>;
