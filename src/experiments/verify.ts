import { join } from 'node:path';
import { readBytesIfThere, readText } from '../files/read-file.ts';
import { sha256 } from '../files/sha256.ts';
import { uniformStream } from '../random/streams.ts';
import { parseTable } from '../results/csv.ts';
import { RUN_TABLE } from '../results/tables.ts';
import { fileColumns, tableCsv, writeRows } from '../results/write-rows.ts';
import { ROW_FORMATS, type RowFormat } from '../settings/row-formats.ts';
import type { PhaseMonitor } from './monitor.ts';
import { pointCount, run } from './run.ts';
import { readRunManifest } from './run-manifest.ts';

/** What `sparkxd verify` derives again. */
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
  threads: number,
  monitor: PhaseMonitor,
): Promise<VerifyOutcome> {
  const { manifest, job } = await readRunManifest(join(folder, 'manifest.json'));
  const csv = await readText(join(folder, 'results.csv'), { what: NOTHING });
  const [header = '', ...stated] = csv.split('\r\n');
  const end = stated.pop();
  const points = pointCount(job);
  const differences: Difference[] = [];
  const differ = (place: string, what: string, was: string, is: string): void => {
    if (was !== is) differences.push({ place, what, stated: was, derived: is });
  };
  differ('results.csv', 'rows', String(stated.length), String(points));
  differ('results.csv', 'end', JSON.stringify(end), '""');

  const chosen = choosePoints(points, asked, seed);
  const derived = await run(job, threads, monitor, (point) => chosen.has(point));
  differences.push(...compareInputs('manifest.json', manifest.inputs, derived.manifest.inputs));

  const [derivedHeader, ...rows] = (await tableCsv(RUN_TABLE, derived.rows)).split('\r\n');
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
      ...(await compareForms(folder, (form) => writeRows(form, fileColumns(RUN_TABLE), derived.rows))),
    );
  return {
    points,
    lines,
    differences,
    stated_revision: manifest.git_revision,
    derived_revision: derived.manifest.git_revision,
  };
}

/** Inputs whose content is not what `file` states, and those that it lists but that were not read, or the other way round. */
export function compareInputs(
  file: string,
  stated: Readonly<Record<string, string>>,
  derived: Readonly<Record<string, string>>,
): Difference[] {
  const names = [...new Set([...Object.keys(stated), ...Object.keys(derived)])].sort();
  return names
    .filter((name) => stated[name] !== derived[name])
    .map((name) => ({
      place: file,
      what: `SHA-256 of ${name}`,
      stated: stated[name] ?? 'absent',
      derived: derived[name] ?? 'absent',
    }));
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
    const stated = await readBytesIfThere(join(folder, file));
    if (!stated) continue;
    const hashes = { stated: sha256(stated), derived: sha256(await write(form)) };
    if (hashes.stated !== hashes.derived) differences.push({ place: file, what: 'SHA-256', ...hashes });
  }
  return differences;
}

const NOTHING = 'no results of sparkxd run here';
