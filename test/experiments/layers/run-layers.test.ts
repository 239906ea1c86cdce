import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runEvaluate } from '../../../src/experiments/evaluate.ts';
import { run } from '../../../src/experiments/run.ts';
import { runTolerance } from '../../../src/experiments/tolerance.ts';
import { FULL } from '../../effort.ts';

const mlp = fileURLToPath(new URL('../../goldens/networks/mlp.nir', import.meta.url));
const NETWORK = {
  weights: mlp,
  timeStep: 0.001,
  steps: 20,
  input: 'current',
  reset: 'subtract',
  format: 'int8',
  images: 200,
} as const;

describe('run of a network of layers', () => {
  const job = {
    ...NETWORK,
    supplies: [1.35, 1.025],
    mappings: ['baseline', 'eden'],
    chips: 2,
    workload: 'event',
    inferences: 4,
    tensorFormats: [['fc2.weight', 'fp16']],
    tensorLimits: [['fc2.weight', 1e-4]],
  } as const;

  it('gives the same rows for any number of threads, each as evaluate finds it', async () => {
    const { rows } = await run(job);
    expect((await run(job, 2)).rows).toEqual(rows);
    expect(rows).toHaveLength(8);
    for (const row of rows) {
      expect(row.network).toBe('mlp.nir');
      expect(row.weight_format).toBe('int8, fc2.weight fp16');
      expect(row.vote).toBe('counts');
      expect(row.dram_energy_total_nJ).toBeGreaterThan(0);
      if (row.supply_V === 1.35) expect(row.accuracy).toBe(row.baseline_accuracy);
    }
    const last = rows.at(-1)!;
    const alone = await runEvaluate({
      ...NETWORK,
      tensorFormats: job.tensorFormats,
      tensorLimits: job.tensorLimits,
      supply: 1.025,
      mapping: 'eden',
      chip: 2,
    });
    expect(alone.accuracy).toBe(last.accuracy);
    expect(alone.flipped_bits).toBe(last.flipped_bits);
  });

  it('fetches in events what spikes need, and in streams every row', async () => {
    const { tensorLimits: _, ...rest } = job;
    const one = {
      ...rest,
      supplies: [1.35],
      mappings: ['baseline'],
      chips: 1,
    } as const;
    const [event] = (await run(one)).rows;
    const [stream] = (await run({ ...one, workload: 'stream' })).rows;
    // fc1: 784 rows of 128 bytes, four bursts each; fc2: 128 rows of 10 numbers of 16 bits, a burst each.
    expect(stream!.accesses).toBe(4 * (784 * 4 + 128));
    expect(event!.accesses).toBeLessThan(stream!.accesses);
    expect(event!.accesses).toBeGreaterThan(0);
  });

  it('refuses limits that no mapping looks at, and settings of other networks', async () => {
    await expect(run({ ...job, mappings: ['baseline'] })).rejects.toThrow('limits of single tensors');
    await expect(run({ weights: 'n400-mnist', steps: 20 })).rejects.toThrow('--steps is of layered networks');
    await expect(run({ weights: 'n400-mnist', tensorFormats: [['weight', 'int8']] })).rejects.toThrow(
      '--format',
    );
  });
});

describe('tolerance of a network of layers', () => {
  const job = {
    ...NETWORK,
    bers: [1e-2, 0.1],
    trials: 2,
    precision: 0.05,
    byLayer: true,
    bound: 0.05,
  } as const;

  it.runIf(FULL)(
    'finds the rate of each layer alone, and the share of them that all bear together',
    async () => {
      const found = await runTolerance(job);
      const { curve, byLayer, rows, clean } = found;
      expect(curve[1]!.interval.estimate).toBeLessThan(clean.accuracy);
      expect(byLayer!.tensors.map(({ tensor }) => tensor)).toEqual(['fc1.weight', 'fc2.weight']);
      const together = byLayer!.together!;
      expect(together.limits.map(({ tensor }) => tensor)).toEqual(['fc1.weight', 'fc2.weight']);
      for (const [k, { search }] of byLayer!.tensors.entries()) {
        expect(search.ber).toBeGreaterThan(0);
        expect(together.limits[k]!.ber).toBeCloseTo(search.ber * together.search.ber, 12);
      }
      expect(together.search.ber).toBeLessThanOrEqual(1);
      expect(rows.filter(({ damaged_part }) => damaged_part === 'fc1.weight').length).toBeGreaterThan(1);
      expect(await runTolerance(job, 2)).toEqual(found);
    },
  );

  it('damages single bits of every weight, and refuses groups of inputs', async () => {
    const { byBit } = await runTolerance({ ...job, byLayer: false, byBit: true });
    expect(byBit).toHaveLength(8);
    expect(byBit![7]!.interval.estimate).toBeLessThan(byBit![0]!.interval.estimate);
    await expect(runTolerance({ ...job, byInputs: 4 })).rejects.toThrow('--by-inputs');
    await expect(runTolerance({ weights: 'n400-mnist', byLayer: true, images: 10 })).rejects.toThrow(
      '--by-layer',
    );
  });
});
