import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runMap } from '../../src/experiments/map.ts';
import { runOptimise } from '../../src/experiments/optimise.ts';
import { runRecord } from '../../src/experiments/record.ts';
import { runReplay } from '../../src/experiments/replay.ts';
import { run } from '../../src/experiments/run.ts';
import { runSimulate } from '../../src/experiments/simulate.ts';
import { runWaterfall } from '../../src/experiments/waterfall.ts';
import { REPLAY_TABLE } from '../../src/results/tables.ts';
import { tableCsv } from '../../src/results/write-rows.ts';
import { tinySearch, writeTinyInference } from './tiny-inference.ts';

let folder: string;
let network: { readonly weights: string; readonly dataset: string };
let trace: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-pins-'));
  network = await writeTinyInference(folder);
  trace = join(folder, 'tiny.sxt');
  await runRecord({ ...network, images: 2, workload: 'stream', out: trace });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** 1/2 x 1.8 pF x (1.2 V)^2 x 800 MHz on 36 pins for 5 ns, nJ: one read of LPDDR3. */
const PINS_OF_READ = (0.5 * 1.8 * 1.44 * 800 * 36 * 5) / 1e6;
const PINS = { ioCapacitance: 'device' } as const;
const POINT = {
  supplies: [1.35, 1.025],
  mappings: ['baseline'],
  chips: 1,
  inferences: 2,
  images: 4,
} as const;

/** Rows without and with pins, of the same job. */
const both = async <Row>(rows: (pins: typeof PINS | object) => Promise<readonly Row[]>) =>
  [await rows({}), await rows(PINS)] as const;

describe('data pins', () => {
  it('of run and replay are a term of the total, the same at every supply, and lower the saving', async () => {
    const runs = await both(async (pins) => (await run({ ...network, ...POINT, ...pins })).rows);
    const replays = await both(
      async (pins) => (await runReplay({ trace, supplies: [...POINT.supplies], ...pins })).rows,
    );
    for (const [plain, pinned] of [runs, replays])
      for (const [i, row] of pinned.entries()) {
        const core = plain[i]!;
        expect([core.data_pins, core.dram_energy_io_nJ]).toEqual(['none', 0]);
        expect(row.data_pins).toBe('1.8 pF at 1.2 V');
        expect(row.dram_energy_io_nJ).toBeCloseTo(row.accesses * PINS_OF_READ, 6);
        expect(row.dram_energy_total_nJ).toBeCloseTo(core.dram_energy_total_nJ! + row.dram_energy_io_nJ!, 9);
        expect(row.energy_per_access_hit_pJ).toBeCloseTo(
          core.energy_per_access_hit_pJ! + PINS_OF_READ * 1000,
          2,
        );
        for (const column of ['dram_energy_rd_nJ', 'dram_energy_act_nJ', 'cycles', 'accuracy'] as const)
          expect(row[column], column).toBe(core[column]);
        const [nominal] = pinned;
        expect(row.energy_saving_vs_nominal).toBeCloseTo(
          1 - row.energy_per_access_pJ! / nominal!.energy_per_access_pJ!,
          12,
        );
      }
    for (const [plain, pinned] of [runs, replays])
      expect(pinned[1]!.energy_saving_vs_nominal).toBeLessThan(plain[1]!.energy_saving_vs_nominal! - 0.03);
    const [row] = runs[1];
    expect(row!.inference_energy_saving_vs_nominal).toBeCloseTo(0, 12);
  });

  it('are weighed by no vendor: only the core reads by the bits read', async () => {
    const [plain, pinned] = await both(
      async (pins) => (await run({ ...network, ...POINT, dataEnergy: 'b', ...pins })).rows,
    );
    for (const [i, row] of pinned.entries()) {
      expect(row.dram_energy_rd_nJ).toBe(plain[i]!.dram_energy_rd_nJ);
      expect(row.dram_energy_io_nJ).toBeCloseTo(row.accesses * PINS_OF_READ, 6);
      expect(row.energy_per_access_hit_pJ - plain[i]!.energy_per_access_hit_pJ).toBeCloseTo(
        PINS_OF_READ * 1000,
        2,
      );
    }
  });

  it('of simulate, map and a search are in their energies', async () => {
    const job = { ...network, supply: 1.025, images: 2, workload: 'stream' } as const;
    const [core, pinned] = await both(async (pins) => [(await runSimulate({ ...job, ...pins })).row]);
    const extra = (pinned[0]!.accesses * PINS_OF_READ) / 2;
    expect(core[0]!.dram_energy_io_per_inference_nJ).toBe(0);
    expect(pinned[0]!.dram_energy_io_per_inference_nJ).toBeCloseTo(extra, 6);
    for (const column of ['dram_energy_per_inference_nJ', 'energy_per_inference_nJ'] as const)
      expect(pinned[0]![column]! - core[0]![column]!).toBeCloseTo(extra, 6);
    expect(pinned[0]!.data_pins).toBe('1.8 pF at 1.2 V');

    const maps = await both(async (pins) => [await runMap({ ...network, ...pins })]);
    expect(maps.map(([map]) => map!.data_pins)).toEqual(['none', '1.8 pF at 1.2 V']);
    for (const traffic of ['traffic', 'baselineTraffic'] as const)
      expect(maps[1][0]![traffic].dram_energy_per_inference_nJ).toBeGreaterThan(
        maps[0][0]![traffic].dram_energy_per_inference_nJ,
      );

    const search = tinySearch(network);
    const found = await both(async (pins) => [await runOptimise({ ...search, ...POINT, ...pins })]);
    expect(found.map(([one]) => one!.dataPins)).toEqual(['none', '1.8 pF at 1.2 V']);
    const savings = found.map(([one]) => one!.front[0]!.saving);
    expect(savings[1]).toBeLessThan(savings[0]! - 0.03);
  });

  it('are refused, before any simulation, where nothing gives their load', async () => {
    const device = 'ddr3l-1600-4gb';
    const refused = /ddr3l-1600-4gb gives no load of its data pins/;
    await expect(run({ ...network, ...POINT, device, ...PINS })).rejects.toThrow(refused);
    await expect(runReplay({ trace, device, ...PINS })).rejects.toThrow(refused);
    await expect(runSimulate({ ...network, device, images: 1, ...PINS })).rejects.toThrow(refused);
    await expect(runReplay({ trace, ioVoltage: 1.1 })).rejects.toThrow(/without the load of the data pins/);
  });

  it('are said by a waterfall, of each run', async () => {
    const [plain, pinned] = await both(async (pins) => (await runReplay({ trace, ...pins })).rows);
    const files = [join(folder, 'plain.csv'), join(folder, 'pinned.csv')] as const;
    await writeFile(files[0], await tableCsv(REPLAY_TABLE, plain));
    await writeFile(files[1], await tableCsv(REPLAY_TABLE, pinned));
    const [from, to] = files.map((file) => ({ file, where: {} }));
    const { pins, steps } = await runWaterfall(from!, to!, 'access');
    expect(pins).toEqual(['core currents only, no pins', 'with pins: 1.8 pF at 1.2 V, unscaled']);
    expect(steps.filter(({ change }) => change !== 0).map(({ term }) => term)).toEqual(['io']);
  });
});

