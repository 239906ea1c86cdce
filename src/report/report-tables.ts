import { basename } from 'node:path';
import { InputError } from '../errors/input-error.ts';
import { readText } from '../files/read-file.ts';
import { parseTable } from '../results/csv.ts';
import { pinsOfRows } from '../results/pins-of-rows.ts';
import { mayBeEmpty, parseRows } from '../results/read-rows.ts';
import {
  REPLAY_TABLE,
  type ReplayRow,
  RUN_TABLE,
  SIMULATE_TABLE,
  type SimulateRow,
  type Table,
} from '../results/tables.ts';
import { NJ_PER_UJ } from '../units/scale.ts';
import { isBankFile, readBankFile } from './bank-files.ts';
import { simulationsWithEnergy } from './energy-rows.ts';
import type { PageContents, Report } from './html-report.ts';
import { shownColumns } from './numbers-table.ts';
import { isOverTimeFile, overTimeChart, readOverTimeFile } from './over-time-chart.ts';
import { replayPage } from './replay-page.ts';
import type { TraceRow } from './replay-rows.ts';
import { SUMMED_UP } from './replay-summary.ts';
import { simulationCharts } from './simulation-charts.ts';
import { systemCharts } from './system-charts.ts';
import { readSystemFiles, type SystemFile, systemFileKind } from './system-files.ts';
import { vegaScripts } from './vega-scripts.ts';

/** A results file, read. */
interface TableFile {
  readonly file: string;
  readonly text: string;
  readonly header: readonly string[];
}

/**
 * The report of the rows that `simulate` or `replay` wrote, of several files as of one; it goes beside the first. Files
 * with counts by bank (`replay --bank-csv`), by time (`--over-time`) and of a system (`simulate --sources`, `--activity`, `--waits`) among
 * them are drawn, too. Throws InputError for other tables and for results
 * of different columns.
 */
export async function reportOfTables(files: readonly [string, ...string[]]): Promise<Report> {
  const read = await Promise.all(
    files.map(async (file): Promise<TableFile> => {
      const text = await readText(file, { what: 'cannot read the results' });
      return { file, text, header: (await parseTable(text, file)).header };
    }),
  );
  const ofBanks = read.filter(({ header }) => isBankFile(header));
  const ofTime = read.filter(({ header }) => isOverTimeFile(header));
  const ofSystem = read.flatMap(({ header, ...table }): SystemFile[] => {
    const kind = systemFileKind(header);
    return kind === undefined ? [] : [{ kind, ...table }];
  });
  const [first, ...others] = read.filter(
    (table) =>
      !ofBanks.includes(table) &&
      !ofTime.includes(table) &&
      !ofSystem.some(({ file }) => file === table.file),
  );
  if (first === undefined)
    throw noResults(files[0], ofSystem[0]?.kind ?? (ofTime.length > 0 ? 'over-time' : 'bank-csv'));
  const table = tableOf(first.header, first.file);
  for (const { file, header } of others)
    if (header.join() !== first.header.join())
      throw new InputError(`the columns are not those of ${first.file}`, {
        place: { file, line: 1 },
        remedy: 'report files of one command and one version together',
      });
  if (table === SIMULATE_TABLE && ofBanks.length > 0) throw noResults(ofBanks[0]!.file, 'bank-csv');
  if (table === REPLAY_TABLE && ofSystem.length > 0) throw noResults(ofSystem[0]!.file, ofSystem[0]!.kind);
  const results = [first, ...others];
  const contents =
    table === SIMULATE_TABLE
      ? await pageOfSimulations(results, ofTime, ofSystem)
      : await pageOfReplayFiles(results, ofBanks, ofTime);
  const added = first.header.filter((name) => !(table.columns as readonly string[]).includes(name));
  const page = {
    ...withAdded(contents, added),
    csv: joined(results),
    csvName: table === SIMULATE_TABLE ? 'simulations.csv' : 'replays.csv',
    scripts: await vegaScripts(),
  };
  return { file: `${first.file.replace(/\.csv(\.gz)?$/i, '')}.report.html`, page };
}

const rowsOf = <T extends Table>(table: T, files: readonly TableFile[]) =>
  Promise.all(files.map(({ text, file }) => parseRows(table, text, file, { behind: 'any', older: true })));

async function pageOfReplayFiles(
  results: readonly TableFile[],
  ofBanks: readonly TableFile[],
  ofTime: readonly TableFile[],
): Promise<PageContents> {
  const tables = await rowsOf(REPLAY_TABLE, results);
  const banks = await Promise.all(ofBanks.map(({ text, file }) => readBankFile(text, file, tables.flat())));
  return replayPage(
    named(
      tables,
      results.map(({ file }) => file),
    ),
    { banks, overTime: await overTimeOf(ofTime, tables.flat()) },
  );
}

