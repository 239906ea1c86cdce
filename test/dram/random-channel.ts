import fc from 'fast-check';
import type { ControllerOptions } from '../../src/dram/controller-options.ts';
import { burstsPerRow, type Organisation } from '../../src/hardware/device.ts';
import type { ResolvedTiming } from '../../src/hardware/resolved-timing.ts';
import {
  COMMANDS,
  type CommandName,
  type Level,
  type ResolvedConstraint,
} from '../../src/hardware/standard.ts';
import type { Burst } from '../reference/controller.ts';
import { JEDEC_RULES } from './jedec-rules.ts';

/** A device, a policy and a request stream that belong together. */
export interface Channel {
  organisation: Organisation;
  timing: ResolvedTiming;
  options: ControllerOptions;
  bursts: Burst[];
}

const READ: CommandName[] = ['RD', 'RDA'];
const WRITE: CommandName[] = ['WR', 'WRA'];

const organisations: fc.Arbitrary<Organisation> = fc
  .record({
    ranks: fc.constantFrom(1, 1, 2),
    bankGroups: fc.constantFrom(1, 1, 2, 4),
    banksPerGroup: fc.constantFrom(1, 2, 4),
    burstLength: fc.constantFrom(4, 8),
  })
  .map((shape) => ({
    ...shape,
    ...{ channels: 1, rows: 16, columns: 16 * shape.burstLength, rowsPerSubarray: 4, deviceWidth: 8 },
    ...{ devicesPerRank: 1, dataRate: 2 },
  }));

const parameters = fc
  .record({
    tRCD: fc.integer({ min: 1, max: 20 }),
    tRP: fc.integer({ min: 1, max: 20 }),
    tRPab: fc.integer({ min: 1, max: 24 }),
    tRAS: fc.integer({ min: 1, max: 50 }),
    tRC: fc.integer({ min: 1, max: 70 }),
    tRRD: fc.integer({ min: 1, max: 10 }),
    tRRD_L: fc.integer({ min: 1, max: 14 }),
    tFAW: fc.integer({ min: 1, max: 60 }),
    tCCD: fc.integer({ min: 1, max: 8 }),
    tCCD_L: fc.integer({ min: 1, max: 10 }),
    tRTP: fc.integer({ min: 1, max: 12 }),
    tWR: fc.integer({ min: 1, max: 20 }),
    tWTR: fc.integer({ min: 1, max: 12 }),
    RL: fc.integer({ min: 1, max: 14 }),
    WL: fc.integer({ min: 1, max: 12 }),
    tDQSCK: fc.integer({ min: 0, max: 3 }),
    tRFCab: fc.integer({ min: 30, max: 150 }),
    tRTRS: fc.integer({ min: 1, max: 4 }),
    tRFCpb: fc.integer({ min: 1, max: 30 }),
    tXP: fc.integer({ min: 1, max: 9 }),
    tXS: fc.integer({ min: 10, max: 150 }),
    tCKE: fc.integer({ min: 1, max: 8 }),
    tCKESR: fc.integer({ min: 1, max: 20 }),
    tRA: fc.integer({ min: 1, max: 9 }),
    tWA: fc.integer({ min: 1, max: 24 }),
    tSCD: fc.integer({ min: 1, max: 3 }),
    spareCycles: fc.integer({ min: 0, max: 2000 }),
  })
  .map(({ spareCycles, ...p }) => ({ ...p, tREFI: 700 + p.tRFCab + spareCycles }));

/** Constraints that not every device has, each with its own chance: groups, ranks, siblings, windows of any command. */
const extras: fc.Arbitrary<ResolvedConstraint[]> = fc.subarray([
  constraint('bankgroup', [...READ, ...WRITE], [...READ, ...WRITE], 'tCCD_L', 9),
  constraint('bankgroup', ['ACT'], ['ACT'], 'tRRD_L', 11),
  constraint('bankgroup', WRITE, READ, 'tWTR_L', 17),
  constraint('rank', READ, READ, 'tRTRS', 6, { sibling: true }),
  constraint('rank', READ, WRITE, 'tRTRS', 8, { sibling: true }),
  constraint('rank', WRITE, READ, 'tRTRS', 7, { sibling: true }),
  constraint('rank', WRITE, WRITE, 'tRTRS', 5, { sibling: true }),
  constraint('channel', [...READ, ...WRITE], [...READ, ...WRITE], 'BL/2', 4),
  constraint('bankgroup', ['ACT'], ['ACT'], 'between groups', 7, { sibling: true }),
  constraint('bank', READ, READ, 'other banks of the group', 5, { sibling: true }),
  constraint('rank', ['RD', 'WR'], ['RD', 'WR'], 'three columns', 31, { window: 3 }),
  constraint('channel', ['ACT', 'PRE'], ['ACT', 'PRE'], 'rows', 22, { window: 4 }),
  constraint('bankgroup', ['ACT'], ['ACT'], 'two a sibling', 40, { window: 2, sibling: true }),
  constraint('rank', ['RD'], ['ACT'], 'column before row', 3),
  constraint('bank', ['REFab'], ['RD', 'WR'], 'long recovery', 190),
]);

