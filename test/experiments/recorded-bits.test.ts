import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOrderedMapping } from '../../src/dram/address-mapping.ts';
import { explainWeights } from '../../src/experiments/explain-weights.ts';
import { runRecord } from '../../src/experiments/record.ts';
import { openMatrixRecording } from '../../src/experiments/recording/open-recording.ts';
import { runReplay } from '../../src/experiments/replay.ts';
import { runSimulate } from '../../src/experiments/simulate.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { createInputRecorder } from '../../src/inputs/recorder.ts';
import { openTrace } from '../../src/inputs/trace-files.ts';
import { REPLAY } from '../../src/settings/jobs/replay.ts';
import { completeJob } from '../../src/settings/parse-job.ts';
import { ADDRESS_ORDER } from '../../src/sparkxd/dram-windows.ts';
import { rowRegion } from '../../src/sparkxd/stored-tensors.ts';
import type { MatrixMap } from '../../src/trace/memory-map.ts';
import { shippedModels } from '../shipped-models.ts';
import { writeTinyInference } from './tiny-inference.ts';

let folder: string;
let network: { readonly weights: string; readonly dataset: string };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-recorded-bits-'));
  network = await writeTinyInference(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The memory map of a recording, and how its weights are stored when it is opened with `change`d tensors. */
async function recorded(
  coding: { readonly format: 'int8' | 'fp32'; readonly ecc: 'parity' | 'none' },
  change: (tensor: MatrixMap['tensors'][0]) => MatrixMap['tensors'][0],
) {
  const trace = join(folder, 'recorded.sxt');
  await runRecord({ ...network, ...coding, workload: 'stream', images: 1, out: trace });
  const opened = await openTrace(trace);
  const map = opened.trace.memoryMap!()! as MatrixMap;
  opened.close();
  const job = completeJob(REPLAY, { trace, supplies: [1.35] });
  const device = await loadDevice(map.placement.device, shippedModels);
  const { memory } = await openMatrixRecording(
    { ...map, tensors: [change(map.tensors[0])] },
    { ...job, device: map.placement.device },
    device,
    createOrderedMapping(device.organisation, ADDRESS_ORDER),
    createInputRecorder(),
  );
  return { tensor: map.tensors[0], stored: memory.stored };
}

describe('the bits under the parity of a recording', () => {
  it.each([
    ['int8', 3],
    ['fp32', 9],
  ] as const)('are said of %s, and two where it does not say', async (format, bits) => {
    const { tensor, stored } = await recorded({ format, ecc: 'parity' }, (sound) => sound);
    expect(tensor.parity_bits).toBe(bits);
    expect(rowRegion(tensor.shape[1], stored.coding).topBits).toBe(bits);
    const { parity_bits: _, ...before } = tensor;
    const old = await recorded({ format, ecc: 'parity' }, () => before);
    expect(rowRegion(tensor.shape[1], old.stored.coding).topBits).toBe(2);
    expect(old.stored.image.length).toBe(stored.image.length);
    expect(old.stored.image).not.toEqual(stored.image);
  });

  it('are not said without parity, and refused where weights have fewer', async () => {
    const { tensor } = await recorded({ format: 'int8', ecc: 'none' }, (sound) => sound);
    expect('parity_bits' in tensor).toBe(false);
    await expect(
      recorded({ format: 'int8', ecc: 'parity' }, (sound) => ({ ...sound, parity_bits: 9 })),
    ).rejects.toThrow(/parity over the top 9 bits of weights of 1 bytes/);
  });
});

describe('flips that are explained', () => {
  it('are of weights under the ceiling that is given', async () => {
    const explained = async (ceiling?: number) => {
      const input = { ...network, supplies: [1.025], mapping: 'baseline', format: 'uint8' } as const;
      const [at] = await explainWeights(ceiling === undefined ? input : { ...input, ceiling });
      return at!.flips.map(({ stored, read, role }) => ({ change: Math.abs(read - stored), role }));
    };
    const flips = await explained(2);
    expect(flips.length).toBeGreaterThan(0);
    for (const { change, role } of flips) {
      expect(role).toMatch(/^2\^[0-7]$/);
      expect(change).toBeCloseTo((2 * 2 ** Number(role.slice(2))) / 255, 6);
    }
    await expect(explained(1e-6)).rejects.toThrow(/a ceiling of 0.000001, but the largest weight/);
  });
});

describe('a mapping that rotates words for one chip', () => {
  const words =
    /respawn rotates words for the weak cells of one chip at one supply, which a recording does not say/;

  it('is refused where a trace is recorded, and where one is placed anew', async () => {
    const out = join(folder, 'never.sxt');
    await expect(runRecord({ ...network, mapping: 'respawn', images: 1, out })).rejects.toThrow(words);
    await expect(runSimulate({ ...network, mapping: 'respawn', images: 1, record: out })).rejects.toThrow(
      words,
    );
    const trace = join(folder, 'sound.sxt');
    await runRecord({ ...network, images: 1, out: trace });
    await expect(runReplay({ trace, supplies: [1.1], replace: true, mapping: 'respawn' })).rejects.toThrow(
      words,
    );
  });

  it('is refused where flips are explained weight by weight', async () => {
    const { weights, dataset } = network;
    await expect(explainWeights({ weights, dataset, supplies: [1.1], mapping: 'respawn' })).rejects.toThrow(
      /the mapping respawn rotates them/,
    );
  });
});