describe('the range of a saving of replay', () => {
  it('holds the saving itself, and is there only where it was asked for', async () => {
    const { rows, ranges } = await runReplay({ trace, supplies: [1.35, 1.025], range: true });
    expect(ranges).toHaveLength(2);
    expect(rows[0]).toMatchObject({ saving_low: 0, saving_high: 0 });
    const { saving_low: low, saving_high: high, energy_saving_vs_nominal: saving } = rows[1]!;
    const { cases } = ranges![1]!;
    expect([low, high]).toEqual([ranges![1]!.low, ranges![1]!.high]);
    const own = cases.filter(
      (one) =>
        one.currents === 'own' &&
        one.law === 'quadratic' &&
        one.rails === 'lpddr3-1600-4gb-sparkxd' &&
        one.pins === 'none',
    );
    expect(own).toHaveLength(1);
    expect(own[0]!.saving).toBeCloseTo(saving!, 12);
    expect(high! - low!).toBeGreaterThan(0.2);

    const plain = await runReplay({ trace, supplies: [1.025] });
    expect(plain.ranges).toBeUndefined();
    expect(plain.rows[0]).not.toHaveProperty('saving_low');
  });

  it('is over a law and pins of its own, and needs currents', async () => {
    const { ranges } = await runReplay({
      trace,
      supplies: [1.1],
      range: true,
      law: { exponent: 1.5 },
      ioCapacitance: 3,
    });
    const [{ cases }] = ranges as [NonNullable<typeof ranges>[number]];
    expect(new Set(cases.map(({ law }) => law))).toContain('exponent 1.5');
    expect(new Set(cases.map(({ pins }) => pins))).toEqual(new Set(['none', '3 pF at 1.2 V']));
    await expect(runReplay({ trace, device: 'lpddr5-6400', range: true })).rejects.toThrow(
      /lpddr5-6400 has no supply currents/,
    );
  });
});
