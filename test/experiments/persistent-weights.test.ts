import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOrderedMapping } from '../../src/dram/address-mapping.ts';
import { type RequestRun, replay } from '../../src/dram/replay.ts';
import { readingOptions } from '../../src/experiments/replay/reading-options.ts';
import { runReplay } from '../../src/experiments/replay.ts';
import { runSimulate } from '../../src/experiments/simulate.ts';
import { bytesPerBurst } from '../../src/hardware/device.ts';
import { openMemory } from '../../src/inputs/open-memory.ts';
import { readInference } from '../../src/inputs/read-inference.ts';
import { createInputRecorder } from '../../src/inputs/recorder.ts';
import { timingAt } from '../../src/inputs/timing-at.ts';
import { openTrace } from '../../src/inputs/trace-files.ts';
import { controllerOptions } from '../../src/settings/controller-settings.ts';
import { REPLAY } from '../../src/settings/jobs/replay.ts';
import { SIMULATE, type SimulateInput } from '../../src/settings/jobs/simulate.ts';
import { completeJob } from '../../src/settings/parse-job.ts';
import { ADDRESS_ORDER } from '../../src/sparkxd/dram-windows.ts';
import { bitLayoutOf } from '../../src/sparkxd/stored-tensors.ts';
import { traceRequests } from '../../src/trace/trace-requests.ts';
import { cases, FULL, randomCases } from '../effort.ts';
import { createPersistentBits } from '../reference/persistent-bits.ts';
import { TINY_IMAGES, writeTinyInference } from './tiny-inference.ts';

