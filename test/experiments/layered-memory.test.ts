import { describe, expect, it } from 'vitest';
import { explainSupplies, explainWeights } from '../../src/experiments/explain-weights.ts';
import { mapLayers, runMap } from '../../src/experiments/map.ts';
import { openLayeredMemory } from '../../src/inputs/open-memory.ts';
import { createInputRecorder } from '../../src/inputs/recorder.ts';
import { MAP, type MapInput } from '../../src/settings/jobs/map.ts';
import { completeJob } from '../../src/settings/parse-job.ts';
import type { LayeredTensor } from '../../src/sparkxd/stored-layers.ts';
import type { NamedValue } from '../../src/sparkxd/tensor-names.ts';

/** Two dense layers, 300-128-10, and the kernels of a convolution. */
const tensors: LayeredTensor[] = [
  ['conv.weight', 3, 8 * 9],
  ['fc1.weight', 300, 128],
  ['fc2.weight', 128, 10],
].map(([name, rows, columns]) => ({
  ...{ name: name as string, rows: rows as number, columns: columns as number },
  weights: Float32Array.from(
    { length: (rows as number) * (columns as number) },
    (_, k) => ((k * 7919) % 2003) / 1001 - 1,
  ),
}));

async function open(input: MapInput, tensorLimits?: NamedValue<number>[]) {
  const job = completeJob(MAP, { weights: 'none', format: 'int8', ...input });
  const recorder = createInputRecorder();
  const choice = { ...job, repair: 'none' as const, needsCurrents: true, tensorLimits };
  const memory = await openLayeredMemory(
    { ...choice, tensorFormats: [['fc2.*', 'fp16']] },
    tensors,
    recorder,
  );
  return { job, memory, recorder };
}

describe('the tensors of a layered network on a shipped device', () => {
  it('are mapped with a row each, whose bytes are those of the image', async () => {
    const { job, memory, recorder } = await open({ mapping: 'sparkxd', supply: 1.025 });
    const outcome = await mapLayers(job, memory, recorder);
    expect(outcome.tensors).toMatchObject([
      { tensor: 'conv.weight', rows: 3, columns: 72, format: 'int8', weightBytes: 216, paddedBytes: 3 * 96 },
      { tensor: 'fc1.weight', weightBytes: 38_400, paddedBytes: 38_400 },
      { tensor: 'fc2.weight', format: 'fp16', weightBytes: 128 * 20, paddedBytes: 128 * 32 },
    ]);
    expect(outcome.paddedBytes).toBe(288 + 38_400 + 4096);
    expect(outcome.weightBytes).toBe(216 + 38_400 + 2560);
    expect(outcome.traffic.dram_energy_per_inference_nJ).toBeGreaterThan(0);
    for (const { ber_placed, ber_worst_placed, ber_limit } of outcome.tensors!) {
      expect(ber_worst_placed).toBeGreaterThanOrEqual(ber_placed);
      expect(ber_limit).toBe(1e-3);
    }
  });

  it('lie under eden each within its own limit, the most tolerant in the worst subarrays', async () => {
    const limits: NamedValue<number>[] = [
      ['conv.weight', 1e-4],
      ['fc1.weight', 1e-2],
    ];
    const { job, memory, recorder } = await open({ mapping: 'eden', supply: 1.025 }, limits);
    const { tensors: rows, subarraysAboveLimit } = await mapLayers(job, memory, recorder);
    expect(rows!.map(({ ber_limit }) => ber_limit)).toEqual([1e-4, 1e-2, 1e-3]);
    for (const { ber_worst_placed, ber_limit, subarraysAboveLimit: above } of rows!) {
      expect(ber_worst_placed).toBeLessThanOrEqual(ber_limit);
      expect(above).toBe(0);
    }
    expect(subarraysAboveLimit).toBe(0);
    const [conv, fc1, fc2] = rows!.map(({ ber_placed }) => ber_placed);
    expect(fc1).toBeGreaterThan(fc2!);
    expect(fc2).toBeGreaterThan(conv!);
  });

  it('have their flips explained tensor by tensor: as many as were held, each a bit of its own weight', async () => {
    const { job, memory } = await open({ mapping: 'baseline', supply: 1.025 });
    const [explained] = explainSupplies({ ...job, supplies: [1.025] }, memory);
    const held = memory.hold(memory.at(job.chip, 1.025, 'baseline'));
    expect(explained!.bits).toBe(8 * (3 * 72 + 300 * 128) + 16 * 128 * 10);
    expect(explained!.flips.length).toBeGreaterThan(0);
    for (const [k, { name, rows, columns, weights }] of tensors.entries()) {
      const own = explained!.flips.filter(({ tensor }) => tensor === name);
      expect(own.length).toBeLessThanOrEqual(held.tensors[k]!.flippedBits);
      const flipped = new Set(own.map(({ tensorRow, column }) => tensorRow * columns + column));
      for (const { tensorRow, column, stored } of own) {
        expect(tensorRow).toBeLessThan(rows);
        expect(Math.abs(stored - weights[tensorRow * columns + column]!)).toBeLessThan(1 / 100);
      }
      const sound = memory.loads(
        { ...memory.cells(memory.at(1, 1.025, 'baseline'), held.placement), size: 0 },
        0,
      );
      const before = sound(0)[k]!;
      for (let i = 0; i < rows * columns; i++)
        expect(Object.is(held.weights[k]![i], before[i])).toBe(!flipped.has(i));
    }
  });

  it('are read from a file of NIR', async () => {
    const weights = 'test/goldens/networks/conv.nir';
    const limits: [string, number][] = [['conv*', 1e-3]];
    const { tensors: rows } = await runMap({ weights, mapping: 'eden', tensorLimits: limits });
    expect(rows).toMatchObject([
      { tensor: 'conv1.weight', rows: 1, columns: 150, format: 'fp32', ber_limit: 1e-3 },
      { tensor: 'conv2.weight', rows: 6, columns: 300 },
      { tensor: 'fc.weight', rows: 192, columns: 10 },
    ]);
    const [explained] = await explainWeights({ weights, supplies: [1.025] });
    expect(explained!.bits).toBe(32 * (150 + 1800 + 1920));
    expect(new Set(explained!.flips.map((flip) => 'tensor' in flip && flip.tensor))).toEqual(
      new Set(['conv1.weight', 'conv2.weight', 'fc.weight']),
    );
    await expect(runMap({ weights, mapping: 'sparkxd', tensorLimits: limits })).rejects.toThrow(
      /limits of single tensors change nothing under the mapping sparkxd/,
    );
    await expect(runMap({ mapping: 'eden', tensorLimits: limits })).rejects.toThrow(
      /--ber-limit conv\*=... is of a tensor of a layered network/,
    );
  });

  it('refuse, all at once, what only Diehl & Cook networks have', async () => {
    const recorder = createInputRecorder();
    const job = completeJob(MAP, { weights: 'none', mapping: 'sparkxd' });
    const choice = { ...job, repair: 'median' as const, pruneInputs: 0, ceiling: 1, prior: 'n900-mnist' };
    await expect(openLayeredMemory(choice, tensors, recorder)).rejects.toThrow(
      /4 obstacles: --prune-inputs.*--ceiling.*--prior.*"median"/,
    );
  });
});
