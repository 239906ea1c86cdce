import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SILENT } from '../../src/experiments/monitor.ts';
import { run } from '../../src/experiments/run.ts';
import { localExecutor } from '../../src/sweep/local-executor.ts';
import { mergeSweep, planSweep, runSweep, sweepState } from '../../src/sweep/run-sweep.ts';
import { writeTinyInference } from '../experiments/tiny-inference.ts';

const CHIPS = 10;

describe('a sweep over measured modules', () => {
  let folder: string;
  let tiny: { weights: string; dataset: string };
  const at = (name: string): string => join(folder, name);
  const plan = (supplies: string, chips: readonly number[]): string =>
    `axes:\n  weights: [${tiny.weights}]\n  dataset: [${tiny.dataset}]\n  profile: [voltron-population]\n` +
    `  supply: [${supplies}]\n  mapping: [baseline]\n  chip: [${chips.join(', ')}]\n  inferences: 1\n`;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sparkxd-unknown-'));
    tiny = await writeTinyInference(folder);
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  const all = Array.from({ length: CHIPS }, (_, i) => i + 1);

  it('has the rows and the unknown points of run, does not fail for them and leaves them once they are found', async () => {
    await writeFile(at('plan.yaml'), plan('1.35, 1.1', all));
    const points = { supplies: [1.35, 1.1], mappings: ['baseline'], chips: CHIPS, inferences: 1 } as const;
    const single = await run({ ...tiny, ...points, profile: 'voltron-population' });
    expect(single.unknown.length).toBeGreaterThan(0);

    const state = await runSweep(at('plan.yaml'), at('out'), localExecutor(1), SILENT);
    expect(state).toMatchObject({ points: 2 * CHIPS, failed: 0, failures: [] });
    expect(state.unknownPoints).toEqual(single.unknown);
    expect(state.done + state.unknown).toBe(2 * CHIPS);
    expect(await mergeSweep(at('out'))).toMatchObject({
      rows: single.rows.length,
      missing: 0,
      unknown: single.unknown.length,
    });

    let taken = 0;
    const monitor = { ...SILENT, begin: (_: string, steps: number) => void (taken = steps) };
    expect(await runSweep(at('plan.yaml'), at('out'), localExecutor(1), monitor)).toEqual(state);
    expect(taken).toBe(0);
    expect(await sweepState(at('out'))).toEqual(state);
    const files = await readdir(at('out/points'));
    expect(files.filter((name) => name.endsWith('.unknown.json')).length).toBe(state.unknown);
  });

  it('is no fault of a plan', async () => {
    await writeFile(at('plan.yaml'), plan('1.1, 0.5', all));
    const { refused, unknown } = await planSweep(at('plan.yaml'));
    expect(refused).toMatchObject([{ points: all.map((chip) => CHIPS + chip - 1) }]);
    expect(new Set(unknown.map(({ supply }) => supply))).toEqual(new Set([1.1]));
  });

  it('has nothing to merge where no module is known', async () => {
    const { unknown } = await run({
      ...{ ...tiny, supplies: [1.35, 1.1], mappings: ['baseline'] as const, chips: CHIPS, inferences: 1 },
      profile: 'voltron-population',
    });
    await writeFile(at('none.yaml'), plan('1.1', [unknown[0]!.chip]));
    const state = await runSweep(at('none.yaml'), at('none'), localExecutor(1), SILENT);
    expect(state).toMatchObject({ done: 0, failed: 0, unknown: 1 });
    await expect(mergeSweep(at('none'))).rejects.toThrow(
      'of 1 of 1 points the module is not known at the supply, and no other is done',
    );
  });
});
