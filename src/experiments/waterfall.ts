import { InputError } from '../errors/input-error.ts';
import { suggest } from '../errors/suggest.ts';
import { readText } from '../files/read-file.ts';
import { parseTable } from '../results/csv.ts';
import { pinsOfRows } from '../results/pins-of-rows.ts';
import {
  energiesOf,
  type TableRow,
  type Waterfall,
  type WaterfallBasis,
  waterfall,
} from '../results/waterfall.ts';

/** A run to compare: a file of results, and the values that its rows must have in some columns. */
export interface RunChoice {
  readonly file: string;
  readonly where: Readonly<Record<string, string>>;
}

/** Energies in pJ a basis (access, inference or run). */
export interface WaterfallOutcome extends Waterfall {
  readonly basis: WaterfallBasis;
  /** How many rows of each file were averaged (chips of one point, as a rule). */
  readonly rows: readonly [from: number, to: number];
  /** What the energies of each hold of the data pins, in words. */
  readonly pins: readonly [from: string, to: string];
}

/**
 * The waterfall between two runs from the CSV files that `run`, `replay` and `power` write. Throws InputError for a file
 * that is no such table, an unknown column, a choice that no row meets or that rows of several supplies or mappings meet.
 */
export async function runWaterfall(
  from: RunChoice,
  to: RunChoice,
  basis: WaterfallBasis,
): Promise<WaterfallOutcome> {
  const [first, second] = [await chosenRows(from), await chosenRows(to)];
  return {
    basis,
    rows: [first.length, second.length],
    pins: [pinsOf(first), pinsOf(second)],
    ...waterfall(energiesOf(first, basis, from.file), energiesOf(second, basis, to.file)),
  };
}

/** Columns that tell runs apart; rows averaged into one bar must agree in them. */
const POINT = [
  'device',
  'supply_V',
  'timing',
  'mapping',
  'weight_format',
  'workload',
  'network',
  'data_pins',
] as const;

async function chosenRows({ file, where }: RunChoice): Promise<TableRow[]> {
  const text = await readText(file, { what: 'cannot read the results' });
  const { header, rows } = await parseTable(text, file);
  if (rows.length === 0) throw new InputError('no results in the file', { place: { file } });
  for (const column of Object.keys(where))
    if (!header.includes(column))
      throw new InputError(`the results have no column "${column}"`, {
        place: { file, line: 1 },
        remedy: suggest(column, header, 'columns'),
      });
  const chosen = rows.filter((row) =>
    Object.entries(where).every(([column, value]) => agrees(row[column], value)),
  );
  if (chosen.length === 0)
    throw new InputError(`no row has ${describe(where)}`, {
      place: { file },
      remedy: `supplies: ${[...new Set(rows.map((row) => row['supply_V']))].join(', ')}`,
    });
  for (const column of POINT) {
    const values = [...new Set(chosen.map((row) => row[column]))];
    if (values.length > 1)
      throw new InputError(`rows of several runs are meant: ${column} is ${values.join(', ')}`, {
        place: { file },
        remedy: `choose one, for instance ${file}:${column}=${values[0]}`,
      });
  }
  return chosen;
}

/** What the energies of rows of a results file hold of the data pins. */
const pinsOf = (rows: readonly TableRow[]): string =>
  pinsOfRows(rows.map(({ data_pins }) => (data_pins === undefined ? {} : { data_pins: String(data_pins) })));

const agrees = (cell: TableRow[string], value: string): boolean =>
  typeof cell === 'number' ? cell === Number(value) : String(cell ?? '') === value;

const describe = (where: Readonly<Record<string, string>>): string =>
  Object.entries(where)
    .map(([column, value]) => `${column} = ${value}`)
    .join(' and ');
