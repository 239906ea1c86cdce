import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { InputError } from '../errors/input-error.ts';
import { fileFault } from '../files/file-fault.ts';
import { programVersion } from '../files/package.ts';
import { sha256 } from '../files/sha256.ts';
import { uniformStream } from '../random/streams.ts';
import { parseTable, resultsCsv } from '../results/csv.ts';
import type { Manifest } from '../results/manifest.ts';
import { RESULT_COLUMNS } from '../results/result-columns.ts';
import { ROW_FORMATS, type RowFormat, writeRows } from '../results/write-rows.ts';
import { type PhaseMonitor, pointCount, runVoltages, type VoltageJob } from './run.ts';

/** What `sparkxd verify` is asked for. */
export interface VerifyJob {
  /** Folder that `sparkxd run` wrote. */
  readonly folder: string;
  /** How many points to derive again; which ones, the seed decides. */
  readonly points: number | 'all';
  readonly seed: number;
}

/** Something that is not as it was stated. */
export interface Difference {
  /** File of the folder, with the line in a table. */
  readonly place: string;
  /** Column of a row, or input of the manifest. */
  readonly what: string;
  readonly stated: string;
  readonly derived: string;
}

export interface VerifyOutcome {
  /** Points of the run, and lines of results.csv (from 2, the header is 1) whose points were derived again. */
  readonly points: number;
  readonly lines: readonly number[];
  readonly differences: readonly Difference[];
  /** Revisions of the program, where it ran from a checkout. */
  readonly stated_revision: string | null;
  readonly derived_revision: string | null;
}

/**
 * Derives points of a run again from its manifest and compares the bytes of their rows; also the inputs by their hashes,
 * and, where all points are derived, the other forms of the results. Throws InputError for a folder that no run of this
 * version wrote.
 */
export async function runVerify(
  { folder, points: asked, seed }: VerifyJob,
  jobs: number,
  monitor: PhaseMonitor,
): Promise<VerifyOutcome> {
  const manifest = await readManifest(join(folder, 'manifest.json'));
  const job = manifest.configuration as unknown as VoltageJob;
  const [header = '', ...stated] = (await read(join(folder, 'results.csv'))).toString('utf8').split('\r\n');
  const end = stated.pop();
  const points = pointCount(job);
  const differences: Difference[] = [];
  const differ = (place: string, what: string, was: string, is: string): void => {
    if (was !== is) differences.push({ place, what, stated: was, derived: is });
  };
  differ('results.csv', 'rows', String(stated.length), String(points));
  differ('results.csv', 'end', JSON.stringify(end), '""');

  const chosen = choosePoints(points, asked, seed);
  const derived = await runVoltages(job, jobs, monitor, (point) => chosen.has(point));
  for (const [role, hash] of Object.entries(derived.manifest.inputs))
    differ('manifest.json', `SHA-256 of ${role}`, manifest.inputs[role] ?? 'absent', hash);

  const [derivedHeader, ...rows] = (await resultsCsv(derived.rows, { withNetwork: true })).split('\r\n');
  const headers = { stated: header, derived: derivedHeader! };
  differ('results.csv:1', 'columns', ...distinctColumns(headers));
  const lines: number[] = [];
  for (const [i, point] of [...chosen].entries()) {
    const line = point + 2;
    lines.push(line);
    differences.push(
      ...(await compareRow(headers, { stated: stated[point] ?? '', derived: rows[i]! }, line)),
    );
  }
  if (chosen.size === points)
    differences.push(
      ...(await compareForms(folder, (form) => writeRows(form, RESULT_COLUMNS, derived.rows))),
    );
  return {
    points,
    lines,
    differences,
    stated_revision: manifest.git_revision,
    derived_revision: derived.manifest.git_revision,
  };
}

/** Points by their place among all, in this order. */
export function choosePoints(points: number, asked: number | 'all', seed: number): ReadonlySet<number> {
  const places = Array.from({ length: points }, (_, i) => i);
  const count = asked === 'all' ? points : Math.min(asked, points);
  const uniform = uniformStream(seed, 'verify/points');
  for (let i = 0; i < count; i++) {
    const other = i + Math.floor(uniform() * (points - i));
    [places[i], places[other]] = [places[other]!, places[i]!];
  }
  return new Set(places.slice(0, count).sort((a, b) => a - b));
}

