import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { MODEL_KINDS } from '../../src/hardware/model-source.ts';
import { modelFiles } from '../../src/inputs/model-files.ts';
import { isRefusal, sparkxd } from './program.ts';

const folder = await mkdtemp(join(tmpdir(), 'sparkxd-devices-'));
afterAll(() => rm(folder, { recursive: true }));

describe('sparkxd devices', () => {
  it('lists every device', async () => {
    const { code, stdout } = await sparkxd('devices', '--json');
    expect(code).toBe(0);
    const { dram } = JSON.parse(stdout) as { dram: { name: string; currents: string[] }[] };
    expect(dram.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        ...['ddr3-1600-1gb', 'ddr3l-1600-4gb', 'ddr4-2400-4gb', 'ddr4-2400-8gb', 'lpddr3-1600-4gb'],
        ...['lpddr3-1600-4gb-sparkxd', 'lpddr4-3200-8gb', 'lpddr5-6400'],
      ]),
    );
    expect(dram.find(({ name }) => name === 'lpddr5-6400')!.currents).toEqual([]);
  });

  it('shows every number of one with its source and doubt', async () => {
    const { stdout } = await sparkxd('devices', 'show', 'ddr4-2400-8gb', '--json');
    const { numbers } = JSON.parse(stdout) as { numbers: { path: string; source: string; note?: string }[] };
    for (const { source } of numbers) expect(source.length).toBeGreaterThan(10);
    expect(numbers.find(({ path }) => path === 'rails.VPP.currents.IDD5')!.note).toMatch(/too low/);
    expect((await sparkxd('devices', 'show', 'lpddr3-1600-4gb')).stdout).toMatch(
      /timing\.tRC +60 ns .*the sum binds/,
    );
  });

  it('shows whatever it lists, each under one name, as a table with sources and as JSON', async () => {
    const listed = JSON.parse((await sparkxd('devices', '--json')).stdout) as Record<string, unknown[]>;
    expect(Object.keys(listed)).toEqual([...MODEL_KINDS]);
    const all = await Promise.all(
      MODEL_KINDS.map(async (kind) => (await modelFiles.list(kind)).map((name) => ({ kind, name }))),
    );
    const names = all.flat().map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { kind, name } of all.map(([first]) => first!)) {
      const shown = await sparkxd('devices', 'show', name);
      expect([shown.code, shown.stderr]).toEqual([0, '']);
      expect(shown.stdout).toMatch(new RegExp(`^${name} \\(`));
      expect(shown.stdout).toMatch(/\nSources\n\S/);
      const fields = JSON.parse((await sparkxd('devices', 'show', name, '--json')).stdout);
      expect(fields).toMatchObject({ kind, name });
    }
  });

  it('knows what kind of model a file of the user is', async () => {
    for (const [path, heading] of [
      ['circuit/voltron-spice', 'voltron-spice (circuit curve, reference 1.35 V)'],
      ['subarrays/masa', 'masa (subarray scheme)'],
      ['standards/ddr4', 'ddr4 (DRAM standard)'],
      ['voltage/sparkxd', 'sparkxd (voltage profile, nominal 1.35 V)'],
    ] as const) {
      const file = join(folder, `${path.replace('/', '-')}.yaml`);
      await writeFile(file, await readFile(new URL(`../../hw-models/${path}.yaml`, import.meta.url)));
      expect((await sparkxd('devices', 'show', file)).stdout.split('\n')[0]).toBe(heading);
    }
  });

  it.each([
    [['lpddr3-1600-4gb'], 2, 'for one of them: sparkxd devices show lpddr3-1600-4gb'],
    [['sparkxd', '--json'], 2, 'for one of them: sparkxd devices show sparkxd'],
    [['lpddr3-1600-4bg'], 1, 'did you mean lpddr3-1600-4gb?'],
    [['show', 'voltron-d'], 1, 'unknown hardware model "voltron-d"'],
    [['show', 'constructor'], 1, 'unknown hardware model "constructor"'],
    [['show', './nowhere.yaml'], 1, 'no such file or folder'],
    [['show'], 2, 'missing required argument'],
  ] as const)('refuses %j', async (args, code, message) => {
    const ran = await sparkxd('devices', ...args);
    expect(ran.code).toBe(code);
    expect(ran.stderr).toContain(message);
    expect(isRefusal(ran)).toBe(true);
  });
});

