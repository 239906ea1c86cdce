import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTraffic, type TrafficTarget } from '../../src/accelerator/traffic.ts';
import { type GeneratedTraffic, parseTraffic } from '../../src/accelerator/traffic-spec.ts';
import type { RequestRun } from '../../src/dram/replay.ts';
import { InputError } from '../../src/errors/input-error.ts';
import { bytesPerBurst } from '../../src/hardware/device.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { resolveTiming } from '../../src/hardware/resolve-timing.ts';
import { randomCases } from '../effort.ts';
import { shippedModels } from '../shipped-models.ts';

const MIB = 2 ** 20;

async function targetOf(name: string): Promise<TrafficTarget> {
  const device = await loadDevice(name, shippedModels);
  const timing = await resolveTiming(device, device.supply.nominal, 'nominal');
  const { organisation, clock } = device;
  return { organisation, timing, clock, range: { from: 3 * MIB + 8, bytes: 5 * MIB }, seed: 1, number: 0 };
}
const targets = await Promise.all(['ddr4-2400-8x8gb', 'lpddr3-1600-4gb', 'hbm2-2000-4x8gb'].map(targetOf));
const [ddr4] = targets as [TrafficTarget, ...TrafficTarget[]];

function generated(text: string): GeneratedTraffic {
  const spec = parseTraffic(text);
  if (spec.kind === 'trace') throw new Error('a trace');
  return spec;
}

/** The first requests of a description. */
function requestsOf(text: string, count: number, target: TrafficTarget = ddr4): RequestRun[] {
  const source = createTraffic(generated(text), target);
  return Array.from({ length: count }, () => {
    const run: RequestRun = { address: 0, bursts: 0, write: false, arrival: 0 };
    if (!source.next(run)) throw new Error(`${text} ends`);
    return run;
  });
}

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}

const lines = fc
  .record({
    kind: fc.constantFrom('random', 'sequential', 'strided', 'bursty'),
    kilobytes: fc.oneof(fc.integer({ min: 1000, max: 3_000_000 }), fc.constantFrom(1_000_000, 333_333, 1)),
    read: fc.constantFrom(0, 0.25, 0.7, 1),
    bursts: fc.constantFrom(1, 1, 2, 3, 16),
    requests: fc.integer({ min: 70, max: 5000 }),
    from: fc.integer({ min: 0, max: MIB }),
    stride: fc.integer({ min: 1, max: 70 }),
    burst: fc.integer({ min: 1, max: 70 }),
    duty: fc.integer({ min: 1, max: 1000 }),
    target: fc.constantFrom(...targets),
  })
  .map(({ kind, kilobytes, read, bursts, requests, from, stride, burst, duty, target }) => {
    const bytes = bursts * bytesPerBurst(target.organisation);
    const first = Math.ceil(from / bytes) * bytes;
    const own = { random: '', sequential: '', strided: `:stride=${stride * bytes}`, bursty: '' }[kind];
    const ofBurst = kind === 'bursty' ? `:burst=${burst}:duty=${duty / 1000}` : '';
    const range = { from, bytes: first - from + requests * bytes + (bytes - 1) };
    return {
      ...{ kind, kilobytes, read, bytes, first, requests, stride, burst, duty, target },
      text: `${kind}:${kilobytes}kBps:read=${read}:bytes=${bytes}:range=${range.from}+${range.bytes}${own}${ofBurst}`,
    };
  });

