import { z } from 'zod';
import { WORKLOADS } from '../../accelerator/workload.ts';
import { VAMPIRE_VENDORS } from '../../energy/vampire.ts';
import { ECC_SCHEMES } from '../../faults/ecc.ts';
import { ERROR_MODEL_IDS } from '../../faults/error-model.ts';
import { TIMING_MODES } from '../../hardware/resolved-timing.ts';
import { MAPPING_POLICIES } from '../../mapping/policy.ts';
import { WEIGHT_FORMATS } from '../../snn/weight-format.ts';
import { LOAD_REPAIRS } from '../../sparkxd/repair-on-load.ts';

const name = z.string().min(1);
const whole = (least: number) => z.int().min(least);
const share = z.number().min(0).max(1);

/**
 * What one point of a sweep is: the options of `sparkxd run` by their names, each with one value (`chip` is the number
 * of one chip), and their defaults.
 */
export const pointSettings = z.strictObject({
  network: name.default('n400'),
  weights: name.optional(),
  dataset: name.default('mnist'),
  device: name.default('lpddr3-1600-4gb-sparkxd'),
  profile: name.default('sparkxd'),
  accelerator: name.default('edge'),
  supply: z.number().positive(),
  mapping: z.enum(MAPPING_POLICIES).default('baseline'),
  chip: whole(1).default(1),
  'data-energy': z.enum(VAMPIRE_VENDORS).optional(),
  'error-model': z.literal(ERROR_MODEL_IDS).default(0),
  'weak-cells': name.optional(),
  images: whole(1).optional(),
  inferences: whole(1).default(16),
  workload: z.enum(WORKLOADS).default('stream'),
  timing: z.enum(TIMING_MODES).default('paper'),
  repair: z.enum(LOAD_REPAIRS).default('clamp'),
  prior: name.optional(),
  format: z.enum(WEIGHT_FORMATS).default('fp32'),
  ecc: z.enum(ECC_SCHEMES).default('none'),
  occupied: z.number().min(0).lt(1).default(0),
  'ber-limit': share.default(1e-3),
  bound: share.default(0.01),
  seed: whole(0).default(1),
});

export type PointSettings = z.infer<typeof pointSettings>;
export type AxisName = keyof PointSettings;
export type AxisValue = string | number;

export const AXIS_NAMES = Object.keys(pointSettings.shape) as AxisName[];

/** Words that an axis takes, where it takes words of a list. */
export function wordsOf(axis: AxisName): readonly string[] {
  let schema: unknown = pointSettings.shape[axis];
  while (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional) schema = schema.unwrap();
  return schema instanceof z.ZodEnum ? schema.options.map(String) : [];
}
