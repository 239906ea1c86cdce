import { describe, expect, it } from 'vitest';
import { createProtocolChecker } from '../../src/dram/checker.ts';
import { formatViolation, type Violation } from '../../src/dram/checker-violation.ts';
import type { DramCommand } from '../../src/hardware/dram-command.ts';
import { RANK_COMMANDS } from '../../src/hardware/dram-command.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { resolveTiming } from '../../src/hardware/resolve-timing.ts';
import type { ResolvedTiming } from '../../src/hardware/resolved-timing.ts';
import {
  COMMANDS,
  type CommandName,
  type Level,
  type ResolvedConstraint,
} from '../../src/hardware/standard.ts';
import { withSubarrays } from '../../src/hardware/with-subarrays.ts';
import { shippedModels } from '../shipped-models.ts';
import { JEDEC_RULES } from './jedec-rules.ts';
import { organisation } from './organisations.ts';
import { timingOf } from './standard-timing.ts';

/** 2 ranks of 4 groups of 4 banks: every level has siblings, and a rank has room for four activations. */
const memory = organisation({ ranks: 2, bankGroups: 4, banksPerGroup: 4, rows: 64, rowsPerSubarray: 16 });

const at = (cycle: number, command: CommandName, rank = 0, bank = 0, row = 0): DramCommand => ({
  ...{ cycle, command, rank, bank: RANK_COMMANDS.has(command) ? -1 : bank, row, column: 0 },
});

/** All violations of a stream; `end` closes it. */
function judge(timing: ResolvedTiming, stream: readonly DramCommand[], end?: number): Violation[] {
  const checker = createProtocolChecker(memory, timing);
  const found = stream.flatMap((command) => checker.check(command));
  return end === undefined ? found : [...found, ...checker.end(end)];
}
const rules = (violations: readonly Violation[]): string[] => violations.map(({ rule }) => rule);

/** Where a second command lies that a constraint binds, and one outside its scope (none for the channel). */
const PLACES: Record<Level, { same: [number, number, number]; other: [number, number, number] | undefined }> =
  {
    channel: { same: [1, 0, 0], other: undefined },
    rank: { same: [0, 9, 0], other: [1, 0, 0] },
    bankgroup: { same: [0, 1, 0], other: [0, 5, 0] },
    bank: { same: [0, 0, 0], other: [0, 1, 0] },
    subarray: { same: [0, 0, 0], other: [0, 0, 16] },
  };

/** For one constraint and one pair of its commands: a stream that keeps it exactly, or breaks it by one cycle. */
function minimalPair(
  constraint: ResolvedConstraint,
  preceding: CommandName,
  following: CommandName,
  early: number,
  scope: 'inside' | 'outside',
): Violation[] {
  const { level, latency, window, sibling } = constraint;
  const { same, other } = PLACES[level];
  const [rank, bank, row] = (sibling === (scope === 'inside') ? other : same)!;
  const first = 1000;
  const stream = Array.from({ length: window }, (_, i) => at(first + i, preceding, 0, 4 * i, 0));
  stream.push(at(first + latency - early, following, rank, bank, row));
  const violations = judge({ ...timingWith([constraint]) }, stream);
  return violations.filter(({ earlier, rule }) => earlier !== undefined && rule === constraint.name);
}

const timingWith = (constraints: ResolvedConstraint[]): ResolvedTiming => ({
  ...{ standard: 'one', supply: 1, mode: 'nominal', clock: 800, commands: COMMANDS },
  parameters: { tREFI: Number.POSITIVE_INFINITY },
  rules: JEDEC_RULES,
  constraints,
});

function holdEveryConstraint(timing: ResolvedTiming): number {
  let pairs = 0;
  for (const constraint of timing.constraints)
    for (const preceding of constraint.preceding)
      for (const following of constraint.following) {
        pairs++;
        const label = `${constraint.level} ${preceding} to ${following}: ${constraint.name}`;
        const caught = minimalPair(constraint, preceding, following, 1, 'inside');
        expect(caught.length, label).toBe(1);
        expect(caught[0]).toMatchObject({ level: constraint.level, missing: 1 });
        expect(caught[0]!.earlier!.cycle).toBe(1000);
        expect(minimalPair(constraint, preceding, following, 0, 'inside'), label).toEqual([]);
        const { other } = PLACES[constraint.level];
        const whole = RANK_COMMANDS.has(preceding) || RANK_COMMANDS.has(following);
        if (other && !(whole && constraint.level !== 'rank'))
          expect(minimalPair(constraint, preceding, following, 1, 'outside'), label).toEqual([]);
      }
  return pairs;
}

