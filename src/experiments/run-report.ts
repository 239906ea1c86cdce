import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../errors/input-error.ts';
import { parseResultsCsv } from '../report/csv.ts';
import { htmlReport } from '../report/html-report.ts';
import type { ResultRow } from '../report/result-columns.ts';
import { runSummary } from '../report/run-summary.ts';
import { vegaScripts } from '../report/vega-scripts.ts';
import { fileFault, writeWhole } from './files.ts';

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
    scripts: await vegaScripts(),
  });
  await writeWhole(file, html);
}

/** `sparkxd report DIR`: the report of a run's folder, made anew. Returns the file. */
export async function runReport(folder: string): Promise<string> {
  const read = async (name: string): Promise<string> => {
    const file = join(folder, name);
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      throw fileFault(error, 'no results of sparkxd run here', file);
    }
  };
  const [csv, manifest] = await Promise.all([read('results.csv'), read('manifest.json')]);
  requireRunManifest(manifest, join(folder, 'manifest.json'));
  const rows = await parseResultsCsv(csv, join(folder, 'results.csv'));
  const file = join(folder, 'report.html');
  await writeReport(file, rows, csv, manifest);
  return file;
}

function requireRunManifest(text: string, file: string): void {
  try {
    const { command, configuration } = JSON.parse(text) as {
      command?: unknown;
      configuration?: { bound?: unknown };
    };
    if (command === 'run' && typeof configuration?.bound === 'number') return;
  } catch {
    // Reported below: either way it is not what a run writes.
  }
  throw new InputError('not the manifest of a sparkxd run', { place: { file } });
}
