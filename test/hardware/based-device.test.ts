import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { bytesPerBurst, bytesPerChannel } from '../../src/hardware/device.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import type { ModelSource } from '../../src/hardware/model-source.ts';
import { shippedModels, withModel } from '../shipped-models.ts';

const BASE = 'lpddr4-3200-8gb';
const mine = (...lines: string[]): ModelSource =>
  withModel(
    'dram',
    'mine',
    ['name: mine', `based_on: ${BASE}`, 'description: mine', ...lines, ''].join('\n'),
  );
const load = (...lines: string[]) => loadDevice('mine', mine(...lines));
const SOURCES = ['sources:', '  bench: measured on a bench of my own'];

describe('a device that is based on another', () => {
  it('has all of its numbers, with their sources and places, but for what it gives itself', async () => {
    const base = await loadDevice(BASE, shippedModels);
    const device = await load(...SOURCES, 'timing:', '  tWR: { value: 40 tCK, source: bench }');
    expect(device).toMatchObject({ name: 'mine', description: 'mine', organisation: base.organisation });
    expect(device.timing).toEqual({ ...base.timing, tWR: 25 });
    expect(device.rails.map(({ currents }) => currents)).toEqual(base.rails.map(({ currents }) => currents));
    expect(device.energyDoubt).toBe(base.energyDoubt);
    const sourceOf = (path: string) => device.provenance.find((entry) => entry.path === path)!.source;
    expect(sourceOf('timing.tWR')).toBe('measured on a bench of my own');
    expect(sourceOf('timing.tRCD')).toMatch(/^DRAMSys/);
    expect(device.places!['timing.tWR']).toEqual({ file: 'mine.yaml', line: 7, column: 3 });
    expect(device.places!['timing.tRCD']).toEqual(base.places!['timing.tRCD']);
    expect(device.places!['']!.file).toBe('mine.yaml');
  });

  it('takes a section with a source of its own alone, so that it lends that source to nothing else', async () => {
    const loading = load(...SOURCES, 'timing:', '  source: bench', '  tRCD: 30 tCK');
    await expect(loading).rejects.toThrow(/timing lacks tRP, /);
    await expect(loading).rejects.toMatchObject({ place: { file: 'mine.yaml', line: 6 } });
  });

  it('takes nothing of the energy of its base with rails of its own', async () => {
    const device = await load('rails: {}', 'energy_unknown: nobody has measured it');
    expect(device).toMatchObject({ rails: [], energyUnknown: 'nobody has measured it' });
    expect(device.energyDoubt).toBeUndefined();
    expect(Object.keys(device.places!).filter((path) => path.startsWith('rails.'))).toEqual([]);
  });

  it.each([
    [['timing:', '  tRDC: { value: 3 ns, source: dramsys }'], 5, /tRDC is not a timing parameter/],
    [
      ['supply:', '  min: { value: 1.2 V, source: dramsys }'],
      5,
      /supply.min 1.2 V is above supply.nominal 1.1 V/,
    ],
    [['sources:', '  dramsys: my own copy'], 5, /source "dramsys" is another one in lpddr4-3200-8gb/],
    [['timing:', '  tRCD: 3 ns'], 5, /timing.tRCD does not say where it comes from/],
    [['organization: {}'], 4, /unknown key "organization"/],
    [['timing: 3 ns'], 4, /timing/],
    [['energy_unknown: nobody knows'], 4, /energy_unknown contradicts the currents/],
  ])('is refused where %j', async (lines, line, message) => {
    const loading = load(...lines);
    await expect(loading).rejects.toThrow(message);
    await expect(loading).rejects.toMatchObject({ name: 'InputError', place: { file: 'mine.yaml', line } });
  });

  it.each([`[${BASE}]`, '{}', '3', ''])('is refused where it is based on %j, no one name', async (base) => {
    const loading = loadDevice('mine', withModel('dram', 'mine', `name: mine\nbased_on: ${base}\n`));
    await expect(loading).rejects.toThrow(
      /^based_on is not the name of one device\n {2}at mine\.yaml:2:\d+\n {2}.*write based_on: NAME/,
    );
  });

  it('names the base for a fault that lies there, and refuses one that is based on itself', async () => {
    const text = (await shippedModels.read('dram', BASE)).text;
    const broken: ModelSource = {
      ...mine(),
      read: async (kind, name) =>
        name === BASE
          ? { text: text.replace('tRCD: 29 tCK', 'tRCD: 29'), file: 'base.yaml' }
          : mine().read(kind, name),
    };
    await expect(loadDevice('mine', broken)).rejects.toMatchObject({ place: { file: 'base.yaml' } });
    const around = withModel('dram', 'mine', 'name: mine\nbased_on: mine\ndescription: mine\n');
    await expect(loadDevice('mine', around)).rejects.toThrow(
      /"mine" is based on itself\n {2}at mine.yaml:2:/,
    );
    await expect(loadDevice('mine', withModel('dram', 'mine', 'based_on: nowhere\n'))).rejects.toThrow();
  });
});

describe('LPDDR4X', () => {
  it('is LPDDR4 with VDDQ 0.6 V, over two bases, and has no known energy', async () => {
    const [device, ddr4266, ddr3200] = await Promise.all(
      ['lpddr4x-4266-8gb', 'lpddr4-4266-8gb', BASE].map((name) => loadDevice(name, shippedModels)),
    );
    expect(device!.timing).toEqual(ddr4266!.timing);
    expect(device!.organisation).toEqual(ddr3200!.organisation);
    expect(device!.rails.map(({ name, nominal }) => [name, nominal])).toEqual([
      ['VDD1', 1.8],
      ['VDD2', 1.1],
      ['VDDQ', 0.6],
    ]);
    for (const { energyUnknown } of [device!, ddr4266!]) expect(energyUnknown).toMatch(/no public/);
  });
});

describe('64-bit modules', () => {
  it.each([
    ['ddr3-1600-8x1gb', 'ddr3-1600-1gb', 2 ** 30],
    ['ddr3l-1600-8x4gb', 'ddr3l-1600-4gb', 2 ** 32],
    ['ddr4-2400-8x8gb', 'ddr4-2400-8gb', 2 ** 33],
  ])('%s is eight of %s', async (name, part, bytes) => {
    const [module, one] = await Promise.all([
      loadDevice(name, shippedModels),
      loadDevice(part, shippedModels),
    ]);
    expect(module.organisation).toEqual({ ...one.organisation, devicesPerRank: 8 });
    expect([module.timing, module.clock]).toEqual([one.timing, one.clock]);
    expect(bytesPerBurst(module.organisation)).toBe(64);
    expect(bytesPerChannel(module.organisation)).toBe(bytes);
    const own = await readFile(new URL(`../../hw-models/dram/${name}.yaml`, import.meta.url), 'utf8');
    expect(own.split('\n').length).toBeLessThan(15);
  });
});
