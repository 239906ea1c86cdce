import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOrderedMapping } from '../../src/dram/address-mapping.ts';
import { openReplay, type ReplayResult, type RequestRun } from '../../src/dram/replay.ts';
import { InputError } from '../../src/errors/input-error.ts';
import { openThreadedReplay } from '../../src/experiments/replay/threaded-replay.ts';
import { bytesPerBurst } from '../../src/hardware/device.ts';
import { uniformStream } from '../../src/random/streams.ts';
import { type Channel, channels } from '../dram/random-channel.ts';
import { randomCases } from '../effort.ts';

const sourceOf = (runs: readonly RequestRun[], fault?: Error) => {
  let at = 0;
  return {
    next(run: RequestRun) {
      if (at === runs.length && fault) throw fault;
      if (at === runs.length) return false;
      Object.assign(run, runs[at++]);
      return true;
    },
  };
};

interface Memory {
  readonly one: Channel;
  readonly count: number;
  readonly seed: number;
}
const memories: fc.Arbitrary<Memory> = fc.record({
  one: channels,
  count: fc.integer({ min: 2, max: 5 }),
  seed: fc.integer(),
});

/** A memory of several channels, its settings, and runs all over it. */
function memoryOf({ one, count, seed }: Memory) {
  const organisation = { ...one.organisation, channels: count };
  const mapping = createOrderedMapping(organisation, 'row-bank-column');
  const burst = bytesPerBurst(organisation);
  const uniform = uniformStream(seed, 'threaded replay');
  const below = (limit: number): number => Math.floor(uniform() * limit);
  let arrival = 0;
  const runs = Array.from({ length: 12_000 }, () => {
    const first = below(mapping.bursts);
    arrival += below(2) * below(20);
    const bursts = 1 + below(Math.min(40, mapping.bursts - first));
    return { address: first * burst, bursts, write: below(3) === 0, arrival };
  });
  return { organisation, mapping, timing: one.timing, options: one.options, runs };
}

const SHARES = Array.from({ length: 101 }, (_, i) => i / 100);
/** A result whose histograms are their numbers. */
const numbersOf = (result: ReplayResult) => {
  const inNumbers = ({ percentile, ...totals }: ReplayResult['readLatency']) => ({
    ...totals,
    percentiles: SHARES.map(percentile),
  });
  const { readLatency, writeLatency } = result;
  return { ...result, readLatency: inNumbers(readLatency), writeLatency: inNumbers(writeLatency) };
};

describe('a replay on several threads', () => {
  it('does what it does on one, to the last count, and tells the same of what is sent', async () => {
    const property = fc.asyncProperty(
      memories,
      fc.constantFrom(2, 3, 9),
      fc.constantFrom(1, 10_000, 1 << 20),
      async (memory, threads, long) => {
        const { organisation, mapping, timing, options, runs } = memoryOf(memory);
        const pieces: [number[], number[]] = [[], []];
        const one = openReplay(organisation, timing, options, mapping, sourceOf(runs), undefined, {
          sent: (...piece) => pieces[0].push(...piece.map(Number)),
        });
        let expected: ReplayResult | Error;
        try {
          while (one.advance(512));
          expected = one.finish();
        } catch (error) {
          expected = error as Error;
        }
        const many = openThreadedReplay(
          ...([organisation, timing, options, mapping, sourceOf(runs)] as const),
          (...piece) => pieces[1].push(...piece.map(Number)),
          threads,
          long,
        );
        try {
          while (await many.advance(512));
          const found = await many.finish();
          expect(numbersOf(found)).toEqual(expected instanceof Error ? expected : numbersOf(expected));
          expect(pieces[1]).toEqual(pieces[0]);
        } catch (error) {
          if (!(expected instanceof Error)) throw error;
          expect([error instanceof InputError, (error as Error).message]).toEqual([true, expected.message]);
        } finally {
          await many.close();
        }
      },
    );
    await fc.assert(property, { seed: 22, numRuns: randomCases(24, 200) });
  }, 120_000);

  it('says what is wrong far in the trace, and lets no thread go on', async () => {
    const { organisation, mapping, timing, options, runs } = memoryOf(
      fc.sample(memories, { seed: 3, numRuns: 1 })[0]!,
    );
    const fault = new InputError('a bad line');
    const open = openThreadedReplay(
      ...([organisation, timing, options, mapping, sourceOf(runs, fault)] as const),
      undefined,
      3,
      1,
    );
    const all = async (): Promise<void> => {
      while (await open.advance(512));
    };
    try {
      await expect(all()).rejects.toBe(fault);
    } finally {
      await open.close();
    }
  });

  it('goes on over many buffers of runs, which come back to be filled again', async () => {
    const { organisation, mapping, timing, options } = memoryOf(
      fc.sample(memories, { seed: 5, numRuns: 1 })[0]!,
    );
    const burst = bytesPerBurst(organisation);
    const runs = Array.from({ length: 300_000 }, (_, i) => ({
      address: ((i * 7919) % mapping.bursts) * burst,
      bursts: 1,
      write: i % 7 === 0,
      arrival: i,
    }));
    const one = openReplay(organisation, timing, options, mapping, sourceOf(runs));
    while (one.advance(512));
    const expected = numbersOf(one.finish());
    for (const threads of [2, 3]) {
      const many = openThreadedReplay(
        ...([organisation, timing, options, mapping, sourceOf(runs), undefined, threads, 1 << 14] as const),
      );
      try {
        while (await many.advance(512));
        expect(numbersOf(await many.finish())).toEqual(expected);
      } finally {
        await many.close();
      }
    }
  }, 60_000);

  it('says what cannot be served before what is wrong behind it in the trace, as one thread does', async () => {
    const { organisation, mapping, timing, options, runs } = memoryOf(
      fc.sample(memories, { seed: 3, numRuns: 1 })[0]!,
    );
    // Refreshes take all of the time.
    const constraints = timing.constraints.map((constraint) =>
      constraint.preceding.includes('REFab') ? { ...constraint, latency: 50_000 } : constraint,
    );
    const few = runs.slice(0, 400);
    const busy = { ...timing, constraints };
    const source = () => sourceOf(few, new InputError('a bad line'));
    const one = openReplay(organisation, busy, options, mapping, source());
    expect(() => one.advance(512)).toThrow('refresh leaves no time');
    for (const long of [1, 1 << 20]) {
      const many = openThreadedReplay(
        ...([organisation, busy, options, mapping, source(), undefined, 3, long] as const),
      );
      try {
        await expect(many.advance(512)).rejects.toThrow('refresh leaves no time');
      } finally {
        await many.close();
      }
    }
  });
});
