import { InputError } from '../errors/input-error.ts';
import { parseRows } from '../results/read-rows.ts';
import { NOBODY, SHARED } from '../results/source-names.ts';
import {
  ACTIVITY_TABLE,
  type ActivityRow,
  type SimulateRow,
  SOURCE_TABLE,
  type SourceRow,
  type Table,
  WAIT_TABLE,
  type WaitRow,
} from '../results/tables.ts';

/** What `simulate` wrote of a system beside its results. */
export interface SystemTables {
  readonly sources?: readonly SourceRow[];
  readonly activity?: readonly ActivityRow[];
  readonly waits?: readonly WaitRow[];
}

const TABLES = { sources: SOURCE_TABLE, activity: ACTIVITY_TABLE, waits: WAIT_TABLE } as const;
export type SystemFileKind = keyof typeof TABLES;

/** Which of these files one is, by its columns. */
export const systemFileKind = (header: readonly string[]): SystemFileKind | undefined =>
  (Object.entries(TABLES) as [SystemFileKind, Table][]).find(
    ([, { columns }]) => header.join() === columns.join(),
  )?.[0];

export interface SystemFile {
  readonly kind: SystemFileKind;
  readonly file: string;
  readonly text: string;
}

/**
 * Reads the files of the one simulation of these results. Throws InputError for several simulations, for two files of one kind, and
 * for files of another simulation.
 */
export async function readSystemFiles(
  files: readonly SystemFile[],
  results: readonly SimulateRow[],
): Promise<SystemTables> {
  const fileOf = (kind: SystemFileKind): SystemFile | undefined => {
    const [first, second] = files.filter((one) => one.kind === kind);
    if (second !== undefined)
      throw new InputError(`a second file of --${kind}: the page of a system shows one simulation`, {
        place: { file: second.file },
        remedy: `leave it out, or ${first!.file}`,
      });
    return first;
  };
  const rowsOf = async <K extends SystemFileKind>(kind: K) => {
    const file = fileOf(kind);
    return file && parseRows(TABLES[kind], file.text, file.file);
  };
  const first = files[0];
  if (first === undefined) return {};
  const [row, ...others] = results;
  if (row === undefined || others.length > 0)
    throw new InputError(
      `the file of --${first.kind} is of one simulation, and the results have ${results.length}`,
      { place: { file: first.file }, remedy: 'give it with the --csv of its own simulation alone' },
    );
  const sources = await rowsOf('sources');
  const activity = await rowsOf('activity');
  const waits = await rowsOf('waits');
  const refuse = (kind: SystemFileKind, why: string): never => {
    throw new InputError(`the file of --${kind} is of another simulation: ${why}`, {
      place: { file: fileOf(kind)!.file },
      remedy: 'give the files that one command wrote',
    });
  };

  if (sources) {
    const bytes = sum(sources.map(bytesOnBuses));
    if (!isClose(bytes, row.bytes))
      refuse('sources', `its sources moved ${Math.round(bytes)} bytes, the results have ${row.bytes}`);
  }
  const names = sources?.map(({ source }) => source).filter((source) => source !== SHARED);
  const known = names ?? (activity && distinct(activity.map(({ source }) => source)));
  if (activity) {
    const own = distinct(activity.map(({ source }) => source));
    if (names && own.join() !== names.join())
      refuse('activity', `its sources are ${own.join(', ')}, not ${names.join(', ')}`);
    const cores = distinct(activity.filter(isOfCore).map(({ source }) => source)).length;
    if (cores !== row.cores) refuse('activity', `it has ${cores} cores, the results ${row.cores}`);
    const bytes = sum(activity.map((of) => of.bandwidth_GBps * (of.to_us - of.from_us) * BYTES_PER_GBPS_US));
    if (!isClose(bytes, row.bytes))
      refuse('activity', `its data are ${Math.round(bytes)} bytes, the results have ${row.bytes}`);
  }
  if (waits) {
    const cores = distinct(waits.map(({ core }) => core));
    if (cores.length !== row.cores) refuse('waits', `it has ${cores.length} cores, the results ${row.cores}`);
    const own = distinct(waits.map(({ source }) => source)).filter((source) => source !== NOBODY);
    if (known && own.join() !== known.join())
      refuse('waits', `its sources are ${own.join(', ')}, not ${known.join(', ')}`);
    for (const core of activity ? cores : []) {
      const waited = sum(waits.filter((of) => of.core === core).map(({ waited_us }) => waited_us));
      const over = sum(
        activity!
          .filter(({ source }) => source === core)
          .map((of) => (of.wait_dram ?? 0) * (of.to_us - of.from_us)),
      );
      if (!isClose(waited, over)) refuse('waits', `${core} waits ${waited} us, not ${over} us`);
    }
  }
  return { ...(sources && { sources }), ...(activity && { activity }), ...(waits && { waits }) };
}

/** Whether a row is of a core. */
export const isOfCore = ({ pe_utilisation }: { readonly pe_utilisation?: number | undefined }): boolean =>
  pe_utilisation !== undefined;

/** Each once, in the order of appearance. */
export const distinct = (names: readonly string[]): string[] => [...new Set(names)];

/** Without the reads that a waiting write answered: the results do not count them. */
function bytesOnBuses({ bytes = 0, reads = 0, writes = 0, forwarded_reads = 0 }: SourceRow): number {
  const bursts = reads + writes;
  return bursts === 0 ? 0 : (bytes * (bursts - forwarded_reads)) / bursts;
}

const BYTES_PER_GBPS_US = 1000;
/** Sums of rounded parts agree so far. */
const CLOSE = 1e-6;
const isClose = (a: number, b: number): boolean => Math.abs(a - b) <= CLOSE * Math.max(1, a, b);
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
