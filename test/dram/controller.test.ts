import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createProtocolChecker } from '../../src/dram/checker.ts';
import { createController } from '../../src/dram/controller.ts';
import { DEFAULT_CONTROLLER } from '../../src/dram/controller-options.ts';
import { isLean, type OpenCore, openCore, openWholeCore } from '../../src/dram/core/open-core.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { resolveTiming } from '../../src/hardware/resolve-timing.ts';
import { FULL, randomCases } from '../effort.ts';
import { referenceController } from '../reference/controller.ts';
import { shippedModels } from '../shipped-models.ts';
import {
  burstsFor,
  type Channel,
  channels,
  interleavedChannels,
  longCommandChannels,
  plainChannels,
  slowBankChannels,
} from './random-channel.ts';
import { runCore } from './run-core.ts';

const agree = (channel: Channel): void => {
  const { organisation, timing, options, bursts } = channel;
  expect(runCore(channel)).toEqual(referenceController(organisation, timing, options, bursts));
};

/** By burst, the reads (R) and writes (W) of it, in order. */
function kindsByBurst(
  steps: readonly { rank: number; bank: number; row: number; column: number; kind: string }[],
): Map<string, string> {
  const kinds = new Map<string, string>();
  for (const { rank, bank, row, column, kind } of steps) {
    const burst = [rank, bank, row, column].join();
    kinds.set(burst, (kinds.get(burst) ?? '') + kind);
  }
  return new Map([...kinds].sort());
}

