import fc from 'fast-check';
import type { ControllerOptions } from '../../src/dram/controller-options.ts';
import { burstsPerRow, type Organisation } from '../../src/hardware/device.ts';
import type { ResolvedTiming } from '../../src/hardware/resolved-timing.ts';
import type { CommandName, Level, ResolvedConstraint } from '../../src/hardware/standard.ts';
import type { Burst } from '../reference/controller.ts';

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
    spareCycles: fc.integer({ min: 0, max: 2000 }),
  })
  .map(({ spareCycles, ...p }) => ({ ...p, tREFI: 500 + p.tRFCab + spareCycles }));

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

function timingOf(
  { burstLength }: Organisation,
  p: Record<string, number>,
  more: ResolvedConstraint[],
): ResolvedTiming {
  const half = burstLength / 2;
  const v = (name: string): number => p[name]!;
  const rowCycle = Math.max(v('tRC'), v('tRAS') + v('tRP'));
  const turnaround = Math.max(1, v('RL') + v('tDQSCK') + half + 1 - v('WL'));
  return {
    ...{ standard: 'random', supply: 1, mode: 'nominal', clock: 800 },
    commands: ['ACT', 'PRE', 'PREA', 'RD', 'WR', 'REFab'],
    parameters: { ...p, BL: burstLength },
    constraints: [
      constraint('bank', ['ACT'], [...READ, ...WRITE], 'tRCD', v('tRCD')),
      constraint('bank', ['ACT'], ['PRE'], 'tRAS', v('tRAS')),
      constraint('rank', ['ACT'], ['PREA'], 'tRAS', v('tRAS')),
      constraint('bank', ['PRE'], ['ACT'], 'tRP', v('tRP')),
      constraint('bank', ['ACT'], ['ACT'], 'tRC', rowCycle),
      constraint('bank', READ, ['PRE', 'PREA'], 'tRTP', v('tRTP')),
      constraint('bank', WRITE, ['PRE'], 'tWR', v('WL') + half + v('tWR')),
      constraint('rank', WRITE, ['PREA'], 'tWR', v('WL') + half + v('tWR')),
      constraint('rank', ['ACT'], ['ACT'], 'tRRD', v('tRRD')),
      constraint('rank', ['ACT'], ['ACT'], 'tFAW', v('tFAW'), { window: 4 }),
      constraint('rank', READ, READ, 'tCCD', v('tCCD')),
      constraint('rank', WRITE, WRITE, 'tCCD', v('tCCD')),
      constraint('rank', READ, WRITE, 'tRTW', turnaround),
      constraint('rank', WRITE, READ, 'tWTR', v('WL') + half + v('tWTR')),
      constraint('rank', ['PREA'], ['ACT', 'REFab'], 'tRPab', v('tRPab')),
      constraint('rank', ['PRE'], ['REFab'], 'tRP', v('tRP')),
      constraint('rank', ['ACT'], ['REFab'], 'tRC', rowCycle),
      constraint('rank', ['REFab'], ['ACT', 'REFab'], 'tRFCab', v('tRFCab')),
      ...more,
    ],
  };
}

const options: fc.Arbitrary<ControllerOptions> = fc
  .record({
    readQueue: fc.constantFrom(1, 2, 3, 8, 32),
    writeQueue: fc.constantFrom(1, 2, 5, 8, 32),
    high: fc.double({ min: 0, max: 1, noNaN: true }),
    low: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ readQueue, writeQueue, high, low }) => {
    const highWatermark = 1 + Math.floor(high * (writeQueue - 1));
    return { readQueue, writeQueue, highWatermark, lowWatermark: Math.floor(low * (highWatermark - 1)) };
  });

/** Runs of bursts: sequential pieces, hot rows, lone bursts, gaps between arrivals, reads and writes. */
export function burstsFor(organisation: Organisation, length: number): fc.Arbitrary<Burst[]> {
  const columns = burstsPerRow(organisation);
  const run = fc.record({
    write: fc.boolean(),
    rank: fc.nat(organisation.ranks - 1),
    bank: fc.nat(organisation.bankGroups * organisation.banksPerGroup - 1),
    row: fc.oneof(fc.nat(Math.min(2, organisation.rows - 1)), fc.nat(organisation.rows - 1)),
    column: fc.nat(columns - 1),
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

export const channels: fc.Arbitrary<Channel> = fc
  .tuple(organisations, parameters, extras, options)
  .chain(([organisation, p, more, policy]) =>
    burstsFor(organisation, 24).map((bursts) => ({
      organisation,
      timing: timingOf(organisation, p, more),
      options: policy,
      bursts,
    })),
  );
