import { readdirSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { InputError } from '../errors/input-error.ts';
import { UNKNOWN_WHY, type UnknownPoint } from '../experiments/unknown-points.ts';
import { createFile } from '../files/create-file.ts';
import { fileFault } from '../files/file-fault.ts';
import { programVersion } from '../files/package.ts';
import { readText, readTextIfThere } from '../files/read-file.ts';
import { writeWhole } from '../files/write-file.ts';
import { MAPPING_POLICIES } from '../mapping/policy.ts';
import type { SubarrayUse } from '../mapping/subarray-use.ts';
import { checkedRow } from '../results/read-rows.ts';
import { REPLAY_TABLE, type ReplayRow, RUN_TABLE, type RunRow } from '../results/tables.ts';
import type { AxisValue } from './axes.ts';
import { defaultsOf, expandPlan, parseStoredPlan, type SweepPlan, type SweepPoint } from './plan.ts';

/** What a folder of a sweep belongs to: its plan, and a fingerprint of plan, inputs and program. */
export interface SweepHeader {
  readonly program: 'sparkxd';
  readonly version: string;
  readonly command: 'sweep';
  readonly fingerprint: string;
  readonly plan: SweepPlan;
  /** What all points have on the axes that the plan does not name. */
  readonly defaults: Readonly<Record<string, AxisValue>>;
  /** SHA-256 of every input by its role and name. */
  readonly inputs: Readonly<Record<string, string>>;
}

/** What is filed of a point that is done: its row and, of a run, which subarrays the weights take. */
export interface StoredPoint {
  readonly row: PointRow;
  readonly use?: SubarrayUse;
}

export type PointResult = StoredPoint | { readonly error: string } | { readonly unknown: UnknownPoint };

/** Which points of a folder have a result, by hash. */
export interface PointStates {
  readonly done: ReadonlySet<string>;
  readonly failed: ReadonlySet<string>;
  /** Points without a row, because nothing is known of their chip's module at the supply: there is nothing left to do. */
  readonly unknown: ReadonlySet<string>;
}

const HEADER = 'sweep.json';
const POINTS = 'points';
const DONE = '.json';
const FAILED = '.failed.json';
const UNKNOWN = '.unknown.json';

const headerSchema = z.object({
  program: z.literal('sparkxd'),
  version: z.string(),
  command: z.literal('sweep'),
  fingerprint: z.string(),
  plan: z.unknown(),
  defaults: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  inputs: z.record(z.string(), z.string()),
});

/** The header of a folder, or undefined where no sweep has been. Throws InputError for one that is not readable. */
export async function findHeader(folder: string): Promise<SweepHeader | undefined> {
  const file = join(folder, HEADER);
  const text = await readTextIfThere(file, { what: 'cannot read the sweep' });
  if (text === undefined) return undefined;
  const parsed = headerSchema.safeParse(parseJson(text));
  if (!parsed.success) throw new InputError('not the header of a sweep', { place: { file } });
  return { ...parsed.data, plan: parseStoredPlan(parsed.data.plan, file) };
}

/** A sweep that was begun: its header and points. Throws InputError for a folder without one, or of another version. */
export async function openSweep(folder: string): Promise<{ header: SweepHeader; points: SweepPoint[] }> {
  const header = await findHeader(folder);
  if (!header)
    throw new InputError('no sweep here', {
      place: { file: folder },
      remedy: `begin one: sparkxd sweep PLAN.yaml --out ${folder}`,
    });
  const version = await programVersion();
  if (header.version !== version)
    throw new InputError(`a sweep of sparkxd ${header.version}; this is ${version}`, {
      place: { file: join(folder, HEADER) },
      remedy: 'go on with the version that began it, or sweep into another folder',
    });
  if (JSON.stringify(header.defaults) !== JSON.stringify(defaultsOf(header.plan)))
    throw new InputError('the defaults are not those of this version', {
      place: { file: join(folder, HEADER) },
      remedy: 'sweep the plan anew, into another folder',
    });
  return { header, points: expandPlan(header.plan) };
}

/** Makes `folder` the sweep's. Throws InputError where another plan, other inputs or another program has results. */
export async function beginSweep(folder: string, header: SweepHeader): Promise<void> {
  const file = join(folder, HEADER);
  if ((await findHeader(folder)) === undefined)
    await createFile(file, `${JSON.stringify(header, null, 2)}\n`);
  // Another process may have begun a sweep here a moment ago: what lies there decides.
  const there = await findHeader(folder);
  if (there?.fingerprint !== header.fingerprint)
    throw new InputError('the folder has results of another plan, other inputs or another version', {
      place: { file },
      remedy: 'give --out another folder; results are never mixed',
    });
}

export async function pointStates(folder: string): Promise<PointStates> {
  const names = await readdir(join(folder, POINTS)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw fileFault(error, 'cannot read the points', join(folder, POINTS));
  });
  return statesOf(names);
}

