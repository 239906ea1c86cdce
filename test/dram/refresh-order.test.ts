import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createProtocolChecker } from '../../src/dram/checker.ts';
import { formatViolation } from '../../src/dram/checker-violation.ts';
import { createController } from '../../src/dram/controller.ts';
import { type ControllerOptions, DEFAULT_CONTROLLER } from '../../src/dram/controller-options.ts';
import { refreshLead } from '../../src/dram/refresh-lead.ts';
import { banksPerRank, burstsPerRow, type Organisation } from '../../src/hardware/device.ts';
import type { DramCommand } from '../../src/hardware/dram-command.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { resolveTiming } from '../../src/hardware/resolve-timing.ts';
import type { ResolvedTiming } from '../../src/hardware/resolved-timing.ts';
import { withSubarrays } from '../../src/hardware/with-subarrays.ts';
import { cases, FULL, randomCases } from '../effort.ts';
import { type Burst, referenceController } from '../reference/controller.ts';
import { shippedModels } from '../shipped-models.ts';
import { refreshingChannels } from './random-channel.ts';
import { runCore } from './run-core.ts';

const device = await loadDevice('ddr4-2400-8gb', shippedModels);
const timing = await resolveTiming(device, device.supply.nominal, 'nominal');
const { organisation } = device;
const cyclesOf = (name: string): number => timing.parameters[name]!;
const tREFI = cyclesOf('tREFI');
const tRCD = cyclesOf('tRCD');

const NOTHING: ControllerOptions = DEFAULT_CONTROLLER;
const ACTIVATED: ControllerOptions = { ...DEFAULT_CONTROLLER, beforeRefresh: 'activated' };

const read = (arrival: number, bank: number, column = 0, rank = 0, row = 1): Burst => ({
  ...{ write: false, rank, bank, row, column, arrival },
});

/** Commands as "cycle name bank", the cycle counted from the first refresh's due time. */
function issued(options: ControllerOptions, bursts: Burst[], ranks = 1): string[] {
  const channel = { organisation: { ...organisation, ranks }, timing, options, bursts };
  return runCore(channel).commands.map(
    ({ cycle, command, rank, bank }) =>
      `${cycle - tREFI} ${command}${bank < 0 ? '' : ` ${bank}`}${ranks > 1 ? ` of ${rank}` : ''}`,
  );
}

/** The all-bank precharges that close a row which has given no column. */
function wasted(commands: readonly DramCommand[]): number {
  const unread = new Set<string>();
  let found = 0;
  for (const { command, rank, bank } of commands) {
    if (command === 'ACT') unread.add(`${rank}/${bank}`);
    else if (command === 'PREA') {
      for (const place of [...unread].filter((p) => p.startsWith(`${rank}/`))) {
        found++;
        unread.delete(place);
      }
    } else unread.delete(`${rank}/${bank}`);
  }
  return found;
}