describe('the protocol checker takes every constraint at its bound and not one cycle before', () => {
  it.each([
    ['ddr3', 8],
    ['ddr4', 8],
    ['lpddr3', 8],
    ['lpddr4', 16],
    ['lpddr5', 16],
    ['ddr5', 16],
    ['hbm2', 4],
  ])('of %s', async (name, burstLength) => {
    expect(holdEveryConstraint(await timingOf(name, burstLength))).toBeGreaterThan(80);
  });

  it('of every shipped device at its nominal supply', async () => {
    for (const name of await shippedModels.list('dram')) {
      const device = await loadDevice(name, shippedModels);
      holdEveryConstraint(await resolveTiming(device, device.supply.nominal, 'nominal'));
    }
  });

  it('and among all constraints of a standard names the one that binds', async () => {
    const timing = await timingOf('lpddr3', 8);
    const { tRCD, tRAS, tRP, tFAW } = timing.parameters as Record<string, number>;
    const legal = [at(0, 'ACT'), at(tRCD!, 'RD'), at(tRAS!, 'PRE'), at(Math.max(tRAS! + tRP!, 101), 'ACT')];
    expect(judge(timing, legal)).toEqual([]);
    expect(rules(judge(timing, [legal[0]!, { ...legal[1]!, cycle: tRCD! - 1 }]))).toEqual(['tRCD']);
    const four = [0, 4, 8, 12].map((bank, i) => at(33 * i, 'ACT', 0, bank));
    expect(judge(timing, [...four, at(tFAW!, 'ACT', 0, 1)])).toEqual([]);
    expect(rules(judge(timing, [...four, at(tFAW! - 1, 'ACT', 0, 1)]))).toEqual(['tFAW']);
    expect(judge(timing, [...four, at(tFAW! - 1, 'ACT', 1, 1)])).toEqual([]);
  });
});

describe('the protocol checker knows the rules of state', () => {
  const free = timingWith([]);
  const stateRules = (...stream: DramCommand[]): string[] => rules(judge(free, stream));

  it('of rows and banks', () => {
    expect(stateRules(at(0, 'RD'))).toEqual(['a column needs an open bank']);
    expect(stateRules(at(0, 'ACT'), at(1, 'ACT'))).toEqual(['ACT needs a closed bank']);
    expect(stateRules(at(0, 'ACT', 0, 0, 3), at(1, 'WR', 0, 0, 4))).toEqual([
      'a column needs its own row to be open',
    ]);
    expect(stateRules(at(0, 'ACT'), at(1, 'RDA'), at(2, 'RD'))).toEqual(['a column needs an open bank']);
    expect(stateRules(at(0, 'ACT'), at(1, 'PREA'), at(2, 'ACT'), at(3, 'PRE'), at(4, 'ACT'))).toEqual([]);
    expect(stateRules(at(0, 'ACT'), at(1, 'REFab'))).toEqual(['REFab needs all banks closed']);
    expect(stateRules(at(0, 'ACT'), at(1, 'REFpb'), at(2, 'REFpb', 0, 1))).toEqual([
      'REFpb needs a closed bank',
    ]);
    expect(stateRules(at(0, 'ACT', 2), at(1, 'ACT', 0, 16))).toEqual(['the rank exists', 'the bank exists']);
  });

  it('of power-down and self-refresh', () => {
    expect(stateRules(at(0, 'PDE'), at(1, 'ACT'), at(2, 'PDX'), at(3, 'ACT', 0, 1))).toEqual([
      'no command but PDX in power-down',
    ]);
    expect(stateRules(at(0, 'SRE'), at(1, 'PDX'), at(2, 'SRX'))).toEqual([
      'no command but SRX in self-refresh',
      'SRX needs self-refresh',
    ]);
    expect(stateRules(at(0, 'ACT'), at(1, 'SRE'))).toEqual(['SRE needs all banks closed']);
    expect(stateRules(at(0, 'SRX'))).toEqual(['SRX needs self-refresh']);
    expect(stateRules(at(0, 'PDX'))).toEqual(['PDX needs power-down']);
    expect(stateRules(at(0, 'PDE', 1), at(1, 'ACT', 0))).toEqual([]);
  });

  it('of the command bus', () => {
    const violations = judge(free, [at(5, 'ACT'), at(5, 'ACT', 1)]);
    expect(violations.map(formatViolation)).toEqual([
      'ACT rank 1 bank 0 at 5: one command a cycle after ACT at 5, 1 cycle too soon',
    ]);
  });

  it('of refreshes: at most eight are postponed, self-refresh owes none, and each missing one is told once', () => {
    const timing = { ...free, parameters: { tREFI: 100 } };
    const late = (stream: DramCommand[], end: number): number => judge(timing, stream, end).length;
    expect(late([at(0, 'ACT', 0)], 900)).toBe(0);
    expect(late([at(0, 'ACT', 0)], 901)).toBe(2);
    expect(late([at(0, 'REFab', 0), at(900, 'REFab', 1)], 1000)).toBe(0);
    expect(late([at(0, 'REFab', 0), at(901, 'REFab', 1)], 1000)).toBe(1);
    const perBank = Array.from({ length: 16 }, (_, bank) => at(bank, 'REFpb', 0, bank));
    expect(late([...perBank, at(900, 'REFab', 1)], 1000)).toBe(0);
    expect(late([...perBank.slice(1), at(900, 'REFab', 1)], 1000)).toBe(1);
    expect(
      late([at(50, 'SRE', 0), at(51, 'SRE', 1), at(10_050, 'SRX', 0), at(10_051, 'SRX', 1)], 10_900),
    ).toBe(0);
    expect(
      late([at(50, 'SRE', 0), at(51, 'SRE', 1), at(10_050, 'SRX', 0), at(10_051, 'SRX', 1)], 10_901),
    ).toBe(2);
    expect(late([], 1101)).toBe(6);
    expect(formatViolation(judge(timing, [at(1, 'REFab', 1), at(950, 'ACT', 0)])[0]!)).toBe(
      'ACT rank 0 bank 0 at 950: refresh within 9 x tREFI, 50 cycles too late',
    );
  });
});

