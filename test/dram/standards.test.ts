import { describe, expect, it } from 'vitest';
import { createProtocolChecker } from '../../src/dram/checker.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { loadStandard } from '../../src/hardware/load-standard.ts';
import { refreshedBanks } from '../../src/hardware/refreshed-banks.ts';
import { resolveTiming } from '../../src/hardware/resolve-timing.ts';
import type { ResolvedTiming } from '../../src/hardware/resolved-timing.ts';
import type { CommandName, Level } from '../../src/hardware/standard.ts';
import { shippedModels } from '../shipped-models.ts';

const standards = await shippedModels.list('standards');
const timingOf = async (name: string): Promise<ResolvedTiming> => {
  const device = await loadDevice(name, shippedModels);
  return resolveTiming(device, device.supply.nominal, 'nominal');
};

/** Cycles from one command to the other within one member of the level, the longest constraint counting. */
function distance(
  { constraints }: ResolvedTiming,
  level: Level,
  from: CommandName,
  to: CommandName,
  { sibling = false, window = 1 } = {},
): number {
  return Math.max(
    0,
    ...constraints
      .filter(
        (c) =>
          c.level === level &&
          c.sibling === sibling &&
          c.window === window &&
          c.preceding.includes(from) &&
          c.following.includes(to),
      )
      .map(({ latency }) => latency),
  );
}

/** Parameters that no constraint needs: refresh rate, and what only energy and latency look at. */
const OUTSIDE: Readonly<Record<string, readonly string[]>> = {
  ddr3: ['tREFI', 'tXPDLL'],
  ddr4: ['tREFI', 'tXPDLL', 'tDQSCK'],
  lpddr3: ['tREFI'],
  lpddr4: ['tREFI'],
  lpddr5: ['tREFI'],
  ddr5: ['tREFI'],
  hbm2: ['tREFI'],
};

describe('every standard', () => {
  it.each(standards)('%s uses every parameter and constrains every command on both sides', async (name) => {
    const { parameters, commands, constraints } = await loadStandard(name, shippedModels);
    const formulas = constraints.map(({ latency }) => latency).join(' ');
    const unused = parameters.filter((parameter) => !new RegExp(`\\b${parameter}\\b`).test(formulas));
    expect(unused.sort()).toEqual([...OUTSIDE[name]!].sort());
    for (const command of commands) {
      expect(constraints.some(({ preceding }) => preceding.includes(command))).toBe(true);
      expect(constraints.some(({ following }) => following.includes(command))).toBe(true);
    }
    const lines = constraints.map((constraint) => JSON.stringify(constraint));
    expect(new Set(lines).size).toBe(lines.length);
  });

  it.each(standards)('%s keeps a closed, refreshing or sleeping rank from every access', async (name) => {
    const { commands, constraints } = await loadStandard(name, shippedModels);
    const pairs: [CommandName, CommandName][] = [
      ['PRE', 'ACT'],
      ['PREA', 'ACT'],
      ['REFab', 'ACT'],
      ['REFab', 'PRE'],
      ['REFab', 'PREA'],
      ['PDX', 'ACT'],
      ['PDX', 'RD'],
      ['PDX', 'WR'],
      ['SRX', 'ACT'],
      ['SRX', 'RD'],
      ['PRE', 'REFab'],
      ['PREA', 'REFab'],
      ['RDA', 'REFab'],
      ['WRA', 'REFab'],
      ['SRE', 'SRX'],
      ['PDE', 'PDX'],
    ];
    if (commands.includes('REFpb'))
      pairs.push(['REFpb', 'ACT'], ['PRE', 'REFpb'], ['REFpb', 'REFab'], ['REFpb', 'PRE'], ['REFpb', 'PREA']);
    for (const [from, to] of pairs)
      expect(
        constraints.some(({ preceding, following }) => preceding.includes(from) && following.includes(to)),
        `${from} to ${to}`,
      ).toBe(true);
  });
});