function constraint(
  level: Level,
  preceding: CommandName[],
  following: CommandName[],
  name: string,
  latency: number,
  { window = 1, sibling = false } = {},
): ResolvedConstraint {
  return { level, preceding, following, name, latency, window, sibling };
}

/** How the subarrays of a bank are used apart, if they are. */
type Scheme = 'together' | 'salp-1' | 'salp-2' | 'masa';

function timingOf(
  { burstLength, bankGroups, banksPerGroup }: Organisation,
  p: Record<string, number>,
  more: ResolvedConstraint[],
  scheme: Scheme,
): ResolvedTiming {
  const half = burstLength / 2;
  const v = (name: string): number => p[name]!;
  const rowCycle = Math.max(v('tRC'), v('tRAS') + v('tRP'));
  const turnaround = Math.max(1, v('RL') + v('tDQSCK') + half + 1 - v('WL'));
  const recovery = v('WL') + half + v('tWR');
  const banks = bankGroups * banksPerGroup;
  // Drawn from nothing new, so that the channels of a seed stay the same: every other one refreshes 2 or 4 banks at once.
  const drawn = [1, 2, 1, 4][v('tREFI') % 4]!;
  const banksPerREFpb = banks % drawn === 0 ? drawn : 1;
  const betweenREFpb = banksPerREFpb === 1 ? v('tRFCpb') : Math.ceil(v('tRFCpb') / 2);
  const awake: CommandName[] = ['ACT', 'PRE', 'PREA', ...READ, ...WRITE, 'REFab', 'REFpb', 'SRE'];
  const constraints = [
    constraint('bank', ['ACT'], [...READ, ...WRITE], 'tRCD', v('tRCD')),
    constraint('bank', ['ACT'], ['PRE'], 'tRAS', v('tRAS')),
    constraint('rank', ['ACT'], ['PREA'], 'tRAS', v('tRAS')),
    constraint('bank', ['PRE'], ['ACT', 'REFpb'], 'tRP', v('tRP')),
    constraint('bank', ['ACT'], ['ACT', 'REFpb'], 'tRC', rowCycle),
    constraint('bank', READ, ['PRE', 'PREA'], 'tRTP', v('tRTP')),
    constraint('bank', WRITE, ['PRE'], 'tWR', recovery),
    constraint('rank', WRITE, ['PREA'], 'tWR', recovery),
    constraint('bank', ['RDA'], ['ACT', 'REFpb'], 'tRTP + tRP', v('tRTP') + v('tRP')),
    constraint('bank', ['WRA'], ['ACT', 'REFpb'], 'tWR + tRP', recovery + v('tRP')),
    constraint('bank', ['WR'], ['RDA'], 'tWR - tRTP', Math.max(1, recovery - v('tRTP'))),
    constraint('rank', ['ACT', 'REFpb'], ['ACT', 'REFpb'], 'tRRD', v('tRRD')),
    constraint('rank', ['ACT'], ['ACT'], 'tFAW', v('tFAW'), { window: 4 }),
    constraint('rank', READ, READ, 'tCCD', v('tCCD')),
    constraint('rank', WRITE, WRITE, 'tCCD', v('tCCD')),
    constraint('rank', READ, WRITE, 'tRTW', turnaround),
    constraint('rank', WRITE, READ, 'tWTR', v('WL') + half + v('tWTR')),
    constraint('rank', ['PREA'], ['ACT', 'REFab', 'REFpb', 'SRE'], 'tRPab', v('tRPab')),
    constraint('rank', ['PRE'], ['REFab', 'SRE'], 'tRP', v('tRP')),
    constraint('rank', ['ACT'], ['REFab', 'SRE'], 'tRC', rowCycle),
    constraint('rank', ['RDA'], ['REFab', 'SRE'], 'tRTP + tRP', v('tRTP') + v('tRP')),
    constraint('rank', ['WRA'], ['REFab', 'SRE'], 'tWR + tRP', recovery + v('tRP')),
    constraint('rank', ['REFab'], ['ACT', 'PRE', 'PREA', 'REFab', 'REFpb', 'SRE'], 'tRFCab', v('tRFCab')),
    constraint('bank', ['REFpb'], ['ACT', 'PRE', 'REFpb'], 'tRFCpb', v('tRFCpb')),
    constraint('rank', ['REFpb'], ['REFab', 'SRE', 'PREA'], 'tRFCpb', v('tRFCpb')),
    constraint('rank', ['REFpb'], ['REFpb'], 'tpbR2pbR', betweenREFpb),
    constraint('rank', READ, ['PDE', 'SRE'], 'RL', v('RL') + half + 1),
    constraint('rank', WRITE, ['PDE', 'SRE'], 'WL', recovery + 1),
    constraint('rank', ['PDE'], ['PDX'], 'tCKE', v('tCKE')),
    constraint('rank', ['PDX'], ['PDE'], 'tCKE', v('tCKE')),
    constraint('rank', ['PDX'], awake, 'tXP', v('tXP')),
    constraint('rank', ['SRE'], ['SRX'], 'tCKESR', v('tCKESR')),
    constraint('rank', ['SRX'], [...awake, 'PDE'], 'tXS', v('tXS')),
    ...more,
  ];
  const timing: ResolvedTiming = {
    ...{ standard: 'random', supply: 1, mode: 'nominal', clock: 800 },
    commands: COMMANDS.filter((command) => command !== 'SASEL'),
    parameters: { ...p, BL: burstLength },
    constraints,
    rules: {
      ...JEDEC_RULES,
      firstData: { read: v('RL') + v('tDQSCK'), write: v('WL') },
      autoPrecharge: { RDA: v('tRTP'), WRA: recovery, waitsForTRAS: true },
      perBankRefreshInterval: Math.floor((v('tREFI') * banksPerREFpb) / banks),
      banksPerREFpb,
    },
  };
  return scheme === 'together' ? timing : apart(timing, scheme, v('tRA'), v('tWA'), v('tSCD'));
}