describe('generated traffic', () => {
  it('keeps its rate exactly, and its addresses aligned and in the range', () => {
    fc.assert(
      fc.property(lines, ({ text, kind, kilobytes, bytes, first, requests, burst, duty, target, read }) => {
        const count = 1500;
        const clock = BigInt(Math.round(target.clock * 1000));
        const ceil = (dividend: bigint, divisor: bigint): number =>
          Number((dividend + divisor - 1n) / divisor);
        const period = (k: number): number => ceil(BigInt(k) * BigInt(bytes) * clock, BigInt(kilobytes));
        const traffic = requestsOf(text, count, target);
        /** Whether a request is due when it comes. */
        const isInTime = (k: number, arrival: number): boolean => {
          if (kind === 'random')
            return arrival >= period(k) && arrival < Math.max(period(k) + 1, period(k + 1));
          if (kind !== 'bursty') return arrival === period(k);
          const begun = k - (k % burst);
          const thousandths = BigInt(begun * 1000 + (k % burst) * duty) * BigInt(bytes) * clock;
          return arrival === ceil(thousandths, BigInt(kilobytes) * 1000n);
        };
        // One comparison for all: one of vitest for each number takes most of the time.
        const wrong = traffic.flatMap((run, k) => {
          const { address, bursts, write, arrival } = run;
          const holds =
            address % bytes === 0 &&
            address >= first &&
            address + bytes <= first + requests * bytes &&
            bursts * bytesPerBurst(target.organisation) === bytes &&
            ((read !== 0 && read !== 1) || write === (read === 0)) &&
            (k === 0 || arrival >= traffic[k - 1]!.arrival) &&
            isInTime(k, arrival);
          return holds ? [] : [{ k, ...run }];
        });
        expect(wrong).toEqual([]);
      }),
      { seed: 21, numRuns: randomCases(40, 300) },
    );
  });

  it('comes to every place: sequential and strided once before any comes again', () => {
    fc.assert(
      fc.property(lines, ({ text, kind, bytes, first, requests, stride, target }) => {
        if (kind !== 'sequential' && kind !== 'strided') return;
        const step = kind === 'strided' ? stride : 1;
        const places = requestsOf(text, 2 * requests, target).map(({ address }) => (address - first) / bytes);
        const lanes = Array.from({ length: step }, (_, lane) =>
          Array.from({ length: Math.ceil((requests - lane) / step) }, (_, i) => lane + i * step),
        ).flat();
        expect(places).toEqual([...lanes, ...lanes]);
      }),
      { seed: 22, numRuns: randomCases(30, 200) },
    );
  });

  it('is at any place and any cycle of its period if it is random', () => {
    const count = 64_000;
    const traffic = requestsOf('random:1GBps:bytes=64:range=1MiB+4096:read=0.7', count);
    const at = new Map<number, number>();
    for (const { address } of traffic) at.set(address, (at.get(address) ?? 0) + 1);
    expect(at.size).toBe(64);
    // 64 bytes at 1 GB/s are 76.8 cycles of 1200 MHz; the mean of a uniform instant is half of them.
    const late = traffic.map(({ arrival }, k) => arrival - Math.ceil(k * 76.8));
    expect(late.reduce((sum, cycles) => sum + cycles, 0) / count).toBeCloseTo(37.9, 0);
    // Chi-square of 63 degrees of freedom: 99.99 % lie below 113.
    const expected = count / 64;
    const chi = [...at.values()].reduce((sum, seen) => sum + (seen - expected) ** 2 / expected, 0);
    expect(chi).toBeLessThan(113);
  });

  it('reads with its share, 0.7 if none is given', () => {
    for (const [text, share] of [
      ['random:1GBps', 0.7],
      ['sequential:1GBps:read=0.25', 0.25],
      ['bursty:1GBps:burst=2:read=0.5', 0.5],
    ] as const) {
      const traffic = requestsOf(text, 40_000);
      const reads = traffic.filter(({ write }) => !write).length / traffic.length;
      expect(Math.abs(reads - share)).toBeLessThan(0.015);
    }
  });

  it('moves its bursts whole: consecutive places of one kind', () => {
    const traffic = requestsOf('bursty:1GBps:burst=16:read=0.5:range=0+128KiB', 16 * 500);
    let wrapped = 0;
    for (let k = 0; k < traffic.length; k++) {
      if (k % 16 === 0) continue;
      expect(traffic[k]!.write).toBe(traffic[k - 1]!.write);
      const next = traffic[k - 1]!.address + 64;
      if (next === 128 * 1024) wrapped++;
      expect(traffic[k]!.address).toBe(next % (128 * 1024));
    }
    expect(wrapped).toBeGreaterThan(0);
  });

  it('is the same for the same seed and number, and another for any other', () => {
    const text = 'random:1GBps';
    const first = requestsOf(text, 100);
    expect(requestsOf(text, 100)).toEqual(first);
    expect(requestsOf(`${text}:seed=1`, 100)).toEqual(first);
    expect(requestsOf(`${text}:seed=2`, 100)).not.toEqual(first);
    expect(requestsOf(text, 100, { ...ddr4, number: 1 })).not.toEqual(first);
    // The range is the caller's, cut to whole requests.
    for (const { address } of first) expect(address).toBeGreaterThanOrEqual(3 * MIB + 64);
  });
});

