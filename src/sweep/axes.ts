import { z } from 'zod';
import { WORKLOADS } from '../accelerator/workload.ts';
import {
  type ControllerRequest,
  PAGE_POLICIES,
  REFRESH_KINDS,
  SCHEDULERS,
} from '../dram/controller-options.ts';
import { VAMPIRE_VENDORS } from '../energy/vampire.ts';
import { ECC_SCHEMES } from '../faults/ecc.ts';
import { ERROR_MODEL_IDS } from '../faults/error-model.ts';
import { SUBARRAY_SCHEMES, TIMING_MODES } from '../hardware/resolved-timing.ts';
import { MAPPING_POLICIES } from '../mapping/policy.ts';
import { WEIGHT_FORMATS } from '../snn/weight-format.ts';
import { LOAD_REPAIRS } from '../sparkxd/repair-on-load.ts';
import { ACCESS_FORMATS } from '../trace/access-formats.ts';
import { ARRIVALS } from '../trace/trace-requests.ts';

const name = z.string().min(1);
const whole = (least: number) => z.int().min(least);
const share = z.number().min(0).max(1);

/** The controller's policy; what is not named is as always (docs/controller.md). */
const controller = {
  scheduler: z.enum(SCHEDULERS).optional(),
  'row-hit-cap': whole(1).optional(),
  'page-policy': z.enum(PAGE_POLICIES).optional(),
  'page-timeout': whole(1).optional(),
  'read-queue': whole(1).optional(),
  'write-queue': whole(1).optional(),
  'write-drain': z
    .string()
    .regex(/^\d+:\d+$/, 'expected two numbers such as 24:8')
    .optional(),
  'forward-writes': z.boolean().optional(),
  refresh: z.enum(REFRESH_KINDS).optional(),
  'postponed-refreshes': whole(0).optional(),
  'power-down-after': whole(1).optional(),
  'self-refresh-after': whole(1).optional(),
  subarrays: z.enum(SUBARRAY_SCHEMES).optional(),
};

/** The axes of the controller. */
export const CONTROLLER_AXES = Object.keys(controller) as (keyof typeof controller)[];

/** What every point names. */
const common = {
  device: name.default('lpddr3-1600-4gb-sparkxd'),
  supply: z.number().positive(),
};

/**
 * A point that runs a network: the options of `sparkxd run` by their names, each with one value (`chip` is the number of
 * one chip), and their defaults.
 */
const networkPoint = z.strictObject({
  network: name.default('n400'),
  weights: name.optional(),
  dataset: name.default('mnist'),
  device: common.device,
  profile: name.default('sparkxd'),
  accelerator: name.default('edge'),
  supply: common.supply,
  mapping: z.enum(MAPPING_POLICIES).default('baseline'),
  chip: whole(1).default(1),
  'data-energy': z.enum(VAMPIRE_VENDORS).optional(),
  'error-model': z.literal(ERROR_MODEL_IDS).default(0),
  'weak-cells': name.optional(),
  'prune-inputs': share.optional(),
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
  ...controller,
});

/** A point that replays a trace: the options of `sparkxd replay`. */
const tracePoint = z.strictObject({
  trace: name,
  ...common,
  timing: z.enum(TIMING_MODES).default('stretched'),
  arrival: z.enum(ARRIVALS).default('asap'),
  'address-mapping': name.default('row-bank-column'),
  format: z.enum(ACCESS_FORMATS).optional(),
  'access-bytes': whole(1).optional(),
  ...controller,
});

export type NetworkPoint = z.infer<typeof networkPoint>;
export type TracePoint = z.infer<typeof tracePoint>;
export type PointSettings = NetworkPoint | TracePoint;
export type AxisName = keyof NetworkPoint | keyof TracePoint;
export type AxisValue = string | number | boolean;

export const AXIS_NAMES = Object.keys({ ...networkPoint.shape, ...tracePoint.shape }) as AxisName[];

const shapeOf = (replays: boolean): Readonly<Partial<Record<AxisName, z.ZodType<AxisValue | undefined>>>> =>
  replays ? tracePoint.shape : networkPoint.shape;

/** What one value of an axis must be, in points that replay a trace or in those that run a network, if they have it. */
export const axisSchema = (axis: AxisName, replays: boolean): z.ZodType<AxisValue | undefined> | undefined =>
  shapeOf(replays)[axis];

/** The settings of a point that names these; throws for what does not belong together. */
export const settingsOf = (chosen: Readonly<Partial<Record<AxisName, AxisValue>>>): PointSettings =>
  (chosen.trace === undefined ? networkPoint : tracePoint).parse(chosen);

/** The axes of points that replay a trace, or of those that run a network. */
export const axesOfKind = (replays: boolean): readonly AxisName[] =>
  Object.keys(shapeOf(replays)) as AxisName[];

export const isReplay = (settings: PointSettings): settings is TracePoint => 'trace' in settings;

export const isRun = (settings: PointSettings): settings is NetworkPoint => !isReplay(settings);

/** The value that a point has on an axis, if it has one. */
export const valueOn = (settings: PointSettings, axis: AxisName): AxisValue | undefined =>
  (settings as Partial<Record<AxisName, AxisValue>>)[axis];

/** What of the controller's policy a point names; undefined where it names nothing. */
export function controllerOn(settings: PointSettings): ControllerRequest | undefined {
  const [high, low] = (settings['write-drain'] ?? '').split(':').map(Number);
  const request = {
    scheduler: settings.scheduler,
    rowHitCap: settings['row-hit-cap'],
    pagePolicy: settings['page-policy'],
    pageTimeout: settings['page-timeout'],
    readQueue: settings['read-queue'],
    writeQueue: settings['write-queue'],
    highWatermark: settings['write-drain'] === undefined ? undefined : high,
    lowWatermark: settings['write-drain'] === undefined ? undefined : low,
    forwardWrites: settings['forward-writes'],
    refresh: settings.refresh,
    postponedRefreshes: settings['postponed-refreshes'],
    powerDownAfter: settings['power-down-after'],
    selfRefreshAfter: settings['self-refresh-after'],
  };
  const named = Object.entries(request).filter(([, value]) => value !== undefined);
  return named.length === 0 ? undefined : Object.fromEntries(named);
}

/** Words that an axis takes, where it takes words of a list. */
export function wordsOf(axis: AxisName, replays: boolean): readonly string[] {
  let schema: unknown = axisSchema(axis, replays);
  while (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional) schema = schema.unwrap();
  return schema instanceof z.ZodEnum ? schema.options.map(String) : [];
}
