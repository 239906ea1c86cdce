import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SILENT } from '../../src/experiments/monitor.ts';
import { run } from '../../src/experiments/run.ts';
import { localExecutor } from '../../src/sweep/local-executor.ts';
import { mergeSweep, runSweep } from '../../src/sweep/run-sweep.ts';

const mlp = fileURLToPath(new URL('../goldens/networks/mlp.nir', import.meta.url));

describe('a sweep of a network of layers', () => {
  let folder: string;
  const at = (name: string): string => join(folder, name);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sparkxd-sweep-layers-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it('has the rows of run; points that step it otherwise share no accuracy', async () => {
    await writeFile(
      at('plan.yaml'),
      `axes:\n  weights: [${mlp}]\n  time-step: [1ms]\n  steps: [2, 20]\n  input: [current]\n  reset: [subtract]\n` +
        '  images: [100]\n  inferences: [2]\n  format: [int8]\n  supply: [1350mV, 1.025]\n  mapping: [baseline]\n  chip: [1]\n',
    );
    const state = await runSweep(at('plan.yaml'), at('out'), localExecutor(1), SILENT);
    expect(state).toMatchObject({ points: 4, done: 4, failed: 0 });
    const merged = await mergeSweep(at('out'));
    expect(merged).toMatchObject({ rows: 4, missing: 0 });
    const [columns, ...rows] = String(await merged.write('csv'))
      .trim()
      .split(/\r?\n/)
      .map((line) => line.split(','));
    const cell = (row: readonly string[], name: string): string => row[columns!.indexOf(name)]!;
    const accuracies: number[] = [];
    for (const steps of [2, 20]) {
      const alone = await run({
        ...{ weights: mlp, timeStep: 0.001, steps, input: 'current', reset: 'subtract', images: 100 },
        ...{ inferences: 2, format: 'int8', supplies: [1.35, 1.025], mappings: ['baseline'], chips: 1 },
      });
      for (const row of alone.rows) {
        const found = rows.find(
          (cells) =>
            cell(cells, 'axis_steps') === String(steps) && cell(cells, 'supply_V') === String(row.supply_V),
        )!;
        expect(Number(cell(found, 'accuracy'))).toBe(row.accuracy);
        expect(Number(cell(found, 'dram_energy_total_nJ'))).toBe(row.dram_energy_total_nJ);
        accuracies.push(row.accuracy);
      }
    }
    expect(new Set(accuracies).size).toBeGreaterThan(1);
  });
});
