import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ARBITERS, createArbiter } from '../../src/engine/arbiter.ts';
import { NEVER } from '../../src/engine/common-tick.ts';
import { createEventLoop } from '../../src/engine/event-loop.ts';
import { createLink } from '../../src/engine/link.ts';
import { referenceWay } from '../reference/interconnect.ts';

/** A message that a neighbour sends at a time, to be ready some ticks later. */
interface Sent {
  time: number;
  source: number;
  ready: number;
  bytes: number;
}

const links = fc.record({
  perCycle: fc.integer({ min: 1, max: 7 }),
  width: fc.constantFrom<number[]>(1, 3, 8, 64),
  latency: fc.nat(4),
  sources: fc.integer({ min: 1, max: 4 }),
  arbiter: fc.constantFrom(...ARBITERS),
  messages: fc
    .array(
      fc.record({
        gap: fc.oneof(fc.constant(0), fc.nat(4), fc.nat(60)),
        source: fc.nat(3),
        ahead: fc.oneof(fc.constant(0), fc.nat(50)),
        bytes: fc.nat(40),
      }),
      { maxLength: 40 },
    )
    .map((drawn) => {
      let time = 0;
      return drawn.map(({ gap, source, ahead, bytes }): Sent => {
        time += gap;
        return { time, source, ready: time + ahead, bytes };
      });
    }),
});
type Drawn = typeof links extends fc.Arbitrary<infer T> ? T : never;

/** A neighbour sends the messages at their times, and writes down what arrives where and when. */
function throughLink({ perCycle, width, latency, sources, arbiter, messages }: Drawn) {
  const loop = createEventLoop();
  const arrived: { tag: number; arrival: number }[] = [];
  let next = 0;
  loop.add(
    {
      advance(now) {
        for (; messages[next]?.time === now; next++) {
          const { source, ready, bytes } = messages[next]!;
          link.send(source % sources, ready, bytes, next, next);
        }
        return messages[next]?.time ?? NEVER;
      },
    },
    messages[0]?.time ?? NEVER,
  );
  const equal = Array<number>(sources).fill(1);
  const link = createLink(
    loop,
    { perCycle, width, latency },
    sources,
    createArbiter(arbiter, equal),
    (_, tag, arrival) => arrived.push({ tag, arrival }),
  );
  loop.run();
  return { link, arrived };
}

function throughPlainLink({ perCycle: period, width, latency, sources, arbiter, messages }: Drawn) {
  const arrived: { tag: number; arrival: number }[] = [];
  const way = referenceWay({ width, latency, arbiter, period }, sources);
  for (let tick = 0; arrived.length < messages.length; tick++) {
    way.deliver(tick);
    for (const [tag, { time, source, ready, bytes }] of messages.entries())
      if (time === tick)
        way.send(source % sources, {
          ready,
          kind: 0,
          order: tag,
          bytes,
          arrives: (arrival) => void arrived.push({ tag, arrival }),
        });
    if (tick % period === 0) way.cycle(tick);
  }
  return arrived;
}

describe('a link', () => {
  it('carries messages as one that is looked at in each of its cycles', () => {
    fc.assert(
      fc.property(links, (drawn) => {
        const { link, arrived } = throughLink(drawn);
        expect(arrived).toEqual(throughPlainLink(drawn));
        const cycles = drawn.messages.map(({ bytes }) => Math.max(1, Math.ceil(bytes / drawn.width)));
        expect(link.busy).toBe(cycles.reduce((sum, one) => sum + one, 0));
        expect(link.bytes).toBe(drawn.messages.reduce((sum, { bytes }) => sum + bytes, 0));
      }),
      { seed: 20, numRuns: 500 },
    );
  });

  it('takes bytes / width cycles and then its latency, from the first cycle not before the message is ready', () => {
    const one = { perCycle: 5, width: 8, latency: 3, sources: 1, arbiter: 'oldest' as const };
    const messages = [
      { time: 0, source: 0, ready: 7, bytes: 17 },
      { time: 0, source: 0, ready: 0, bytes: 0 },
      { time: 1, source: 0, ready: 8, bytes: 8 },
    ];
    expect(throughLink({ ...one, messages }).arrived).toEqual([
      { tag: 1, arrival: 5 * (0 + 1 + 3) },
      { tag: 0, arrival: 5 * (2 + 3 + 3) },
      { tag: 2, arrival: 5 * (5 + 1 + 3) },
    ]);
  });

  it('does not idle while a message is ready', () => {
    fc.assert(
      fc.property(links, (drawn) => {
        const { perCycle, width, latency, messages } = drawn;
        const { arrived } = throughLink(drawn);
        let free = 0;
        const left = new Set(messages.keys());
        for (const { tag, arrival } of arrived) {
          const cycles = Math.max(1, Math.ceil(messages[tag]!.bytes / width));
          const begin = arrival / perCycle - latency - cycles;
          const ready = Math.min(...[...left].map((other) => messages[other]!.ready));
          expect(begin).toBe(Math.max(free, Math.ceil(ready / perCycle)));
          free = begin + cycles;
          left.delete(tag);
        }
      }),
      { seed: 21, numRuns: 500 },
    );
  });
});
