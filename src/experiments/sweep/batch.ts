import type { Dataset } from '../../datasets/dataset.ts';
import { InputError } from '../../errors/input-error.ts';
import type { ResultRow } from '../../report/result-columns.ts';
import type { Accuracy } from '../accuracy.ts';
import { type KnownAccuracies, openVoltageRun, type VoltageJob, type VoltageRun } from '../run-voltages.ts';
import type { AxisName, PointSettings } from './axes.ts';
import type { SweepPoint } from './plan.ts';
import { storeResult } from './store.ts';

/** Points that differ in supply, mapping and chip alone, and the job that has them all. */
export interface PointGroup {
  readonly job: VoltageJob;
  readonly points: readonly SweepPoint[];
}

/** A share of a group: the unit that a worker takes, and all that is lost when it is killed. */
export interface PointBatch {
  readonly folder: string;
  readonly fingerprint: string;
  readonly job: VoltageJob;
  readonly points: readonly SweepPoint[];
  /** Accuracies of the batch's family that other threads have found and this one has not been told of. */
  readonly found: readonly FoundAccuracy[];
}

/** The hash of weights as loaded, and their accuracy. */
export type FoundAccuracy = readonly [weights: string, accuracy: Accuracy];

/** How a batch ended. */
export interface BatchOutcome {
  readonly done: number;
  readonly failed: number;
  /** Accuracies that were not known before. */
  readonly found: readonly FoundAccuracy[];
  /** Why results cannot be filed (a full disk, say), which ends the sweep: no point can succeed. */
  readonly stopped?: string;
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
export const weightsOf = ({ weights, network, dataset }: PointSettings): string =>
  weights ?? `${network}-${dataset}`;

function jobOf(points: readonly SweepPoint[]): VoltageJob {
  const { settings } = points[0]!;
  const each = points.map((point) => point.settings);
  return {
    weights: weightsOf(settings),
    dataset: settings.dataset,
    device: settings.device,
    profile: settings.profile,
    accelerator: settings.accelerator,
    supplies: [...new Set(each.map(({ supply }) => supply))],
    mappings: [...new Set(each.map(({ mapping }) => mapping))],
    chips: Math.max(...each.map(({ chip }) => chip)),
    ...(settings.images === undefined ? {} : { images: settings.images }),
    inferences: settings.inferences,
    workload: settings.workload,
    timing: settings.timing,
    repair: settings.repair,
    ...(settings.prior === undefined ? {} : { prior: settings.prior }),
    format: settings.format,
    ecc: settings.ecc,
    ...(settings['data-energy'] === undefined ? {} : { dataEnergy: settings['data-energy'] }),
    errorModel: settings['error-model'],
    ...(settings['weak-cells'] === undefined ? {} : { weakCells: settings['weak-cells'] }),
    occupied: settings.occupied,
    berLimit: settings['ber-limit'],
    bound: settings.bound,
    law: 'quadratic',
    seed: settings.seed,
  };
}

/** Jobs of one family have the same network, images and seed, so weights that load alike classify alike in all of them. */
export const familyOf = ({ weights, dataset, images, seed }: VoltageJob): string =>
  JSON.stringify([weights, dataset, images ?? null, seed]);

/**
 * Works batches off, one after the other; what a group shares is kept until a batch of another group comes, the
 * accuracies of a family to the end.
 */
export function createBatchWorker(): (
  batch: PointBatch,
  datasetOf: (name: string) => Promise<Dataset>,
) => Promise<BatchOutcome> {
  let key = '';
  let run: Promise<VoltageRun> | undefined;
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
      run = openVoltageRun(job, datasetOf, known);
    }
    const results = await together(run!, job, points);
    // A map keeps the order in which it learned.
    const found = [...known].slice(before);
    let [done, failed] = [0, 0];
    try {
      for (const [i, result] of results.entries()) {
        await storeResult(folder, fingerprint, points[i]!, result);
        if ('row' in result) done++;
        else failed++;
      }
    } catch (error) {
      // Errors lose their class between threads, so the message goes as a value.
      if (error instanceof InputError) return { done, failed, found, stopped: error.message };
      throw error;
    }
    return { done, failed, found };
  };
}

type Result = { row: ResultRow } | { error: string };

/** All points at once; if one of them fails, one by one, so that only it fails. */
async function together(
  opened: Promise<VoltageRun>,
  job: VoltageJob,
  points: readonly SweepPoint[],
): Promise<Result[]> {
  try {
    const run = await opened;
    const places = points.map((point) => placeOf(job, point));
    const wanted = new Set(places);
    const rows = await run.rows(1, SILENT, (place) => wanted.has(place));
    const inOrder = [...wanted].sort((a, b) => a - b);
    return places.map((place) => ({ row: rows[inOrder.indexOf(place)]! }));
  } catch (error) {
    if (points.length === 1)
      return [
        { error: error instanceof InputError ? error.message : `defect of the program: ${String(error)}` },
      ];
    const results: Result[] = [];
    for (const point of points) results.push(...(await together(opened, job, [point])));
    return results;
  }
}

const SILENT = { begin() {}, advance() {} };

/** Place of a point among its job's rows. */
function placeOf({ supplies, mappings, chips, weakCells }: VoltageJob, { settings }: SweepPoint): number {
  const row = supplies.indexOf(settings.supply) * mappings.length + mappings.indexOf(settings.mapping);
  return weakCells === undefined ? row * chips + settings.chip - 1 : row;
}
