import { InputError } from '../errors/input-error.ts';
import type { PhaseMonitor } from '../experiments/monitor.ts';
import type { PlacedPoint } from '../experiments/run.ts';
import type { UnknownPoint } from '../experiments/unknown-points.ts';
import { readText } from '../files/read-file.ts';
import { requireWritableFolder } from '../files/write-file.ts';
import { loadDevice } from '../hardware/load-device.ts';
import { modelFiles } from '../inputs/model-files.ts';
import type { Remark } from '../inputs/recorder.ts';
import type { Volts } from '../units/flavours.ts';
import { isRun } from './axes.ts';
import { type CheckedPoints, checkPoints } from './check-points.ts';
import { estimateSweep, type SweepEstimate } from './estimate.ts';
import type { SweepExecutor } from './executor.ts';
import { createDatasetLibrary, readSweepInputs, remarkMaps } from './inputs.ts';
import { localExecutor } from './local-executor.ts';
import { parsePlan, relativePlan, type SweepPoint } from './plan.ts';
import {
  beginSweep,
  openSweep,
  type PointStates,
  pointStates,
  readDone,
  readFailure,
  readUnknown,
  type StoredPoint,
} from './store.ts';
import { type MergedTable, mergedTable } from './table.ts';

/** A plan that was looked at: its points, those of them that cannot run or will have no row, and what the sweep costs. */
export interface PlannedSweep extends SweepEstimate, CheckedPoints {
  readonly points: readonly SweepPoint[];
}

/**
 * The points of a plan, every input read, nothing run or written; `remark` gets what is assumed of measured maps. Throws InputError for a plan or an input at fault.
 */
export async function planSweep(planFile: string, remark?: Remark): Promise<PlannedSweep> {
  const { plan, points } = await readPlan(planFile);
  const datasets = createDatasetLibrary();
  const { sizes } = await readSweepInputs(plan, points, datasets);
  if (remark) await remarkMaps(points, remark);
  const imagesOf = async (dataset: string): Promise<number> => (await datasets(dataset)).test.count;
  const checked = await checkPoints(points, datasets);
  return { points, ...checked, ...(await estimateSweep(points, sizes, imagesOf)) };
}

/** How a sweep stands. */
export interface SweepState {
  readonly points: number;
  readonly done: number;
  readonly failed: number;
  /** Points without a row, because nothing is known of their chip's module at the supply. */
  readonly unknown: number;
  readonly unknownPoints: readonly UnknownPoint[];
  /** Each distinct failure once, with how many points have it and the first of them. */
  readonly failures: readonly {
    readonly error: string;
    readonly points: number;
    readonly first: SweepPoint;
  }[];
  /** Where the work was handed to, if it is done elsewhere. */
  readonly handedOver?: string;
}

/**
 * `sparkxd sweep PLAN --init-only`: reads every input and writes the folder's sweep.json, which is all that
 * `sparkxd sweep point` needs, and runs nothing. Throws InputError as `runSweep` does.
 */
export async function initSweep(planFile: string, folder: string) {
  const { plan, points } = await readPlan(planFile);
  const datasets = createDatasetLibrary();
  const { header, sizes } = await readSweepInputs(plan, points, datasets);
  await requireWritableFolder(folder);
  await beginSweep(folder, header);
  return { header, points, datasets, sizes };
}

/**
 * `sparkxd sweep PLAN --out DIR`: works off the points that have no result in the folder, those that failed before
 * included, and says how the sweep stands. The same plan gives the same files whatever the executor, and however often
 * it was stopped. Throws InputError for a plan or an input at fault, and for a folder of another sweep.
 */
export async function runSweep(
  planFile: string,
  folder: string,
  executor: SweepExecutor,
  monitor: PhaseMonitor,
): Promise<SweepState> {
  const { header, points, datasets, sizes } = await initSweep(planFile, folder);
  if (monitor.remark) await remarkMaps(points, monitor.remark);
  const states = await pointStates(folder);
  const pending = new Set(points.filter(({ hash }) => !isSettled(states, hash)).map(({ hash }) => hash));
  monitor.begin('points', pending.size);
  const work = { folder, fingerprint: header.fingerprint, points, pending, datasets, sizes };
  const handedOver = await executor.run(work, (batch) =>
    monitor.advance(batch.done + batch.failed + batch.unknown),
  );
  const state = await sweepState(folder);
  return handedOver === undefined ? state : { ...state, handedOver };
}

/**
 * `sparkxd sweep point DIR`: the points from `first` (counted from 0) on, `count` of them, that have no result yet, in
 * this process: what a task of a cluster does. Answers with how many of the points failed. Throws InputError.
 */