async function pageOfSimulations(
  results: readonly TableFile[],
  ofTime: readonly TableFile[],
  ofSystem: readonly SystemFile[],
): Promise<PageContents> {
  const rows = (await rowsOf(SIMULATE_TABLE, results)).flat();
  const overTime = await overTimeOf(ofTime, rows);
  const page = simulationPage(rows);
  const charts = [
    ...(overTime ? [overTime] : []),
    ...page.charts,
    ...systemCharts(await readSystemFiles(ofSystem, rows)),
  ];
  return { ...page, charts };
}

const overTimeOf = async (files: readonly TableFile[], rows: readonly (SimulateRow | ReplayRow)[]) =>
  overTimeChart(await Promise.all(files.map(({ text, file }) => readOverTimeFile(text, file, rows))));

/** The rows of all files below the header of the first. */
function joined(files: readonly TableFile[]): string {
  const whole = files.map(({ text }) => (text.endsWith('\n') ? text : `${text}\r\n`));
  return whole.map((text, i) => (i === 0 ? text : text.slice(text.indexOf('\n') + 1))).join('');
}

const WITHOUT_RESULTS = {
  'bank-csv': 'counts by bank, without the results of their replay',
  'over-time': 'accuracy over time, without the results of its simulation or replay',
  sources: 'the sources of requests, without the results of their simulation',
  activity: 'what was done over time, without the results of its simulation',
  waits: 'the waiting of cores, without the results of their simulation',
} as const;

const noResults = (file: string, kind: keyof typeof WITHOUT_RESULTS): InputError =>
  new InputError(WITHOUT_RESULTS[kind], {
    place: { file },
    remedy: 'give the file that --csv of the same command wrote, too',
  });

/** The page with the columns that the user put behind the program's own. */
function withAdded({ numbers, ...contents }: PageContents, added: readonly string[]): PageContents {
  const { columns, rows } = numbers.table;
  const more = added.map((name) => ({ name, unit: '', definition: 'a column of the file' }));
  return { ...contents, numbers: { ...numbers, table: { columns: [...columns, ...more], rows } } };
}

/** Whose table it is, by its columns. Throws InputError for another table. */
function tableOf(header: readonly string[], file: string): typeof SIMULATE_TABLE | typeof REPLAY_TABLE {
  // Files of older versions lack columns that may be empty.
  const lacking = (table: Table): string | undefined =>
    table.columns.find((name) => !header.includes(name) && !mayBeEmpty(table, name));
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
  const rate = (ber: number): string => (ber === 0 ? '0' : ber.toExponential(2));
  const energy = (row: SimulateRow): string => {
    const [known] = simulationsWithEnergy([row]);
    if (!known) return 'an inference, energy not known';
    const { dram_energy_per_inference_nJ: dram, energy_per_inference_nJ: all } = known;
    const share = ((dram / all) * 100).toFixed(1);
    return `and ${(all / NJ_PER_UJ).toFixed(3)} uJ an inference, of which the DRAM ${share} % (${pinsOfRows([known])})`;
  };
  return {
    title: `Simulated: ${texts('network')} on ${texts('accelerator')}, weights in ${texts('device')}`,
    summary: rows
      .slice(0, SUMMED_UP)
      .map(
        (row) =>
          `${row.supply_V} V, mapping ${row.mapping}: ${(row.accuracy * 100).toFixed(2)} % at an observed bit error rate of ${rate(row.ber_observed)} (${rate(row.ber_chip)} expected over the chip), ${row.latency_mean_us.toFixed(2)} us ${energy(row)}; bound by ${row.bound_by}`,
      ),
    charts: simulationCharts(rows),
    numbers: {
      says: `${rows.length} ${rows.length === 1 ? 'simulation' : 'simulations'}.`,
      table: { columns: shownColumns(SIMULATE_TABLE, rows), rows },
    },
  };
}

/**
 * Rows with the names of their traces, by which charts tell them apart: the file's where there are several, and a number
 * where a file has a supply and chip more than once.
 */
function named(tables: readonly (readonly ReplayRow[])[], files: readonly string[]): TraceRow[] {
  return tables.flatMap((rows, i) => {
    const name = files.length > 1 ? basename(files[i]!, '.csv') : 'trace';
    const seen = new Map<string, number>();
    return rows.map((row) => {
      const point = JSON.stringify([row.supply_V, row.chip]);
      const times = (seen.get(point) ?? 0) + 1;
      seen.set(point, times);
      return { ...row, trace: times > 1 ? `${name} (${times})` : name };
    });
  });
}
