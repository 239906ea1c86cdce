import { basename } from 'node:path';
import { InputError } from '../errors/input-error.ts';
import { mayBeEmpty, parseRows } from '../results/read-rows.ts';
import { BANK_TABLE, type BankRow, type ReplayRow } from '../results/tables.ts';
import type { BankFile } from './bank-charts.ts';

/** Whether a file has the counts by bank that `replay --bank-csv` wrote, by its columns. */
export const isBankFile = (header: readonly string[]): boolean =>
  header.includes('subarray') &&
  BANK_TABLE.columns.every((name) => mayBeEmpty(BANK_TABLE, name) || header.includes(name)) &&
  header.every((name) => (BANK_TABLE.columns as readonly string[]).includes(name));

/**
 * Reads the counts by bank of these replays. Throws InputError for a file that is not such, and for counts of supplies,
 * chips or wrong reads that none of the replays has.
 */
export async function readBankFile(
  text: string,
  file: string,
  replays: readonly ReplayRow[],
): Promise<BankFile> {
  const rows = await parseRows(BANK_TABLE, text, file, { older: true });
  const known = new Set(replays.map((row) => pointOf(row, row.reads_wrong)));
  for (const [first, readsWrong] of wrongReadsOfPoints(rows))
    if (!known.has(pointOf(first, readsWrong)))
      throw new InputError(
        `the counts by bank are of another replay: no row of the results has ${readsWrong === undefined ? 'no count of' : readsWrong} wrong reads at ${first.supply_V} V${first.chip === undefined ? '' : `, chip ${first.chip}`}`,
        { place: { file }, remedy: 'give the files that --csv and --bank-csv of one replay wrote' },
      );
  return { name: basename(file).replace(/\.csv(\.gz)?$/i, ''), rows };
}

const pointOf = (
  { supply_V, chip }: Pick<BankRow, 'supply_V' | 'chip'>,
  readsWrong: number | undefined,
): string => JSON.stringify([supply_V, chip ?? null, readsWrong ?? null]);

/** The first row of each supply and chip, and the wrong reads of all its banks. */
function wrongReadsOfPoints(rows: readonly BankRow[]): [BankRow, number | undefined][] {
  const points = new Map<string, [BankRow, number | undefined]>();
  for (const row of rows.filter(({ subarray }) => subarray === undefined)) {
    const key = pointOf(row, undefined);
    const [first, total] = points.get(key) ?? [row, row.reads_wrong === undefined ? undefined : 0];
    points.set(key, [first, total === undefined ? undefined : total + row.reads_wrong!]);
  }
  return [...points.values()];
}
