import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runRecord } from '../../src/experiments/record.ts';
import { runReplay } from '../../src/experiments/replay.ts';
import { run } from '../../src/experiments/run.ts';
import { runSimulate } from '../../src/experiments/simulate.ts';
import { packageFolder } from '../../src/files/package.ts';
import { cases, FULL, randomCases } from '../effort.ts';
import { TINY_IMAGES, writeTinyInference } from './tiny-inference.ts';

let folder: string;
let network: { readonly weights: string; readonly dataset: string };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-recorded-'));
  network = await writeTinyInference(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const CODINGS = [
  ...(['fp32', 'bf16', 'fp16', 'int16', 'int8', 'int4'] as const).map((format) => ({
    format,
    ecc: 'none' as const,
  })),
  { format: 'fp32', ecc: 'secded' },
  { format: 'int8', ecc: 'secded' },
  { format: 'fp16', ecc: 'parity' },
] as const;

/** What a recording is made of and read with. */
const settings = fc.record({
  coding: fc.constantFrom(...CODINGS),
  workload: fc.constantFrom('event' as const, 'stream' as const),
  mapping: fc.constantFrom(
    ...(['baseline', 'bank-interleaved', 'sparkxd', 'eden', 'bit-plane', 'energy-optimal'] as const),
  ),
  repair: fc.constantFrom('none' as const, 'clamp' as const, 'zero' as const, 'force' as const),
  errorModel: fc.constantFrom(0 as const, 1 as const, 2 as const, 3 as const),
  flipProbability: fc.constantFrom(0.3, 0.8, 1, 1),
  draw: fc.constantFrom('activation' as const, 'persistent' as const, 'read' as const),
  accelerator: fc.constantFrom('edge', 'tiny'),
  supply: fc.constantFrom(1.025, 1.05),
  chip: fc.integer({ min: 1, max: 4 }),
  seed: fc.nat(3),
  pruneInputs: fc.option(fc.constantFrom(0, 0.05), { nil: undefined }),
  images: fc.integer({ min: 1, max: TINY_IMAGES }),
});

describe('a recorded trace', () => {
  it(
    'answers what the simulation that recorded it found, bit by bit',
    async () => {
      let wrong = 0;
      let uncertain = 0;
      const accuracies = new Set<number>();
      await fc.assert(
        fc.asyncProperty(settings, async ({ coding, draw, pruneInputs, ...chosen }) => {
          fc.pre(coding.ecc === 'none' || chosen.mapping !== 'bit-plane');
          const trace = join(folder, 'simulated.sxt');
          const shared = { timing: 'paper', draw } as const;
          const { row, hash } = await runSimulate({
            ...network,
            ...coding,
            ...chosen,
            ...shared,
            berLimit: 1,
            ...(pruneInputs === undefined ? {} : { pruneInputs }),
            record: trace,
            hash: true,
          });
          const replayed = await runReplay({
            ...shared,
            trace,
            arrival: 'trace',
            supplies: [chosen.supply],
            hash: true,
          });
          const [again] = replayed.rows;
          const names = [
            ...([
              'accuracy',
              'accuracy_low',
              'accuracy_high',
              'images',
              'inferences',
              'chip',
              'repair',
            ] as const),
            ...(['wrong_bits_read_per_inference', 'ber_chip', 'mapping', 'workload'] as const),
            ...(['weight_format', 'ecc', 'accesses', 'bytes', 'cycles', 'dram_energy_total_nJ'] as const),
            ...(['energy_per_bit_pJ', 'bus_utilisation', 'network', 'dataset', 'voltage_profile'] as const),
          ];
          for (const name of names) expect([name, again![name]]).toEqual([name, row[name]]);
          // Sums over other stretches of the same bytes.
          expect(again!.ber_placed! / row.ber_placed).toBeCloseTo(1, 12);
          expect(replayed.hashes).toEqual([hash]);
          // Without check bits, the wrong bits that were read are those of the accesses.
          expect(again!.bits_wrong).toBeCloseTo(row.wrong_bits_read_per_inference * chosen.images, 6);
          wrong += again!.bits_wrong!;
          if (chosen.flipProbability < 1 || chosen.errorModel === 3) uncertain++;
          accuracies.add(again!.accuracy!);
        }),
        { seed: 26, numRuns: randomCases(25, 300) },
      );
      expect(wrong).toBeGreaterThan(100);
      expect(uncertain).toBeGreaterThan(FULL ? 5 : 2);
      // Of few cases most may answer alike.
      expect(accuracies.size).toBeGreaterThan(cases(1, 3));
    },
    cases(120_000, 900_000),
  );

  it(
    'answers what `run` finds at each supply and chip where flips are certain',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          settings,
          async ({ coding, draw: _draw, flipProbability: _p, supply: _supply, pruneInputs, ...chosen }) => {
            const mapping = chosen.mapping === 'bank-interleaved' ? 'bank-interleaved' : 'baseline';
            const errorModel = chosen.errorModel === 3 ? 0 : chosen.errorModel;
            const trace = join(folder, 'recorded.sxt');
            const { repair, images, chip: _chip, mapping: _mapping, ...rest } = chosen;
            const shared = {
              ...network,
              ...coding,
              ...rest,
              ...(pruneInputs === undefined ? {} : { pruneInputs }),
              errorModel,
            };
            await runRecord({ ...shared, images, mapping, out: trace });
            const supplies = [1.35, 1.1, 1.025];
            const { rows } = await run({
              ...shared,
              repair,
              images,
              inferences: images,
              mappings: [mapping],
              supplies,
              chips: 2,
              timing: 'stretched',
            });
            const again = await runReplay({ trace, supplies, chips: 2, repair, timing: 'stretched' });
            expect(again.rows).toHaveLength(rows.length);
            // The saving of a run is against all weights in FP32, that of a replay against the same trace.
            for (const [i, row] of rows.entries())
              for (const [name, value] of Object.entries(row))
                if (name in again.rows[i]! && name !== 'energy_saving_vs_nominal')
                  expect([name, again.rows[i]![name as 'accuracy']]).toEqual([name, value]);
          },
        ),
        { seed: 27, numRuns: randomCases(8, 100) },
      );
    },
    cases(120_000, 900_000),
  );
});

