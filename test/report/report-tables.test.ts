import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportOfTables } from '../../src/report/report-tables.ts';
import { runReport } from '../../src/report/run-report.ts';
import { toCsv } from '../../src/results/csv.ts';
import {
  ACTIVITY_TABLE,
  BANK_TABLE,
  OPERATING_POINT_TABLE,
  type OperatingPointRow,
  OVER_TIME_TABLE,
  REPLAY_TABLE,
  RUN_TABLE,
  SIMULATE_TABLE,
  SOURCE_TABLE,
  WAIT_TABLE,
} from '../../src/results/tables.ts';
import { tableCsv } from '../../src/results/write-rows.ts';
import { operatingPointRow, replayRow, runRow, simulateRow } from '../results/rows.ts';
import { systemRows } from './system-rows.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
const put = async (name: string, text: string): Promise<string> => {
  await writeFile(at(name), text);
  return at(name);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-report-'));
});
afterAll(() => rm(folder, { recursive: true }));

const simulated = (supply: number) => tableCsv(SIMULATE_TABLE, [simulateRow({ supply_V: supply })]);
const replayed = (supplies: readonly number[]) =>
  tableCsv(
    REPLAY_TABLE,
    supplies.map((supply) => replayRow({ supply_V: supply })),
  );

/** The report's file, written. */
async function written(tables: readonly [string, ...string[]]): Promise<string> {
  const [file] = await runReport({ tables });
  return file!;
}

