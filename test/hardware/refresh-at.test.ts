import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { createOrderedMapping } from '../../src/dram/address-mapping.ts';
import { createProtocolChecker } from '../../src/dram/checker.ts';
import { DEFAULT_CONTROLLER } from '../../src/dram/controller-options.ts';
import { type RequestRun, replay } from '../../src/dram/replay.ts';
import type { Device } from '../../src/hardware/device.ts';
import type { DramCommand } from '../../src/hardware/dram-command.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { refreshWindowAt } from '../../src/hardware/refresh-at.ts';
import { resolveTiming } from '../../src/hardware/resolve-timing.ts';
import type { ResolvedTiming } from '../../src/hardware/resolved-timing.ts';
import { shippedModels, withModel } from '../shipped-models.ts';

const textOf = (kind: string, name: string) =>
  readFile(new URL(`../../hw-models/${kind}/${name}.yaml`, import.meta.url), 'utf8');

const timingOf = (device: Device, temperature?: number) =>
  resolveTiming(device, device.supply.nominal, 'nominal', temperature);

/** The cycles of the refresh commands between two reads of a row, `apart` cycles from each other. */
function refreshesBetween(
  { organisation }: Device,
  timing: ResolvedTiming,
  apart: number,
  refresh: 'allBank' | 'perBank' = 'allBank',
): DramCommand[] {
  let given = 0;
  const source = {
    next(run: RequestRun): boolean {
      if (given === 2) return false;
      Object.assign(run, { address: 0, bursts: 1, write: false, arrival: apart * given++ });
      return true;
    },
  };
  const found: DramCommand[] = [];
  replay(
    organisation,
    timing,
    { ...DEFAULT_CONTROLLER, refresh },
    createOrderedMapping(organisation, 'row-bank-column'),
    source,
    (cycle, command, rank, bank, row, column) => {
      if (command.startsWith('REF')) found.push({ cycle, command, rank, bank, row, column });
    },
  );
  return found;
}

describe('refresh at a temperature', () => {
  it.each([
    ['ddr3-1600-1gb', undefined, 6240],
    ['ddr3-1600-1gb', 85, 6240],
    ['ddr3-1600-1gb', 85.1, 3120],
    ['ddr3-1600-1gb', 95, 3120],
    // Its tREFI is the one of 85 to 95 C, and stays so where no temperature is given.
    ['ddr4-2400-4gb', undefined, 4680],
    ['ddr4-2400-4gb', 85, 9360],
    ['ddr4-2400-4gb', 90, 4680],
    ['ddr4-2400-8gb', 90, 4680],
    ['lpddr3-1600-4gb', 85, 3120],
    ['lpddr3-1600-4gb', 105, 780],
    // 6246 / 4 rounds down, as tREFI does.
    ['lpddr4-3200-8gb', 90, 1561],
    // A quarter of 3906 ns, 781.2 cycles: the time is divided, then rounded.
    ['lpddr5-6400', 90, 781],
  ])('of %s at %s C has a tREFI of %i cycles', async (name, temperature, cycles) => {
    const timing = await timingOf(await loadDevice(name, shippedModels), temperature);
    expect(timing.parameters['tREFI']).toBe(cycles);
  });

  it('changes nothing else', async () => {
    const device = await loadDevice('lpddr4-3200-8gb', shippedModels);
    const [usual, cool, hot] = [
      await timingOf(device),
      await timingOf(device, 60),
      await timingOf(device, 90),
    ];
    expect(cool).toEqual(usual);
    expect({ ...hot, parameters: { ...hot.parameters, tREFI: 6246 } }).toEqual({
      ...usual,
      rules: { ...usual.rules, perBankRefreshInterval: Math.floor(1561 / 8) },
    });
    expect(usual.rules.perBankRefreshInterval).toBe(Math.floor(6246 / 8));
  });

  it('takes place twice as often above 85 C, and the checker accepts it', async () => {
    const device = await loadDevice('ddr3-1600-1gb', shippedModels);
    for (const [temperature, interval] of [
      [85, 6240],
      [90, 3120],
    ] as const) {
      const timing = await timingOf(device, temperature);
      const found = refreshesBetween(device, timing, 20 * 6240 + 100);
      expect(found).toHaveLength(Math.floor((20 * 6240 + 100) / interval));
      const checker = createProtocolChecker(device.organisation, timing, { postponedRefreshes: 1 });
      const late = found
        .flatMap((command) => checker.check(command))
        .filter(({ rule }) => /refresh/.test(rule));
      expect(late).toEqual([]);
    }
  });

  it('of single banks follows in each standard that has it', async () => {
    for (const name of ['lpddr3-1600-4gb', 'lpddr4-3200-8gb', 'lpddr5-6400'])
      for (const temperature of name.startsWith('lpddr4') ? [85] : [85, 90]) {
        const device = await loadDevice(name, shippedModels);
        const timing = await timingOf(device, temperature);
        const due = 64_000 / (timing.rules.perBankRefreshInterval ?? 0);
        const found = refreshesBetween(device, timing, 64_000, 'perBank');
        expect(found.length).toBe(Math.floor(due));
      }
  });

  it('of single banks is refused where they cannot follow each other fast enough', async () => {
    const device = await loadDevice('lpddr4-3200-8gb', shippedModels);
    const timing = await timingOf(device, 90);
    // tRFCpb is 224 cycles; a quarter of tREFI over eight banks is less.
    expect(() => refreshesBetween(device, timing, 64_000, 'perBank')).toThrow(
      'refreshes of single banks are due every 195 cycles, but lpddr4 keeps them 224 cycles apart',
    );
    expect(refreshesBetween(device, timing, 63_000)).toHaveLength(Math.floor(63_000 / 1561));
  });

  it('that is as rare as below 85 C breaks the protocol above', async () => {
    const device = await loadDevice('ddr3-1600-1gb', shippedModels);
    const refreshEvery = (interval: number): DramCommand[] =>
      Array.from({ length: 16 }, (_, i) => ({
        cycle: interval * (i + 1),
        command: 'REFab',
        rank: 0,
        bank: -1,
        row: -1,
        column: -1,
      }));
    const violations = async (interval: number, temperature: number) => {
      const checker = createProtocolChecker(device.organisation, await timingOf(device, temperature), {
        postponedRefreshes: 0,
      });
      return refreshEvery(interval).flatMap((command) => checker.check(command)).length;
    };
    expect(await violations(6240, 85)).toBe(0);
    expect(await violations(3120, 90)).toBe(0);
    expect(await violations(6240, 90)).toBeGreaterThanOrEqual(15);
    // The first is a cycle late; a late refresh counts twice, as the one that was owed and as itself.
    expect(await violations(3121, 90)).toBe(1);
  });

  it('has a window that shrinks alike, whatever tREFI the device gives', async () => {
    const window = async (name: string, temperature: number) =>
      refreshWindowAt(await loadDevice(name, shippedModels), temperature);
    expect(await window('ddr4-2400-4gb', 60)).toBe(64);
    expect(await window('ddr4-2400-4gb', 90)).toBe(32);
    expect(await window('lpddr4-3200-8gb', 60)).toBe(32);
    expect(await window('lpddr4-3200-8gb', 90)).toBe(8);
  });

  it('is refused beyond the last step of the standard, and where a standard has none', async () => {
    const device = await loadDevice('ddr3-1600-1gb', shippedModels);
    await expect(timingOf(device, 95.1)).rejects.toThrow(
      '95.1 C is too hot for ddr3-1600-1gb: ddr3 says how to refresh up to 95 C',
    );
    const text = (await textOf('standards', 'ddr3')).replace(/,\n {2}temperature: .*\n/, ' }\n');
    const silent = await loadDevice('ddr3-1600-1gb', withModel('standards', 'ddr3', text));
    expect((await timingOf(silent)).parameters).toEqual((await timingOf(device)).parameters);
    await expect(timingOf(silent, 20)).rejects.toThrow(
      'the standard ddr3 does not say how ddr3-1600-1gb is refreshed at 20 C',
    );
  });
});

