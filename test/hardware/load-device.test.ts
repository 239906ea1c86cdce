import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { bytesPerBurst, bytesPerChannel, bytesPerRow } from '../../src/hardware/device.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { cyclesUp, resolveTiming } from '../../src/hardware/resolve-timing.ts';
import { shippedModels, withModel } from '../shipped-models.ts';

const NAME = 'lpddr3-1600-4gb-sparkxd';
const text = await readFile(new URL(`../../hw-models/dram/${NAME}.yaml`, import.meta.url), 'utf8');

/** The device file with one passage replaced, as a user's slip of the pen. */
const spoiled = (from: string, to: string) => {
  expect(text).toContain(from);
  return loadDevice('mine', withModel('dram', 'mine', text.replace(from, to)));
};

describe('every shipped device', async () => {
  it.each(await shippedModels.list('dram'))('%s loads, with a source for every number', async (name) => {
    const device = await loadDevice(name, shippedModels);
    expect(device.name).toBe(name);
    for (const entry of device.provenance) expect(entry.source.length).toBeGreaterThan(10);
    const nominal = await resolveTiming(device, device.supply.nominal, 'nominal');
    for (const constraint of nominal.constraints) expect(Number.isInteger(constraint.latency)).toBe(true);
  });
});

describe('the LPDDR3-1600 4 Gb device', () => {
  it('holds 4 Gb in 4 KiB rows and 32-byte bursts', async () => {
    const { organisation } = await loadDevice(NAME, shippedModels);
    expect(bytesPerBurst(organisation)).toBe(32);
    expect(bytesPerRow(organisation)).toBe(4096);
    expect(bytesPerChannel(organisation)).toBe(2 ** 29);
  });

  it("has DRAMPower 4.1's timing in cycles", async () => {
    const device = await loadDevice(NAME, shippedModels);
    const { parameters } = await resolveTiming(device, 1.35, 'nominal');
    expect(parameters).toMatchObject({
      ...{ tRCD: 15, tRP: 15, tRAS: 36, tRC: 48, tFAW: 40, tRRD: 8, tRTP: 8, tWR: 12, tCCD: 4, tWTR: 8 },
      ...{ RL: 12, WL: 9, tREFI: 3120, tRFCab: 104, BL: 8 },
    });
  });

  it('grows slower as the supply falls when latencies are stretched, and never when they are kept', async () => {
    const device = await loadDevice(NAME, shippedModels);
    const nominal = await resolveTiming(device, 1.35, 'nominal');
    let before = nominal.parameters;
    for (const supply of [1.35, 1.325, 1.25, 1.175, 1.1, 1.025, 1.0]) {
      const { parameters } = await resolveTiming(device, supply, 'stretched');
      for (const name of ['tRCD', 'tRAS', 'tRP', 'tRC', 'tRPab'])
        expect(parameters[name]).toBeGreaterThanOrEqual(before[name]!);
      expect((await resolveTiming(device, supply, 'nominal')).parameters).toEqual(nominal.parameters);
      before = parameters;
    }
    // 18.75 ns * 13.144/10.248 = 24.05 ns = 19.24 cycles; 45 * 32.553/24.779 = 59.12 ns = 47.3 cycles.
    const low = (await resolveTiming(device, 1.025, 'stretched')).parameters;
    expect([low['tRCD'], low['tRAS']]).toEqual([20, 48]);
    expect(before['tRCD']).toBeGreaterThan(15);
  });

  it('refuses a supply outside its range and never extrapolates', async () => {
    const device = await loadDevice(NAME, shippedModels);
    await expect(resolveTiming(device, 0.9, 'stretched')).rejects.toThrow(/0\.9 V is outside the range/);
    await expect(resolveTiming(device, 1.4, 'nominal')).rejects.toThrow(/1\.4 V is outside/);
  });
});

describe('rounding to clock cycles', () => {
  it('is exact for whole multiples whatever the floating point says, and up for all else', () => {
    expect(cyclesUp(13.75, 800)).toBe(11);
    expect(cyclesUp(0.1 + 0.2, 10_000)).toBe(3);
    expect(cyclesUp(13.76, 800)).toBe(12);
    expect(cyclesUp(45.833333333, 1200)).toBe(55);
  });
});

describe('a spoiled device file is refused with its place', () => {
  it.each([
    ['tRCD: 18.75 ns', 'tRCD: 18.75', 'tRCD: 18.75', /has no unit/],
    ['tRCD: 18.75 ns', 'tRCD: 18.75 mA', '18.75 mA', /is not a time/],
    ['tRCD: 18.75 ns', 'tRCD: 18.75 nss', '18.75 nss', /unknown unit or name nss/],
    ['tRCD: 18.75 ns', 'tRCD: 0 ns', '0 ns', /timing.tRCD is 0 ns: expected more than 0 ns/],
    ['tRCD: 18.75 ns', 'tRDC: 18.75 ns', 'tRDC', /tRDC is not a timing parameter/],
    ['tRCD: 18.75 ns', '', 'source: drampower41\n  \n', /timing lacks tRCD/],
    ['rows: 16384', 'rows: 16383', 'rows_per_subarray', /not a multiple of 512/],
    ['rows: 16384', 'rows: 16384.5', 'rows: 16384.5', /whole number/],
    ['rows: 16384', 'rowz: 16384', 'rowz', /unknown key "rowz"/],
    ['IDD0: 15 mA', 'IDD99: 15 mA', 'IDD99', /IDD99/],
    ['source: drampower41\n  tRCD', 'source: nowhere\n  tRCD', 'tRCD: 18', /unknown source "nowhere"/],
    ['tRCD: 18.75 ns', 'tRCD: [18.75 ns', 'tRCD: [', /not valid YAML/],
  ])('%s -> %s', async (from, to, where, what) => {
    const loading = spoiled(from, to);
    await expect(loading).rejects.toHaveProperty('name', 'InputError');
    await expect(loading).rejects.toThrow(what);
    const broken = text.replace(from, to);
    const line = broken.slice(0, broken.indexOf(where)).split('\n').length;
    await expect(loading).rejects.toMatchObject({ place: { file: 'mine.yaml' } });
    const { place } = (await loading.catch((error: unknown) => error)) as { place: { line: number } };
    expect(Math.abs(place.line - line)).toBeLessThanOrEqual(1);
  });
});