interface Pair {
  readonly stated: string;
  readonly derived: string;
}

/** Columns that only one of two headers has; the headers themselves if they differ otherwise. */
export function distinctColumns({ stated, derived }: Pair): [stated: string, derived: string] {
  if (stated === derived) return ['', ''];
  const [was, is] = [stated.split(','), derived.split(',')];
  const only = (names: readonly string[], others: readonly string[]): string =>
    names.filter((name) => !others.includes(name)).join(',');
  const found: [string, string] = [only(was, is), only(is, was)];
  return found.join('') === '' ? [stated, derived] : found;
}

/** The cells in which two rows differ, of the columns that both have; the rows themselves if it is not their cells. */
export async function compareRow(headers: Pair, rows: Pair, line: number): Promise<Difference[]> {
  if (headers.stated === headers.derived && rows.stated === rows.derived) return [];
  const place = `results.csv:${line}`;
  const whole = { place, what: 'row', ...rows };
  const cells = async (header: string, row: string) =>
    (await parseTable(`${header}\r\n${row}\r\n`, place)).rows[0];
  const was = await cells(headers.stated, rows.stated).catch(() => undefined);
  const is = await cells(headers.derived, rows.derived);
  if (!was || !is) return [whole];
  const found = Object.keys(is)
    .filter((what) => what in was && was[what] !== is[what])
    .map((what) => ({ place, what, stated: String(was[what] ?? ''), derived: String(is[what] ?? '') }));
  return found.length > 0 || headers.stated !== headers.derived ? found : [whole];
}

/** Differences of the other forms of the results, where the folder has them. */
export async function compareForms(
  folder: string,
  write: (form: RowFormat) => Promise<string | Uint8Array>,
): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (const form of ROW_FORMATS.filter((name) => name !== 'csv')) {
    const file = `results.${form}`;
    const stated = await readFile(join(folder, file)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw fileFault(error, 'cannot read', join(folder, file));
    });
    if (!stated) continue;
    const hashes = { stated: sha256(stated), derived: sha256(await write(form)) };
    if (hashes.stated !== hashes.derived) differences.push({ place: file, what: 'SHA-256', ...hashes });
  }
  return differences;
}

/** What the counting of points and the reading of inputs rely on; the job itself refuses the rest. */
const configurationSchema = z.looseObject({
  ...{
    weights: z.string(),
    dataset: z.string(),
    device: z.string(),
    profile: z.string(),
    accelerator: z.string(),
  },
  supplies: z.array(z.number()).min(1),
  mappings: z.array(z.string()).min(1),
  chips: z.int().min(1),
});

const manifestSchema = z.object({
  program: z.literal('sparkxd'),
  version: z.string(),
  git_revision: z.string().nullable(),
  command: z.literal('run'),
  // Checked apart: a schema would put its keys in another order, and their hash would be another.
  configuration: z.record(z.string(), z.unknown()),
  configuration_sha256: z.string(),
  inputs: z.record(z.string(), z.string()),
});

/** A run's manifest, whose configuration is the one that was run: its hash says so. */
async function readManifest(file: string): Promise<Manifest> {
  const place = { file };
  let content: unknown;
  try {
    content = JSON.parse((await read(file)).toString('utf8'));
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError('the manifest is not JSON', { place, cause: error });
  }
  const { data: manifest } = manifestSchema.safeParse(content);
  if (!manifest || !configurationSchema.safeParse(manifest.configuration).success)
    throw new InputError('not the manifest of a sparkxd run', { place });
  const version = await programVersion();
  if (manifest.version !== version)
    throw new InputError(`results of sparkxd ${manifest.version}; this is ${version}`, {
      place,
      remedy: 'verify them with the version that made them',
    });
  if (sha256(JSON.stringify(manifest.configuration)) !== manifest.configuration_sha256)
    throw new InputError('the configuration is not the one that was run: its SHA-256 differs', { place });
  return manifest;
}

async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw fileFault(error, 'no results of sparkxd run here', file);
  }
}
