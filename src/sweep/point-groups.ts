import { controllerAsked } from '../dram/controller-options.ts';
import type { VoltageJob } from '../experiments/run.ts';
import type { ReplayJob } from '../experiments/run-replay.ts';
import { type AxisName, controllerOn, isReplay, type NetworkPoint, type TracePoint } from './axes.ts';
import type { SweepPoint } from './plan.ts';

/** What points are of: a network, or a trace that is replayed. */
export type SweepJob = VoltageJob | ReplayJob;
export const replays = (job: SweepJob): job is ReplayJob => 'trace' in job;

/** Points that differ in supply, mapping and chip alone, and the job that has them all. */
export interface PointGroup {
  readonly job: SweepJob;
  readonly points: readonly SweepPoint[];
}

/** What a job goes over by itself, in the order of its rows. */
const WITHIN: readonly AxisName[] = ['supply', 'mapping', 'chip'];

/** The groups of points, each in the order in which it first appears. */
export function groupPoints(points: readonly SweepPoint[]): PointGroup[] {
  const groups = new Map<string, SweepPoint[]>();
  for (const point of points) {
    const key = JSON.stringify({
      ...point.settings,
      ...Object.fromEntries(WITHIN.map((axis) => [axis, null])),
    });
    const group = groups.get(key);
    if (group) group.push(point);
    else groups.set(key, [point]);
  }
  return [...groups.values()].map((members) => ({ job: jobOf(members), points: members }));
}

/** Name or file of a point's weights: shipped networks are named by size and dataset. */
export const weightsOf = ({ weights, network, dataset }: NetworkPoint): string =>
  weights ?? `${network}-${dataset}`;

function jobOf(points: readonly SweepPoint[]): SweepJob {
  const { settings } = points[0]!;
  const supplies = [...new Set(points.map((point) => point.settings.supply))];
  return isReplay(settings)
    ? replayJob(settings, supplies)
    : voltageJob(settings, supplies, points.map((point) => point.settings) as NetworkPoint[]);
}

function replayJob(settings: TracePoint, supplies: readonly number[]): ReplayJob {
  return {
    trace: settings.trace,
    format: settings.format,
    accessBytes: settings['access-bytes'],
    device: settings.device,
    supplies,
    timing: settings.timing,
    arrival: settings.arrival,
    law: 'quadratic',
    addressMapping: settings['address-mapping'],
    controller: controllerAsked(controllerOn(settings)),
    subarrays: settings.subarrays,
    hash: false,
  };
}

function voltageJob(
  settings: NetworkPoint,
  supplies: readonly number[],
  each: readonly NetworkPoint[],
): VoltageJob {
  const controller = controllerOn(settings);
  return {
    weights: weightsOf(settings),
    dataset: settings.dataset,
    device: settings.device,
    profile: settings.profile,
    accelerator: settings.accelerator,
    supplies,
    mappings: [...new Set(each.map(({ mapping }) => mapping))],
    chips: Math.max(...each.map(({ chip }) => chip)),
    ...(settings.images === undefined ? {} : { images: settings.images }),
    inferences: settings.inferences,
    workload: settings.workload,
    timing: settings.timing,
    ...(controller === undefined ? {} : { controller }),
    ...(settings.subarrays === undefined ? {} : { subarrays: settings.subarrays }),
    repair: settings.repair,
    ...(settings.prior === undefined ? {} : { prior: settings.prior }),
    format: settings.format,
    ecc: settings.ecc,
    ...(settings['data-energy'] === undefined ? {} : { dataEnergy: settings['data-energy'] }),
    errorModel: settings['error-model'],
    ...(settings['weak-cells'] === undefined ? {} : { weakCells: settings['weak-cells'] }),
    ...(settings['prune-inputs'] === undefined ? {} : { pruneInputs: settings['prune-inputs'] }),
    occupied: settings.occupied,
    berLimit: settings['ber-limit'],
    bound: settings.bound,
    law: 'quadratic',
    seed: settings.seed,
  };
}

/** Jobs of one family have the same network, images and seed, so weights that load alike classify alike in all of them. */
export const familyOf = (job: SweepJob): string =>
  JSON.stringify(
    replays(job) ? ['trace', job.trace] : [job.weights, job.dataset, job.images ?? null, job.seed],
  );