describe("the tables give the peers' cycles", () => {
  it('LPDDR3-1600: tRCD, turn-arounds and write recovery', async () => {
    const timing = await timingOf('lpddr3-1600-4gb');
    const d = (from: CommandName, to: CommandName, level: Level = 'bank') =>
      distance(timing, level, from, to);
    expect([d('ACT', 'RD'), d('ACT', 'PRE'), d('PRE', 'ACT'), d('ACT', 'ACT')]).toEqual([15, 36, 15, 51]);
    expect(d('RD', 'PRE')).toBe(8);
    // Ramulator 1 has WL + BL + tWR = 25 and WL + BL + tWTR + 1 = 22; JEDEC's first one has the cycle of tDQSS too.
    expect(d('WR', 'PRE')).toBe(26);
    expect(d('WR', 'RD', 'rank')).toBe(22);
    expect(d('RD', 'WR', 'rank')).toBe(12 + 2 + 4 + 1 - 9);
    expect(distance(timing, 'rank', 'ACT', 'ACT', { window: 4 })).toBe(40);
    expect(distance(timing, 'rank', 'RD', 'RD', { sibling: true })).toBe(4 + 2);
    expect(distance(timing, 'rank', 'WR', 'RD', { sibling: true })).toBe(9 + 4 + 2 - 12);
    expect([d('REFab', 'ACT', 'rank'), d('REFpb', 'ACT'), d('ACT', 'REFpb', 'rank')]).toEqual([104, 48, 8]);
  });

  it('DDR3-1600 1 Gb: as Ramulator 2.1 restates JESD79-3', async () => {
    const timing = await timingOf('ddr3-1600-1gb');
    const d = (from: CommandName, to: CommandName, level: Level = 'rank') =>
      distance(timing, level, from, to);
    expect([d('RD', 'WR'), d('WR', 'RD'), d('RD', 'RD'), d('ACT', 'ACT')]).toEqual([8, 18, 4, 5]);
    expect([d('WR', 'PRE', 'bank'), d('RDA', 'ACT', 'bank'), d('WRA', 'ACT', 'bank')]).toEqual([24, 16, 34]);
    expect([d('RD', 'PDE'), d('WR', 'PDE'), d('WRA', 'PDE')]).toEqual([15, 24, 25]);
    expect([d('SRX', 'RD'), d('SRX', 'ACT')]).toEqual([512, 96]);
  });

  it('DDR4-2400 8 Gb: long and short distances', async () => {
    const timing = await timingOf('ddr4-2400-8gb');
    const d = (level: Level, from: CommandName, to: CommandName) => distance(timing, level, from, to);
    expect([d('rank', 'RD', 'RD'), d('bankgroup', 'RD', 'RD')]).toEqual([4, 6]);
    expect([d('rank', 'ACT', 'ACT'), d('bankgroup', 'ACT', 'ACT')]).toEqual([4, 6]);
    expect([d('rank', 'WR', 'RD'), d('bankgroup', 'WR', 'RD')]).toEqual([12 + 4 + 3, 12 + 4 + 9]);
    expect(d('rank', 'RD', 'WR')).toBe(17 + 4 + 2 - 12);
  });

  it('LPDDR4-3200: read-to-precharge is tRTP, writes one cycle later than WL', async () => {
    const timing = await timingOf('lpddr4-3200-8gb');
    const d = (level: Level, from: CommandName, to: CommandName) => distance(timing, level, from, to);
    const { tRTP, tWR, tWTR, WL } = timing.parameters as Record<string, number>;
    expect(d('bank', 'RD', 'PRE')).toBe(tRTP);
    expect(d('bank', 'WR', 'PRE')).toBe(WL! + 1 + 8 + tWR!);
    expect(d('rank', 'WR', 'RD')).toBe(WL! + 1 + 8 + tWTR!);
  });

  it.each(['lpddr4-4266-8gb', 'lpddr4x-4266-8gb'])(
    '%s: 18 ns, 42 ns, 280 ns and so on at 2133 MHz',
    async (name) => {
      const timing = await timingOf(name);
      const d = (from: CommandName, to: CommandName, level: Level = 'bank') =>
        distance(timing, level, from, to);
      expect([d('ACT', 'RD'), d('ACT', 'PRE'), d('PRE', 'ACT'), d('ACT', 'ACT')]).toEqual([39, 90, 39, 129]);
      expect([d('RD', 'WR', 'rank'), d('WR', 'RD', 'rank')]).toEqual([36 + 8 + 8 + 2 - 18, 18 + 1 + 8 + 22]);
      expect([d('RD', 'PRE'), d('WR', 'PRE')]).toEqual([17, 18 + 1 + 8 + 39]);
      expect([d('REFab', 'ACT', 'rank'), d('REFpb', 'ACT')]).toEqual([599, 300]);
      expect(timing.parameters['tREFI']).toBe(8326);
      expect(timing.rules.perBankRefreshInterval).toBe(1040);
    },
  );

  it('LPDDR5-6400: a burst takes two cycles of CK, four within a bank group', async () => {
    const timing = await timingOf('lpddr5-6400');
    const d = (level: Level, from: CommandName, to: CommandName) => distance(timing, level, from, to);
    expect([d('rank', 'RD', 'RD'), d('bankgroup', 'RD', 'RD')]).toEqual([2, 4]);
    expect([d('rank', 'WR', 'WR'), d('bankgroup', 'WR', 'WR')]).toEqual([2, 4]);
    expect([d('rank', 'WR', 'RD'), d('bankgroup', 'WR', 'RD')]).toEqual([9 + 2 + 5, 9 + 4 + 10]);
    expect([d('rank', 'RD', 'WR'), d('bankgroup', 'RD', 'WR')]).toEqual([17 + 2 + 2 - 9, 0]);
    expect([d('bank', 'WR', 'PRE'), d('bank', 'WRA', 'ACT')]).toEqual([9 + 2 + 28, 9 + 2 + 28 + 15]);
    expect([d('bank', 'RD', 'PRE'), d('bank', 'RDA', 'ACT')]).toEqual([8, 8 + 15]);
    expect([d('rank', 'RD', 'PDE'), d('rank', 'WR', 'PDE')]).toEqual([17 + 2 + 1, 9 + 2 + 28]);
  });

  it('LPDDR5-6400: a per-bank refresh takes a pair of banks, eight of them in tREFI', async () => {
    const timing = await timingOf('lpddr5-6400');
    const d = (level: Level, from: CommandName, to: CommandName) => distance(timing, level, from, to);
    expect([d('bank', 'REFpb', 'ACT'), d('bank', 'REFpb', 'PRE'), d('bank', 'REFpb', 'REFpb')]).toEqual([
      96, 96, 96,
    ]);
    expect([d('rank', 'REFpb', 'ACT'), d('rank', 'REFpb', 'REFpb'), d('rank', 'ACT', 'REFpb')]).toEqual([
      6, 72, 4,
    ]);
    expect([d('rank', 'REFpb', 'REFab'), d('rank', 'REFpb', 'PREA')]).toEqual([96, 96]);
    expect(timing.rules).toMatchObject({ perBankRefreshInterval: 390, banksPerREFpb: 2 });
  });

  it('DDR5-4800 16 Gb: as Ramulator 2.1 restates JESD79-5, tFAW and writes as the SPD of a module', async () => {
    const timing = await timingOf('ddr5-4800-16gb');
    const d = (level: Level, from: CommandName, to: CommandName) => distance(timing, level, from, to);
    expect([d('bank', 'ACT', 'RD'), d('bank', 'ACT', 'PRE'), d('bank', 'PRE', 'ACT')]).toEqual([34, 77, 34]);
    expect([d('bank', 'ACT', 'ACT'), d('bank', 'RD', 'PRE'), d('bank', 'WR', 'PRE')]).toEqual([111, 18, 112]);
    expect([d('bank', 'RDA', 'ACT'), d('bank', 'WRA', 'ACT')]).toEqual([18 + 34, 32 + 8 + 72 + 34]);
    expect([d('rank', 'ACT', 'ACT'), d('bankgroup', 'ACT', 'ACT')]).toEqual([8, 12]);
    expect(distance(timing, 'rank', 'ACT', 'ACT', { window: 4 })).toBe(32);
    expect([d('rank', 'RD', 'RD'), d('bankgroup', 'RD', 'RD')]).toEqual([8, 12]);
    expect([d('rank', 'WR', 'WR'), d('bankgroup', 'WR', 'WR')]).toEqual([8, 24]);
    expect([d('rank', 'WR', 'RD'), d('bankgroup', 'WR', 'RD')]).toEqual([32 + 8 + 6, 32 + 8 + 24]);
    expect([d('rank', 'RD', 'WR'), d('rank', 'PRE', 'PRE')]).toEqual([34 + 8 + 2 - 32 + 2, 2]);
    expect([d('rank', 'REFab', 'ACT'), d('rank', 'PDX', 'RD'), d('rank', 'SRX', 'ACT')]).toEqual([
      708, 18, 708,
    ]);
    expect(timing.rules.commandCycles).toMatchObject({ ACT: 2, RD: 2, WR: 2, PRE: 1, REFab: 1, REFpb: 1 });
  });

  it('DDR5-4800: REFsb takes one bank of each group, eight of them in tREFI, each bank two', async () => {
    const timing = await timingOf('ddr5-4800-16gb');
    const d = (level: Level, from: CommandName, to: CommandName) => distance(timing, level, from, to);
    expect([d('bank', 'REFpb', 'ACT'), d('rank', 'REFpb', 'ACT'), d('rank', 'ACT', 'REFpb')]).toEqual([
      312, 72, 12,
    ]);
    expect([d('rank', 'REFpb', 'REFpb'), d('rank', 'REFpb', 'REFab')]).toEqual([312, 312]);
    expect(timing.rules).toMatchObject({ perBankRefreshInterval: 9360 / 8, banksPerREFpb: 8 });
    // Of 32 banks, the second of each group of 4.
    expect(refreshedBanks(32, timing.rules.banksPerREFpb, 1)).toEqual([1, 5, 9, 13, 17, 21, 25, 29]);
  });

  it('HBM2-2000: as Ramulator 2.1, a pseudo-channel', async () => {
    const timing = await timingOf('hbm2-2000-4x8gb');
    const d = (level: Level, from: CommandName, to: CommandName) => distance(timing, level, from, to);
    expect([d('bank', 'ACT', 'RD'), d('bank', 'ACT', 'WR'), d('bank', 'ACT', 'ACT')]).toEqual([14, 12, 48]);
    expect([d('bank', 'RD', 'PRE'), d('bank', 'WR', 'PRE'), d('bank', 'WRA', 'ACT')]).toEqual([5, 23, 37]);
    expect([d('rank', 'RD', 'RD'), d('bankgroup', 'RD', 'RD')]).toEqual([2, 4]);
    expect([d('rank', 'WR', 'RD'), d('bankgroup', 'WR', 'RD')]).toEqual([5 + 2 + 6, 5 + 2 + 8]);
    expect([d('rank', 'RD', 'WR'), d('rank', 'ACT', 'ACT')]).toEqual([14 + 2 + 2 - 5, 4]);
    expect([d('bank', 'REFpb', 'ACT'), d('rank', 'REFpb', 'ACT'), d('rank', 'ACT', 'REFpb')]).toEqual([
      160, 8, 4,
    ]);
    expect(timing.rules).toMatchObject({ perBankRefreshInterval: Math.floor(3900 / 16), banksPerREFpb: 1 });
  });
});

describe('same-bank refresh of DDR5', () => {
  it('is due twice in tREFI for each bank, since each restores half of its rows', async () => {
    const device = await loadDevice('ddr5-4800-16gb', shippedModels);
    const timing = await resolveTiming(device, device.supply.nominal, 'nominal');
    const tREFI = timing.parameters['tREFI']!;
    const overdueWith = (interval: number): number => {
      const checker = createProtocolChecker(device.organisation, timing, { postponedRefreshes: 0 });
      const rounds = 40;
      const found = Array.from({ length: rounds }, (_, i) =>
        checker.check({
          cycle: (i + 1) * interval,
          command: 'REFpb',
          rank: 0,
          bank: i % 4,
          row: 0,
          column: 0,
        }),
      ).flat();
      return [...found, ...checker.end(rounds * interval)].filter(({ rule }) => rule.startsWith('refresh'))
        .length;
    };
    expect(overdueWith(Math.floor(tREFI / 8))).toBe(0);
    expect(overdueWith(Math.floor(tREFI / 4))).toBeGreaterThan(4);
  });
});