describe('the report of CSV files', () => {
  it('lies beside the first file, and has the rows of all in its charts and its download', async () => {
    const files = [
      await put('a.csv', await simulated(1.35)),
      await put('b.csv', await simulated(1.1)),
    ] as const;
    const file = await written(files);
    expect(file).toBe(at('a.report.html'));
    const html = await readFile(file, 'utf8');
    for (const part of ['id="energy-split"', 'id="latency-split"', '2 simulations.', 'without a manifest'])
      expect(html).toContain(part);
    const [, csv] = /href="data:text\/csv;charset=utf-8,([^"]*)"/.exec(html)!;
    expect(decodeURIComponent(csv!).trimEnd().split('\r\n')).toHaveLength(3);
    expect(await written(files)).toBe(file);
    expect(await readFile(file, 'utf8')).toBe(html);
  });

  it('tells replays of one supply apart by their files', async () => {
    const files = [
      await put('x.csv', await replayed([1.35, 1.1])),
      await put('y.csv', await replayed([1.35])),
    ] as const;
    const html = await readFile(await written(files), 'utf8');
    expect(html).toContain('x, 1.35 V: 1.0 pJ an access');
    expect(html).toContain('y, 1.35 V: 1.0 pJ an access');
    const twice = await readFile(await written([await put('z.csv', await replayed([1.1, 1.1]))]), 'utf8');
    expect(twice).toContain('trace (2), 1.1 V');
  });

  it('draws the counts by bank of a replay, known by their columns', async () => {
    const of = (chip: number) => ({ supply_V: 1.1, chip, reads_wrong: 3 });
    const results = await put(
      'r.csv',
      await tableCsv(
        REPLAY_TABLE,
        [1, 2].map((chip) => replayRow(of(chip))),
      ),
    );
    const place = { channel: 0, rank: 0, accesses: 5, bits_wrong: 3 };
    const counts = (wrong: number) =>
      tableCsv(
        BANK_TABLE,
        [1, 2].flatMap((chip) => [
          ...[
            { ...of(chip), ...place, bank: 0, reads_wrong: wrong },
            { ...of(chip), ...place, bank: 1, reads_wrong: 1 },
          ],
        ]),
      );
    const banks = await put('banks.csv', await counts(2));
    const file = await written([banks, results]);
    expect(file).toBe(at('r.report.html'));
    const html = await readFile(file, 'utf8');
    expect(html).toContain('id="banks-chart"');
    expect(html).toContain('2 rows.');
    expect(await readFile(await written([results]), 'utf8')).toMatch(/Not in this report: .* --bank-csv/);
    const refused = (...files: [string, ...string[]]) => expect(reportOfTables(files)).rejects;
    await refused(banks).toThrow(/without the results of their replay\n.*banks\.csv/);
    await refused(await put('a.csv', await simulated(1)), banks).toThrow(/without the results/);
    await refused(results, await put('other.csv', await counts(9))).toThrow(
      /of another replay: no row .* 10 wrong reads at 1\.1 V, chip 1\n.*other\.csv/,
    );
  });

  it('draws a system from the files of one simulation, and refuses those of another', async () => {
    const { sources, activity, waits, bytes, cores } = systemRows(4, 5);
    const row = { supply_V: 1.35, bytes, cores };
    const results = await put('system.csv', await tableCsv(SIMULATE_TABLE, [simulateRow(row)]));
    const ofSources = await put('sources.csv', await tableCsv(SOURCE_TABLE, sources));
    const ofActivity = await put('activity.csv', await tableCsv(ACTIVITY_TABLE, activity));
    const ofWaits = await put('waits.csv', await tableCsv(WAIT_TABLE, waits));
    const file = await written([ofWaits, results, ofActivity, ofSources]);
    expect(file).toBe(at('system.report.html'));
    const html = await readFile(file, 'utf8');
    for (const id of ['bandwidth', 'cores-over-time', 'cores', 'waits', 'latency', 'energy'])
      expect(html).toContain(`id="system-${id}-chart"`);
    expect(await readFile(await written([results, ofWaits]), 'utf8')).not.toContain(
      'id="system-cores-chart"',
    );

    const refused = (...files: [string, ...string[]]) => expect(reportOfTables(files)).rejects;
    await refused(ofActivity, ofWaits).toThrow(/without the results of its simulation\n.*activity\.csv/);
    await refused(await put('r.csv', await replayed([1])), ofSources).toThrow(
      /without the results of their simulation\n.*sources\.csv/,
    );
    await refused(results, await put('b.csv', await simulated(1)), ofWaits).toThrow(
      /--waits is of one simulation, and the results have 2\n.*waits\.csv/,
    );
    await refused(results, ofWaits, await put('waits2.csv', await tableCsv(WAIT_TABLE, waits))).toThrow(
      /a second file of --waits.*\n.*waits2\.csv\n {2}leave it out, or .*waits\.csv/,
    );
    const other = async (changes: object) =>
      put('other.csv', await tableCsv(SIMULATE_TABLE, [simulateRow({ ...row, ...changes })]));
    await refused(await other({ bytes: bytes + 1 }), ofSources).toThrow(
      new RegExp(
        `--sources is of another simulation: its sources moved ${bytes} bytes, the results have ${bytes + 1}`,
      ),
    );
    await refused(await other({ bytes: bytes + 1 }), ofActivity).toThrow(
      /--activity is of another simulation/,
    );
    await refused(await other({ cores: 3 }), ofActivity).toThrow(/it has 4 cores, the results 3/);
    await refused(await other({ cores: 3 }), ofWaits).toThrow(/it has 4 cores, the results 3/);
    const longer = waits.map((wait) => ({ ...wait, waited_us: wait.waited_us * 1.001 }));
    await refused(results, ofActivity, await put('longer.csv', await tableCsv(WAIT_TABLE, longer))).toThrow(
      /--waits is of another simulation: core 0 waits 20\.0\d+ us, not 20 us\n.*longer\.csv/,
    );
    const without = sources.filter(({ source }) => source !== 'core 1');
    const named = [...without, { ...sources[1]!, source: 'core 9' }];
    await refused(results, await put('named.csv', await tableCsv(SOURCE_TABLE, named)), ofWaits).toThrow(
      /--waits is of another simulation: its sources are core 0, core 1/,
    );
  });

  it('draws accuracy since the weights were written, of simulations and of replays', async () => {
    const overTime = (supply: number, every: number | undefined) =>
      tableCsv(
        OVER_TIME_TABLE,
        [0, 1].map((from) => ({
          supply_V: supply,
          chip: 1,
          rewrite_every: every,
          inferences_from: from,
          inferences_to: from,
          images: 4,
          accuracy: 0.75,
          accuracy_low: 0.3,
          accuracy_high: 0.95,
          wrong_bits_read_per_inference: 10 + from,
        })),
      );
    const rowOf = (every: number | undefined) =>
      simulateRow({ supply_V: 1.1, chip: 1, rewrite_every: every });
    const results = await put('s.csv', await tableCsv(SIMULATE_TABLE, [rowOf(10), rowOf(undefined)]));
    const often = await put('often.csv', await overTime(1.1, 10));
    const once = await put('once.csv', await overTime(1.1, undefined));
    const html = await readFile(await written([results, often, once]), 'utf8');
    for (const part of ['id="over-time"', 'written every 10', 'written once']) expect(html).toContain(part);
    const replays = await put(
      'p.csv',
      await tableCsv(REPLAY_TABLE, [replayRow({ supply_V: 1.1, chip: 1, rewrite_every: 10 })]),
    );
    expect(await readFile(await written([replays, often]), 'utf8')).toContain('id="over-time"');
    await expect(reportOfTables([often])).rejects.toThrow(/without the results of its simulation or replay/);
    await expect(reportOfTables([replays, once])).rejects.toThrow(
      /no row of the results is at 1\.1 V, chip 1, weights written once\n.*once\.csv/,
    );
    await expect(reportOfTables([results, await put('low.csv', await overTime(1.0, 10))])).rejects.toThrow(
      /at 1 V/,
    );
  });

  it('takes files of versions that had fewer columns, and no unknown ones among them', async () => {
    const energies = REPLAY_TABLE.columns.filter((name) => /_nJ$|_pJ$|^energy_saving/.test(name));
    const columns = REPLAY_TABLE.columns.filter(
      (name) => !Object.hasOwn(REPLAY_TABLE.absent, name) || energies.includes(name),
    );
    expect(columns.length).toBeLessThan(REPLAY_TABLE.columns.length - 20);
    const rows = [1.35, 1.1].map((supply) => replayRow({ supply_V: supply }));
    const text = await toCsv(
      columns,
      rows.map((row) => columns.map((name) => row[name])),
    );
    const html = await readFile(await written([await put('old.csv', text)]), 'utf8');
    expect(html).toContain('1.35 V: 1.0 pJ an access');
    expect(html).toContain('id="breakdown-chart"');
    expect(html).not.toContain('id="accuracy-chart"');
    const mixed = await toCsv(
      ['strange', ...columns],
      rows.map((row) => [1, ...columns.map((name) => row[name])]),
    );
    await expect(reportOfTables([await put('odd.csv', mixed)])).rejects.toThrow(
      /columns are not those .*"strange"\n.*odd\.csv:1/,
    );
  });

  it('is refused for other tables, with the line', async () => {
    const refused = (...files: [string, ...string[]]) => expect(reportOfTables(files)).rejects;
    const [a, x] = [await put('a.csv', await simulated(1)), await put('x.csv', await replayed([1]))];
    await refused(a, x).toThrow(/columns are not those of .*a\.csv\n.*x\.csv:1/);
    await refused(await put('w.csv', 'p,q\r\n1,2\r\n')).toThrow(/no column "device"\n.*w\.csv:1/);
    await refused(await put('e.csv', `${SIMULATE_TABLE.columns.join()}\r\n`)).toThrow(/no results/);
    const letters = (await simulated(1)).replace(/,1\r\n$/, ',much\r\n');
    await refused(await put('n.csv', letters)).toThrow(
      /no number in the column energy_per_inference_nJ, .*"much"\n.*n\.csv:2/,
    );
    const run = await tableCsv(RUN_TABLE, [runRow({})]);
    await refused(await put('r.csv', run)).toThrow(/those of a run\n[\s\S]*folder/);
    await refused(at('gone.csv')).toThrow(/no such file/);
  });
});

