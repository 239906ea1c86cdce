import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