describe('a recorded trace on another device', () => {
  it(
    'reads the weak cells of the place where its addresses fall, bursts that two rows share included',
    async () => {
      const module64 = join(folder, 'module64.yaml');
      const model = await readFile(join(packageFolder, 'hw-models/dram/ddr3-1600-1gb.yaml'), 'utf8');
      await writeFile(
        module64,
        model.replace('devices_per_rank: { value: 1', 'devices_per_rank: { value: 8'),
      );
      let shared = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(module64, 'ddr3-1600-1gb', 'lpddr4-3200-8gb'),
          fc.constantFrom('row-bank-column', 'bank-row-column', 'row-column-bank'),
          fc.constantFrom(0.3, 0.8, 1),
          fc.constantFrom('activation' as const, 'read' as const, 'persistent' as const),
          fc.constantFrom('fp32' as const, 'int8' as const),
          fc.integer({ min: 1, max: 4 }),
          async (device, addressMapping, flipProbability, draw, format, images) => {
            const trace = join(folder, 'stream.sxt');
            await runRecord({ ...network, workload: 'stream', images, format, out: trace });
            const outcome = await runReplay({
              ...{
                trace,
                device,
                addressMapping,
                flipProbability,
                draw,
                profile: 'sparkxd',
                timing: 'paper',
              },
              supplies: [device === 'lpddr4-3200-8gb' ? 0.84 : 1.15],
            });
            const [row] = outcome.rows;
            // Streamed weights are read whole: what each inference computes with is what its accesses gave back.
            expect(row!.wrong_bits_read_per_inference! * images).toBeCloseTo(row!.bits_wrong!, 6);
            if (row!.access_bytes === 64 && row!.bits_wrong! > 0) shared++;
          },
        ),
        { seed: 28, numRuns: randomCases(12, 100) },
      );
      expect(shared).toBeGreaterThan(0);
    },
    cases(120_000, 900_000),
  );
});
