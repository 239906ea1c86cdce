import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { InputError } from '../errors/input-error.ts';
import { fileFault } from '../files/file-fault.ts';
import { parseTable } from '../results/csv.ts';
import { RESULT_COLUMNS, type ResultColumn } from '../results/result-columns.ts';
import type { ReportPage } from './html-report.ts';
import { absentFigures } from './memory-figures.ts';
import { OPERATING_POINT_COLUMNS, type OperatingPointRow, operatingPointChart } from './operating-points.ts';
import { searchSummary } from './search-summary.ts';
import { vegaScripts } from './vega-scripts.ts';

/** What is read of operating-points.json; the points themselves are in the CSV, too. */
const outcomeSchema = z.looseObject({
  required: z.number(),
  choices: z.int(),
  refused: z.array(z.unknown()),
  presentations: z.int(),
  presentationsUnpruned: z.int(),
});

/** The page of a folder that `run --optimise` wrote. `manifest` is the text of its manifest.json. */
export async function searchPage(folder: string, manifest: string): Promise<ReportPage> {
  const read = async (name: string): Promise<string> => {
    const file = join(folder, name);
    return readFile(file, 'utf8').catch((error: unknown) => {
      throw fileFault(error, 'no results of sparkxd run --optimise here', file);
    });
  };
  const [csv, json] = await Promise.all([read('operating-points.csv'), read('operating-points.json')]);
  const rows = await operatingPoints(csv, join(folder, 'operating-points.csv'));
  const outcome = searchOutcome(json, join(folder, 'operating-points.json'));
  const known: ReadonlyMap<string, ResultColumn> = new Map(
    RESULT_COLUMNS.map((column) => [column.name, column]),
  );
  const columns = OPERATING_POINT_COLUMNS.filter((name) => rows.some((row) => row[name] !== undefined)).map(
    (name) => known.get(name) ?? { name, unit: '', definition: name.replaceAll('_', ' ') },
  );
  return {
    title: `Operating points: ${[...new Set(rows.map(({ network }) => network))].join(', ')}`,
    summary: searchSummary(rows, outcome),
    charts: [operatingPointChart(rows, outcome.required)],
    figures: absentFigures(
      'each point has a memory of its own; sparkxd run with the options of one point draws its own',
    ),
    numbers: {
      says: `The baseline and the ${rows.length - 1} points of the front.`,
      table: { columns, rows },
    },
    csv,
    csvName: 'operating-points.csv',
    manifest,
    scripts: await vegaScripts(),
  };
}

/** Throws InputError, naming the line, for what is no table of operating points. */
async function operatingPoints(text: string, file: string): Promise<OperatingPointRow[]> {
  const { header, rows } = await parseTable(text, file);
  if (header.join() !== OPERATING_POINT_COLUMNS.join())
    throw new InputError('the columns are not those of operating points of this program', {
      place: { file, line: 1 },
      remedy: 'make the results again with this version of sparkxd',
    });
  if (rows[0]?.['point'] !== 'baseline')
    throw new InputError('the first row is not the baseline', { place: { file, line: 2 } });
  const needed = ['dram_energy_per_inference_nJ', 'latency_per_inference_ns', 'accuracy_worst_chip'] as const;
  for (const [i, row] of rows.entries())
    for (const name of needed)
      if (typeof row[name] !== 'number')
        throw new InputError(`no number in the column ${name}`, { place: { file, line: i + 2 } });
  return rows as OperatingPointRow[];
}

function searchOutcome(text: string, file: string): z.infer<typeof outcomeSchema> {
  try {
    const { data } = outcomeSchema.safeParse(JSON.parse(text));
    if (data) return data;
  } catch {
    // Reported below: either way it is not what a search writes.
  }
  throw new InputError('not the outcome of sparkxd run --optimise', { place: { file } });
}
