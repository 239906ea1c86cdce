import type { Dataset } from '../datasets/dataset.ts';
import { InputError } from '../errors/input-error.ts';
import type { KnownAccuracies } from '../experiments/accuracy/classify-held.ts';
import { SILENT } from '../experiments/monitor.ts';
import { runReplay } from '../experiments/replay.ts';
import { type OpenRun, openRun } from '../experiments/run.ts';
import type { ReplayJob } from '../settings/jobs/replay.ts';
import type { RunJob } from '../settings/jobs/run.ts';
import type { Accuracy } from '../sparkxd/accuracy.ts';
import { isReplay } from './axes.ts';
import type { SweepPoint } from './plan.ts';
import { familyOf, replays, type SweepJob } from './point-groups.ts';
import { type PointResult, type StoredPoint, storeResult } from './store.ts';

/** A share of a group: the unit that a worker takes, and all that is lost when it is killed. */
export interface PointBatch {
  readonly folder: string;
  readonly fingerprint: string;
  readonly job: SweepJob;
  readonly points: readonly SweepPoint[];
  /** Accuracies of the batch's family that other threads have found and this one does not know yet. */
  readonly found: readonly FoundAccuracy[];
}

/** The hash of weights as loaded, and their accuracy. */
export type FoundAccuracy = readonly [weights: string, accuracy: Accuracy];

/** How a batch ended. */
export interface BatchOutcome {
  readonly done: number;
  readonly failed: number;
  /** Points without a row, because nothing is known of their chip's module at the supply. */
  readonly unknown: number;
  /** Accuracies that were not known before. */
  readonly found: readonly FoundAccuracy[];
  /** Why results cannot be filed (a full disk, say), which ends the sweep: no point can succeed. */
  readonly stopped?: string;
}

/**
 * Works batches off, one after the other; what a group shares is kept until a batch of another group comes, the
 * accuracies of a family to the end.
 */
export function createBatchWorker(): (
  batch: PointBatch,
  datasetOf: (name: string) => Promise<Dataset>,
) => Promise<BatchOutcome> {
  let key = '';
  let run: Promise<OpenRun> | undefined;
  const families = new Map<string, KnownAccuracies>();
  return async ({ folder, fingerprint, job, points, found: told }, datasetOf) => {
    const family = familyOf(job);
    const known: KnownAccuracies = families.get(family) ?? new Map();
    families.set(family, known);
    for (const [weights, accuracy] of told) known.set(weights, accuracy);
    const before = known.size;
    const asked = JSON.stringify(job);
    if (asked !== key) {
      key = asked;
      run = replays(job) ? undefined : openRun(job, datasetOf, known);
    }
    const pointsOf = (some: readonly SweepPoint[]): Promise<PointResult[]> =>
      replays(job) ? replayed(job, some) : classified(run!, job, some);
    const results = await together(pointsOf, points);
    // A map keeps the order in which it learned.
    const found = [...known].slice(before);
    let [done, failed, unknown] = [0, 0, 0];
    try {
      for (const [i, result] of results.entries()) {
        await storeResult(folder, fingerprint, points[i]!, result);
        if ('row' in result) done++;
        else if ('unknown' in result) unknown++;
        else failed++;
      }
    } catch (error) {
      // Errors lose their class between threads, so the message goes as a value.
      if (error instanceof InputError) return { done, failed, unknown, found, stopped: error.message };
      throw error;
    }
    return { done, failed, unknown, found };
  };
}

/** All points at once; if one of them fails, one by one, so that only it fails. */
async function together(
  pointsOf: (points: readonly SweepPoint[]) => Promise<PointResult[]>,
  points: readonly SweepPoint[],
): Promise<PointResult[]> {
  try {
    return await pointsOf(points);
  } catch (error) {
    if (points.length === 1)
      return [
        { error: error instanceof InputError ? error.message : `defect of the program: ${String(error)}` },
      ];
    const results: PointResult[] = [];
    for (const point of points) results.push(...(await together(pointsOf, [point])));
    return results;
  }
}

/** Rows of points of one network; a point of whose chip's module nothing is known has none, and says so. */
async function classified(
  opened: Promise<OpenRun>,
  job: RunJob,
  points: readonly SweepPoint[],
): Promise<PointResult[]> {
  const run = await opened;
  const places = points.map((point) => placeOf(job, point));
  const wanted = new Set(places);
  const outcomes = await run.points(1, SILENT, (place) => wanted.has(place));
  const inOrder = [...wanted].sort((a, b) => a - b);
  return places.map((place) => {
    const outcome = outcomes[inOrder.indexOf(place)]!;
    if ('unknown' in outcome) return outcome;
    return { row: outcome.row, use: outcome.placed.use };
  });
}

/** Rows of points of one trace; supplies whose timing is the same in cycles share one simulation. */
async function replayed(job: ReplayJob, points: readonly SweepPoint[]): Promise<StoredPoint[]> {
  const distinct = <T>(of: (point: SweepPoint) => T): T[] => [...new Set(points.map(of))];
  const supplies = distinct(({ settings }) => settings.supply);
  const numbers = distinct(({ settings }) => settings.chip);
  const chips = numbers.filter((chip) => chip !== undefined);
  const { rows } = await runReplay({ ...job, supplies, ...(chips.length > 0 ? { chip: chips } : {}) });
  // A row a supply and chip; where no read can be wrong, and for a measured map, a row a supply.
  const perSupply = rows.length / supplies.length;
  return points.map(({ settings: { supply, chip } }) => {
    const place = perSupply === 1 || chip === undefined ? 0 : chips.indexOf(chip);
    return { row: rows[supplies.indexOf(supply) * perSupply + place]! };
  });
}

/** Place of a point among its job's rows. */
function placeOf({ supplies, mappings, chips, weakCells }: RunJob, { settings }: SweepPoint): number {
  if (isReplay(settings)) throw new Error('a replayed point has no place in a job of networks');
  const row = supplies.indexOf(settings.supply) * mappings.length + mappings.indexOf(settings.mapping);
  return weakCells === undefined ? row * chips + settings.chip - 1 : row;
}
