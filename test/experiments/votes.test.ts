import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runEvaluate } from '../../src/experiments/evaluate.ts';
import { runRecord } from '../../src/experiments/record.ts';
import { runReplay } from '../../src/experiments/replay.ts';
import { run } from '../../src/experiments/run.ts';
import { runTolerance } from '../../src/experiments/tolerance.ts';
import { VOTES, type Vote } from '../../src/snn/vote.ts';
import { writeTinyInference } from './tiny-inference.ts';

let folder: string;
let network: { readonly weights: string; readonly dataset: string };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-votes-'));
  network = await writeTinyInference(folder);
});
afterAll(() => rm(folder, { recursive: true }));

const chip = { mapping: 'baseline', timing: 'paper', format: 'int8', seed: 2 } as const;

/** Accuracy of one chip at one supply. */
const evaluated = (vote: Vote) =>
  runEvaluate({ ...network, ...chip, supply: 1.025, chip: 1, repair: 'none', vote });

describe('a vote', () => {
  it('changes the accuracy, and is the same in run and in evaluate', async () => {
    const accuracies = new Set<number>();
    for (const vote of VOTES) {
      const { mapping, ...rest } = chip;
      const points = {
        supplies: [1.025],
        mappings: [mapping],
        chips: 1,
        inferences: 1,
        repair: 'none',
      } as const;
      const { rows } = await run({ ...network, ...rest, ...points, vote });
      expect(rows[0]).toMatchObject({ vote, accuracy: (await evaluated(vote)).accuracy });
      accuracies.add(rows[0]!.accuracy);
    }
    expect(accuracies.size).toBeGreaterThan(1);
  });

  it('of a replay is that of the recording, or the one that is named', async () => {
    const trace = join(folder, 'two.sxt');
    await runRecord({ ...network, ...chip, images: 2, out: trace, vote: 'activity' });
    const replayed = { trace, supplies: [1.025], timing: 'paper', repair: 'none', images: 'all' } as const;
    const own = await runReplay(replayed);
    expect(own.rows[0]).toMatchObject({ vote: 'activity', accuracy: (await evaluated('activity')).accuracy });
    const { rows } = await runReplay({ ...replayed, vote: 'likelihood' });
    expect(rows[0]).toMatchObject({
      vote: 'likelihood',
      accuracy: (await evaluated('likelihood')).accuracy,
    });
  });

  it('is in every row of tolerance, whose clean accuracy is that of evaluate', async () => {
    const job = { ...network, bers: [0.1], trials: 2, seed: 2 };
    const { rows, clean } = await runTolerance({ ...job, vote: 'activity' });
    expect(new Set(rows.map(({ vote }) => vote))).toEqual(new Set(['activity']));
    const { accuracy } = await runEvaluate({ ...network, seed: 2, vote: 'activity' });
    expect(clean.accuracy).toBe(accuracy);
    expect((await runTolerance({ ...job, vote: 'likelihood' })).clean.accuracy).not.toBe(accuracy);
  });
});
