import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWaitsForData } from '../../src/accelerator/waits-for-data.ts';

const CHANNELS = 3;
const CORES = 2;
const SOURCES = 4;
const END = 120;

/** What fills a time line: who, and for how many ticks. */
const line = (most: number) =>
  fc.array(fc.record({ who: fc.integer({ min: -1, max: most }), ticks: fc.integer({ min: 1, max: 9 }) }), {
    maxLength: 16,
  });

type Interval = { who: number; from: number; to: number };
function placed(parts: readonly { who: number; ticks: number }[]): Interval[] {
  let at = 0;
  return parts.flatMap(({ who, ticks }) => {
    const from = at;
    at += ticks;
    return who < 0 || at > END ? [] : [{ who, from, to: at }];
  });
}

/** Channels of row r: by its bits. */
const channelsOf = (row: number): number[] =>
  [...Array(CHANNELS).keys()].filter((channel) => ((row + 1) >> channel) & 1);

describe('whose data cross the buses while a core waits', () => {
  it('is what a count tick by tick gives, whenever it is settled', () => {
    const buses = fc.tuple(...Array.from({ length: CHANNELS }, () => line(SOURCES - 1)));
    const waits = fc.tuple(...Array.from({ length: CORES }, () => line(6)));
    fc.assert(
      fc.property(
        buses,
        waits,
        fc.array(fc.integer({ min: 1, max: END }), { maxLength: 5 }),
        (b, w, times) => {
          const data = b.map(placed);
          const waiting = w.map(placed);
          const counted = createWaitsForData(CORES, SOURCES, CHANNELS, (_, row) => channelsOf(row));
          const told = { data: data.map(() => 0), waits: waiting.map(() => 0) };
          for (const until of [...times.toSorted((x, y) => x - y), Number.POSITIVE_INFINITY]) {
            // All that begins before the time of settling is told, and some that begins later.
            for (const [channel, all] of data.entries())
              for (
                ;
                told.data[channel]! < all.length && all[told.data[channel]!]!.from < until + 7;
                told.data[channel]!++
              ) {
                const { who, from, to } = all[told.data[channel]!]!;
                counted.data(who, channel, from, to);
              }
            for (const [core, all] of waiting.entries())
              for (
                ;
                told.waits[core]! < all.length && all[told.waits[core]!]!.from < until;
                told.waits[core]!++
              ) {
                const { who, from, to } = all[told.waits[core]!]!;
                counted.wait(core, who, from, to);
              }
            counted.settle(until);
            for (let core = 0; core < CORES; core++) {
              const before = (interval: Interval): number =>
                Math.max(0, Math.min(interval.to, until) - interval.from);
              expect(counted.waited(core)).toBe(waiting[core]!.reduce((sum, one) => sum + before(one), 0));
              for (let source = 0; source < SOURCES; source++) {
                let ticks = 0;
                for (const { who: row, from, to } of waiting[core]!)
                  for (let tick = from; tick < Math.min(to, until); tick++)
                    for (const channel of channelsOf(row))
                      if (data[channel]!.some((it) => it.who === source && it.from <= tick && tick < it.to))
                        ticks += 1 / channelsOf(row).length;
                expect(counted.waitedFor(core, source)).toBeCloseTo(ticks, 9);
              }
            }
          }
        },
      ),
    );
  });
});
