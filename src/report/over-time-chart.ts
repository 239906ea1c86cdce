import { basename } from 'node:path';
import { InputError } from '../errors/input-error.ts';
import { parseRows } from '../results/read-rows.ts';
import { OVER_TIME_TABLE, type OverTimeRow } from '../results/tables.ts';
import { ACCURACY, EXACT_FRACTION } from './accuracy-axis.ts';
import { type Chart, SCHEMA, tooltip, WIDTH } from './chart-parts.ts';
import { nameLabels } from './name-labels.ts';

/** A file that `--over-time` wrote. */
export interface OverTimeFile {
  readonly name: string;
  readonly rows: readonly OverTimeRow[];
}

/** Whether a file has what `--over-time` wrote, by its columns. */
export const isOverTimeFile = (header: readonly string[]): boolean =>
  header.join() === OVER_TIME_TABLE.columns.join();

/** What tells the rows of a file's results apart, as far as the file has it. */
interface Point {
  readonly supply_V: number;
  readonly chip?: number | string | undefined;
  readonly rewrite_every?: number | undefined;
}

const pointOf = ({ supply_V, chip, rewrite_every }: Point): string =>
  JSON.stringify([supply_V, chip ?? null, rewrite_every ?? null]);

/** Reads such a file. Throws InputError for one that is not such, and for points that none of the results has. */
export async function readOverTimeFile(
  text: string,
  file: string,
  results: readonly Point[],
): Promise<OverTimeFile> {
  const rows = await parseRows(OVER_TIME_TABLE, text, file);
  const known = new Set(results.map(pointOf));
  const strange = rows.find((row) => !known.has(pointOf(row)));
  if (strange !== undefined)
    throw new InputError(
      `no row of the results is at ${strange.supply_V} V, chip ${strange.chip}, weights ${writingOf(strange)}`,
      { place: { file }, remedy: 'give the files that --csv and --over-time of one command wrote' },
    );
  return { name: basename(file).replace(/\.csv(\.gz)?$/i, ''), rows };
}

const writingOf = ({ rewrite_every }: OverTimeRow): string =>
  rewrite_every === undefined ? 'written once' : `written every ${rewrite_every}`;

/** Accuracy and wrong bits by the inferences since the weights were written, a line a file, supply, chip and interval of writing. */
export function overTimeChart(files: readonly OverTimeFile[]): Chart | undefined {
  const all = files.flatMap(({ name, rows }) => rows.map((row) => ({ name, row })));
  if (all.length === 0) return undefined;
  const several = (of: (row: OverTimeRow) => unknown): boolean =>
    new Set(all.map(({ row }) => of(row))).size > 1;
  const points = files.map(({ rows }) => new Set(rows.map(pointOf)));
  const repeated = points.some((own, i) =>
    points.slice(0, i).some((other) => [...own].some((point) => other.has(point))),
  );
  const lineOf = (name: string, row: OverTimeRow): string =>
    [
      ...(repeated ? [name] : []),
      writingOf(row),
      ...(several(({ supply_V }) => supply_V) ? [`${row.supply_V} V`] : []),
      ...(several(({ chip }) => chip) ? [`chip ${row.chip}`] : []),
    ].join(', ');
  const values = all.map(({ name, row }) => ({
    line: lineOf(name, row),
    // A logarithmic axis has no place for 0.
    nth: row.inferences_from + 1,
    inferences_from: row.inferences_from,
    inferences_to: row.inferences_to,
    images: row.images,
    accuracy: row.accuracy,
    accuracy_low: row.accuracy_low,
    accuracy_high: row.accuracy_high,
    wrong_bits_read_per_inference: row.wrong_bits_read_per_inference,
  }));
  const description =
    'Accuracy with its 95 % interval over images (top) and wrong bits read (bottom) by how many inferences came since the weights were written: each point stands at the first inference of its block, the first after the writing at 1. Wrong values stay in the memory until the weights are written anew; time and energy of these writes are not counted. Points are over different images.';
  const x = {
    field: 'nth',
    type: 'quantitative',
    title: 'inference since the weights were written (first of the block)',
    scale: { type: 'log', base: 2, nice: false, padding: 8 },
  };
  const color = {
    field: 'line',
    type: 'nominal',
    title: null,
    sort: null,
    legend: nameLabels(values.map(({ line }) => line)),
  };
  const says = tooltip({
    line: ['simulation'],
    inferences_from: ['inferences since the writing, from', ','],
    inferences_to: ['to', ','],
    images: ['images', ','],
    accuracy: ['accuracy (fraction)', EXACT_FRACTION],
    wrong_bits_read_per_inference: ['wrong bits an inference', ',.1f'],
  });
  const accuracy = { ...ACCURACY, field: 'accuracy' };
  return {
    id: 'over-time',
    title: 'Accuracy since the weights were written',
    description,
    headings: { line: 'simulation', nth: 'first inference' },
    spec: {
      $schema: SCHEMA,
      description,
      data: { values },
      vconcat: [
        {
          width: WIDTH,
          height: 200,
          layer: [
            {
              mark: { type: 'rule', opacity: 0.5 },
              encoding: {
                x,
                y: { ...accuracy, field: 'accuracy_low' },
                y2: { field: 'accuracy_high' },
                color,
              },
            },
            {
              mark: { type: 'line', point: { filled: true, size: 50 } },
              encoding: { x, y: accuracy, color, tooltip: says },
            },
          ],
        },
        {
          width: WIDTH,
          height: 140,
          mark: { type: 'line', point: { filled: true, size: 50 } },
          encoding: {
            x,
            y: {
              field: 'wrong_bits_read_per_inference',
              type: 'quantitative',
              title: 'wrong bits an inference',
            },
            color,
            tooltip: says,
          },
        },
      ],
    },
  };
}