/** As `withSubarrays` does: what holds in a bank then holds in each of its subarrays, but for the whole bank's commands. */
function apart(
  timing: ResolvedTiming,
  scheme: Exclude<Scheme, 'together'>,
  tRA: number,
  tWA: number,
  tSCD: number,
): ResolvedTiming {
  const whole: CommandName[] = scheme === 'salp-1' ? ['PRE', 'REFpb'] : ['REFpb'];
  const split = timing.constraints.flatMap((rule): ResolvedConstraint[] => {
    if (rule.level !== 'bank' || rule.sibling) return [rule];
    const ofSubarray = rule.following.filter((name) => !whole.includes(name));
    return [
      { ...rule, following: rule.following.filter((name) => whole.includes(name)) },
      { ...rule, preceding: rule.preceding.filter((name) => name === 'REFpb'), following: ofSubarray },
      {
        ...rule,
        level: 'subarray' as const,
        preceding: rule.preceding.filter((name) => name !== 'REFpb'),
        following: ofSubarray,
      },
    ].filter(({ preceding, following }) => preceding.length > 0 && following.length > 0);
  });
  const sibling = { sibling: true };
  const own = {
    'salp-1': [
      constraint('subarray', ['PRE'], ['ACT'], 'tPA', 2, sibling),
      constraint('subarray', ['ACT'], ['ACT'], 'tRAS + tPA', timing.parameters['tRAS']! + 2, sibling),
      constraint('subarray', [...READ, ...WRITE], ['ACT'], 'tRA', tRA, sibling),
    ],
    'salp-2': [
      constraint('subarray', ['ACT'], ['ACT'], 'tRCD + tRA', timing.parameters['tRCD']! + tRA, sibling),
      constraint('subarray', READ, ['ACT'], 'tRA', tRA, sibling),
      constraint('subarray', WRITE, ['ACT'], 'tWA', tWA, sibling),
    ],
    masa: [
      constraint('subarray', READ, ['ACT', 'SASEL', ...READ], 'tRA', tRA, sibling),
      constraint('subarray', WRITE, ['ACT', 'SASEL', ...WRITE], 'tWA', tWA, sibling),
      constraint('subarray', ['SASEL'], [...READ, ...WRITE], 'tSCD', tSCD),
      constraint('rank', ['PDX'], ['SASEL'], 'tXP', timing.parameters['tXP']!),
    ],
  };
  return {
    ...timing,
    commands: scheme === 'masa' ? COMMANDS : timing.commands,
    constraints: [...split, ...own[scheme]],
    subarrays: {
      scheme,
      openSubarrays: scheme === 'masa' ? 'all' : scheme === 'salp-2' ? 2 : 1,
      select: scheme === 'masa',
    },
  };
}