describe('what a standard says of refresh against temperature', () => {
  it.each([
    ['up_to: 85 degC', 'up_to: 85 ns', /refresh\.temperature: .*temperature/, 30],
    ['up_to: 85 degC', 'up_to: 300 degC', /refresh\.temperature of 300 degC is beyond any part/, 30],
    ['tREFI: 1 }', 'tREFI: 0.9 }', /the first step of refresh\.temperature has tREFI 0\.9/, 30],
    ['up_to: 95 degC', 'up_to: 85 degC', /step 2 .* is not hotter, with a shorter tREFI/, 30],
    ['tREFI: 0.5', 'tREFI: 1', /step 2 .* is not hotter, with a shorter tREFI/, 30],
    ['tREFI: 0.5', 'tREFI: 0', /expected the share of tREFI/, 30],
    ['window: 64 ms', 'window: 64 V', /refresh\.window: /, 29],
    ['window: 64 ms', 'window: 0 ms', /refresh\.window of 0 ms is beyond/, 29],
  ])('is refused with its place: %s -> %s', async (from, to, what, line) => {
    const text = await textOf('standards', 'ddr3');
    expect(text.split(from)).toHaveLength(2);
    const loaded = loadDevice('ddr3-1600-1gb', withModel('standards', 'ddr3', text.replace(from, to)));
    await expect(loaded).rejects.toThrow(what);
    await expect(loaded).rejects.toMatchObject({ place: { file: 'ddr3.yaml', line } });
  });
});

describe('up to which temperature a tREFI holds', () => {
  it.each([
    [
      'up_to: 95 degC',
      'up_to: 96 degC',
      /tREFI is given up to 96 C, but ddr4 says how to refresh up to 95 C/,
    ],
    ['tRFCab: 313 tCK', 'tRFCab: { value: 313 tCK, up_to: 95 degC }', /up_to stands at tRFCab/],
  ])('is refused: %s -> %s', async (from, to, what) => {
    const text = (await textOf('dram', 'ddr4-2400-4gb')).replace(from, to);
    await expect(loadDevice('mine', withModel('dram', 'mine', text))).rejects.toThrow(what);
  });
});
