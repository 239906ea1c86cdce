import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChannelStatistics } from '../../src/dram/channel-statistics.ts';
import { createController } from '../../src/dram/controller.ts';
import { HISTOGRAM_LENGTH, latencyHistogram } from '../../src/dram/latency-histogram.ts';
import { banksPerRank, burstsPerRow } from '../../src/hardware/device.ts';
import { randomCases } from '../effort.ts';
import { referenceController } from '../reference/controller.ts';
import { type Channel, channels } from './random-channel.ts';
import { runsOf } from './run-core.ts';

/** What the core counts without an observer, its runs handed over one by one, in batches, or in batches burst by burst. */
function counted(
  { organisation, timing, options, bursts }: Channel,
  handing: 'offered' | 'batched' | 'cut',
): ChannelStatistics {
  const controller = createController(organisation, timing, options);
  const runs = handing === 'cut' ? bursts.map((burst) => ({ ...burst, count: 1 })) : runsOf(bursts);
  for (const { write, rank, bank, row, column, count, arrival } of runs) {
    if (handing !== 'offered') controller.batch.submit(write, rank, bank, row, column, count, arrival);
    else {
      expect(controller.offer(write, rank, bank, row, column, count, arrival)).toBe(true);
      controller.runUntil(Number.POSITIVE_INFINITY, true);
    }
  }
  if (handing !== 'offered') controller.drain();
  else controller.runUntil(Number.POSITIVE_INFINITY, false);
  return controller.statistics(controller.lastDone);
}

/** Each burst of a channel and some more in the columns behind it, a few cycles later each, or not. */
function continued(channel: Channel, lengths: readonly number[], gaps: readonly number[]): Channel {
  const columns = burstsPerRow(channel.organisation);
  let latest = 0;
  const bursts = channel.bursts.flatMap((burst, i) =>
    Array.from({ length: Math.min(lengths[i % lengths.length]!, columns - burst.column) }, (_, k) => {
      latest = Math.max(latest, burst.arrival) + (k > 0 ? gaps[(i + k) % gaps.length]! : 0);
      return { ...burst, column: burst.column + k, arrival: latest };
    }),
  );
  return { ...channel, bursts };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float64Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

const total = (counts: Float64Array): number => counts.reduce((sum, count) => sum + count, 0);

describe('the statistics of the core', () => {
  it('are those of the reference, request by request', () => {
    fc.assert(
      fc.property(channels, (channel) => {
        const { organisation, timing, options, bursts } = channel;
        const expected = referenceController(organisation, timing, options, bursts);
        const found = counted(channel, 'batched');
        const { banks, activity } = found;
        const of = (condition: string): number =>
          expected.served.filter((one) => one.condition === condition).length;
        expect(total(banks.rowHits)).toBe(of('hit'));
        expect(total(banks.rowMisses)).toBe(of('miss'));
        expect(total(banks.rowConflicts)).toBe(of('conflict'));
        expect(found.forwardedReads).toBe(of('forwarded'));

        for (const write of [false, true]) {
          const latencies = expected.served.filter((one) => one.write === write).map((one) => one.latency);
          const { readLatency, writeLatency } = found;
          const histogram = latencyHistogram([write ? writeLatency : readLatency]);
          const sorted = [...latencies].sort((a, b) => a - b);
          expect(histogram.count).toBe(sorted.length);
          expect(histogram.min).toBe(sorted[0] ?? 0);
          expect(histogram.max).toBe(sorted.at(-1) ?? 0);
          expect(histogram.mean).toBeCloseTo(
            sorted.reduce((sum, latency) => sum + latency, 0) / Math.max(1, sorted.length),
            9,
          );
          for (const share of [0, 0.5, 0.95, 1]) {
            const exact = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
            expect(histogram.percentile(share)).toBeLessThanOrEqual(exact);
            expect(histogram.percentile(share)).toBeGreaterThan(exact * 0.999 - 1e-9 - (exact === 0 ? 1 : 0));
          }
        }

        const perRank = banksPerRank(organisation);
        const subarrays = organisation.rows / organisation.rowsPerSubarray;
        const accesses = new Float64Array(organisation.ranks * perRank * subarrays);
        let activations = 0;
        for (const { command, rank, bank, row } of expected.commands) {
          if (/^(RD|WR)A?$/.test(command))
            accesses[(rank * perRank + bank) * subarrays + Math.floor(row / organisation.rowsPerSubarray)]!++;
          if (command === 'ACT') activations++;
        }
        expect(banks.subarrayAccesses).toEqual(accesses);
        expect(activity.ranks.reduce((sum, { act }) => sum + total(Float64Array.from(act)), 0)).toBe(
          activations,
        );
        expect([found.peakReads, found.peakWrites]).toEqual([expected.peakReads, expected.peakWrites]);
      }),
      { seed: 9, numRuns: randomCases(50, 150) },
    );
  });

  const lengths = fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 5 });
  const gaps = fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 7 });

  it.each([
    ['handed over in batches', 'batched'],
    ['that are cut into bursts, which the batch joins again', 'cut'],
  ] as const)('are those of runs handed over one by one for runs %s', (_, handing) => {
    fc.assert(
      fc.property(channels, lengths, gaps, (drawn, length, gap) => {
        const channel = continued(drawn, length, gap);
        const { readLatency, writeLatency, ...rest } = counted(channel, 'offered');
        const batched = counted(channel, handing);
        expect(batched).toMatchObject(rest);
        expect(Buffer.compare(bytesOf(readLatency), bytesOf(batched.readLatency))).toBe(0);
        expect(Buffer.compare(bytesOf(writeLatency), bytesOf(batched.writeLatency))).toBe(0);
      }),
      { seed: 10, numRuns: randomCases(25, 120) },
    );
  });
});

describe('a histogram of latencies', () => {
  it('adds channels up', () => {
    const one = new Float64Array(HISTOGRAM_LENGTH);
    const two = new Float64Array(HISTOGRAM_LENGTH);
    // Totals (count, sum, least, greatest), then bins.
    one.set([1, 7, 7, 7]);
    one[4 + 7] = 1;
    two.set([2, 22, 10, 12]);
    two[4 + 10] = 1;
    two[4 + 12] = 1;
    const both = latencyHistogram([one, two]);
    expect([both.count, both.min, both.max, both.percentile(0.5)]).toEqual([3, 7, 12, 10]);
    expect(both.mean).toBeCloseTo(29 / 3, 12);
  });
});