const never = Number.POSITIVE_INFINITY;
const options: fc.Arbitrary<ControllerOptions> = fc
  .record({
    readQueue: fc.constantFrom(1, 2, 3, 8, 32),
    writeQueue: fc.constantFrom(1, 2, 5, 8, 32),
    high: fc.nat(99),
    low: fc.nat(99),
    scheduler: fc.constantFrom('frfcfs', 'frfcfs', 'frfcfs', 'fcfs'),
    rowHitCap: fc.constantFrom(never, never, never, 1, 2, 4, 9),
    pagePolicy: fc.constantFrom('open', 'open', 'closed', 'timeout'),
    pageTimeout: fc.constantFrom(1, 7, 40, 300),
    refresh: fc.constantFrom('allBank', 'allBank', 'perBank'),
    postponedRefreshes: fc.constantFrom(0, 0, 0, 1, 3, 8),
    powerDownAfter: fc.constantFrom(never, never, 1, 20, 200),
    selfRefreshAfter: fc.constantFrom(never, never, 1, 50, 900),
    forwardWrites: fc.boolean(),
  } as const)
  .map(({ high, low, ...rest }) => {
    const highWatermark = 1 + Math.floor((high / 100) * rest.writeQueue);
    // Drawn from nothing new, so that the channels of a seed stay the same.
    const beforeRefresh = high % 2 === 0 ? 'nothing' : 'activated';
    return {
      ...rest,
      beforeRefresh,
      highWatermark,
      lowWatermark: Math.floor((low / 100) * highWatermark),
    } as const;
  });

/** Runs of bursts: sequential pieces, hot rows, lone bursts, gaps between arrivals, reads and writes. */
export function burstsFor(organisation: Organisation, length: number): fc.Arbitrary<Burst[]> {
  const columns = burstsPerRow(organisation);
  const run = fc.record({
    write: fc.boolean(),
    rank: fc.nat(organisation.ranks - 1),
    bank: fc.oneof(fc.constant(0), fc.nat(organisation.bankGroups * organisation.banksPerGroup - 1)),
    row: fc.oneof(fc.constantFrom(0, 1, 5, 9), fc.nat(organisation.rows - 1)),
    column: fc.oneof(fc.nat(2), fc.nat(columns - 1)),
    count: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 40 })),
    gap: fc.oneof(
      { weight: 4, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.nat(30) },
      { weight: 1, arbitrary: fc.nat(1500) },
    ),
  });
  return fc
    .record({
      runs: fc.array(run, { minLength: 1, maxLength: length, size: 'max' }),
      writes: fc.constantFrom(0, 1, 2),
    })
    .map(({ runs, writes }) => {
      let arrival = 0;
      return runs.flatMap(({ count, gap, write, ...at }) => {
        arrival += gap;
        return Array.from({ length: Math.min(count, columns - at.column) }, (_, i) => ({
          ...at,
          column: at.column + i,
          write: writes === 2 ? write : writes === 1,
          arrival,
        }));
      });
    });
}

const schemes = fc.constantFrom<Scheme>('together', 'together', 'together', 'salp-1', 'salp-2', 'masa');

export const channels: fc.Arbitrary<Channel> = fc
  .tuple(organisations, parameters, extras, schemes, options)
  .chain(([organisation, p, more, scheme, policy]) =>
    burstsFor(organisation, 24).map((bursts) => ({
      organisation,
      timing: timingOf(organisation, p, more, scheme),
      options: scheme === 'salp-2' || scheme === 'masa' ? { ...policy, beforeRefresh: 'nothing' } : policy,
      bursts,
    })),
  );

