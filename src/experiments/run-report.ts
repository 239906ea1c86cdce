import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../errors/input-error.ts';
import { parseResultsCsv, parseSweepCsv } from '../report/csv.ts';
import { htmlReport, reportPage } from '../report/html-report.ts';
import type { ResultRow } from '../report/result-columns.ts';
import { runSummary } from '../report/run-summary.ts';
import { axisLabel, sweepCharts, sweepControls } from '../report/sweep-charts.ts';
import { frontInWords, NEEDED_COLUMNS, type SweepRow, sweepGroups } from '../report/sweep-groups.ts';
import { vegaScripts } from '../report/vega-scripts.ts';
import { fileFault, writeWhole } from './files.ts';
import { absentFigures, memoryFigures } from './memory-figures.ts';
import { searchReport } from './report-search.ts';

/** Writes the report of a run's rows. `csv` and `manifest` are the texts of the run's files. */
export async function writeReport(
  file: string,
  rows: readonly ResultRow[],
  csv: string,
  manifest: string,
): Promise<void> {
  const { network, dataset, device } = rows[0]!;
  const { configuration } = JSON.parse(manifest) as { configuration: { bound: number } };
  const html = htmlReport({
    title: `${network} on ${dataset}, weights in ${device}`,
    summary: runSummary(rows, configuration.bound),
    rows,
    csv,
    manifest,
    figures: await memoryFigures(manifest),
    scripts: await vegaScripts(),
  });
  await writeWhole(file, html);
}

/** Rows of the table in a sweep's report; the rest is in the download. */
const SHOWN_GROUPS = 500;

/** The report of a merged sweep. `csv` and `manifest` are the texts of its files, `source` the CSV's name. */
async function sweepReport(csv: string, manifest: string, source: string): Promise<string> {
  const rows = (await parseSweepCsv(csv, source, NEEDED_COLUMNS)) as SweepRow[];
  const groups = sweepGroups(rows);
  const names = [...groups.axes.keys()];
  const listed = (axes: readonly string[]): string => axes.map(axisLabel).join(', ') || 'none';
  const count = groups.groups.length;
  const shown = groups.groups.slice(0, SHOWN_GROUPS);
  return reportPage({
    title: `Sweep of ${rows.length} points over ${listed(names)}`,
    summary: [
      `${rows.length} points in ${count} groups; axes: ${listed(names)}; averaged over: ${listed(groups.averaged)}`,
      ...frontInWords(groups.groups),
    ],
    charts: sweepCharts(groups),
    controls: sweepControls(groups),
    figures: absentFigures(
      'each point of a sweep has a memory of its own; sparkxd run with the options of one point draws its own',
    ),
    numbers: {
      says: `The ${count > SHOWN_GROUPS ? `first ${SHOWN_GROUPS} of ${count}` : count} groups; the file has all ${rows.length} points.`,
      table: {
        columns: Object.keys(shown[0]!).map((name) => ({ name, unit: '', definition: axisLabel(name) })),
        rows: shown,
      },
    },
    csv,
    manifest,
    scripts: await vegaScripts(),
  });
}

/** `sparkxd report DIR`: the report of the folder of a run, a search or a merged sweep, made anew. Returns the file. */
export async function runReport(folder: string): Promise<string> {
  const read = async (name: string): Promise<string> => {
    const file = join(folder, name);
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      throw fileFault(error, 'no results of sparkxd run or of a merged sweep here', file);
    }
  };
  const manifest = await read('manifest.json');
  const command = commandOf(manifest, join(folder, 'manifest.json'));
  const file = join(folder, 'report.html');
  if (command === 'run --optimise') {
    await writeWhole(file, await searchReport(folder, manifest));
    return file;
  }
  const csv = await read('results.csv');
  const source = join(folder, 'results.csv');
  if (command === 'sweep') await writeWhole(file, await sweepReport(csv, manifest, source));
  else await writeReport(file, await parseResultsCsv(csv, source), csv, manifest);
  return file;
}

/** Whose manifest it is. Throws InputError for one that neither a run nor a sweep wrote. */
function commandOf(text: string, file: string): 'run' | 'run --optimise' | 'sweep' {
  try {
    const { command, configuration } = JSON.parse(text) as {
      command?: unknown;
      configuration?: { bound?: unknown };
    };
    if (command === 'sweep' || command === 'run --optimise') return command;
    if (command === 'run' && typeof configuration?.bound === 'number') return command;
  } catch {
    // Reported below: either way it is not what a run writes.
  }
  throw new InputError('not the manifest of a sparkxd run or sweep', { place: { file } });
}
