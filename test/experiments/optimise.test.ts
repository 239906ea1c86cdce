import { describe, expect, it } from 'vitest';
import { runOptimise } from '../../src/experiments/optimise.ts';
import { run } from '../../src/experiments/run.ts';
import type { OptimiseInput } from '../../src/settings/jobs/optimise.ts';
import type { RunInput } from '../../src/settings/jobs/run.ts';

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

describe('the search for an operating point', () => {
  it('finds the front that running every point gives, on one thread', async () => {
    const found = await runOptimise(job, 1, silent);
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
    const { rows } = await run(plain, 1, silent);
    const all = rows.map((row) => ({
      energy: row.dram_energy_per_inference_nJ,
      latency: row.time_ns,
      accuracy: row.accuracy,
    }));
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
    expect(found.baseline.accuracy).toBe(rows[0]!.baseline_accuracy);
    expect(found.choices).toBe(4);
    expect(found.presentations).toBeLessThan(found.presentationsUnpruned);
    const optimum = found.front.find((point) => point.optimum)!;
    expect(optimum.energy_nJ).toBe(
      Math.min(...all.filter(({ accuracy }) => accuracy >= found.required).map(({ energy }) => energy)),
    );
    expect(optimum.reward).toBeCloseTo(optimum.accuracy - 0.1 * (1 - optimum.saving), 12);
  });
});