/** The same, refreshed much more often, and with columns before refreshes. */
export const refreshingChannels: fc.Arbitrary<Channel> = channels
  .filter(({ timing }) => (timing.subarrays?.openSubarrays ?? 1) === 1)
  .map((channel) => {
    const { timing, options } = channel;
    const often = { ...timing.parameters, tREFI: 200 + timing.parameters['tRFCab']! };
    return {
      ...channel,
      timing: options.refresh === 'allBank' ? { ...timing, parameters: often } : timing,
      options: { ...options, beforeRefresh: 'activated' },
    };
  });

/** The same, whose banks hold their own columns back for longer than their groups do. */
export const slowBankChannels: fc.Arbitrary<Channel> = fc
  .tuple(channels, fc.integer({ min: 10, max: 30 }))
  .map(([channel, latency]) => {
    const { timing } = channel;
    const own = [
      constraint('bank', READ, READ, 'own reads', latency),
      constraint('bank', WRITE, WRITE, 'own writes', latency + 2),
    ];
    return { ...channel, timing: { ...timing, constraints: [...timing.constraints, ...own] } };
  });

/** The same and others, whose commands take up to four cycles of the command bus each. */
export const longCommandChannels = (drawn: fc.Arbitrary<Channel>): fc.Arbitrary<Channel> =>
  fc
    .tuple(drawn, fc.array(fc.constantFrom(1, 1, 2, 2, 3, 4), { minLength: COMMANDS.length }))
    .map(([channel, lengths]) => {
      const { timing } = channel;
      const commandCycles = Object.fromEntries(COMMANDS.map((command, i) => [command, lengths[i]!]));
      return { ...channel, timing: { ...timing, rules: { ...timing.rules, commandCycles } } };
    });

/**
 * Devices whose columns hold their own bank group back longer, but not twice as long, and runs of whole rows that several
 * groups serve at once: banks give columns in turns.
 */
export const interleavedChannels: fc.Arbitrary<Channel> = fc
  .tuple(organisations, parameters, extras, options, fc.nat(4))
  .chain(([shape, drawn, more, policy, longer]) => {
    const organisation = {
      ...shape,
      ranks: 1 + (longer % 2),
      bankGroups: Math.max(2, shape.bankGroups),
      columns: 64 * shape.burstLength,
    };
    const tCCD = Math.max(drawn.tCCD, shape.burstLength / 2, 2);
    const tCCD_L = tCCD + 1 + (longer % tCCD);
    const own = constraint('bankgroup', READ, READ, 'tCCD_L', tCCD_L);
    const ownWrite = constraint('bankgroup', WRITE, WRITE, 'tCCD_L', tCCD_L);
    const plain: Partial<ControllerOptions> = {
      scheduler: 'frfcfs',
      rowHitCap: never,
      pagePolicy: policy.pagePolicy === 'closed' ? 'open' : policy.pagePolicy,
    };
    const run = fc.record({
      write: fc.constantFrom(false, false, false, true),
      rank: fc.nat(organisation.ranks - 1),
      bank: fc.nat(organisation.bankGroups * organisation.banksPerGroup - 1),
      row: fc.constantFrom(0, 0, 1),
      column: fc.constantFrom(0, 0, 3, 40),
      count: fc.constantFrom(1, 5, 12, 24, 24),
      gap: fc.constantFrom(0, 0, 0, 0, 0, 0, 20),
    });
    return fc.array(run, { minLength: 6, maxLength: 20, size: 'max' }).map((runs) => {
      let arrival = 0;
      const bursts = runs.flatMap(({ count, gap, ...at }) => {
        arrival += gap;
        return Array.from({ length: count }, (_, i) => ({ ...at, column: at.column + i, arrival }));
      });
      const timing = timingOf(organisation, { ...drawn, tCCD }, [...more, own, ownWrite], 'together');
      return { organisation, timing, options: { ...policy, ...plain }, bursts };
    });
  });

/** Channels that ask for nothing that the lean build of the core leaves out. */
export const plainChannels: fc.Arbitrary<Channel> = fc
  .oneof(channels, interleavedChannels)
  .filter(({ timing }) => !timing.subarrays)
  .map((channel) => ({
    ...channel,
    timing: {
      ...channel.timing,
      constraints: channel.timing.constraints.filter(({ level, sibling }) => level !== 'bank' || !sibling),
    },
    options: {
      ...channel.options,
      ...{ scheduler: 'frfcfs', rowHitCap: never, postponedRefreshes: 0, forwardWrites: false },
      ...{ beforeRefresh: 'nothing', powerDownAfter: never, selfRefreshAfter: never, pagePolicy: 'open' },
    } as const,
  }));
