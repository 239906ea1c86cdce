import fc from 'fast-check';
import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { bytesPerBurst, bytesPerChannel } from '../../src/hardware/device.ts';
import { noLosses } from '../../src/trace/access-format.ts';
import { ACCESS_FORMATS, type AccessFormatName } from '../../src/trace/access-formats.ts';
import type { AccessRun } from '../../src/trace/access-run.ts';
import { createCycleClock } from '../../src/trace/cycle-clock.ts';
import { randomCases } from '../effort.ts';
import { joined, MEMORY, readTrace, refusal, writeTrace } from './access-texts.ts';

const UNIT = bytesPerBurst(MEMORY.organisation);
const UNITS = bytesPerChannel(MEMORY.organisation) / UNIT;

/** What every format can say, given these: whole accesses, reads and write-backs at cycles of the clock. */
interface Common {
  readonly times: boolean;
  readonly sources: boolean;
  readonly directions: 'reads' | 'pairs' | 'any';
}

/** What a format adds to or takes from the common ground. */
const SAYS: Readonly<Record<AccessFormatName, Common>> = {
  sxt: { times: true, sources: true, directions: 'any' },
  csv: { times: true, sources: true, directions: 'any' },
  ramulator: { times: false, sources: false, directions: 'any' },
  'ramulator-cpu': { times: true, sources: false, directions: 'pairs' },
  ramulator2: { times: false, sources: false, directions: 'any' },
  'ramulator2-vector': { times: false, sources: false, directions: 'any' },
  dramsim3: { times: true, sources: false, directions: 'any' },
  stl: { times: true, sources: false, directions: 'any' },
  rstl: { times: true, sources: false, directions: 'any' },
  gem5: { times: true, sources: true, directions: 'any' },
  nvmain: { times: true, sources: true, directions: 'any' },
  'scale-sim': { times: true, sources: false, directions: 'reads' },
};

const CLOCKS = [800, 933.333, 1200, 1000, 3200, 0.5];

/** Runs of whole accesses that both formats can say. */
function runsFor(one: Common, other: Common, clock: number): fc.Arbitrary<AccessRun[]> {
  const { picosecondsAt } = createCycleClock(clock);
  const reads = one.directions === 'reads' || other.directions === 'reads';
  const pairs = one.directions === 'pairs' || other.directions === 'pairs';
  const item = fc.record({
    gap: fc.oneof(fc.constant(0), fc.nat(40), fc.nat(1_000_000)),
    unit: fc.oneof(fc.nat(50), fc.nat(UNITS - 9)),
    units: fc.integer({ min: 1, max: 8 }),
    write: fc.boolean(),
    source: fc.oneof(fc.constant(0), fc.nat(300)),
  });
  return fc.array(item, { maxLength: 40 }).map((items) => {
    let cycle = 0;
    return items.flatMap(({ gap, unit, units, write, source }) => {
      cycle += gap;
      const run = {
        address: unit * UNIT,
        bytes: (pairs ? 1 : units) * UNIT,
        write: write && !reads && !pairs,
        arrival: one.times && other.times ? picosecondsAt(cycle) : 0,
        source: one.sources && other.sources ? source : 0,
      };
      const writeBack = { ...run, address: (UNITS - 1 - unit) * UNIT, write: true };
      return pairs && write && !reads ? [run, writeBack] : [run];
    });
  });
}

