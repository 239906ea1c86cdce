import { basename } from 'node:path';
import { InputError } from '../errors/input-error.ts';
import { readText } from '../files/read-file.ts';
import {
  REPLAY_TABLE,
  type ReplayRow,
  RUN_TABLE,
  SIMULATE_TABLE,
  type SimulateRow,
  type Table,
} from '../results/columns.ts';
import { parseTable } from '../results/csv.ts';
import { parseRows } from '../results/read-rows.ts';
import { NJ_PER_UJ } from '../units/scale.ts';
import type { TrafficRow } from './charts.ts';
import type { PageContents, Report } from './html-report.ts';
import { shownColumns } from './numbers-table.ts';
import { replayPage, SUMMED_UP } from './replay-page.ts';
import { simulationCharts } from './simulation-charts.ts';
import { vegaScripts } from './vega-scripts.ts';

/**
 * The report of the rows that `simulate` or `replay` wrote, of several files as of one; it goes beside the first. Throws
 * InputError for other tables and for files of different columns.
 */
export async function reportOfTables(files: readonly [string, ...string[]]): Promise<Report> {
  const [first] = files;
  const texts = await Promise.all(files.map((file) => readText(file, { what: 'cannot read the results' })));
  const { header } = await parseTable(texts[0]!, first);
  const table = tableOf(header, first);
  for (const [i, file] of files.entries()) {
    const { header: other } = await parseTable(texts[i]!, file);
    if (other.join() !== header.join())
      throw new InputError(`the columns are not those of ${first}`, {
        place: { file, line: 1 },
        remedy: 'report files of one command and one version together',
      });
  }
  const whole = texts.map((text) => (text.endsWith('\n') ? text : `${text}\r\n`));
  const csv = whole.map((text, i) => (i === 0 ? text : text.slice(text.indexOf('\n') + 1))).join('');
  const rowsOf = <T extends Table>(of: T) =>
    Promise.all(texts.map((text, i) => parseRows(of, text, files[i]!, { behind: 'any' })));
  const contents =
    table === SIMULATE_TABLE
      ? simulationPage((await rowsOf(SIMULATE_TABLE)).flat())
      : replayPage(named(await rowsOf(REPLAY_TABLE), files));
  const added = header.slice(table.columns.length);
  const page = {
    ...withAdded(contents, added),
    csv,
    csvName: table === SIMULATE_TABLE ? 'simulations.csv' : 'replays.csv',
    scripts: await vegaScripts(),
  };
  return { file: `${first.replace(/\.csv(\.gz)?$/i, '')}.report.html`, page };
}

/** The page with the columns that the user put behind the program's own. */
function withAdded({ numbers, ...contents }: PageContents, added: readonly string[]): PageContents {
  const { columns, rows } = numbers.table;
  const more = added.map((name) => ({ name, unit: '', definition: 'a column of the file' }));
  return { ...contents, numbers: { ...numbers, table: { columns: [...columns, ...more], rows } } };
}

/** Whose table it is, by its columns. Throws InputError for another table. */
function tableOf(header: readonly string[], file: string): typeof SIMULATE_TABLE | typeof REPLAY_TABLE {
  const lacking = ({ columns }: Table): string | undefined => columns.find((name) => !header.includes(name));
  if (lacking(SIMULATE_TABLE) === undefined) return SIMULATE_TABLE;
  const missing = lacking(REPLAY_TABLE);
  if (missing === undefined && lacking(RUN_TABLE) !== undefined) return REPLAY_TABLE;
  throw new InputError(
    missing === undefined ? 'the rows are those of a run' : `the results have no column "${missing}"`,
    {
      place: { file, line: 1 },
      remedy:
        missing === undefined
          ? "give the run's folder"
          : 'give a CSV file that sparkxd simulate or replay wrote, or the folder of a run or a sweep',
    },
  );
}

function simulationPage(rows: readonly SimulateRow[]): PageContents {
  const texts = (column: 'network' | 'accelerator' | 'device'): string =>
    [...new Set(rows.map((row) => row[column]))].join(', ');
  const share = (row: SimulateRow): string =>
    ((row.dram_energy_per_inference_nJ / row.energy_per_inference_nJ) * 100).toFixed(1);
  return {
    title: `Simulated: ${texts('network')} on ${texts('accelerator')}, weights in ${texts('device')}`,
    summary: rows
      .slice(0, SUMMED_UP)
      .map(
        (row) =>
          `${row.supply_V} V, mapping ${row.mapping}: ${(row.accuracy * 100).toFixed(2)} %, ${row.latency_mean_us.toFixed(2)} us and ${(row.energy_per_inference_nJ / NJ_PER_UJ).toFixed(3)} uJ an inference, of which the DRAM ${share(row)} %; bound by ${row.bound_by}`,
      ),
    charts: simulationCharts(rows),
    numbers: {
      says: `${rows.length} ${rows.length === 1 ? 'simulation' : 'simulations'}.`,
      table: { columns: shownColumns(SIMULATE_TABLE, rows), rows },
    },
  };
}

/**
 * Rows with a name in the column `mapping`, by which charts tell bars and lines of one supply apart: the file's where
 * there are several, and a number where a file has a supply more than once.
 */
function named(tables: readonly (readonly ReplayRow[])[], files: readonly string[]): TrafficRow[] {
  return tables.flatMap((rows, i) => {
    const name = files.length > 1 ? basename(files[i]!, '.csv') : 'trace';
    const seen = new Map<number, number>();
    return rows.map((row) => {
      const times = (seen.get(row.supply_V) ?? 0) + 1;
      seen.set(row.supply_V, times);
      return { ...row, mapping: times > 1 ? `${name} (${times})` : name };
    });
  });
}
