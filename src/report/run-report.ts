import { join } from 'node:path';
import { z } from 'zod';
import { InputError } from '../errors/input-error.ts';
import { statedBound } from '../experiments/run-manifest.ts';
import { readText } from '../files/read-file.ts';
import { requireWritableFolder, writeWhole } from '../files/write-file.ts';
import { pinsOfRows } from '../results/pins-of-rows.ts';
import { parseRows } from '../results/read-rows.ts';
import { REPLAY_TABLE, RUN_TABLE } from '../results/tables.ts';
import { exportPictures } from './export-pictures.ts';
import { type Report, type ReportPage, reportPage, runPage } from './html-report.ts';
import { memoryFigures } from './memory-figures.ts';
import { SHOWN_ROWS } from './numbers-table.ts';
import { replayPage } from './replay-page.ts';
import { searchPage } from './report-search.ts';
import { reportOfTables } from './report-tables.ts';
import { runSummary } from './run-summary.ts';
import { shownName } from './shown-names.ts';
import { axisLabel, sweepControls } from './sweep-axes.ts';
import { sweepCharts } from './sweep-charts.ts';
import { frontInWords, sweepGroups } from './sweep-groups.ts';
import { groupColumns } from './sweep-table.ts';
import { vegaScripts } from './vega-scripts.ts';

/**
 * The page of a run. `csv` and `manifest` are the texts of the run's files, `source` the CSV's name. The rows are read
 * from that text by `run`, too, which has them: so it writes the page that `report` writes.
 */
export async function pageOfRun(csv: string, manifest: string, source: string): Promise<ReportPage> {
  const rows = await parseRows(RUN_TABLE, csv, source);
  const { network, dataset, device } = rows[0]!;
  const bound = statedBound(manifest, 'manifest.json');
  return runPage({
    title: `${network} on ${dataset}, weights in ${device}`,
    summary: runSummary(rows, bound),
    rows,
    bound,
    csv,
    manifest,
    figures: await memoryFigures(manifest),
    scripts: await vegaScripts(),
  });
}

/** Names of files without their folders, where these do not tell them apart. */
function shortNames(names: readonly string[]): (name: string) => string {
  const short = (name: string): string => name.slice(name.lastIndexOf('/') + 1);
  const own = new Set(names);
  return new Set([...own].map(short)).size === own.size && !own.has('') ? short : (name) => name;
}

/** Axes that tell points of one trace apart. */
const OF_ONE_TRACE: readonly string[] = ['axis_supply', 'axis_chip'];

/** The page of a merged sweep that replayed traces: each is called by its axes but supply and chip. */
async function pageOfReplays(csv: string, manifest: string, source: string): Promise<ReportPage> {
  const rows = await parseRows(REPLAY_TABLE, csv, source, { behind: 'axes', older: true });
  const axes = Object.keys(rows[0]!).filter(
    (name) =>
      name.startsWith('axis_') &&
      !OF_ONE_TRACE.includes(name) &&
      new Set(rows.map((row) => row[name])).size > 1,
  );
  const wordsOf = new Map(axes.map((axis) => [axis, shortNames(rows.map((row) => String(row[axis])))]));
  const named = rows.map((row) => ({
    ...row,
    trace: axes.map((axis) => wordsOf.get(axis)!(String(row[axis]))).join(', ') || 'trace',
  }));
  const bound = boundOfSweep(manifest);
  return { ...replayPage(named, { bound }), csv, manifest, scripts: await vegaScripts() };
}