describe('sparkxd devices import', () => {
  const goldens = fileURLToPath(new URL('../goldens/device-files/', import.meta.url));
  const trace = join(folder, 'reads.csv');

  it.each([
    ['MICRON_4Gb_LPDDR3-1600_32bit_A.xml', 'lpddr3'],
    ['MICRON_4Gb_DDR4-2400_8bit_A.json', 'ddr4'],
    ['DDR4_8Gb_x8_2400.ini', 'ddr4'],
  ])('writes a device of %s that is shown and replayed', async (file, standard) => {
    const out = join(folder, `${file}.yaml`);
    const { code, stdout, stderr } = await sparkxd('devices', 'import', join(goldens, file), '--out', out);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/\nMissing\n {2}[\s\S]*\nNot used\n {2}/);
    const shown = await sparkxd('devices', 'show', out, '--json');
    expect(JSON.parse(shown.stdout)).toMatchObject({ kind: 'dram', standard });
    await writeFile(trace, '0x0 R\n0x40 R\n0x100000 W\n');
    const replayed = await sparkxd('replay', trace, '--device', out, '--supply', '100%', '--json');
    expect([replayed.code, replayed.stderr.includes('sparkxd:')]).toEqual([0, false]);
    expect(JSON.stringify(JSON.parse(replayed.stdout))).toMatch(/"dram_energy_total_nJ":\d/);
  });

  it('writes a device without currents of a Ramulator 2 configuration, under the name given', async () => {
    const out = join(folder, 'ramulator.yaml');
    const file = join(goldens, 'ramulator2-ddr4-2400.yaml');
    const { code, stdout } = await sparkxd(
      ...['devices', 'import', file, '--out', out, '--name', 'mine', '--set', 'tXP=9tCK', '--json'],
    );
    expect(code).toBe(0);
    const { findings, ...fields } = JSON.parse(stdout) as { findings: { what: string }[] };
    expect(fields).toEqual({ name: 'mine', standard: 'ddr4', format: 'Ramulator 2 configuration', out });
    expect(findings.some(({ what }) => what.startsWith('tXP:'))).toBe(false);
    const shown = JSON.parse((await sparkxd('devices', 'show', out, '--json')).stdout);
    expect(shown.numbers).toContainEqual({
      ...{ path: 'timing.tXP', value: '9tCK', source: 'given by the user at the import (--set)' },
    });
  });

  it('prints the device without --out, and the list on standard error', async () => {
    const file = join(goldens, 'LPDDR3_8Gb_x32_1600.ini');
    const { code, stdout, stderr } = await sparkxd('devices', 'import', file);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^# missing: [\s\S]*\nname: "lpddr3-8gb-x32-1600"\n/);
    expect(stderr).toMatch(/\nContradictory\n {2}REFI 3120: .* \(line 22\)\n/);
    expect((await sparkxd('devices', 'import', file, '--quiet')).stderr).toBe('');
  });

  it('writes nothing where something is missing or wrong', async () => {
    const [file, out] = [join(folder, 'short.ini'), join(folder, 'short.yaml')];
    await writeFile(file, '[dram_structure]\nprotocol = DDR4\n');
    const ran = await sparkxd('devices', 'import', file, '--out', out);
    expect([ran.code, isRefusal(ran)]).toEqual([1, true]);
    expect(ran.stderr).toMatch(/does not give bank_groups, .*\n.*short\.ini\n.*--set bank_groups=\.\.\./);
    await expect(readFile(out)).rejects.toThrow();
    const usage = await sparkxd('devices', 'import', file, '--set', 'tRCD');
    expect([usage.code, usage.stderr]).toEqual([2, expect.stringContaining('expected NAME=VALUE')]);
  });
});

describe('sparkxd devices show --supply', () => {
  it('is one table of what each supply does, as text, JSON and CSV', async () => {
    const device = 'lpddr3-1600-4gb-sparkxd';
    const args = ['devices', 'show', device, '--supply', '100%,1.1', '--profile', 'sparkxd'];
    const file = join(folder, 'supply.csv');
    const { code, stdout } = await sparkxd(...args, '--csv', file);
    expect(code).toBe(0);
    const [nominal, low] = stdout
      .split('\n')
      .filter((line) => /^ *1\.\d{3} /.test(line))
      .map((line) => line.trim().split(/ +/));
    expect(nominal!.slice(0, 2)).toEqual(['1.350', '100.0']);
    expect(low!.slice(0, 2)).toEqual(['1.100', '81.5']);
    const { rows } = JSON.parse((await sparkxd(...args, '--json', '--quiet')).stdout);
    // The data sheet's 18.75 ns at 800 MHz are 15 cycles; energies follow V squared: (1.1 / 1.35)^2.
    expect(rows[0]).toMatchObject({ tRCD_ns: 18.75, tRCD_cycles: 15, supply_share: 1, ber_greatest: 0 });
    expect(rows[1].energy_act_pJ / rows[0].energy_act_pJ).toBeCloseTo((1.1 / 1.35) ** 2, 6);
    expect(rows[1].ber_least).toBeCloseTo(3.17e-9, 11);
    expect(rows[1].tRCD_ns).toBeGreaterThan(18.75);
    const csv = await readFile(file, 'utf8');
    expect(csv.split('\r\n')).toHaveLength(4);
    expect(csv).toContain('tRCD_ns,tRCD_cycles');
  });

  it('gives the range of a population of modules, and no energy where there is none', async () => {
    const args = ['--supply', '0.9', '--profile', 'voltron-population', '--timing', 'paper'];
    const { stdout } = await sparkxd('devices', 'show', 'lpddr5-6400', ...args);
    expect(stdout).toMatch(/least +greatest/);
    expect(stdout).toContain('No energies: ');
    expect(stdout).not.toContain('ACT energy');
  });

  it('refuses what has no supply, and options of --supply without it', async () => {
    const standard = await sparkxd('devices', 'show', 'ddr4', '--supply', '1.1');
    expect([standard.code, isRefusal(standard)]).toEqual([1, true]);
    expect(standard.stderr).toContain('no device');
    const alone = await sparkxd('devices', 'show', 'ddr4-2400-8gb', '--timing', 'nominal');
    expect([alone.code, isRefusal(alone)]).toEqual([2, true]);
    expect(alone.stderr).toContain('--supply');
  });
});
