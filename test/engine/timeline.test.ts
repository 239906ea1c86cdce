import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cycleNotBefore, picosecondBefore } from '../../src/engine/clock-crossing.ts';
import {
  createTimeline,
  microseconds,
  type Timeline,
  type TimelineWindow,
} from '../../src/engine/timeline.ts';
import { readTimeline } from './trace-events.ts';

/** The text of a timeline and the pieces in which it came. */
function written(
  draw: (timeline: Timeline) => void,
  window?: TimelineWindow,
): { text: string; pieces: number } {
  const pieces: string[] = [];
  const timeline = createTimeline((piece) => pieces.push(piece), window, { device: 'a "device"' });
  draw(timeline);
  timeline.end();
  return { text: pieces.join(''), pieces: pieces.length };
}

const times = fc.nat(400).map((step) => step * 1250);

describe('a timeline', () => {
  it('is the file that the format describes', () => {
    const { text } = written((timeline) => {
      const cores = timeline.process('cores', 0);
      const core = timeline.track(cores, 'core 0', 0);
      const waits = timeline.counter(cores, 'waiting', 'spikes');
      timeline.span(core, 'adding', 0, 2500, { neuron: 7, why: 'spike' });
      waits.set(1250, 3);
      timeline.instant(core, 'spike', 2500);
      timeline.span(core, 'updating', 2500, 1_002_500);
    });
    expect(text).toBe(
      [
        '{"displayTimeUnit":"ns","otherData":{"device":"a \\"device\\""},"traceEvents":[',
        '{"ph":"M","name":"process_name","pid":1,"args":{"name":"cores"}},',
        '{"ph":"M","name":"process_sort_index","pid":1,"args":{"sort_index":0}},',
        '{"ph":"M","name":"thread_name","pid":1,"tid":100000,"args":{"name":"core 0"}},',
        '{"ph":"M","name":"thread_sort_index","pid":1,"tid":100000,"args":{"sort_index":0}},',
        '{"ph":"X","name":"adding","pid":1,"tid":100000,"ts":0,"dur":0.0025,"args":{"neuron":7,"why":"spike"}},',
        '{"ph":"C","name":"waiting","pid":1,"ts":0,"args":{"spikes":0}},',
        '{"ph":"i","name":"spike","pid":1,"tid":100000,"ts":0.0025,"s":"t"},',
        '{"ph":"X","name":"updating","pid":1,"tid":100000,"ts":0.0025,"dur":1},',
        '{"ph":"C","name":"waiting","pid":1,"ts":0.00125,"args":{"spikes":3}}',
        ']}',
        '',
      ].join('\n'),
    );
    readTimeline(text);
    readTimeline(written(() => {}).text);
  });

  it('prints times with all their digits', () => {
    expect([0, 1, 10, 1250, 1e6, 123_456_789, 9_007_199_254_740_991].map(microseconds)).toEqual([
      '0',
      '0.000001',
      '0.00001',
      '0.00125',
      '1',
      '123.456789',
      '9007199254.740991',
    ]);
    fc.assert(
      fc.property(fc.maxSafeNat(), (ps) => {
        const [whole, fraction = ''] = microseconds(ps).split('.');
        expect(BigInt(whole! + fraction.padEnd(6, '0'))).toBe(BigInt(ps));
        expect(fraction.endsWith('0')).toBe(false);
      }),
    );
  });

  it('holds what overlaps its window, cut at the edges, with the values of counters as it opens', () => {
    const spans = fc.array(fc.tuple(times, times), { maxLength: 30 });
    const changes = fc.array(fc.tuple(times, fc.nat(5)), { maxLength: 30 });
    fc.assert(
      fc.property(spans, changes, times, times, (drawn, values, a, b) => {
        const window = { from: Math.min(a, b), to: Math.max(a, b) + 1 };
        const ordered = [...values].sort(([x], [y]) => x - y);
        const { text } = written((timeline) => {
          const process = timeline.process('p', 0);
          // A track each, so that none overlap.
          for (const [i, [x, y]] of drawn.entries()) {
            const track = timeline.track(process, `${i}`, i);
            timeline.span(track, 's', Math.min(x, y), Math.max(x, y));
            timeline.instant(track, 'i', x);
          }
          const counter = timeline.counter(process, 'c', 'spikes');
          for (const [at, value] of ordered) counter.set(at, value);
        }, window);
        const read = readTimeline(text, window);
        for (const [i, [x, y]] of drawn.entries()) {
          const [from, to] = [Math.min(x, y), Math.max(x, y)];
          const touches = from < window.to && (to > window.from || from === window.from);
          const cut = {
            ...(from < window.from ? { begins_us: from / 1e6 } : {}),
            ...(to > window.to ? { ends_us: to / 1e6 } : {}),
          };
          const expected = {
            ...{ name: 's', args: cut },
            ...{ from: Math.max(from, window.from), to: Math.min(to, window.to) },
          };
          expect(read.spans.get(`p / ${i}`)).toEqual(
            touches && !(from === to && from < window.from) ? [expected] : [],
          );
          const seen = x >= window.from && x < window.to ? [{ name: 'i', at: x }] : undefined;
          expect(read.instants.get(`p / ${i}`)).toEqual(seen);
        }
        const valueAt = (at: number): number => ordered.findLast(([since]) => since <= at)?.[1] ?? 0;
        const counted = read.counters.get('p / c')!;
        expect(counted[0]![0]).toBe(window.from);
        for (let at = window.from; at < window.to; at += 625)
          expect(counted.findLast(([since]) => since <= at)![1]).toBe(valueAt(at));
        // Only changes are written.
        for (const [i, [, value]] of counted.entries()) expect(value).not.toBe(counted[i - 1]?.[1]);
      }),
    );
  });

  it('goes to its sink in pieces', () => {
    const { text, pieces } = written((timeline) => {
      const track = timeline.track(timeline.process('p', 0), 't', 0);
      for (let i = 0; i < 5000; i++) timeline.span(track, 'span', i * 10, i * 10 + 10);
    });
    expect(readTimeline(text).spans.get('p / t')!.length).toBe(5000);
    expect(pieces).toBeGreaterThan(3);
    expect(text.length / pieces).toBeLessThan(2 ** 16 + 200);
  });

  it('refuses time that goes back', () => {
    written((timeline) => {
      const process = timeline.process('p', 0);
      const counter = timeline.counter(process, 'c', 'spikes');
      counter.set(10, 1);
      expect(() => counter.set(9, 1)).toThrow(RangeError);
      expect(() => timeline.span(timeline.track(process, 't', 0), 's', 2, 1)).toThrow(RangeError);
    });
  });
});

describe('a time in cycles', () => {
  it('is the first cycle that does not begin before it', () => {
    const clocks = fc.integer({ min: 1, max: 9_000_000 });
    fc.assert(
      fc.property(clocks, fc.nat(2 ** 31), (clock, ps) => {
        const cycle = cycleNotBefore(ps, clock);
        expect(BigInt(cycle) * 10n ** 9n >= BigInt(ps) * BigInt(clock)).toBe(true);
        expect(BigInt(cycle - 1) * 10n ** 9n < BigInt(ps) * BigInt(clock)).toBe(true);
        expect(cycleNotBefore(picosecondBefore(cycle, clock), clock)).toBe(cycle);
      }),
    );
  });
});
