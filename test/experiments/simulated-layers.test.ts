import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runEvaluate } from '../../src/experiments/evaluate.ts';
import { runRecord } from '../../src/experiments/record.ts';
import { runReplay } from '../../src/experiments/replay.ts';
import { runSimulate } from '../../src/experiments/simulate.ts';
import type { SimulateInput } from '../../src/settings/jobs/simulate.ts';
import { type TinyLayers, type TinyNetwork, writeTinyLayers } from './tiny-layers.ts';

const CHIP = { profile: 'sparkxd', mapping: 'baseline', timing: 'stretched' } as const;
const IMAGES = 4;
const ALL = ['dense', 'recurrent', 'conv'] as const;

let folder: string;
const files = {} as Record<TinyNetwork, TinyLayers>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-layers-'));
  for (const which of ALL) files[which] = await writeTinyLayers(folder, which);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const simulated = (which: TinyNetwork, input: Partial<SimulateInput> = {}) =>
  runSimulate({ ...files[which], ...CHIP, images: IMAGES, ...input });

describe('a simulated layered network', () => {
  it.each(ALL)('(%s) has the accuracy and the errors of evaluate', async (which) => {
    for (const supply of [1.35, 1.025]) {
      const { row } = await simulated(which, { supply, format: 'int8' });
      const expected = await runEvaluate({
        ...files[which],
        ...CHIP,
        supply,
        format: 'int8',
        images: IMAGES,
      });
      expect(row.accuracy).toBe(expected.accuracy);
      expect(row.flipped_bits).toBe(expected.flipped_bits);
      expect(row.pe_utilisation + row.wait_dram + row.wait_lookup).toBeCloseTo(1, 9);
    }
  });

  it.each(ALL)('(%s) is recorded as it fetched, and replayed with the same commands', async (which) => {
    const record = join(folder, `${which}.sxt`);
    const { row, hash } = await simulated(which, { record, hash: true });
    const replayed = await runReplay({ trace: record, arrival: 'trace', hash: true });
    expect(replayed.hashes).toEqual([hash]);
    expect(replayed.rows[0]!.accesses).toBe(row.accesses);
    expect(replayed.rows[0]!.accuracy).toBe(row.accuracy);
    const own = join(folder, `${which}-own.sxt`);
    await runRecord({ ...files[which], ...CHIP, workload: 'event', images: IMAGES, out: own });
    expect((await runReplay({ trace: own })).rows[0]!.accesses).toBe(row.accesses);
  });

  it.each(ALL)('(%s) has the same spikes as a pipeline, each core with its own layers', async (which) => {
    const one = await simulated(which);
    const { row, sources } = await simulated(which, { accelerator: 'quad-edge', layerSchedule: 'pipeline' });
    expect(row.cores).toBe(2);
    expect(row.accuracy).toBe(one.row.accuracy);
    // Additions and updates are the same, whoever makes them.
    for (const column of [
      'accelerator_energy_addition_per_inference_nJ',
      'accelerator_energy_update_per_inference_nJ',
      'accelerator_energy_state_per_inference_nJ',
    ] as const)
      expect(row[column]).toBeCloseTo(one.row[column], 9);
    expect(sources.slice(0, 2).every(({ requests }) => requests! > 0)).toBe(true);
    expect(row.wait_spikes).toBeGreaterThanOrEqual(0);
  });

  it('is cut over cores, layer by layer, where it is dense', async () => {
    const { row } = await simulated('recurrent', { accelerator: 'quad-edge', cores: 2, mapping: 'sparkxd' });
    const one = await simulated('recurrent', { mapping: 'sparkxd' });
    expect(row.accuracy).toBe(one.row.accuracy);
    expect(row.accelerator_energy_addition_per_inference_nJ).toBeCloseTo(
      one.row.accelerator_energy_addition_per_inference_nJ,
      9,
    );
  });

  it('streams its tensors one after the other', async () => {
    const { row } = await simulated('conv', { workload: 'stream', supply: 1.025 });
    expect(row.fetches_per_inference).toBe(1 + 36);
    expect(row.wrong_bits_read_per_inference).toBeGreaterThanOrEqual(0);
  });

  it('is refused in words what cannot be', async () => {
    await expect(simulated('recurrent', { workload: 'stream' })).rejects.toThrow(
      /hears its own spikes a step later/,
    );
    await expect(simulated('dense', { workload: 'stream', layerSchedule: 'pipeline' })).rejects.toThrow(
      /--workload event/,
    );
    await expect(simulated('dense', { flipProbability: 0.5, supply: 1.025 })).rejects.toThrow(
      /change the hidden spikes/,
    );
    await expect(simulated('dense', { batch: 2 })).rejects.toThrow(/leave out --batch/);
    await expect(simulated('dense', { format: 'int8', record: join(folder, 'no.sxt') })).rejects.toThrow(
      /weights as read are not those that were trained/,
    );
    await expect(simulated('conv', { accelerator: 'quad-edge' })).rejects.toThrow(
      /kernels of a convolution, which are not cut over 4 cores/,
    );
    await expect(simulated('dense', { accelerator: 'edge', layerSchedule: 'pipeline' })).rejects.toThrow(
      /does not say how 2 cores are joined/,
    );
    await expect(
      simulated('dense', { accelerator: 'quad-edge', layerSchedule: 'pipeline', cores: 4 }),
    ).rejects.toThrow(/2 of this network, not 4/);
  });
});