function statesOf(names: readonly string[]): PointStates {
  const done = new Set<string>();
  const failed = new Set<string>();
  const unknown = new Set<string>();
  for (const name of names) {
    // A dot begins the temporary name of a file that a killed process left behind.
    if (name.startsWith('.')) continue;
    if (name.endsWith(FAILED)) failed.add(name.slice(0, -FAILED.length));
    else if (name.endsWith(UNKNOWN)) unknown.add(name.slice(0, -UNKNOWN.length));
    else if (name.endsWith(DONE)) done.add(name.slice(0, -DONE.length));
  }
  for (const hash of [...done, ...unknown]) failed.delete(hash);
  return { done, failed, unknown };
}

/** How many points of a folder have a result, at once: for a program that is about to end. */
export function countDone(folder: string): number {
  try {
    return statesOf(readdirSync(join(folder, POINTS))).done.size;
  } catch {
    return 0;
  }
}

/** Files the result of a point, whole; a result takes the place of an earlier failure. */
export async function storeResult(
  folder: string,
  fingerprint: string,
  { hash, settings }: SweepPoint,
  result: PointResult,
): Promise<void> {
  const name = join(folder, POINTS, hash);
  const text = `${JSON.stringify({ fingerprint, settings, ...result })}\n`;
  await writeWhole(name + ('row' in result ? DONE : 'unknown' in result ? UNKNOWN : FAILED), text);
  if (!('error' in result)) await rm(name + FAILED, { force: true });
}

const cell = z.union([z.string(), z.number(), z.boolean()]);
const count = z.number().int().nonnegative();
const use = z.object({ used: count, aboveLimit: count, safe: count, safeLeft: count });
const doneSchema = z.object({
  fingerprint: z.string(),
  row: z.record(z.string(), cell),
  use: use.optional(),
});
const failedSchema = z.object({ fingerprint: z.string(), error: z.string() });

const unknownSchema = z.object({
  fingerprint: z.string(),
  unknown: z.object({
    supply: z.number(),
    mapping: z.enum(MAPPING_POLICIES),
    chip: count,
    module: z.string(),
    why: z.enum(UNKNOWN_WHY),
  }),
});

/** A row of a sweep: of a run, or of a replay. */
export type PointRow = RunRow | ReplayRow;

/** The table whose rows the points of a sweep have. */
export const tableOf = ({ plan }: SweepHeader): typeof RUN_TABLE | typeof REPLAY_TABLE =>
  plan.axes['trace'] === undefined ? RUN_TABLE : REPLAY_TABLE;

/** The row of a point that is done. Throws InputError for a file that is not one of this sweep's. */
export const readRow = async (folder: string, header: SweepHeader, hash: string): Promise<PointRow> =>
  (await readDone(folder, header, hash)).row;

/** All that is filed of a point that is done. Throws InputError as `readRow` does. */
export async function readDone(folder: string, header: SweepHeader, hash: string): Promise<StoredPoint> {
  const { row, use } = await readPoint(folder, header.fingerprint, hash + DONE, doneSchema);
  const checked = checkedRow<typeof RUN_TABLE | typeof REPLAY_TABLE>(tableOf(header), row, {
    file: join(folder, POINTS, hash + DONE),
  });
  return { row: checked, ...(use === undefined ? {} : { use }) };
}

/** Why a point failed. */
export async function readFailure(folder: string, fingerprint: string, hash: string): Promise<string> {
  return (await readPoint(folder, fingerprint, hash + FAILED, failedSchema)).error;
}

/** Of which module nothing is known at which supply. */
export async function readUnknown(folder: string, fingerprint: string, hash: string): Promise<UnknownPoint> {
  return (await readPoint(folder, fingerprint, hash + UNKNOWN, unknownSchema)).unknown;
}

async function readPoint<T extends { fingerprint: string }>(
  folder: string,
  fingerprint: string,
  name: string,
  schema: z.ZodType<T>,
): Promise<T> {
  const file = join(folder, POINTS, name);
  const parsed = schema.safeParse(
    parseJson(await readText(file, { what: 'cannot read the result of a point' })),
  );
  if (!parsed.success || parsed.data.fingerprint !== fingerprint)
    throw new InputError('not a result of this sweep', {
      place: { file },
      remedy: 'delete the file and sweep again',
    });
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