describe('a row that is activated just before a refresh', () => {
  const bursts = [read(tREFI - 5, 0)];
  const closed = cyclesOf('tRAS') - 5;
  const refreshed = closed + cyclesOf('tRP');
  const again = refreshed + cyclesOf('tRFCab');

  it('is closed unread by default, and activated again', () => {
    expect(issued(NOTHING, bursts)).toEqual([
      '-5 ACT 0',
      `${closed} PREA`,
      `${refreshed} REFab`,
      `${again} ACT 0`,
      `${again + tRCD} RD 0`,
    ]);
  });

  it('is read first with `activated`', () => {
    expect(issued(ACTIVATED, bursts)).toEqual([
      '-5 ACT 0',
      `${tRCD - 5} RD 0`,
      // The run ends with its last response, before the row is closed.
    ]);
    expect(issued(ACTIVATED, [...bursts, read(tREFI - 4, 0, 1), read(tREFI - 4, 4)])).toEqual([
      '-5 ACT 0',
      '-1 ACT 4',
      `${tRCD - 5} RD 0`,
      `${tRCD - 1} RD 4`,
      `${closed + 4} PREA`,
      `${refreshed + 4} REFab`,
      `${again + 4} ACT 0`,
      `${again + 4 + tRCD} RD 0`,
    ]);
  });

  it('gives one column, to the oldest request of either queue, whatever the mode', () => {
    const write = { ...read(tREFI - 5, 0, 7), write: true };
    // The reads end the drain, so that none of the writes would be served next.
    const bursts = [write, read(tREFI - 4, 0, 0), read(tREFI - 3, 4)];
    const written = tRCD - 5;
    const turned = written + cyclesOf('WL') + cyclesOf('BL') / 2 + cyclesOf('tWTR_S');
    const closed = written + cyclesOf('WL') + cyclesOf('BL') / 2 + cyclesOf('tWR');
    expect(issued(ACTIVATED, bursts).slice(0, 6)).toEqual([
      '-5 ACT 0',
      '-1 ACT 4',
      `${written} WR 0`,
      `${turned} RD 4`,
      `${Math.max(closed, turned + cyclesOf('tRTP'))} PREA`,
      `${Math.max(closed, turned + cyclesOf('tRTP')) + cyclesOf('tRP')} REFab`,
    ]);
  });

  it('does not wait for ever for row hits of another rank', () => {
    // Rank 1 is refreshed later, so that it streams while rank 0 stops.
    const stream = Array.from({ length: 400 }, (_, i) =>
      read(tREFI - 400, 1, i % 100, 1, 1 + Math.floor(i / 100)),
    );
    const bursts = [...stream.slice(0, 30), read(tREFI - 5, 0, 0, 0), ...stream.slice(30)];
    const commands = issued({ ...ACTIVATED, postponedRefreshes: 0 }, bursts, 2);
    const refresh = commands.findIndex((command) => command.endsWith('REFab of 0'));
    expect(refresh).toBeGreaterThan(0);
    expect(Number(commands[refresh]!.split(' ')[0])).toBeLessThan(closed + cyclesOf('tRP') + 60);
  });

  it('is never closed unread, on random devices, and the core does as the reference', () => {
    let unread = 0;
    let different = 0;
    fc.assert(
      fc.property(refreshingChannels, (channel) => {
        const ran = runCore(channel);
        const { organisation, timing, options, bursts } = channel;
        expect(ran).toEqual(referenceController(organisation, timing, options, bursts));
        expect(wasted(ran.commands)).toBe(0);
        const before = runCore({ ...channel, options: { ...options, beforeRefresh: 'nothing' } });
        unread += wasted(before.commands);
        if (before.commands.length !== ran.commands.length) different++;
        const checker = createProtocolChecker(organisation, timing);
        expect(ran.commands.flatMap((command) => checker.check(command)).map(formatViolation)).toEqual([]);
      }),
      { seed: 8, numRuns: randomCases(60, 400) },
    );
    expect(unread).toBeGreaterThan(randomCases(10));
    expect(different).toBeGreaterThan(randomCases(10));
  });

  it.each(FULL ? [1, 2, 3] : [1])('spares activations, and with them time, of random reads %i', (seed) => {
    const bursts = scattered(organisation, banksPerRank(organisation), 12_000, seed, {
      rows: 4096,
      writes: 0,
    });
    const [before, after] = [NOTHING, ACTIVATED].map((options) =>
      runCore({ organisation, timing, options, bursts }),
    );
    const activations = (commands: readonly DramCommand[]): number =>
      commands.filter(({ command }) => command === 'ACT').length;
    expect(wasted(before!.commands)).toBeGreaterThan(5);
    expect(wasted(after!.commands)).toBe(0);
    expect(activations(after!.commands)).toBeLessThan(activations(before!.commands));
    expect(after!.lastDone).toBeLessThan(before!.lastDone);
  });

  it.each(['salp-2', 'masa'] as const)('is not known where %s keeps several open', async (scheme) => {
    const apart = await withSubarrays(timing, organisation, scheme, shippedModels);
    expect(() => createController(organisation, apart, ACTIVATED)).toThrow(/several rows of a bank open/);
    expect(() => createController(organisation, apart, NOTHING)).not.toThrow();
  });
});

