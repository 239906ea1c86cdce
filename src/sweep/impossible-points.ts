import { InputError } from '../errors/input-error.ts';
import { loadDevice } from '../hardware/load-device.ts';
import { openMemory } from '../inputs/open-memory.ts';
import { readNetwork, type StoredNetwork } from '../inputs/read-network.ts';
import { createInputRecorder } from '../inputs/recorder.ts';
import { timingAt } from '../inputs/timing-at.ts';
import { controllerOptions } from '../settings/controller-settings.ts';
import { isRun } from './axes.ts';
import type { DatasetLibrary } from './inputs.ts';
import type { SweepPoint } from './plan.ts';
import { groupPoints, type PointGroup, replays } from './point-groups.ts';

/** Points that cannot run, for one reason. */
export interface ImpossiblePoints {
  readonly error: string;
  readonly points: number;
  readonly first: SweepPoint;
}

/**
 * The points that would fail, as far as can be known without simulating or classifying: a supply at which the device
 * cannot be timed, weights that do not fit where the policy may place them, settings that make no sense together. Each
 * reason once, with how many points have it and the first of them.
 */
export async function impossiblePoints(
  points: readonly SweepPoint[],
  datasets: DatasetLibrary,
): Promise<ImpossiblePoints[]> {
  const reasons = new Map<string, { error: string; points: number; first: SweepPoint }>();
  const fails = (point: SweepPoint, error: unknown): void => {
    if (!(error instanceof InputError)) throw error;
    const known = reasons.get(error.message);
    if (known) known.points++;
    else reasons.set(error.message, { error: error.message, points: 1, first: point });
  };
  const networks = new Map<string, StoredNetwork>();
  for (const group of groupPoints(points)) {
    let tryPoint: (point: SweepPoint) => Promise<void>;
    try {
      tryPoint = await openGroup(group, datasets, networks);
    } catch (error) {
      for (const point of group.points) fails(point, error);
      continue;
    }
    for (const point of group.points)
      await tryPoint(point).catch((error: unknown) => {
        fails(point, error);
      });
  }
  return [...reasons.values()];
}

/** What tries a point of a group, whose inputs it reads once. */
async function openGroup(
  { job }: PointGroup,
  datasets: DatasetLibrary,
  networks: Map<string, StoredNetwork>,
): Promise<(point: SweepPoint) => Promise<void>> {
  const recorder = createInputRecorder();
  const device = await loadDevice(job.device, recorder.models);
  controllerOptions(job.controller);
  const timed = async ({ settings }: SweepPoint): Promise<void> => {
    await timingAt(device, settings.supply, job, recorder.models);
  };
  if (replays(job)) return timed;
  const stored = networks.get(job.weights) ?? (await readNetwork(job.weights));
  networks.set(job.weights, stored);
  const memory = await openMemory(job, stored, recorder, () => datasets(job.dataset));
  return async (point) => {
    await timed(point);
    const { settings } = point;
    if (isRun(settings)) memory.place(memory.at(settings.chip, settings.supply, settings.mapping));
  };
}