describe('converting between access traces', () => {
  const pairs = ACCESS_FORMATS.flatMap((from) => ACCESS_FORMATS.map((to) => [from, to] as const));
  it.each(pairs)('%s to %s and back gives the same requests, and loses nothing', (from, to) => {
    fc.assert(
      fc.property(
        fc
          .constantFrom(...CLOCKS)
          .chain((clock) => fc.tuple(fc.constant(clock), runsFor(SAYS[from], SAYS[to], clock))),
        ([clock, runs]) => {
          const options = { clock, accessBytes: UNIT, memory: MEMORY };
          const first = writeTrace(runs, from, options);
          const middle = readTrace(first.bytes, { ...options, format: from });
          const second = writeTrace(middle.runs, to, options);
          const there = readTrace(second.bytes, { ...options, format: to });
          const third = writeTrace(there.runs, from, options);
          const back = readTrace(third.bytes, { ...options, format: from });
          expect(joined(there.runs)).toEqual(joined(runs));
          expect(joined(back.runs)).toEqual(joined(runs));
          for (const { losses } of [first, middle, second, there, third, back])
            expect({ ...losses, data: 0 }).toEqual(noLosses());
        },
      ),
      { seed: 11, numRuns: randomCases(9, 15) },
    );
  });

  it('finds every format from its content, gzip or plain', () => {
    const runs = [
      { address: 0, bytes: UNIT, write: false, arrival: 0, source: 0 },
      { address: 20 * UNIT, bytes: UNIT, write: false, arrival: 0, source: 0 },
    ];
    const options = { clock: 800, accessBytes: UNIT, memory: MEMORY };
    for (const format of ACCESS_FORMATS) {
      const { bytes } = writeTrace(runs, format, options);
      const file = `t.${format}`;
      for (const content of [bytes, gzipSync(bytes)])
        expect([format, readTrace(content, options, file)]).toMatchObject([format, { format, runs }]);
    }
  });

  it('counts what a format cannot say', () => {
    const run = { address: 0, bytes: 192, write: false, arrival: 1300, source: 7 };
    expect(writeTrace([run], 'ramulator').losses).toEqual({ ...noLosses(), arrivals: 3, sources: 3 });
    expect(writeTrace([run], 'stl', { clock: 800 }).losses).toEqual({
      ...{ ...noLosses(), roundedArrivals: 3, sources: 3 },
    });
    expect(writeTrace([{ ...run, arrival: 2500 }], 'nvmain', { clock: 800 }).losses).toEqual(noLosses());
    expect(writeTrace([{ ...run, arrival: 3 }], 'nvmain', { clock: 800 }).losses.roundedArrivals).toBe(3);
    expect(readTrace('0x1001 R\n0x1000 R\n').losses).toEqual({ ...noLosses(), lowAddressBits: 1 });
  });

  it('refuses what a format cannot say at all', () => {
    const run = { address: 0, bytes: 32, write: false, arrival: 1250, source: 0 };
    const to = (format: AccessFormatName, change: Partial<AccessRun>, options = {}): string =>
      refusal(() => writeTrace([{ ...run, ...change }], format, { clock: 800, ...options }));
    expect(to('ramulator', {})).toMatch(
      /32 bytes at 0x0 is not made of whole accesses of 64 bytes\n.*--access-bytes/,
    );
    expect(to('ramulator', { address: 3, bytes: 64 })).toMatch(/not made of whole accesses/);
    expect(to('ramulator-cpu', { write: true, bytes: 64 })).toMatch(/does not go with a read/);
    expect(to('scale-sim', { write: true })).toMatch(/a write at address 0x0: a SCALE-Sim file is all reads/);
    expect(to('scale-sim', {}, { writes: true })).toMatch(/a read at address 0x0: .* all writes\n.*--writes/);
    expect(to('stl', { arrival: 1250 * 2 ** 32 })).toMatch(/32 bits.*\n.*rstl/);
    expect(to('rstl', { arrival: 1250 * 2 ** 32 - 1250 })).toBe('accepted');
    expect(to('ramulator2-vector', {})).toMatch(/coordinates of a memory\n.*--device/);
    expect(refusal(() => writeTrace([run], 'stl'))).toMatch(/unknown clock\n.*--clock/);
    expect(to('ramulator', {}, { accessBytes: 0 })).toMatch(/accesses of 0 bytes/);
    expect(refusal(() => createCycleClock(9001))).toMatch(/9001 MHz/);
  });
});

describe('cycles and picoseconds', () => {
  it('are inverse to each other at any clock and time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_000_000 }), fc.nat(2 ** 40), (kilohertz, n) => {
        const clock = createCycleClock(kilohertz / 1000);
        const cycle = Math.min(n, Math.floor((kilohertz / 1e9) * 2 ** 52));
        const time = clock.picosecondsAt(cycle);
        expect(clock.nearestCycle(time)).toBe(cycle);
        const exact = (BigInt(cycle) * 10n ** 9n * 2n + BigInt(kilohertz)) / (2n * BigInt(kilohertz));
        expect(BigInt(time)).toBe(exact);
      }),
      { seed: 3, numRuns: randomCases(500) },
    );
  });
});
