import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRefusal, parseCsv, sparkxd } from './program.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
/** Bytes of a row of the device, of all rows of its eight banks, and of 512 rows of one. */
const ROW = 4096;
const ALL_BANKS = 8 * ROW;
const SUBARRAY = 512 * ALL_BANKS;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-replay-'));
  // Bank 0: two rows in turn, in different subarrays; reads of what was just written; long pauses.
  const lines = Array.from({ length: 240 }, (_, i) => {
    const address = (i % 2) * SUBARRAY + Math.floor(i / 2) * 32;
    return `0x${address.toString(16)} ${i % 5 === 0 ? 'WRITE' : 'READ'} ${i * 200 + Math.floor(i / 60) * 20_000}`;
  });
  await writeFile(at('rows.trace'), `${lines.join('\n')}\n`);
});
afterAll(() => rm(folder, { recursive: true }));

async function replayed(...options: string[]): Promise<Record<string, number>> {
  const trace = ['replay', at('rows.trace'), '--device', 'lpddr3-1600-4gb', '--arrival', 'trace', '--json'];
  const ran = await sparkxd(...trace, ...options);
  expect(ran.stderr).toBe('');
  return (JSON.parse(ran.stdout) as { rows: Record<string, number>[] }).rows[0]!;
}

describe('the options of the controller', () => {
  it('do what they say', async () => {
    const plain = await replayed();
    expect(plain['row_conflicts']).toBeGreaterThan(150);
    const closed = await replayed('--page-policy', 'closed');
    expect(closed['row_conflicts']).toBeLessThan(10);
    const timeout = await replayed('--page-policy', 'timeout', '--page-timeout', '50');
    expect(timeout['row_misses']).toBeGreaterThan(plain['row_misses']! + 100);
    const masa = await replayed('--subarrays', 'masa');
    expect(masa['row_conflicts']).toBe(0);
    expect(masa['read_latency_mean_ns']).toBeLessThan(plain['read_latency_mean_ns']! * 0.8);
    const asleep = await replayed('--power-down-after', '100', '--self-refresh-after', '5000');
    expect(asleep['dram_energy_background_nJ']).toBeLessThan(plain['dram_energy_background_nJ']! / 2);
    const crowded = await replayed('--arrival', 'asap');
    const inOrder = await replayed('--arrival', 'asap', '--scheduler', 'fcfs');
    expect(inOrder['row_conflicts']).toBeGreaterThan(2 * crowded['row_conflicts']!);
    const short = await replayed('--arrival', 'asap', '--read-queue', '2');
    expect([crowded['read_queue_peak'], short['read_queue_peak']]).toEqual([32, 2]);
  });

  it('count by bank and subarray what the row counts in all', async () => {
    const ran = await sparkxd(
      ...['replay', at('rows.trace'), '--device', 'lpddr3-1600-4gb', '--bank-csv', at('banks.csv')],
      ...['--csv', at('all.csv')],
    );
    expect(ran.code).toBe(0);
    const [all] = parseCsv(await readFile(at('all.csv'), 'utf8'));
    const rows = parseCsv(await readFile(at('banks.csv'), 'utf8'));
    const sum = (column: string, of: (row: Record<string, string>) => boolean): number =>
      rows.filter(of).reduce((total, row) => total + Number(row[column]), 0);
    const isBank = (row: Record<string, string>): boolean => row['subarray'] === '';
    for (const column of ['row_hits', 'row_misses', 'row_conflicts', 'accesses'])
      expect(sum(column, isBank)).toBe(Number(all![column]));
    const subarrays = rows.filter((row) => !isBank(row));
    expect(subarrays.map((row) => [row['bank'], row['subarray'], row['accesses']])).toEqual([
      ['0', '0', '120'],
      ['0', '1', '120'],
    ]);
  });

  it('change the commands, and so their hash', async () => {
    const hashes = async (...options: string[]): Promise<string[]> => {
      const ran = await sparkxd('replay', at('rows.trace'), '--hash', '--json', ...options);
      return (JSON.parse(ran.stdout) as { hashes: string[] }).hashes;
    };
    const [plain, low] = await hashes('--supply', '1.35,1.025');
    expect(plain).toMatch(/^[0-9a-f]{16}$/);
    expect(low).not.toBe(plain);
    expect(await hashes()).toEqual([plain]);
    expect(await hashes('--page-policy', 'closed')).not.toEqual([plain]);
  });

  it('are refused where they contradict each other or the device', async () => {
    for (const [options, message] of [
      [['--write-drain', '8:24'], /makes no sense/],
      [['--device', 'ddr3-1600-1gb', '--refresh', 'perBank'], /no REFpb/],
      [['--postponed-refreshes', '9'], /JEDEC allows/],
      [['--before-refresh', 'activated', '--subarrays', 'masa'], /several rows of a bank open/],
    ] as const) {
      const ran = await sparkxd('replay', at('rows.trace'), ...options);
      expect(ran.stderr).toMatch(message);
      expect(isRefusal(ran)).toBe(true);
    }
    const unknown = await sparkxd('replay', at('rows.trace'), '--page-policy', 'closd');
    expect(unknown.code).toBe(2);
  });
});
