import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runEvaluate } from '../../src/experiments/evaluate.ts';
import type { EvaluateInput } from '../../src/settings/jobs/evaluate.ts';
import { TINY_IMAGES, writeTinyInference } from './tiny-inference.ts';

let folder: string;
let tiny: Pick<EvaluateInput, 'weights' | 'dataset'>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-threshold-'));
  tiny = await writeTinyInference(folder);
});
afterAll(() => rm(folder, { recursive: true }));

describe('evaluate with an optimised threshold', () => {
  it('reports the shift, what it took, and the control beside it', async () => {
    const errors = { ber: 0.2, repair: 'clamp', format: 'int8' } as const;
    const control = await runEvaluate({ ...tiny, ...errors });
    const row = await runEvaluate({ ...tiny, ...errors, optimiseThreshold: 20 });
    expect(row).toMatchObject({
      split: 'test',
      vote: 'likelihood',
      images: TINY_IMAGES,
      flipped_bits: control.flipped_bits,
      threshold_search_images: 20,
      threshold_search_inferences: 23 * 20,
      accuracy_unchanged_threshold: control.accuracy,
    });
    expect(row.threshold_gain).toBeCloseTo(row.accuracy - control.accuracy, 12);
    expect(row.threshold_gain_high).toBeGreaterThan(row.threshold_gain_low!);
    expect(row.threshold_search_accuracy).toBeGreaterThanOrEqual(row.threshold_search_accuracy_unchanged!);
    expect(await runEvaluate({ ...tiny, ...errors, optimiseThreshold: 20 })).toEqual(row);
    expect(control).not.toHaveProperty('threshold_shift_mV');
  });

  it.each([
    ['--adapt', { adapt: 10 }],
    ['--relabel', { relabel: true }],
  ] as const)('is refused together with %s', async (flag, other) => {
    await expect(runEvaluate({ ...tiny, ...other, optimiseThreshold: 20 })).rejects.toThrow(flag);
  });

  it('is refused more images than label the neurons', async () => {
    await expect(runEvaluate({ ...tiny, optimiseThreshold: 26 })).rejects.toThrow(
      /26 images are requested, the labelling images .* are 25\n.*give --optimise-threshold at most 25/,
    );
  });
});
