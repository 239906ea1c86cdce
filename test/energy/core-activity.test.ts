import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOrderedMapping } from '../../src/dram/address-mapping.ts';
import { type ControllerOptions, DEFAULT_CONTROLLER } from '../../src/dram/controller-options.ts';
import { type RequestRun, replay } from '../../src/dram/replay.ts';
import { activityFromCommands } from '../../src/energy/activity-from-commands.ts';
import { banksPerRank, bytesPerBurst, type Device } from '../../src/hardware/device.ts';
import type { DramCommand } from '../../src/hardware/dram-command.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { resolveTiming } from '../../src/hardware/resolve-timing.ts';
import type { SubarrayScheme } from '../../src/hardware/resolved-timing.ts';
import { withSubarrays } from '../../src/hardware/with-subarrays.ts';
import { randomCases } from '../effort.ts';
import { shippedModels } from '../shipped-models.ts';

/** Requests to a few rows of every bank, spread over several refresh intervals. */
const requests = fc.array(
  fc.record({
    slot: fc.nat(63),
    burst: fc.nat(15),
    bursts: fc.integer({ min: 1, max: 40 }),
    write: fc.boolean(),
    gap: fc.oneof(fc.constant(0), fc.nat(3000)),
  }),
  { minLength: 1, maxLength: 60 },
);

const SLEEPY: Partial<ControllerOptions> = { powerDownAfter: 60, selfRefreshAfter: 900 };

// So soon asleep that a precharge which a column holds begins in power-down.
const AT_ONCE: Partial<ControllerOptions> = { powerDownAfter: 1, pagePolicy: 'closed' };

describe.each<[string, Partial<ControllerOptions>, SubarrayScheme?]>([
  ['ddr3-1600-1gb', AT_ONCE],
  ['ddr4-2400-4gb', AT_ONCE],
  ['lpddr3-1600-4gb', { ...AT_ONCE, selfRefreshAfter: 900 }, 'salp-2'],
  ['lpddr3-1600-4gb', {}],
  ['ddr4-2400-4gb', {}],
  ['ddr4-2400-4gb', { beforeRefresh: 'activated', pagePolicy: 'closed', postponedRefreshes: 1 }],
  ['lpddr3-1600-4gb', { ...SLEEPY, pagePolicy: 'closed', refresh: 'perBank', postponedRefreshes: 2 }],
  ['ddr4-2400-4gb', { ...SLEEPY, pagePolicy: 'timeout', postponedRefreshes: 8 }],
  ['lpddr5-6400', { ...SLEEPY, pagePolicy: 'closed', refresh: 'perBank', postponedRefreshes: 1 }],
  ['lpddr3-1600-4gb', {}, 'salp-1'],
  ['lpddr3-1600-4gb', { ...SLEEPY, refresh: 'perBank' }, 'salp-2'],
  ['ddr4-2400-4gb', SLEEPY, 'masa'],
])('the core on %s with %j, %s', async (name, options, scheme) => {
  const one = await loadDevice(name, shippedModels);
  const device: Device = { ...one, organisation: { ...one.organisation, ranks: 2 } };
  const { organisation } = device;
  const whole = await resolveTiming(device, device.supply.nominal, 'nominal');
  const timing =
    scheme === undefined ? whole : await withSubarrays(whole, organisation, scheme, shippedModels);
  const mapping = createOrderedMapping(organisation, 'row-bank-column');
  const burstBytes = bytesPerBurst(organisation);
  const rowBytes = burstBytes * (organisation.columns / organisation.burstLength);
  const bankGroupsTimesBanks = organisation.ranks * banksPerRank(organisation);

  it('counts what its commands say, to the last cycle', () => {
    fc.assert(
      fc.property(requests, (drawn) => {
        let arrival = 0;
        const runs = drawn.map(({ slot, burst, bursts, write, gap }): RequestRun => {
          arrival += gap;
          // With subarrays, a quarter of the requests goes to each of four of them.
          const subarray = scheme === undefined ? 0 : slot % 4;
          const row = slot + subarray * organisation.rowsPerSubarray * bankGroupsTimesBanks;
          return { address: row * rowBytes + burst * burstBytes, bursts, write, arrival };
        });
        const commands: DramCommand[] = [];
        let next = 0;
        const source = {
          next(run: RequestRun) {
            if (next === runs.length) return false;
            Object.assign(run, runs[next++]);
            return true;
          },
        };
        const result = replay(
          organisation,
          timing,
          { ...DEFAULT_CONTROLLER, ...options },
          mapping,
          source,
          (cycle, command, rank, bank, row, column) =>
            commands.push({ cycle, command, rank, bank, row, column }),
        );
        commands.sort((a, b) => a.cycle - b.cycle);
        const counted = activityFromCommands(device, timing, commands, { endCycle: () => result.cycles });
        expect(counted).toEqual(result.activity);
      }),
      { seed: 20261123, numRuns: randomCases(60) },
    );
  });
});
