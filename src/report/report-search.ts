import { join } from 'node:path';
import { z } from 'zod';
import { InputError } from '../errors/input-error.ts';
import { readText } from '../files/read-file.ts';
import { parseRows } from '../results/read-rows.ts';
import { OPERATING_POINT_TABLE, type OperatingPointRow } from '../results/tables.ts';
import type { ReportPage } from './html-report.ts';
import { absentFigures } from './memory-figures.ts';
import { shownColumns } from './numbers-table.ts';
import { operatingPointChart } from './operating-points.ts';
import { searchSummary } from './search-summary.ts';
import { vegaScripts } from './vega-scripts.ts';

/** What is read of operating-points.json; the points themselves are in the CSV, too. */
const outcomeSchema = z.looseObject({
  required: z.number(),
  choices: z.int(),
  refused: z.array(z.unknown()),
  presentations: z.int(),
  presentationsUnpruned: z.int(),
  tested: z
    .looseObject({
      baseline: z.looseObject({ images: z.int(), accuracyWorst: z.number() }),
      chosen: z.looseObject({ accuracyWorst: z.number() }),
      saving: z.number(),
      lost: z.looseObject({ estimate: z.number(), low: z.number(), high: z.number() }),
      bound: z.number(),
      meetsBound: z.boolean(),
    })
    .optional(),
});

/** The page of a folder that `run --optimise` wrote. `manifest` is the text of its manifest.json. */
export async function searchPage(folder: string, manifest: string): Promise<ReportPage> {
  const read = (name: string): Promise<string> =>
    readText(join(folder, name), { what: 'no results of sparkxd run --optimise here' });
  const [csv, json] = await Promise.all([read('operating-points.csv'), read('operating-points.json')]);
  const rows = await operatingPoints(csv, join(folder, 'operating-points.csv'));
  const outcome = searchOutcome(json, join(folder, 'operating-points.json'));
  const front = rows.filter(({ point }) => point === 'front').length;
  const columns = shownColumns(OPERATING_POINT_TABLE, rows);
  return {
    title: `Operating points: ${[...new Set(rows.map(({ network }) => network))].join(', ')}`,
    summary: searchSummary(rows, outcome),
    charts: [operatingPointChart(rows, outcome.required)],
    figures: absentFigures(
      'each point has a memory of its own; sparkxd run with the options of one point draws its own',
    ),
    numbers: {
      says: `The baseline and the ${front} points of the front on the validation images, on which the search chooses${outcome.tested ? '; then the baseline and the point chosen on the test images' : ''}.`,
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
  const rows = await parseRows(OPERATING_POINT_TABLE, text, file);
  if (rows[0]?.point !== 'baseline')
    throw new InputError('the first row is not the baseline', { place: { file, line: 2 } });
  return rows;
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
