import { describe, expect, it } from 'vitest';
import { createOrderedMapping } from '../../src/dram/address-mapping.ts';
import { createController } from '../../src/dram/controller.ts';
import { type ControllerOptions, DEFAULT_CONTROLLER } from '../../src/dram/controller-options.ts';
import { type RequestRun, type RequestSource, replay } from '../../src/dram/replay.ts';
import { bytesPerBurst } from '../../src/hardware/device.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { resolveTiming } from '../../src/hardware/resolve-timing.ts';
import type { ResolvedTiming } from '../../src/hardware/resolved-timing.ts';
import { uniformStream } from '../../src/random/streams.ts';
import { shippedModels } from '../shipped-models.ts';

const device = await loadDevice('lpddr3-1600-4gb', shippedModels);
const { organisation } = device;
const timing = await resolveTiming(device, device.supply.nominal, 'nominal');
const { RL, WL, BL, tRCD, tRP, tRAS, tCCD, tDQSCK, tREFI, tRFCab, tRPab } = timing.parameters as Record<
  string,
  number
> as Record<
  'RL' | 'WL' | 'BL' | 'tRCD' | 'tRP' | 'tRAS' | 'tCCD' | 'tDQSCK' | 'tREFI' | 'tRFCab' | 'tRPab',
  number
>;
/** The device without refresh, where a closed form is for accesses alone. */
const unrefreshed: ResolvedTiming = {
  ...timing,
  parameters: { ...timing.parameters, tREFI: 2 ** 28 },
};
const mapping = createOrderedMapping(organisation, 'row-bank-column');
const bytes = bytesPerBurst(organisation);

/** Replays runs of [first burst, bursts, write?, arrival?]. */
function run(
  resolved: ResolvedTiming,
  runs: readonly (readonly [number, number, boolean?, number?])[],
  options: ControllerOptions = DEFAULT_CONTROLLER,
) {
  let next = 0;
  const source = {
    next(request: RequestRun): boolean {
      const given = runs[next++];
      if (!given) return false;
      request.address = given[0] * bytes;
      request.bursts = given[1];
      request.write = given[2] ?? false;
      request.arrival = given[3] ?? 0;
      return true;
    },
  };
  return replay(organisation, resolved, options, mapping, source);
}
/** The burst at a bank, row and column. */
const at = (bank: number, row: number, column = 0): number => mapping.encode(0, 0, 0, bank, row, column);

describe('closed forms on LPDDR3-1600', () => {
  it('an idle read takes tRCD + RL + tDQSCK + BL/2, an idle write tRCD + WL + BL/2', () => {
    expect(run(timing, [[at(3, 5), 1]]).cycles).toBe(tRCD + RL + tDQSCK + BL / 2);
    expect(run(timing, [[at(3, 5), 1, true]]).cycles).toBe(tRCD + WL + BL / 2);
  });

  it('row hits follow each other every tCCD: the peak bandwidth', () => {
    const { cycles, rowHits, rowMisses } = run(unrefreshed, [[at(0, 0), 128]]);
    expect(cycles).toBe(tRCD + 127 * tCCD + RL + tDQSCK + BL / 2);
    expect([rowHits, rowMisses]).toEqual([127, 1]);
  });

  it('sequential reads over rows and banks stay at the peak: later rows open behind the data of earlier ones', () => {
    const bursts = 128 * 64;
    const { cycles } = run(unrefreshed, [[0, bursts]]);
    expect(cycles).toBe(tRCD + (bursts - 1) * tCCD + RL + tDQSCK + BL / 2);
  });

  it('conflicts in one bank follow each other every tRAS + tRP, which binds over tRC', () => {
    const rows = 50;
    const { cycles, rowConflicts } = run(
      unrefreshed,
      Array.from({ length: rows }, (_, row) => [at(0, row), 1] as const),
    );
    expect(cycles).toBe((rows - 1) * (tRAS + tRP) + tRCD + RL + tDQSCK + BL / 2);
    expect(rowConflicts).toBe(rows - 1);
  });

  it('each refresh of a stream costs PREA, REFab and the opening of its rows: tRPab + tRFCab + tRCD and little more', () => {
    const bursts = 200_000;
    const { cycles, activity } = run(timing, [[0, bursts]]);
    const { refAllBank } = activity.ranks[0]!;
    const lost = (cycles - bursts * tCCD) / refAllBank;
    expect(refAllBank).toBe(Math.floor(cycles / tREFI));
    expect(lost).toBeGreaterThanOrEqual(tRPab + tRFCab + tRCD);
    expect(lost).toBeLessThan(tRPab + tRFCab + tRCD + 16);
  });

  it('a request is not served before it arrives', () => {
    expect(run(timing, [[at(0, 0), 1, false, 1000]]).cycles).toBe(1000 + tRCD + RL + tDQSCK + BL / 2);
  });

  it('ends at the last response, whichever request has it', () => {
    const reads = run(unrefreshed, [
      [at(0, 0), 2],
      [at(0, 0, 5), 1, true],
    ]);
    expect(reads.cycles).toBeGreaterThan(tRCD + tCCD + RL + tDQSCK + BL / 2);
  });
});