/** Reads and writes (a share of them) of scattered rows of the first `banks` banks of every rank, all there from the beginning. */
function scattered(
  { ranks, ...shape }: Organisation,
  banks: number,
  length: number,
  seed: number,
  { rows = 8, writes = 1 / 3 } = {},
): Burst[] {
  let state = seed;
  const below = (end: number): number => {
    state = (state * 48_271) % 0x7fffffff;
    return state % end;
  };
  return Array.from({ length }, () => ({
    write: below(300) < 300 * writes,
    rank: below(ranks),
    bank: below(banks),
    row: below(rows),
    column: below(burstsPerRow({ ranks, ...shape })),
    arrival: 0,
  }));
}

/** Refreshes due more often, so that short streams see more of them than a rank may owe. */
function oftener(timing: ResolvedTiming, times: number): ResolvedTiming {
  const { perBankRefreshInterval: interval } = timing.rules;
  return {
    ...timing,
    parameters: { ...timing.parameters, tREFI: Math.floor(timing.parameters['tREFI']! / times) },
    rules: {
      ...timing.rules,
      perBankRefreshInterval: interval === undefined ? undefined : Math.floor(interval / times),
    },
  };
}

describe('with the most postponed refreshes no refresh of a busy rank is late', () => {
  const busy = [
    ['ddr3-1600-1gb', 'allBank', 6],
    ['ddr4-2400-8gb', 'allBank', 6],
    ['lpddr3-1600-4gb', 'perBank', 2],
    ['lpddr4-4266-8gb', 'allBank', 4],
    ['lpddr4-4266-8gb', 'perBank', 2],
    ['lpddr5-6400', 'perBank', 1],
    ['ddr5-4800-16gb', 'allBank', 3],
    ['ddr5-4800-16gb', 'perBank', 1],
    ['hbm2-2000-4x8gb', 'perBank', 1],
  ] as const;
  it.each(busy.filter((_, i) => FULL || i % 3 === 1))('on %s, %s', async (name, refresh, times) => {
    const device = await loadDevice(name, shippedModels);
    const nominal = await resolveTiming(device, device.supply.nominal, 'nominal');
    const timing = oftener(nominal, times);
    const { postponedRefreshes, banksPerREFpb, perBankRefreshInterval } = timing.rules;
    const turns = refresh === 'perBank' ? banksPerRank(device.organisation) / banksPerREFpb : 1;
    const interval = refresh === 'perBank' ? perBankRefreshInterval! : timing.parameters['tREFI']!;
    let latest = 0;
    let lead = 0;
    const policies = fc.record({
      ranks: fc.constantFrom(1, 2),
      banks: fc.constantFrom(1, 3, banksPerRank(device.organisation)),
      seed: fc.integer({ min: 1, max: 1_000_000 }),
      pagePolicy: fc.constantFrom('open', 'open', 'closed'),
      scheduler: fc.constantFrom('frfcfs', 'frfcfs', 'fcfs'),
      beforeRefresh: fc.constantFrom('nothing', 'activated'),
      powerDownAfter: fc.constantFrom(Number.POSITIVE_INFINITY, 20),
    } as const);
    fc.assert(
      fc.property(policies, ({ ranks, banks, seed, ...policy }) => {
        const organisation = { ...device.organisation, channels: 1, ranks };
        const options = { ...DEFAULT_CONTROLLER, ...policy, refresh, postponedRefreshes };
        const bursts = scattered(organisation, banks, ranks * (banks === 1 ? 900 : 2500), seed);
        const { commands } = runCore({ organisation, timing, options, bursts });
        const checker = createProtocolChecker(organisation, timing, { postponedRefreshes });
        expect(commands.flatMap((command) => checker.check(command)).map(formatViolation)).toEqual([]);
        for (let rank = 0; rank < ranks; rank++) {
          const refreshes = commands.filter((c) => c.rank === rank && c.command.startsWith('REF'));
          refreshes.forEach(({ cycle }, i) => {
            latest = Math.max(latest, cycle - (i + 1) * interval);
          });
        }
        lead = Math.max(lead, refreshLead(organisation, timing, options));
      }),
      { seed: 9, numRuns: cases(8, 40) },
    );
    // As late as it may be, but for the lead: streams without so many owed would prove nothing.
    expect(latest).toBeLessThanOrEqual(postponedRefreshes * turns * interval);
    expect(latest).toBeGreaterThan(postponedRefreshes * turns * interval - lead);
  });
});
