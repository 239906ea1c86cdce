import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runReplay } from '../../src/experiments/replay.ts';
import { cases } from '../effort.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-lines-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Run {
  readonly burst: number;
  readonly bursts: number;
  readonly write: boolean;
  /** ns since the run before. */
  readonly later: number;
}

const runs: fc.Arbitrary<readonly Run[]> = fc.array(
  fc.record({
    burst: fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 100_000 })),
    bursts: fc.integer({ min: 1, max: 40 }),
    write: fc.boolean(),
    later: fc.oneof(fc.constant(0), fc.nat({ max: 5 }), fc.nat({ max: 3000 })),
  }),
  { minLength: 1, maxLength: 60 },
);

/** The runs as CSV, a line a run or a line a burst. */
function csvOf(drawn: readonly Run[], bytes: number, cut: boolean): string {
  let time = 0;
  const lines = drawn.flatMap(({ burst, bursts, write, later }) => {
    time += later;
    const line = (first: number, count: number): string =>
      `${time},${write ? 'write' : 'read'},${first * bytes},${count * bytes},\n`;
    return cut ? Array.from({ length: bursts }, (_, i) => line(burst + i, 1)) : [line(burst, bursts)];
  });
  return `arrival_ns,op,address,bytes,source\n${lines.join('')}`;
}

it.each([
  ['ddr4-2400-8gb', 8, 'row-bank-column', 'asap'],
  ['ddr4-2400-8gb', 8, 'row-bank-column', 'trace'],
  ['lpddr4-3200-8gb', 32, 'RoBaRaCoCh', 'trace'],
  ['lpddr3-1600-4gb-sparkxd', 32, 'row-column-bank', 'asap'],
] as const)(
  '%s, bursts of %i bytes, %s, arrival %s: lines of one burst give what lines of whole runs give',
  async (device, bytes, addressMapping, arrival) => {
    const outcome = async (drawn: readonly Run[], cut: boolean) => {
      const trace = join(folder, 'a.csv');
      await writeFile(trace, csvOf(drawn, bytes, cut));
      const { rows, banks, hashes } = await runReplay({
        ...{ trace, device, addressMapping, arrival, hash: true },
      });
      return { rows, banks, hashes };
    };
    await fc.assert(
      fc.asyncProperty(runs, async (drawn) => {
        expect(await outcome(drawn, true)).toEqual(await outcome(drawn, false));
      }),
      { seed: 5, numRuns: cases(15, 60) },
    );
  },
);