/** docs/validation.md; Ramulator 1 with a 64-bit channel and queues of 32, command clock 800 MHz. */
describe("Ramulator 1's cycles", () => {
  const READ = 64;
  it.each([
    { name: 'lpddr3-1600-4gb', devicesPerRank: 2, sequential: 8_373_282, rows: 2_124_587 },
    { name: 'ddr3l-1600-4gb', devicesPerRank: 8, sequential: 8_309_385, rows: 2_093_861 },
  ])('are ours on $name', async ({ name, devicesPerRank, sequential, rows }) => {
    const device = await loadDevice(name, shippedModels);
    const organisation = { ...device.organisation, devicesPerRank };
    const nominal = await resolveTiming(device, device.supply.nominal, 'nominal');
    const mapping = createOrderedMapping(organisation, 'row-bank-column');
    expect(bytesPerBurst(organisation)).toBe(READ);
    const cycles = (runs: readonly (readonly [address: number, bursts: number])[]): number => {
      let i = 0;
      const source: RequestSource = {
        next(run) {
          const next = runs[i++];
          if (!next) return false;
          [run.address, run.bursts] = next;
          return true;
        },
      };
      return replay(organisation, nominal, DEFAULT_CONTROLLER, mapping, source).cycles;
    };
    expect(Math.abs(cycles([[0, 2_000_000]]) / sequential - 1)).toBeLessThan(0.005);
    const uniform = uniformStream(1, 'picks');
    const picks = Array.from(
      { length: 20_000 },
      () => [Math.floor(uniform() * 784) * 1600, 1600 / READ] as const,
    );
    expect(Math.abs(cycles(picks) / rows - 1)).toBeLessThan(0.02);
  });
});

describe('long runs', () => {
  it('go on exactly when the clock passes 32 bits', () => {
    const gap = 5_000_000_011;
    const near = run(
      unrefreshed,
      [
        [at(0, 0), 3],
        [at(1, 7), 2],
      ],
      DEFAULT_CONTROLLER,
    );
    const far = run(unrefreshed, [
      [at(0, 0), 3],
      [at(1, 7), 2, false, gap],
    ]);
    expect(far.cycles).toBe(gap + tRCD + tCCD + RL + tDQSCK + BL / 2);
    expect(far.reads).toBe(near.reads);
    expect(far.readLatency.max).toBeLessThan(100);
  });
});

describe('refuses', () => {
  const create = (options: Partial<ControllerOptions>) =>
    createController(
      organisation,
      timing,
      { ...DEFAULT_CONTROLLER, ...options },
      { command() {}, columns() {}, forwarded() {} },
    );

  it.each<[Partial<ControllerOptions>, RegExp]>([
    [{ readQueue: 0 }, /readQueue .* from 1 to .*, not 0/],
    [{ writeQueue: 2.5 }, /writeQueue .* not 2.5/],
    [{ lowWatermark: 24 }, /from 24 down to 24/],
    [{ highWatermark: 33 }, /from 33 down to 8 of 32/],
  ])('%j', (options, message) => {
    expect(() => create(options)).toThrow(message);
  });

  it('a device whose refresh leaves no time for accesses, instead of running for ever', () => {
    const hopeless = { ...timing, parameters: { ...timing.parameters, tREFI: tRFCab + 10 } };
    expect(() => run(hopeless, [[at(0, 0), 1]])).not.toThrow();
    expect(() => run(hopeless, [[at(0, 0), 1, false, 10 * tREFI]])).toThrow(/refresh leaves no time/);
  });
});
