import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runEvaluate } from '../../src/experiments/evaluate.ts';
import { runRecord } from '../../src/experiments/record.ts';
import { runReplay } from '../../src/experiments/replay.ts';
import { run } from '../../src/experiments/run.ts';
import { runSimulate } from '../../src/experiments/simulate.ts';
import { writeTinyInference } from './tiny-inference.ts';

const CHIPS = { profile: 'voltron-population', repair: 'none', seed: 1 } as const;
const WEIGHTS = { ...CHIPS, mapping: 'baseline' } as const;
const SUPPLY = 1.2;

describe('rows of one chip', () => {
  let folder: string;
  let tiny: { weights: string; dataset: string };
  let trace: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sparkxd-module-'));
    tiny = await writeTinyInference(folder);
    trace = join(folder, 'tiny.sxt');
    await runRecord({ ...tiny, mapping: 'baseline', images: 2, out: trace });
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it('say which module it takes, the same in every command, and how many bits it flips', async () => {
    const chips = [1, 2, 3, 4];
    const at = { ...tiny, ...WEIGHTS, timing: 'paper' } as const;
    const points = { supplies: [SUPPLY], mappings: ['baseline'], chips: 4, inferences: 1 } as const;
    const { rows } = await run({ ...tiny, ...CHIPS, ...points, timing: 'paper' });
    expect(new Set(rows.map(({ module }) => module)).size).toBe(4);
    for (const chip of chips) {
      const { module, flipped_bits } = rows[chip - 1]!;
      const { row } = await runSimulate({ ...at, supply: SUPPLY, chip, images: 1 });
      const evaluated = await runEvaluate({ ...at, supply: SUPPLY, chip });
      for (const one of [row, evaluated]) {
        expect([one.module, one.flipped_bits]).toEqual([module, flipped_bits]);
        expect(one.ber_observed > 0).toBe(flipped_bits > 0);
      }
    }
    const replayed = await runReplay({ ...CHIPS, trace, timing: 'paper', supplies: [SUPPLY], chip: chips });
    expect(replayed.rows.map(({ module }) => module)).toEqual(rows.map(({ module }) => module));
    const alone = await runReplay({ trace, noAccuracy: true, supplies: [SUPPLY] });
    expect(alone.rows[0]!.module).toBeUndefined();
  });

  it('say by which circuit curve latencies or errors follow the supply, if any do', async () => {
    const at = { ...tiny, ...WEIGHTS, supply: SUPPLY, images: 1 } as const;
    const curves = async (latencyCurve: string | undefined, timing: 'nominal' | 'stretched' | 'paper') => {
      const by = { timing, ...(latencyCurve === undefined ? {} : { latencyCurve }) };
      const { row } = await runSimulate({ ...at, ...by });
      const replayed = await runReplay({ ...CHIPS, ...by, trace, supplies: [SUPPLY] });
      const evaluated = await runEvaluate({ ...at, ...by });
      return [row.latency_curve, replayed.rows[0]!.latency_curve, evaluated.latency_curve];
    };
    const [own, other] = ['voltron-spice', 'voltron-table'];
    expect(await curves(undefined, 'stretched')).toEqual([own, own, own]);
    expect(await curves(other, 'stretched')).toEqual([other, other, other]);
    // Accuracy alone has no latencies, and the errors of `paper` are of the supply.
    expect(await curves(other, 'paper')).toEqual([other, other, undefined]);
    // Errors that were measured at a latency.
    expect(await curves(other, 'nominal')).toEqual([other, other, other]);
    const { row } = await runSimulate({ ...at, profile: 'sparkxd', timing: 'nominal' });
    expect(row.latency_curve).toBeUndefined();
    const clean = await runEvaluate({ ...tiny, ber: 0.01 });
    expect([clean.module, clean.latency_curve]).toEqual([undefined, undefined]);
  });
});
