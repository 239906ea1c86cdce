import { describe, expect, it } from 'vitest';
import { runEvaluate } from '../../src/experiments/evaluate.ts';
import { runOptimise } from '../../src/experiments/optimise.ts';
import { run } from '../../src/experiments/run.ts';
import type { MappingPolicy } from '../../src/mapping/policy.ts';
import type { OptimiseInput } from '../../src/settings/jobs/optimise.ts';
import type { RunInput } from '../../src/settings/jobs/run.ts';
import { FULL } from '../effort.ts';

const shared = {
  dataset: 'mnist',
  device: 'lpddr3-1600-4gb-sparkxd',
  profile: 'sparkxd',
  accelerator: 'edge',
  supplies: [1.35, 1.025],
  mappings: ['baseline', 'sparkxd'],
  chips: 1,
  images: 24,
  inferences: 1,
  workload: 'stream',
  berLimit: 1e-3,
  pruneInputs: 1e-3,
  bound: 0.01,
  seed: 1,
} satisfies Partial<RunInput>;
const job: OptimiseInput = {
  ...shared,
  networks: ['n400-mnist'],
  formats: ['fp32'],
  repairs: ['none'],
  timings: ['paper'],
  occupied: 0,
  rewardWeight: 0.1,
};
const silent = { begin() {}, advance() {} };

/** What `run` gives for the job's points, one chip. */
const plain: RunInput = {
  ...shared,
  weights: 'n400-mnist',
  timing: 'paper',
  repair: 'none',
  format: 'fp32',
  ecc: 'none',
  errorModel: 0,
  law: 'quadratic',
};

/** Accuracy of each point on the validation images, by `evaluate`, and of the baseline. */
const validated = async (supply: number | undefined, mapping: MappingPolicy) => {
  const { dataset, device, profile, images, seed, pruneInputs } = shared;
  const own = {
    weights: 'n400-mnist',
    dataset,
    device,
    images,
    seed,
    split: 'validation',
    repair: 'none',
  } as const;
  const chip = { profile, pruneInputs, mapping, timing: 'paper', chip: 1 } as const;
  const row = await runEvaluate({ ...own, ...(supply === undefined ? {} : { ...chip, supply }) });
  return row.accuracy;
};

describe('the search for an operating point', () => {
  it.runIf(FULL)(
    'finds the front that every point gives on the validation images, and tests the optimum once',
    async () => {
      const found = await runOptimise(job, 1, silent);
      const { rows } = await run(plain, 1, silent);
      const all: { energy: number; latency: number; accuracy: number }[] = [];
      for (const row of rows)
        all.push({
          energy: row.dram_energy_per_inference_nJ,
          latency: row.time_ns,
          accuracy: await validated(row.supply_V, row.mapping as MappingPolicy),
        });
      const front = all
        .filter(
          (p) =>
            !all.some(
              (q) => q !== p && q.energy <= p.energy && q.latency <= p.latency && q.accuracy >= p.accuracy,
            ),
        )
        .sort((a, b) => a.energy - b.energy);
      expect(
        found.front.map(({ energy_nJ, latency_ns, accuracy }) => ({
          energy: energy_nJ,
          latency: latency_ns,
          accuracy,
        })),
      ).toEqual(front);
      expect(found.baseline.accuracy).toBe(await validated(undefined, 'baseline'));
      expect(found.choices).toBe(4);
      expect(found.presentations).toBeLessThan(found.presentationsUnpruned);
      const optimum = found.front.find((point) => point.optimum)!;
      expect(optimum.energy_nJ).toBe(
        Math.min(...all.filter(({ accuracy }) => accuracy >= found.required).map(({ energy }) => energy)),
      );
      const asRun = rows.find((row) => row.supply_V === optimum.supply && row.mapping === optimum.mapping)!;
      expect(found.tested).toMatchObject({
        baseline: { images: 24, accuracy: asRun.baseline_accuracy, energy_nJ: found.baseline.energy_nJ },
        chosen: { accuracy: asRun.accuracy, energy_nJ: asRun.dram_energy_per_inference_nJ },
        saving: asRun.inference_energy_saving_vs_nominal,
        meetsBound: asRun.meets_bound,
      });
      expect(found.tested!.lost.estimate).toBeCloseTo(asRun.baseline_accuracy - asRun.accuracy, 12);
      expect(optimum.reward).toBeCloseTo(optimum.accuracy - 0.1 * (1 - optimum.saving), 12);
    },
  );
});