describe('a description of traffic', () => {
  it('is read whole', () => {
    const { placeOf, ...strided } = generated(
      'strided:1.5GBps:stride=4KiB:read=1:range=0x1000+1MiB:bytes=128:seed=9',
    );
    expect(strided).toEqual({
      ...{ kind: 'strided', bytesPerMillisecond: 1_500_000, readShare: 1, requestBytes: 128, stride: 4096 },
      ...{ range: { from: 4096, bytes: MIB }, seed: 9, burst: 64, dutyThousandths: 250 },
    });
    expect(placeOf('stride')).toEqual({ file: 'traffic', line: 1, column: 24 });
    expect(generated('random:rate=800MBps').bytesPerMillisecond).toBe(800_000);
    expect(generated('bursty:50kBps:duty=0.001:burst=7')).toMatchObject({
      ...{ bytesPerMillisecond: 50, burst: 7, dutyThousandths: 1 },
    });
    expect(parseTraffic('trace:C:\\runs\\cpu.sxt:offset=0x8000000')).toMatchObject({
      ...{ kind: 'trace', file: 'C:\\runs\\cpu.sxt', offset: 0x8000000 },
    });
    expect(parseTraffic('trace:cpu.trace')).toMatchObject({ file: 'cpu.trace', offset: 0 });
  });

  it('is refused with what, where and the remedy', () => {
    const shown = [
      'randon:1GBps',
      'random',
      'random:0GBps',
      'random:1Gbps',
      'random:2000GBps',
      'random:0.0000001GBps',
      'random:1GBps:reads=0.5',
      'random:1GBps:read=1.5',
      'random:1GBps:read=-0.1',
      'random:1GBps:2GBps',
      'random:1GBps:stride=64',
      'random:1GBps:range=64MiB',
      'random:1GBps:bytes=0',
      'random:1GBps:seed=x',
      'strided:1GBps',
      'bursty:1GBps:duty=0',
      'bursty:1GBps:burst=0',
      'trace',
      'trace:',
      'trace:cpu.trace:shift=4',
      'trace:cpu.trace:offset=-4',
    ].map((text) => refusal(() => parseTraffic(text)));
    expect(shown.join('\n')).toMatchInlineSnapshot(`
      "unknown kind of traffic "randon"
        at traffic:1:1
        did you mean random?
      random traffic without a rate
        at traffic:1:1
        such as random:1GBps
      the rate is "0GBps"
        at traffic:1:8
        leave the traffic out, or give a rate above 0
      the rate is "1Gbps"
        at traffic:1:8
        expected a decimal rate such as 1.5GBps, 800MBps or 50kBps
      the rate is "2000GBps"
        at traffic:1:8
        expected whole kilobytes a second, up to 1000GBps
      the rate is "0.0000001GBps"
        at traffic:1:8
        expected whole kilobytes a second, up to 1000GBps
      unknown key "reads" of random traffic
        at traffic:1:14
        did you mean read?
      the share of reads is "1.5"
        at traffic:1:19
        expected 0 to 1, such as 0.7
      the share of reads is "-0.1"
        at traffic:1:19
        expected 0 to 1, such as 0.7
      rate is given twice
        at traffic:1:14
        give it once
      unknown key "stride" of random traffic
        at traffic:1:14
        known keys: rate, read, range, bytes, seed
      the range is "64MiB"
        at traffic:1:20
        expected FROM+BYTES, such as 0x10000000+64MiB
      the size of a request is "0"
        at traffic:1:20
        expected 1 to 65536 bytes, such as 4096, 0x1000 or 4KiB
      the seed is "x"
        at traffic:1:19
        expected a whole number from 0 to 9007199254740991
      strided traffic without a stride
        at traffic:1:1
        add one, such as :stride=4096
      the duty is "0"
        at traffic:1:19
        expected 0.001 to 1, with at most three decimals, such as 0.25
      the length of a burst is "0"
        at traffic:1:20
        expected a whole number from 1 to 65536
      traffic of a trace without its file
        at traffic:1:1
        such as trace:cpu.trace.gz
      traffic of a trace without its file
        at traffic:1:7
        such as trace:cpu.trace.gz
      unknown key "shift" of trace traffic
        at traffic:1:17
        known keys: offset
      the offset is "-4"
        at traffic:1:24
        expected an address below 2^51, such as 0x80000000"
    `);
  });

  it('is refused where it does not fit the memory', () => {
    const shown = [
      'random:1GBps:bytes=96',
      'random:20GBps',
      'random:1GBps:range=8GiB+1KiB',
      'random:1GBps:range=1+64',
      'strided:1GBps:stride=96',
      'strided:1GBps:stride=8MiB',
      'bursty:1GBps:range=0+1KiB',
    ].map((text) => refusal(() => requestsOf(text, 1)));
    expect(shown.join('\n')).toMatchInlineSnapshot(`
      "requests of 96 bytes are not whole bursts
        at traffic:1:20
        a burst of this memory is 64 bytes
      traffic of 20 GB/s is more than the memory can move
        at traffic:1:8
        its peak is 19.2 GB/s
      traffic to 1024 bytes from 8589934592 on goes beyond the memory
        at traffic:1:20
        it has 8589934592 bytes, from 0 on
      64 bytes from 1 on hold 0 aligned requests of 64 bytes, and the traffic needs 1
        at traffic:1:20
        give a range of at least 64 bytes, aligned to 64
      a stride of 96 bytes with requests of 64 bytes
        at traffic:1:22
        give a multiple of 64, at most the 5242816 bytes of the range
      a stride of 8388608 bytes with requests of 64 bytes
        at traffic:1:22
        give a multiple of 64, at most the 5242816 bytes of the range
      1024 bytes from 0 on hold 16 aligned requests of 64 bytes, and the traffic needs 64
        at traffic:1:20
        give a range of at least 4096 bytes, aligned to 64"
    `);
    const slow = 'bursty:1kBps:bytes=65536:burst=65536:range=0+8GiB';
    expect(refusal(() => requestsOf(slow, 1, { ...ddr4, clock: 3000 }))).toMatchInlineSnapshot(`
      "traffic of 1 kB/s makes no request within 2^53 cycles
        at traffic:1:8
        give a higher rate, or smaller requests or bursts"
    `);
    // The peak itself is allowed: 64 bytes in 4 cycles of 1200 MHz.
    expect(requestsOf('sequential:19.2GBps', 3).map(({ arrival }) => arrival)).toEqual([0, 4, 8]);
  });
});