describe('the core issues the same commands in the same cycles as the ticking reference', () => {
  it('over random devices, policies and request streams', () => {
    fc.assert(fc.property(channels, agree), { seed: 1, numRuns: randomCases(100, 250) });
  });

  it('where banks of several groups give columns in turns', () => {
    fc.assert(fc.property(interleavedChannels, agree), { seed: 3, numRuns: randomCases(80, 200) });
  });

  it('where banks hold their own columns back longer than their groups', () => {
    fc.assert(fc.property(slowBankChannels, agree), { seed: 5, numRuns: randomCases(60, 300) });
  });

  it('where commands take several cycles of the command bus', () => {
    let shared = 0;
    fc.assert(
      fc.property(
        fc.oneof(longCommandChannels(channels), longCommandChannels(interleavedChannels)),
        (channel) => {
          agree(channel);
          const { commands } = runCore(channel);
          commands.forEach(({ command, cycle }, i) => {
            const length = channel.timing.rules.commandCycles[command]!;
            const before = i === 0 ? Number.NEGATIVE_INFINITY : commands[i - 1]!.cycle;
            expect(cycle - length).toBeGreaterThanOrEqual(before);
            if (length > 1 && cycle - length === before) shared++;
          });
        },
      ),
      { seed: 6, numRuns: randomCases(100, 250) },
    );
    expect(shared).toBeGreaterThan(randomCases(100));
  });

  it('in the lean build, as in the whole one', () => {
    fc.assert(
      fc.property(plainChannels, (channel) => {
        const opened: string[] = [];
        const create =
          (open: OpenCore, name: string): typeof createController =>
          (...asked) => {
            const [organisation, timing, options, observer] = asked;
            return createController(organisation, timing, options, observer, (settings, hears) => {
              opened.push(isLean(settings) ? name : 'with siblings');
              return open(settings, hears);
            });
          };
        const { organisation, timing, options, bursts } = channel;
        const expected = referenceController(organisation, timing, options, bursts);
        expect(runCore(channel, create(openCore, 'lean'))).toEqual(expected);
        expect(runCore(channel, create(openWholeCore, 'lean'))).toEqual(expected);
        expect(new Set(opened)).toEqual(new Set(['lean']));
      }),
      { seed: 4, numRuns: randomCases(80, 250) },
    );
  });

  it('when it idles after its last request', () => {
    fc.assert(
      fc.property(channels, fc.integer({ min: 1, max: 8000 }), (channel, more) => {
        const { organisation, timing, options, bursts } = channel;
        const until = referenceController(organisation, timing, options, bursts).lastDone + more;
        const expected = referenceController(organisation, timing, options, bursts, until).commands;
        expect(runCore(channel, createController, { idleUntil: until }).commands).toEqual(expected);
      }),
      { seed: 6, numRuns: randomCases(60, 200) },
    );
  });

  it('serves the requests to each burst in the order of the stream', () => {
    let shared = 0;
    fc.assert(
      fc.property(channels, ({ options, ...channel }) => {
        const { bursts } = channel;
        const { commands } = runCore({ ...channel, options: { ...options, forwardWrites: false } });
        const asked = kindsByBurst(bursts.map(({ write, ...at }) => ({ ...at, kind: write ? 'W' : 'R' })));
        const served = kindsByBurst(
          commands
            .filter(({ command }) => /^(RD|WR)/.test(command))
            .map(({ command, ...at }) => ({ ...at, kind: command[0] === 'W' ? 'W' : 'R' })),
        );
        expect(served).toEqual(asked);
        for (const kinds of asked.values()) if (kinds.includes('R') && kinds.includes('W')) shared++;
      }),
      { seed: 5, numRuns: randomCases(100, 400) },
    );
    expect(shared).toBeGreaterThan(randomCases(100));
  });

  it('on LPDDR5-6400, two banks a refresh, and every stream is legal', async () => {
    const device = await loadDevice('lpddr5-6400', shippedModels);
    const timing = await resolveTiming(device, device.supply.nominal, 'nominal');
    const { organisation } = device;
    const policies = fc.record({
      postponedRefreshes: fc.constantFrom(0, 3),
      pagePolicy: fc.constantFrom('open', 'closed', 'timeout'),
    } as const);
    let pairs = 0;
    fc.assert(
      fc.property(burstsFor(organisation, 40), policies, (bursts, policy) => {
        const options = { ...DEFAULT_CONTROLLER, refresh: 'perBank', ...policy } as const;
        const channel = { organisation, timing, options, bursts };
        agree(channel);
        const checker = createProtocolChecker(organisation, timing);
        const { commands } = runCore(channel);
        expect(commands.flatMap((command) => checker.check(command))).toEqual([]);
        pairs += commands.filter(({ command }) => command === 'REFpb').length;
        expect(commands.every(({ command, bank }) => command !== 'REFpb' || bank < 8)).toBe(true);
      }),
      { seed: 5, numRuns: randomCases(12, 30) },
    );
    expect(pairs).toBeGreaterThan(FULL ? 50 : 10);
  });

  it.each([
    ['lpddr4-4266-8gb', 'perBank'],
    ['ddr5-4800-16gb', 'allBank'],
    ['ddr5-4800-16gb', 'perBank'],
    ['hbm2-2000-4x8gb', 'allBank'],
    ['hbm2-2000-4x8gb', 'perBank'],
  ] as const)('on %s with %s refresh, two ranks', async (name, refresh) => {
    const device = await loadDevice(name, shippedModels);
    const resolved = await resolveTiming(device, device.supply.nominal, 'nominal');
    // Refresh of all banks four times as often, so that short streams see some.
    const tREFI = Math.floor(resolved.parameters['tREFI']! / 4);
    const timing = { ...resolved, parameters: { ...resolved.parameters, tREFI } };
    const organisation = { ...device.organisation, channels: 1, ranks: 2 };
    const refreshes = new Set<string>();
    fc.assert(
      fc.property(burstsFor(organisation, 40), fc.constantFrom(0, 3), (bursts, postponedRefreshes) => {
        const channel = {
          organisation,
          timing,
          options: { ...DEFAULT_CONTROLLER, refresh, postponedRefreshes },
          bursts,
        };
        agree(channel);
        for (const { command } of runCore(channel).commands)
          if (command.startsWith('REF')) refreshes.add(command);
      }),
      { seed: 7, numRuns: randomCases(6, 20) },
    );
    expect([...refreshes]).toEqual([refresh === 'perBank' ? 'REFpb' : 'REFab']);
  });

  it.each([1.35, 1.1, 1.025])('on LPDDR3-1600 at %s V', async (supply) => {
    const device = await loadDevice('lpddr3-1600-4gb-sparkxd', shippedModels);
    const timing = await resolveTiming(device, supply, 'stretched');
    const { organisation } = device;
    fc.assert(
      fc.property(burstsFor(organisation, 40), (bursts) =>
        agree({ organisation, timing, options: DEFAULT_CONTROLLER, bursts }),
      ),
      { seed: 2, numRuns: randomCases(5, 12) },
    );
  });
});