let folder: string;
let network: { readonly weights: string; readonly dataset: string };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-persistent-'));
  network = await writeTinyInference(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const CODINGS = [
  ...(['fp32', 'int8'] as const).map((format) => ({ format, ecc: 'none' as const })),
  { format: 'fp32', ecc: 'secded' },
  { format: 'fp16', ecc: 'parity' },
] as const;

const settings = fc.record({
  coding: fc.constantFrom(...CODINGS),
  workload: fc.constantFrom('event' as const, 'stream' as const),
  mapping: fc.constantFrom('baseline' as const, 'bank-interleaved' as const, 'sparkxd' as const),
  repair: fc.constantFrom('none' as const, 'zero' as const),
  errorModel: fc.constantFrom(0 as const, 3 as const),
  flipProbability: fc.constantFrom(0.02, 0.1, 0.5),
  accelerator: fc.constantFrom('edge', 'tiny'),
  chip: fc.integer({ min: 1, max: 4 }),
  images: fc.integer({ min: 3, max: TINY_IMAGES }),
  rewriteEvery: fc.constantFrom(undefined, 1, 2, 3, 7, 100),
});
type Chosen = typeof settings extends fc.Arbitrary<infer T> ? T : never;

const jobOf = ({ coding, rewriteEvery, ...chosen }: Chosen): SimulateInput => ({
  ...network,
  ...coding,
  ...chosen,
  ...(rewriteEvery === undefined ? {} : { rewriteEvery }),
  supply: 1.025,
  timing: 'paper',
  draw: 'persistent',
  berLimit: 1,
});

describe('weights whose wrong values stay in the memory', () => {
  it.runIf(FULL)(
    'are wrong where a memory followed bit by bit has them, through the commands of every inference',
    async () => {
      let differing = 0;
      let rewritten = 0;
      await fc.assert(
        fc.asyncProperty(settings, async (chosen) => {
          const trace = join(folder, 'loop.sxt');
          const { row, over_time: overTime } = await runSimulate({ ...jobOf(chosen), record: trace });
          // Each inference ends with its last read: what it read is what fewer images did not.
          const accesses: number[] = [];
          for (let images = 1; images <= chosen.images; images++)
            accesses.push((await runSimulate({ ...jobOf(chosen), images })).row.accesses);
          const wrong = await wrongBitsOf(jobOf(chosen), trace, accesses);
          expect(row.wrong_bits_read_per_inference).toBeCloseTo(
            wrong.reduce((a, b) => a + b) / chosen.images,
            6,
          );
          const every = chosen.rewriteEvery ?? Number.POSITIVE_INFINITY;
          for (const block of overTime!) {
            const own = wrong.filter(
              (_, i) => i % every >= block.inferences_from && i % every <= block.inferences_to,
            );
            expect(block.images).toBe(own.length);
            expect(block.wrong_bits_read_per_inference).toBeCloseTo(
              own.reduce((a, b) => a + b) / own.length,
              6,
            );
          }
          if (new Set(wrong).size > 1) differing++;
          if (chosen.images > every) rewritten++;
        }),
        { seed: 41, numRuns: randomCases(10, 100) },
      );
      expect(differing).toBeGreaterThan(FULL ? 4 : 1);
      expect(rewritten).toBeGreaterThan(FULL ? 1 : 0);
    },
    cases(180_000, 900_000),
  );

  it(
    'are wrong where the memory followed bit by bit has them, too, where reads of several inferences wait together',
    async () => {
      let differing = 0;
      await fc.assert(
        fc.asyncProperty(
          settings,
          fc.constantFrom('open' as const, 'closed' as const, 'timeout' as const),
          async (chosen, pagePolicy) => {
            const trace = join(folder, 'waiting.sxt');
            await runSimulate({ ...jobOf(chosen), record: trace });
            const accesses: number[] = [];
            for (let images = 1; images <= chosen.images; images++)
              accesses.push((await runSimulate({ ...jobOf(chosen), images })).row.accesses);
            const input = { ...jobOf(chosen), controller: { pagePolicy } };
            const wrong = await wrongBitsOf(input, trace, accesses, 'asap');
            const { rewriteEvery } = chosen;
            const { rows } = await runReplay({
              ...{
                trace,
                controller: { pagePolicy },
                supplies: [1.025],
                timing: 'paper',
                draw: 'persistent',
              },
              ...(rewriteEvery === undefined ? {} : { rewriteEvery }),
            });
            expect(rows[0]!.bits_wrong).toBe(wrong.reduce((a, b) => a + b));
            expect(rows[0]!.wrong_bits_read_per_inference! * chosen.images).toBeCloseTo(
              rows[0]!.bits_wrong!,
              6,
            );
            if (new Set(wrong).size > 1) differing++;
          },
        ),
        { seed: 42, numRuns: randomCases(6, 100) },
      );
      expect(differing).toBeGreaterThan(FULL ? 2 : 0);
    },
    cases(180_000, 900_000),
  );

  /** Wrong bits that each inference read, by following every single command; `accesses` are those up to each inference's end. */
  async function wrongBitsOf(
    input: SimulateInput,
    trace: string,
    accesses: readonly number[],
    arrival: 'trace' | 'asap' = 'trace',
  ) {
    const job = completeJob(SIMULATE, input);
    const recorder = createInputRecorder();
    const { stored, dataset } = await readInference(job, recorder);
    const choice = { ...job, modelOptions: { flipCharged: job.flipProbability } };
    const memory = await openMemory(choice, stored, recorder, async () => dataset);
    const { device } = memory;
    const { organisation } = device;
    const place = memory.at(job.chip, job.supply!, job.mapping);
    const image = bitLayoutOf(memory.stored, job.mapping).write(memory.stored.image);
    const bits = createPersistentBits(image, memory.place(place), place.chip(), job.supply!);
    const timing = await timingAt(device, job.supply!, job, recorder.models);
    const mapping = createOrderedMapping(organisation, ADDRESS_ORDER);
    const opened = await openTrace(
      trace,
      readingOptions({ job: completeJob(REPLAY, { trace }), device, mapping }),
    );
    const requests = traceRequests(opened.trace, device, mapping, arrival, 0);
    const burst = bytesPerBurst(organisation);
    /** By burst, the inferences whose reads of it wait to be served. */
    const waiting = new Map<number, number[]>();
    let requested = 0;
    const source = {
      next(run: RequestRun): boolean {
        if (!requests.next(run)) return false;
        for (let i = 0; i < run.bursts; i++) {
          const inference = accesses.findIndex((until) => requested < until);
          requested++;
          const own = Math.floor(run.address / burst) + i;
          waiting.set(own, [...(waiting.get(own) ?? []), inference]);
        }
        return true;
      },
    };
    const wrong = accesses.map(() => 0);
    replay(
      organisation,
      timing,
      controllerOptions(job.controller),
      mapping,
      source,
      (_cycle, command, rank, bank, row, column) => {
        if (command === 'ACT') bits.open(bank, row);
        if (command !== 'RD' && command !== 'RDA') return;
        const group = Math.floor(bank / organisation.banksPerGroup);
        const inference = waiting
          .get(mapping.encode(0, rank, group, bank % organisation.banksPerGroup, row, column))!
          .shift()!;
        const writings = job.rewriteEvery === undefined ? 0 : Math.floor(inference / job.rewriteEvery);
        wrong[inference]! += bits.read(bank, row, column, writings).length;
      },
    );
    opened.close();
    expect(requested).toBe(accesses.at(-1));
    return wrong;
  }

  it(
    'are the same in a replay of the recorded reads, whose wrong accesses sum to them',
    async () => {
      await fc.assert(
        fc.asyncProperty(settings, async (chosen) => {
          const trace = join(folder, 'simulated.sxt');
          const simulated = await runSimulate({ ...jobOf(chosen), record: trace });
          const { rewriteEvery } = chosen;
          const replayed = await runReplay({
            trace,
            arrival: 'trace',
            supplies: [1.025],
            timing: 'paper',
            draw: 'persistent',
            ...(rewriteEvery === undefined ? {} : { rewriteEvery }),
          });
          expect(replayed.over_time).toEqual(simulated.over_time);
          const [row] = replayed.rows;
          expect(row!.accuracy).toBe(simulated.row.accuracy);
          expect(row!.rewrite_every).toBe(rewriteEvery);
          const writing = /time and energy of these writes are not counted/;
          expect(replayed.notes.some((note) => writing.test(note))).toBe(rewriteEvery !== undefined);
          expect(row!.bits_wrong).toBeCloseTo(simulated.row.wrong_bits_read_per_inference * chosen.images, 6);
        }),
        { seed: 43, numRuns: randomCases(12, 150) },
      );
    },
    cases(180_000, 900_000),
  );

  it('answer alike for any number of threads', async () => {
    const trace = join(folder, 'threads.sxt');
    await runSimulate({
      ...network,
      supply: 1.025,
      timing: 'paper',
      workload: 'stream',
      images: TINY_IMAGES,
      record: trace,
    });
    const outcome = (threads: number) =>
      runReplay(
        {
          ...{ trace, supplies: [1.35, 1.025], chips: 3, timing: 'paper', draw: 'persistent' },
          ...{ flipProbability: 0.1, rewriteEvery: 3, overTime: join(folder, `${threads}.csv`) },
        },
        undefined,
        { threads },
      );
    const one = await outcome(1);
    expect(await outcome(3)).toEqual(one);
    const csv = await readFile(join(folder, '1.csv'), 'utf8');
    expect(await readFile(join(folder, '3.csv'), 'utf8')).toBe(csv);
    // Three chips, and blocks 0, 1 and 2 of each; without bit errors nothing grows.
    expect(
      one.over_time!.map(({ supply_V, chip, inferences_from }) => [supply_V, chip, inferences_from]),
    ).toEqual([1, 2, 3].flatMap((chip) => [0, 1, 2].map((from) => [1.025, chip, from])));
    expect(csv.trim().split('\r\n')).toHaveLength(10);
    expect(one.notes.join('\n')).toMatch(/^1\.35 V: no weak cell .* nothing grows over time there$/m);
  });

  it('have no course over time where flips are certain, which is said', async () => {
    const certain = { ...network, supply: 1.025, timing: 'paper', draw: 'persistent', images: 2 } as const;
    const lines: string[] = [];
    const { row, over_time: overTime } = await runSimulate(
      { ...certain, rewriteEvery: 1 },
      undefined,
      (line) => lines.push(line),
    );
    expect(overTime).toBeUndefined();
    expect(lines.join('\n')).toMatch(
      /nothing grows over time.*\n.*time and energy of these writes are not counted/,
    );
    const plain = await runSimulate({ ...certain, draw: 'activation' });
    expect({ ...row, rewrite_every: undefined }).toEqual(plain.row);
    await expect(runSimulate({ ...certain, overTime: join(folder, 'none.csv') })).rejects.toThrow(
      /nothing grows over time/,
    );
  });

  it('are written anew only where wrong values stay, and only those of a recording', async () => {
    const other = { ...network, supply: 1.025, images: 1, rewriteEvery: 2 } as const;
    for (const draw of ['activation', 'read'] as const) {
      await expect(runSimulate({ ...other, draw })).rejects.toThrow(
        /writing the weights anew changes nothing/,
      );
      await expect(
        runReplay({ trace: 'traces/n400-mnist-stream.sxt', draw, rewriteEvery: 2 }),
      ).rejects.toThrow(/--draw persistent with --rewrite-every/);
    }
    await expect(
      runReplay({
        trace: 'traces/n400-mnist-stream.sxt',
        draw: 'persistent',
        rewriteEvery: 2,
        noAccuracy: true,
      }),
    ).rejects.toThrow(/which --rewrite-every needs/);
  });
});