export async function runSweepPoints(folder: string, first: number, count: number): Promise<number> {
  const { header, points } = await openSweep(folder);
  if (first >= points.length)
    throw new InputError(`no point ${first}: the sweep has ${points.length}, counted from 0`);
  const datasets = createDatasetLibrary();
  const { header: now, sizes } = await readSweepInputs(header.plan, points, datasets);
  if (now.fingerprint !== header.fingerprint)
    throw new InputError('the inputs are not those with which the sweep began', {
      place: { file: folder },
      remedy: 'sweep into another folder; results are never mixed',
    });
  const states = await pointStates(folder);
  const asked = points.slice(first, first + count).filter(({ hash }) => !isSettled(states, hash));
  const pending = new Set(asked.map(({ hash }) => hash));
  let failed = 0;
  await localExecutor(1).run(
    { folder, fingerprint: header.fingerprint, points, pending, datasets, sizes },
    (batch) => {
      failed += batch.failed;
    },
  );
  return failed;
}

/** Whether there is nothing left to do for a point: it has a row, or can have none. */
const isSettled = ({ done, unknown }: PointStates, hash: string): boolean =>
  done.has(hash) || unknown.has(hash);

/** How the sweep of a folder stands, from the files alone. Throws InputError for a folder without a sweep. */
export async function sweepState(folder: string): Promise<SweepState> {
  const { header, points } = await openSweep(folder);
  const states = await pointStates(folder);
  const failures = new Map<string, { error: string; points: number; first: SweepPoint }>();
  for (const point of points) {
    if (!states.failed.has(point.hash)) continue;
    const error = await readFailure(folder, header.fingerprint, point.hash);
    const known = failures.get(error);
    if (known) known.points++;
    else failures.set(error, { error, points: 1, first: point });
  }
  const unknownPoints: UnknownPoint[] = [];
  for (const { hash } of points)
    if (states.unknown.has(hash)) unknownPoints.push(await readUnknown(folder, header.fingerprint, hash));
  const count = (which: keyof PointStates): number =>
    points.filter(({ hash }) => states[which].has(hash)).length;
  return {
    points: points.length,
    done: count('done'),
    failed: count('failed'),
    unknown: unknownPoints.length,
    unknownPoints,
    failures: [...failures.values()],
  };
}

/** A merged sweep, how many points have no result yet and how many can have none, and what the weights of the others take. */
export interface MergedSweep extends MergedTable {
  readonly missing: number;
  readonly unknown: number;
  /** Of each point that is done and has placed weights, by its number. */
  readonly placed: ReadonlyMap<number, PlacedPoint>;
}

/** Files open at a time while a folder is merged. */
const READ_AT_ONCE = 64;

/**
 * `sparkxd sweep merge DIR`: the rows of all points that are done, in the plan's order, as one table. Throws InputError
 * for a folder without a sweep or without results, and for a result that is not this sweep's.
 */
export async function mergeSweep(folder: string): Promise<MergedSweep> {
  const { header, points } = await openSweep(folder);
  const states = await pointStates(folder);
  const { done } = states;
  const there = points.filter(({ hash }) => done.has(hash));
  const unknown = points.filter(({ hash }) => states.unknown.has(hash)).length;
  if (there.length === 0)
    throw new InputError(
      unknown === 0
        ? 'no point of the sweep is done'
        : `of ${unknown} of ${points.length} points the module is not known at the supply, and no other is done`,
      { place: { file: folder } },
    );
  const stored: StoredPoint[] = [];
  for (let from = 0; from < there.length; from += READ_AT_ONCE)
    stored.push(
      ...(await Promise.all(
        there.slice(from, from + READ_AT_ONCE).map(({ hash }) => readDone(folder, header, hash)),
      )),
    );
  const placed = new Map<number, PlacedPoint>();
  for (const [i, { index, settings }] of there.entries()) {
    const { use } = stored[i]!;
    if (use !== undefined && isRun(settings)) {
      const { supply, mapping } = settings;
      placed.set(index, { supply, mapping, use });
    }
  }
  const rows = stored.map(({ row }) => row);
  return {
    ...mergedTable(header, there, rows),
    missing: points.length - there.length - unknown,
    unknown,
    placed,
  };
}

async function readPlan(file: string) {
  const text = await readText(file, { what: 'cannot read the plan', limit: 2 ** 22 });
  const relative = relativePlan(text, file);
  return parsePlan(text, file, relative && (await sharedNominal(relative, file)));
}

/** The nominal supply that devices share. Throws InputError when they have different ones. */
async function sharedNominal(devices: readonly string[], file: string): Promise<Volts> {
  const nominals = new Set<Volts>();
  for (const name of devices) nominals.add((await loadDevice(name, modelFiles)).supply.nominal);
  if (nominals.size !== 1)
    throw new InputError(`the devices of the plan have nominal supplies of ${[...nominals].join(', ')} V`, {
      place: { file },
      remedy: 'give the supplies in volts, or sweep the devices apart',
    });
  return [...nominals][0]!;
}
