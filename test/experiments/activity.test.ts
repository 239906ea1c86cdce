import { describe, expect, it } from 'vitest';
import type { SimulateOutcome } from '../../src/experiments/simulate/simulate-outcome.ts';
import { runSimulate } from '../../src/experiments/simulate.ts';
import type { SimulateInput } from '../../src/settings/jobs/simulate.ts';
import { FULL } from '../effort.ts';

const WEIGHTS = 'n400-mnist';
const cases: readonly (readonly [string, SimulateInput])[] = [
  [
    'four cores, weights written, traffic',
    {
      weights: WEIGHTS,
      images: FULL ? 3 : 1,
      accelerator: 'quad-edge',
      load: true,
      traffic: ['random:1GBps'],
    },
  ],
  [
    'a shared buffer, batches',
    {
      weights: WEIGHTS,
      images: 4,
      batch: 2,
      accelerator: 'quad-edge-shared',
      traffic: ['sequential:0.5GBps'],
    },
  ],
  ['one core at the memory, stream', { weights: WEIGHTS, images: 2, workload: 'stream' }],
  // A clock with which a window is no whole number of ticks, and more than one channel.
  [
    'two channels',
    {
      weights: WEIGHTS,
      images: FULL ? 2 : 1,
      accelerator: 'quad-edge',
      device: 'ddr5-4800-16gb',
      profile: 'sparkxd',
      mapping: 'baseline',
      traffic: ['random:1GBps'],
    },
  ],
  [
    'reads that waiting writes answer',
    {
      weights: WEIGHTS,
      images: FULL ? 2 : 1,
      accelerator: 'quad-edge',
      controller: { forwardWrites: true },
      traffic: ['random:4GBps:read=0.5:range=0x10000000+4096'],
    },
  ],
];

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

describe.each(cases)('the activity of a simulation: %s', (_, job) => {
  let outcome: SimulateOutcome;
  const { activity, waits } = { activity: () => outcome.activity!, waits: () => outcome.waits! };
  const of = (source: string) => activity().filter((row) => row.source === source);

  it('changes nothing else, and is there where it is wanted alone', async () => {
    outcome = await runSimulate({ ...job, activityWindow: '7us', hash: true });
    const { activity: own, waits: waiting, ...rest } = outcome;
    expect(own!.length).toBeGreaterThan(0);
    expect(waiting!.length).toBeGreaterThan(0);
    expect(await runSimulate({ ...job, hash: true })).toEqual(rest);
    const forwarded = sum(rest.sources.map(({ forwarded_reads = 0 }) => forwarded_reads));
    expect(forwarded > 0).toBe(job.controller?.forwardWrites === true);
  });

  it('sums to what the sources have, never beyond the peak', () => {
    const batches = (job.images ?? 0) / (job.batch ?? 1);
    const time = outcome.row.latency_mean_us * batches;
    for (const source of outcome.sources.filter(({ source }) => source !== 'shared')) {
      const rows = of(source.source);
      const summed = (value: (row: (typeof rows)[number]) => number): number =>
        sum(rows.map((row) => value(row) * (row.to_us - row.from_us)));
      const bursts = source.reads! + source.writes!;
      // Reads that a waiting write answered are no data on the buses.
      const bytes = bursts === 0 ? 0 : (source.bytes! * (bursts - source.forwarded_reads!)) / bursts;
      expect(summed((row) => row.bandwidth_GBps) * 1000).toBeCloseTo(bytes, 4);
      if (source.pe_utilisation === undefined) continue;
      expect(summed((row) => row.pe_utilisation!)).toBeCloseTo(source.pe_utilisation * time, 6);
      expect(summed((row) => row.wait_dram!)).toBeCloseTo(source.wait_dram! * time, 6);
      expect(summed((row) => row.wait_lookup!)).toBeCloseTo(source.wait_lookup! * time, 6);
      if (source.wait_spikes !== undefined)
        expect(summed((row) => row.wait_spikes!)).toBeCloseTo(source.wait_spikes * time, 6);
      const waited = waits().filter(({ core }) => core === source.source);
      expect(sum(waited.map(({ waited_us }) => waited_us))).toBeCloseTo(source.wait_dram! * time, 6);
      expect(sum(waited.map(({ waited_share = 0 }) => waited_share))).toBeCloseTo(1, 9);
    }
    for (const from of new Set(activity().map(({ from_us }) => from_us))) {
      const rows = activity().filter(({ from_us }) => from_us === from);
      expect(sum(rows.map((row) => row.bandwidth_GBps))).toBeLessThanOrEqual(
        rows[0]!.peak_bandwidth_GBps * (1 + 1e-9),
      );
    }
  });

  it('has windows of one length, each beginning where the one before ends', () => {
    const rows = of('core 0');
    expect(rows[0]!.from_us).toBe(0);
    for (const [i, row] of rows.entries()) {
      if (i > 0) expect(row.from_us).toBe(rows[i - 1]!.to_us);
      if (i < rows.length - 1) expect(row.to_us - row.from_us).toBeCloseTo(7, 9);
      else expect(row.to_us).toBeGreaterThan(row.from_us);
      const shares = [row.pe_utilisation!, row.wait_dram!, row.wait_lookup!, row.wait_spikes ?? 0];
      expect(sum(shares)).toBeLessThanOrEqual(1 + 1e-9);
    }
  });
});

describe('the windows of the activity', () => {
  it('are doubled until there are at most 2000', async () => {
    const { activity } = await runSimulate({ weights: WEIGHTS, images: 1, activityWindow: '1ns' });
    const windows = activity!.length;
    expect(windows).toBeLessThanOrEqual(2000);
    expect(windows).toBeGreaterThan(1000);
    const length = Math.log2(activity![0]!.to_us * 1000);
    expect(length).toBe(Math.round(length));
  });

  it('need a time with a unit, above 0', async () => {
    const wanting = (activityWindow: string) => runSimulate({ weights: WEIGHTS, images: 1, activityWindow });
    await expect(wanting('10')).rejects.toThrow(/expected a unit after 10/);
    await expect(wanting('0us')).rejects.toThrow(/expected a time above 0/);
    await expect(wanting('soon')).rejects.toThrow(/expected a time with its unit, such as 10us/);
    await expect(wanting('0.5ps')).rejects.toThrow(/expected whole picoseconds/);
  });
});
