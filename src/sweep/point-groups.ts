import { REPLAY, type ReplayJob } from '../settings/jobs/replay.ts';
import { RUN, type RunJob } from '../settings/jobs/run.ts';
import { LAYERED } from '../settings/layered-settings.ts';
import { completeJob } from '../settings/parse-job.ts';
import { isReplay, isRun, type NetworkPoint, withoutController } from './axes.ts';
import type { SweepPoint } from './plan.ts';

/** What points are of: a network, or a trace that is replayed. */
export type SweepJob = RunJob | ReplayJob;
export const replays = (job: SweepJob): job is ReplayJob => 'trace' in job;

/** Points that differ in supply, mapping and chip alone, and the job that has them all. */
export interface PointGroup {
  readonly job: SweepJob;
  readonly points: readonly SweepPoint[];
}

/** What a job goes over by itself, in the order of its rows. */
const WITHIN: readonly string[] = ['supply', 'mapping', 'chip'];

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
  if (isReplay(settings)) {
    const { controller, others } = withoutController(settings);
    const { supply: _supply, chip: _chip, ...shared } = others;
    const chips = [...new Set(points.map(({ settings: { chip } }) => chip))].filter(
      (chip) => chip !== undefined,
    );
    return completeJob(REPLAY, {
      ...shared,
      controller,
      supplies,
      ...(chips.length > 0 ? { chip: chips } : {}),
    });
  }
  const each = points.map((point) => point.settings).filter(isRun);
  const { controller, others } = withoutController(settings);
  const {
    network: _network,
    weights: _weights,
    supply: _supply,
    mapping: _mapping,
    chip: _chip,
    ...shared
  } = others;
  return completeJob(RUN, {
    ...shared,
    controller,
    weights: weightsOf(settings),
    supplies,
    mappings: [...new Set(each.map(({ mapping }) => mapping))],
    chips: Math.max(...each.map(({ chip }) => chip)),
  });
}

/**
 * Jobs of one family have the same network, images and seed, and step a layered network alike, so weights that load alike classify alike
 * under one vote.
 */
export const familyOf = (job: SweepJob): string =>
  JSON.stringify(
    replays(job)
      ? ['trace', job.trace]
      : [job.weights, job.dataset, job.images ?? null, job.seed, ...layeredChoice(job)],
  );

const layeredChoice = (job: RunJob): unknown[] =>
  (Object.keys(LAYERED) as (keyof typeof LAYERED)[]).map((name) => job[name] ?? null);