describe('per-bank refreshes', () => {
  const timing = { ...timingWith([]), parameters: { tREFI: 100 } };
  const pairs = { ...timing, rules: { ...timing.rules, banksPerREFpb: 2 } };
  /** REFpb to banks `from` to `to` of both ranks, one a cycle. */
  const refresh = (from: number, to: number, start = 0): DramCommand[] =>
    Array.from({ length: to - from }, (_, i) => [
      at(start + 2 * i, 'REFpb', 0, from + i),
      at(start + 2 * i + 1, 'REFpb', 1, from + i),
    ]).flat();

  it('are due for each bank: that of one bank does not stand for another', () => {
    const one = Array.from({ length: 160 }, (_, i) => at(i, 'REFpb', 0, 0));
    const others = [at(200, 'REFab', 1), at(201, 'REFab', 1)];
    expect(judge(timing, [...one, ...others], 901).map(formatViolation)).toEqual([
      'REFab rank 0 at 901: refresh of bank 1 within 9 x tREFI, 1 cycle too late',
    ]);
    expect(judge(timing, refresh(0, 16), 1000)).toEqual([]);
    expect(rules(judge(timing, [...refresh(0, 5), ...refresh(6, 16, 20)], 1000))).toEqual([
      'refresh of bank 5 within 9 x tREFI',
      'refresh of bank 5 within 9 x tREFI',
    ]);
  });

  it('and all-bank refreshes count together', () => {
    const both = [at(0, 'REFab', 0), at(1, 'REFab', 1), ...refresh(0, 16, 10)];
    expect(judge(timing, both, 1100)).toEqual([]);
    expect(rules(judge(timing, both, 1101))).toEqual(Array(2).fill('refresh within 9 x tREFI'));
  });

  it('of a pair count for both banks, and need both closed', () => {
    expect(judge(pairs, refresh(0, 8), 1000)).toEqual([]);
    expect(judge(pairs, refresh(8, 16), 1000)).toEqual([]);
    expect(rules(judge(pairs, [...refresh(0, 7), at(50, 'REFpb', 0, 15)], 1000))).toEqual([
      'refresh of bank 7 within 9 x tREFI',
    ]);
    for (const open of [3, 11])
      expect(rules(judge(pairs, [at(0, 'ACT', 0, open), at(1, 'REFpb', 0, 3)]))).toEqual([
        'REFpb needs a closed bank',
      ]);
    expect(rules(judge(pairs, [at(0, 'ACT', 0, 4), at(1, 'REFpb', 0, 3)]))).toEqual([]);
  });

  it('of a pair bind both banks, as earlier and as later command', () => {
    const bound = (level: Level, preceding: CommandName, following: CommandName): ResolvedConstraint => ({
      ...{ level, preceding: [preceding], following: [following], name: 'bound', latency: 50 },
      ...{ window: 1, sibling: false },
    });
    const broken = (constraint: ResolvedConstraint, ...stream: DramCommand[]): number =>
      judge({ ...pairs, parameters: { tREFI: 1e9 }, constraints: [constraint] }, stream).filter(
        ({ rule }) => rule === 'bound',
      ).length;
    const banks = Array.from({ length: 16 }, (_, bank) => bank);
    const busy = bound('bank', 'REFpb', 'ACT');
    expect(banks.filter((bank) => broken(busy, at(0, 'REFpb', 0, 11), at(49, 'ACT', 0, bank)))).toEqual([
      3, 11,
    ]);
    expect(banks.filter((bank) => broken(busy, at(0, 'REFpb', 0, 3), at(50, 'ACT', 0, bank)))).toEqual([]);
    const closing = bound('bank', 'PRE', 'REFpb');
    expect(banks.filter((bank) => broken(closing, at(0, 'PRE', 0, bank), at(49, 'REFpb', 0, 3)))).toEqual([
      3, 11,
    ]);
    // Banks 3 and 11 lie in groups 0 and 2 of four banks each.
    const groups = bound('bankgroup', 'REFpb', 'ACT');
    expect(banks.filter((bank) => broken(groups, at(0, 'REFpb', 0, 3), at(49, 'ACT', 0, bank)))).toEqual([
      0, 1, 2, 3, 8, 9, 10, 11,
    ]);
  });
});

