import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDramPort } from '../../src/accelerator/dram-port.ts';
import { ARBITERS, type ArbiterKind } from '../../src/engine/arbiter.ts';
import { createEventLoop } from '../../src/engine/event-loop.ts';
import { type Channel, channels as randomChannels } from '../dram/random-channel.ts';
import { randomCases } from '../effort.ts';

/** A piece of a source: consecutive bursts of one row. */
interface Piece {
  arrival: number;
  bank: number;
  row: number;
  column: number;
  count: number;
}

const pieces = (gaps: fc.Arbitrary<number>): fc.Arbitrary<Piece[]> =>
  fc
    .array(
      fc.record({
        gap: gaps,
        bank: fc.nat(15),
        row: fc.nat(3),
        column: fc.nat(12),
        count: fc.integer({ min: 1, max: 4 }),
      }),
      { minLength: 1, maxLength: 25 },
    )
    .map((drawn) => {
      let arrival = 0;
      return drawn.map(({ gap, ...piece }) => {
        arrival += gap;
        return { arrival, ...piece };
      });
    });

const contests = (gaps: fc.Arbitrary<number>) =>
  fc.record({
    channel: randomChannels,
    sources: fc.array(fc.record({ weight: fc.integer({ min: 1, max: 7 }), pieces: pieces(gaps) }), {
      minLength: 2,
      maxLength: 4,
    }),
  });
const GAPS = fc.oneof(fc.constant(0), fc.nat(8), fc.nat(200));

interface Turn {
  source: number;
  arrival: number;
  cycle: number;
  count: number;
  /** Sources whose next piece had arrived by then. */
  wanting: number[];
}

/** All pieces are read on one channel; who was taken when. */
function contest(
  kind: ArbiterKind,
  {
    channel,
    sources,
  }: { channel: Channel; sources: readonly { weight: number; pieces: readonly Piece[] }[] },
): Turn[] {
  const { organisation, timing, options } = channel;
  const banks = organisation.bankGroups * organisation.banksPerGroup;
  const turns: Turn[] = [];
  const next = sources.map(() => 0);
  const head = (source: number): Piece | undefined => sources[source]!.pieces[next[source]!];
  const loop = createEventLoop();
  const port = createDramPort(
    loop,
    1,
    {
      organisation,
      timing,
      options: { ...options, forwardWrites: false },
      arbiter: kind,
      taken(source, _write, _channel, _rank, _bank, _row, _column, count, cycle) {
        const wanting = sources.flatMap((_, one) => ((head(one)?.arrival ?? Infinity) <= cycle ? [one] : []));
        turns.push({ source, arrival: head(source)!.arrival, cycle, count, wanting });
        next[source]!++;
      },
    },
    sources.map(({ weight }) => ({ weight, done: () => undefined })),
  );
  for (const [source, { pieces: own }] of sources.entries())
    for (const { arrival, bank, row, column, count } of own) {
      const request = port.open(source, 0, false, arrival);
      port.add(request, 0, 0, bank % banks, row, column, count);
    }
  port.finish();
  expect(turns).toHaveLength(sources.reduce((sum, { pieces: own }) => sum + own.length, 0));
  return turns;
}

describe('sources of one channel', () => {
  it.each(ARBITERS)('%s: a channel takes what it can as soon as it can', (kind) => {
    fc.assert(
      fc.property(contests(GAPS), (drawn) => {
        // With room for all, a burst enters each cycle.
        const { options } = drawn.channel;
        const roomy = { ...drawn.channel, options: { ...options, readQueue: 1000 } };
        let free = 0;
        const left = drawn.sources
          .flatMap(({ pieces: own }) => own.map(({ arrival }) => arrival))
          .sort((a, b) => a - b);
        for (const { arrival, cycle, count } of contest(kind, { ...drawn, channel: roomy })) {
          expect(cycle).toBe(Math.max(free, left[0]!));
          left.splice(left.indexOf(arrival), 1);
          free = cycle + count;
        }
      }),
      { seed: 24, numRuns: randomCases(60) },
    );
  });

  it('round-robin: a piece waits for one of each other source at most', () => {
    fc.assert(
      fc.property(contests(GAPS), (drawn) => {
        const turns = contest('round-robin', drawn);
        for (const [i, { source }] of turns.entries()) {
          const before: number[] = [];
          for (
            let j = i - 1;
            j >= 0 && turns[j]!.source !== source && turns[j]!.wanting.includes(source);
            j--
          )
            before.push(turns[j]!.source);
          expect(new Set(before).size).toBe(before.length);
        }
      }),
      { seed: 25, numRuns: randomCases(100) },
    );
  });

  it('oldest: no piece waits for one that arrived later', () => {
    fc.assert(
      fc.property(contests(GAPS), (drawn) => {
        const turns = contest('oldest', drawn);
        for (const [i, { arrival }] of turns.entries())
          for (const later of turns.slice(i + 1)) expect(later.arrival).toBeGreaterThanOrEqual(arrival);
      }),
      { seed: 26, numRuns: randomCases(100) },
    );
  });

  it('weighted: bursts of sources that always want are in proportion, and none waits for more than its share allows', () => {
    const LARGEST = 4;
    fc.assert(
      fc.property(contests(fc.constant(0)), (drawn) => {
        const weights = drawn.sources.map(({ weight }) => weight);
        const had = weights.map(() => 0);
        for (const { source, count, wanting } of contest('weighted', drawn)) {
          if (wanting.length < weights.length) break;
          had[source]! += count;
          for (const [a, weight] of weights.entries())
            for (const [b, other] of weights.entries())
              expect(had[a]! / weight - had[b]! / other).toBeLessThanOrEqual(
                LARGEST / weight + LARGEST / other + 1e-9,
              );
        }
      }),
      { seed: 27, numRuns: randomCases(100) },
    );
  });

  it('fixed-priority: a later source starves while an earlier one wants, however long', () => {
    fc.assert(
      fc.property(contests(fc.constant(0)), (drawn) => {
        const order = contest('fixed-priority', drawn).map(({ source }) => source);
        expect(order).toEqual([...order].sort((a, b) => a - b));
      }),
      { seed: 28, numRuns: randomCases(40) },
    );
  });
});
