import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { InputError } from '../errors/input-error.ts';
import { fileFault } from '../files/file-fault.ts';
import { parseTable, type Table } from '../results/csv.ts';
import type { ResultRow } from '../results/result-columns.ts';
import { SIMULATION_COLUMNS } from '../results/simulation-columns.ts';
import type { NumbersTable, PageContents, Report } from './html-report.ts';
import { REPLAY_NUMBERS, replayPage, SUMMED_UP } from './replay-page.ts';
import { SIMULATION_NUMBERS, simulationCharts } from './simulation-charts.ts';
import { vegaScripts } from './vega-scripts.ts';

/**
 * The report of the rows that `simulate` or `replay` wrote, of several files as of one; it goes beside the first. Throws
 * InputError for other tables and for files of different columns.
 */
export async function reportOfTables(files: readonly [string, ...string[]]): Promise<Report> {
  const [first] = files;
  const texts = await Promise.all(
    files.map((file) =>
      readFile(file, 'utf8').catch((error: unknown) => {
        throw fileFault(error, 'cannot read the results', file);
      }),
    ),
  );
  const tables = await Promise.all(texts.map((text, i) => parseTable(text, files[i]!)));
  const [{ header }] = tables as [Table];
  const kind = kindOf(header, first);
  for (const [i, { header: other, rows }] of tables.entries()) {
    if (other.join() !== header.join())
      throw new InputError(`the columns are not those of ${first}`, {
        place: { file: files[i]!, line: 1 },
        remedy: 'report files of one command and one version together',
      });
    requireNumbers(rows, kind === 'simulate' ? SIMULATION_NUMBERS : REPLAY_NUMBERS, files[i]!);
  }
  const rows = tables.flatMap((table) => table.rows);
  const whole = texts.map((text) => (text.endsWith('\n') ? text : `${text}\r\n`));
  const csv = whole.map((text, i) => (i === 0 ? text : text.slice(text.indexOf('\n') + 1))).join('');
  const page = {
    ...(kind === 'simulate' ? simulationPage(rows) : replayPage(named(tables, files))),
    ...{
      csv,
      csvName: kind === 'simulate' ? 'simulations.csv' : 'replays.csv',
      scripts: await vegaScripts(),
    },
  };
  return { file: `${first.replace(/\.csv$/i, '')}.report.html`, page };
}

type Rows = NumbersTable['rows'];
/** Whose table it is, by its columns. */
function kindOf(header: readonly string[], file: string): 'simulate' | 'replay' {
  const lacks = (columns: readonly string[]): string | undefined =>
    columns.find((column) => !header.includes(column));
  if (lacks(SIMULATION_NUMBERS) === undefined) return 'simulate';
  const lacking = lacks(REPLAY_NUMBERS);
  if (lacking === undefined && !header.includes('accuracy')) return 'replay';
  throw new InputError(
    lacking === undefined ? 'the rows are those of a run' : `the results have no column "${lacking}"`,
    {
      place: { file, line: 1 },
      remedy:
        lacking === undefined
          ? "give the run's folder"
          : 'give a CSV file that sparkxd simulate or replay wrote, or the folder of a run or a sweep',
    },
  );
}

function requireNumbers(rows: Rows, columns: readonly string[], file: string): void {
  if (rows.length === 0) throw new InputError('no results in the file', { place: { file } });
  for (const [i, row] of rows.entries())
    for (const name of columns)
      if (typeof row[name] !== 'number')
        throw new InputError(`no number in the column ${name}`, { place: { file, line: i + 2 } });
}

function simulationPage(rows: Rows): PageContents {
  const texts = (column: string): string => [...new Set(rows.map((row) => row[column]))].join(', ');
  const meanings: ReadonlyMap<string, string> = new Map(SIMULATION_COLUMNS);
  const share = (row: Rows[number]): string =>
    (((row['dram_nJ'] as number) / (row['energy_nJ'] as number)) * 100).toFixed(1);
  return {
    title: `Simulated: ${texts('weights')} on ${texts('accelerator')}, weights in ${texts('device')}`,
    summary: rows
      .slice(0, SUMMED_UP)
      .map(
        (row) =>
          `${row['supply_V']} V, mapping ${row['mapping']}: ${((row['accuracy'] as number) * 100).toFixed(2)} %, ${(row['latency_mean_us'] as number).toFixed(2)} us and ${((row['energy_nJ'] as number) / 1000).toFixed(3)} uJ an inference, of which the DRAM ${share(row)} %; bound by ${row['bound']}`,
      ),
    charts: simulationCharts(rows),
    numbers: {
      says: `${rows.length} ${rows.length === 1 ? 'simulation' : 'simulations'}.`,
      table: {
        columns: Object.keys(rows[0]!).map((name) => ({
          name,
          unit: '',
          definition: meanings.get(name) ?? name,
        })),
        rows,
      },
    },
  };
}

/**
 * Rows with a name in the column `mapping`, by which charts tell bars and lines of one supply apart: the file's where
 * there are several, and a number where a file has a supply more than once.
 */
function named(tables: readonly Table[], files: readonly string[]): ResultRow[] {
  return tables.flatMap(({ rows }, i) => {
    const name = files.length > 1 ? basename(files[i]!, '.csv') : 'trace';
    const seen = new Map<unknown, number>();
    return rows.map((row) => {
      const times = (seen.get(row['supply_V']) ?? 0) + 1;
      seen.set(row['supply_V'], times);
      return { ...row, mapping: times > 1 ? `${name} (${times})` : name };
    });
  });
}