describe('schemes of subarray-level parallelism', () => {
  const scheme = async (name: string): Promise<ResolvedTiming> =>
    withSubarrays(await timingOf('lpddr3', 8), memory, name, shippedModels);

  it.each(['salp-1', 'salp-2', 'masa'])('%s: every constraint holds at its bound', async (name) => {
    expect(holdEveryConstraint(await scheme(name))).toBeGreaterThan(80);
  });

  it('SALP-1 hides the precharge behind the activation of another subarray, one open at a time', async () => {
    const timing = await scheme('salp-1');
    const { tRAS, tRP } = timing.parameters as Record<string, number>;
    const open = at(0, 'ACT', 0, 0, 3);
    const close = at(tRAS!, 'PRE', 0, 0, 3);
    expect(judge(timing, [open, close, at(tRAS! + 1, 'ACT', 0, 0, 16)])).toEqual([]);
    expect(rules(judge(timing, [open, close, at(tRAS! + tRP! - 1, 'ACT', 0, 0, 4)]))).toContain('tRP');
    expect(rules(judge(timing, [open, at(tRAS! + 1, 'ACT', 0, 0, 16)]))).toEqual([
      'at most 1 open subarrays in a bank',
    ]);
  });

  it('SALP-2 activates another subarray before the old one is closed, but reads from one', async () => {
    const timing = await scheme('salp-2');
    const { tRCD, tRA, tRAS } = timing.parameters as Record<string, number>;
    const second = tRCD! + tRA!;
    const two = [at(0, 'ACT', 0, 0, 3), at(second, 'ACT', 0, 0, 16)];
    expect(judge(timing, two)).toEqual([]);
    expect(rules(judge(timing, [two[0]!, at(second - 1, 'ACT', 0, 0, 16)]))).toEqual(['tRCD + tRA']);
    expect(rules(judge(timing, [...two, at(second + 90, 'RD', 0, 0, 16)]))).toEqual([
      'a column needs the older subarray to be closed',
    ]);
    const closed = [...two, at(second + tRAS!, 'PRE', 0, 0, 3), at(second + 90, 'RD', 0, 0, 16)];
    expect(judge(timing, closed)).toEqual([]);
    expect(rules(judge(timing, [...two, at(second + 90, 'ACT', 0, 0, 32)]))).toEqual([
      'at most 2 open subarrays in a bank',
    ]);
  });

  it('MASA keeps every subarray open and selects one', async () => {
    const timing = await scheme('masa');
    const { tRRD, tRCD, tRA, tSCD } = timing.parameters as Record<string, number>;
    const both = [at(0, 'ACT', 0, 0, 3), at(tRRD!, 'ACT', 0, 0, 16)];
    const read = at(tRRD! + tRCD!, 'RD', 0, 0, 16);
    expect(judge(timing, [...both, read])).toEqual([]);
    expect(rules(judge(timing, [...both, { ...read, row: 3 }]))).toEqual([
      'a column needs its subarray to be selected',
    ]);
    const select = at(read.cycle + tRA!, 'SASEL', 0, 0, 3);
    const other = at(read.cycle + 50, 'RD', 0, 0, 3);
    expect(judge(timing, [...both, read, select, other])).toEqual([]);
    expect(rules(judge(timing, [...both, read, { ...select, cycle: select.cycle - 1 }, other]))).toEqual([
      'tRA',
    ]);
    expect(rules(judge(timing, [...both, { ...select, cycle: 80 }, at(80 + tSCD!, 'RD', 0, 0, 16)]))).toEqual(
      ['a column needs its subarray to be selected'],
    );
    expect(rules(judge(timing, [at(0, 'SASEL', 0, 0, 3)]))).toEqual(['SASEL needs an open subarray']);
  });

  it('need subarrays', async () => {
    const timing = await timingOf('lpddr3', 8);
    const single = organisation({ rows: 16, rowsPerSubarray: 16 });
    await expect(withSubarrays(timing, single, 'masa', shippedModels)).rejects.toThrow(
      'masa needs at least two subarrays a bank',
    );
  });
});