describe('the report of a search', () => {
  const row = (point: string, more: Partial<OperatingPointRow> = {}) => operatingPointRow({ point, ...more });
  const csvOf = (rows: readonly OperatingPointRow[]) => tableCsv(OPERATING_POINT_TABLE, rows);
  const outcome = { required: 0.9, choices: 4, refused: [], presentations: 10, presentationsUnpruned: 20 };

  it('has the front with its optimum, the numbers, and the configuration', async () => {
    await put('manifest.json', JSON.stringify({ command: 'run --optimise', configuration: { seed: 9 } }));
    await put('operating-points.json', JSON.stringify(outcome));
    await put('operating-points.csv', await csvOf([row('baseline'), row('front', { optimum: true })]));
    const html = await readFile((await runReport({ folder }))[0]!, 'utf8');
    for (const part of ['id="operating-points"', 'least energy within the bound', '<td>seed</td><td>9</td>'])
      expect(html).toContain(part);
    expect(html).toContain('download="operating-points.csv"');
    expect(html).not.toContain('test images once');
    const tested = {
      baseline: { images: 7, accuracyWorst: 0.9 },
      chosen: { accuracyWorst: 0.9 },
      lost: { estimate: 0, low: -0.1, high: 0.1 },
      ...{ saving: 0.4, bound: 0.01, meetsBound: true },
    };
    await put('operating-points.json', JSON.stringify({ ...outcome, tested }));
    const answered = await readFile((await runReport({ folder }))[0]!, 'utf8');
    expect(answered).toContain('shown 7 test images once');
  });

  it('is refused for files that no search wrote', async () => {
    const refused = () => expect(runReport({ folder })).rejects;
    await put('operating-points.csv', await csvOf([row('front')]));
    await refused().toThrow(/first row is not the baseline/);
    await put('operating-points.csv', 'a,b\r\n1,2\r\n');
    await refused().toThrow(/columns are not those .*: "a"\n.*operating-points\.csv:1/);
    await put('operating-points.csv', await csvOf([row('baseline')]));
    await put('operating-points.json', '{}');
    await refused().toThrow(/not the outcome/);
    await rm(at('operating-points.json'));
    await refused().toThrow(/no results of sparkxd run --optimise here/);
  });
});