/** The page of a merged sweep. `csv` and `manifest` are the texts of its files, `source` the CSV's name. */
async function pageOfSweep(csv: string, manifest: string, source: string): Promise<ReportPage> {
  const rows = await parseRows(RUN_TABLE, csv, source, { behind: 'axes' });
  const groups = sweepGroups(rows, { bound: boundOfSweep(manifest) });
  const names = [...groups.axes.keys()];
  const listed = (axes: readonly string[]): string =>
    axes.map((axis) => shownName(axisLabel(axis))).join(', ') || 'none';
  const count = groups.groups.length;
  const shown = groups.groups.slice(0, SHOWN_ROWS);
  return {
    title: `Sweep of ${rows.length} points over ${listed(names)}`,
    summary: [
      `${rows.length} points in ${count} groups; axes: ${listed(names)}; averaged over: ${listed(groups.averaged)}`,
      ...frontInWords(groups.groups),
      `energies: ${pinsOfRows(rows)}`,
    ],
    charts: sweepCharts(groups),
    controls: sweepControls(groups),
    figures: [
      {
        ...{ id: 'memory', title: 'Pictures of the memory', description: '', pictures: [] },
        absent:
          'each point of a sweep has a memory of its own; sparkxd run with the options of one point draws it',
      },
    ],
    numbers: {
      says: `The ${count > SHOWN_ROWS ? `first ${SHOWN_ROWS} of ${count}` : count} groups; the file has all ${rows.length} points.`,
      table: {
        columns: groupColumns(groups),
        rows: shown,
      },
    },
    csv,
    manifest,
    scripts: await vegaScripts(),
  };
}

/** The report of the folder of a run, a search or a merged sweep. */
async function reportOfFolder(folder: string): Promise<Report> {
  const read = (name: string): Promise<string> =>
    readText(join(folder, name), { what: 'no results of sparkxd run or of a merged sweep here' });
  const manifest = await read('manifest.json');
  const command = commandOf(manifest, join(folder, 'manifest.json'));
  const file = join(folder, 'report.html');
  if (command === 'run --optimise') return { file, page: await searchPage(folder, manifest) };
  const csv = await read('results.csv');
  const source = join(folder, 'results.csv');
  const page =
    command === 'sweep'
      ? await (replayed(manifest) ? pageOfReplays : pageOfSweep)(csv, manifest, source)
      : await pageOfRun(csv, manifest, source);
  return { file, page };
}

/**
 * `sparkxd report`: the report of a folder, made anew, or of CSV files; and its pictures in the folder `charts`, if one is
 * named. Returns the files written, the report first.
 */
export async function runReport(
  from: { readonly folder: string } | { readonly tables: readonly [string, ...string[]] },
  charts?: string,
): Promise<string[]> {
  const { file, page } =
    'folder' in from ? await reportOfFolder(from.folder) : await reportOfTables(from.tables);
  if (charts !== undefined) await requireWritableFolder(charts);
  await writeWhole(file, reportPage(page));
  return [file, ...(charts === undefined ? [] : await exportPictures(page, charts))];
}

/** Whether the manifest of a sweep is of traces. */
const replayed = (manifest: string): boolean =>
  (JSON.parse(manifest) as { plan?: { axes?: { trace?: unknown } } }).plan?.axes?.trace !== undefined;

const sweepBounds = z.looseObject({
  plan: z.looseObject({ axes: z.looseObject({ bound: z.array(z.number()).optional() }) }),
  defaults: z.looseObject({ bound: z.number().optional() }),
});

/** The bound of all points of a sweep by its manifest; undefined where it states none, or several. */
function boundOfSweep(manifest: string): number | undefined {
  const { data } = sweepBounds.safeParse(JSON.parse(manifest));
  const [bound, ...others] = data?.plan.axes.bound ?? [data?.defaults.bound];
  return others.length === 0 ? bound : undefined;
}

/** Whose manifest it is. Throws InputError for one that neither a run nor a sweep wrote. */
function commandOf(text: string, file: string): 'run' | 'run --optimise' | 'sweep' {
  try {
    const { command } = JSON.parse(text) as { command?: unknown };
    if (command === 'run' || command === 'sweep' || command === 'run --optimise') return command;
  } catch {
    // Reported below: either way it is not what a run writes.
  }
  throw new InputError('not the manifest of a sparkxd run or sweep', { place: { file } });
}
