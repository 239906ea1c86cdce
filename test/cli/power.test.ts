import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isRefusal, parseCsv, sparkxd } from './program.ts';

const golden = (name: string): string =>
  fileURLToPath(new URL(`../goldens/drampower41/${name}.trace`, import.meta.url));
const READS = golden('LPDDR3-1600.B_act_8rd_pre');
const folder = await mkdtemp(join(tmpdir(), 'sparkxd-power-'));

async function trace(name: string, lines: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, lines.replaceAll(' ', '\n'));
  return file;
}

describe('sparkxd power', () => {
  it("prints DRAMPower's energy of a trace as JSON, terms that add up to the total", async () => {
    const { code, stdout } = await sparkxd(
      ...['power', READS, '--device', 'lpddr3-1600-4gb', '--model', 'drampower4', '--json'],
    );
    expect(code).toBe(0);
    const result = JSON.parse(stdout);
    expect(result.dram_energy_total_nJ).toBeCloseTo(19.119, 8);
    const terms = ['act', 'pre', 'rd', 'wr', 'ref', 'background', 'io'];
    expect(terms.reduce((sum, term) => sum + result[`dram_energy_${term}_nJ`], 0)).toBe(
      result.dram_energy_total_nJ,
    );
    expect(result.cycles).toBe(65);
    expect(result.points).toHaveLength(1);
    expect(result.energy_model).toBe('drampower4');
  });

  it('takes drampower6 by default: a precharge over tRP, which is longer than tRC - tRAS on LPDDR3', async () => {
    const { stdout } = await sparkxd('power', READS, '--device', 'lpddr3-1600-4gb', '--json');
    const result = JSON.parse(stdout);
    expect(result.energy_model).toBe('drampower6');
    const pre = 18.75 * (1.8 * (15 - 2) + 1.2 * (80 - 38));
    expect(result.dram_energy_pre_nJ).toBeCloseTo(pre / 1000, 6);
    expect(result.dram_energy_total_nJ).toBeCloseTo(19.119 + pre / 1000 - 1.107, 6);
  });

  it.each([
    ['ddr4-2400-4gb', 'drampower6', []],
    ['ddr4-2400-4gb', 'drampower4', []],
    ['lpddr4-3200-8gb', 'drampower6', ['--refresh', 'perBank']],
    ['lpddr3-1600-4gb', 'drampower6', ['--refresh', 'perBank', '--page-policy', 'closed']],
  ])('of the commands of a replay that sleeps is what the replay says: %s, %s %j', async (...given) => {
    const [device, model, options] = given;
    const [trace, commands] = [join(folder, `${device}.trace`), join(folder, `${device}-${model}.csv`)];
    const requests = Array.from(
      { length: 400 },
      (_, i) => `0x${(i * 8224).toString(16)} ${i % 3 === 0 ? 'WRITE' : 'READ'} ${i * 60 + (i >> 3) * 900}`,
    );
    await writeFile(trace, `${requests.join('\n')}\n`);
    const asked = ['--device', device, '--model', model, '--json'];
    const sleep = ['--arrival', 'trace', '--power-down-after', '60', '--self-refresh-after', '700'];
    const replayed = await sparkxd('replay', trace, ...sleep, ...options, ...asked, '--commands', commands);
    const [row] = (JSON.parse(replayed.stdout) as { rows: Record<string, number>[] }).rows;
    expect(await readFile(commands, 'utf8')).toMatch(/PDEA|PDEP/);
    expect(await readFile(commands, 'utf8')).toMatch(/SREFEN/);
    const counted = await sparkxd('power', commands, ...asked, '--end-cycle', String(row!['cycles']));
    const energies = (of: Record<string, number>): [string, number][] =>
      Object.entries(of).filter(([name]) => /^dram_energy_(?!io)/.test(name));
    expect(energies(row!)).toHaveLength(7);
    expect(energies(JSON.parse(counted.stdout))).toEqual(energies(row!));
  });

  it('sweeps supplies into a CSV with savings and the published ones, and the ledger cell by cell', async () => {
    const csv = join(folder, 'sweep.csv');
    const ledger = join(folder, 'ledger.csv');
    const sweep = await sparkxd(
      'power',
      READS,
      '--supply',
      '1.35:1.0:0.025',
      '--csv',
      csv,
      '--ledger',
      ledger,
    );
    expect(sweep.code).toBe(0);
    const rows = parseCsv(await readFile(csv, 'utf8'));
    expect(rows).toHaveLength(15);
    const low = rows.find(({ supply_V }) => supply_V === '1.025')!;
    for (const column of [
      'energy_saving_vs_nominal',
      'energy_saving_hit_vs_nominal',
      'energy_saving_conflict_vs_nominal',
    ])
      expect(
        Math.abs(Number(low[column]) - Number(low['sparkxd_saving_per_access_unverified'])),
      ).toBeLessThan(0.01);
    const cells = parseCsv(await readFile(ledger, 'utf8')).filter(({ supply_V }) => supply_V === '1.025');
    const total = cells.reduce((sum, { energy_pJ }) => sum + Number(energy_pJ), 0);
    expect(total / 1000).toBeCloseTo(Number(low['dram_energy_total_nJ']), 9);
  });

  it('shows terms, rails, banks, commands and the band between public currents', async () => {
    const { stdout } = await sparkxd('power', READS, '--device', 'lpddr3-1600-4gb');
    for (const text of ['VDD1', 'VDD2', 'active background', 'shared', 'row conflict', 'currents gem5'])
      expect(stdout).toContain(text);
  });

  it.each([
    ['a read from a closed bank', '0,RD,0', /bank 0 has no open row\n.*:1/],
    ['an unknown command', '0,ACT,0 9,READ,0', /unknown command "READ"\n.*:2/],
    ['cycles that go backwards', '9,ACT,0 5,PRE,0', /cycle 5 after cycle 9\n.*:2/],
    ['an empty trace', '', /holds no command/],
  ])('refuses %s, naming the line', async (name, lines, message) => {
    const ran = await sparkxd('power', await trace(`${name.replaceAll(' ', '-')}.csv`, lines));
    expect(ran.code).toBe(1);
    expect(isRefusal(ran)).toBe(true);
    expect(ran.stderr).toMatch(message);
  });

  it.each([
    [['no-such-file.csv'], 1, /no such file/],
    [[READS, '--device', 'lpddr5-6400'], 1, /no supply currents/],
    [[READS, '--supply', '0.5'], 1, /outside the range/],
    [[READS, '--end-cycle', '10'], 1, /ends at cycle 10, before the last command/],
    [[READS, '--currents', 'gem4'], 1, /no currents "gem4"/],
    [[READS, '--law', 'cubic'], 2, /quadratic, linear or an exponent/],
    [[READS, '--law', 'VDD9=linear'], 1, /no rail "VDD9"/],
    [[READS, '--rho', '2'], 2, /from 0 to 1/],
  ])('refuses %j', async (args, code, message) => {
    const ran = await sparkxd('power', ...args);
    expect([ran.code, ran.stdout]).toEqual([code, '']);
    expect(ran.stderr).toMatch(message);
  });
});
