import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSamples } from '../../src/inputs/read-samples.ts';
import { runPicture } from '../../src/report/run-picture.ts';
import { createLayeredInference } from '../../src/snn/layers/infer-layers.ts';
import { createSampleInput } from '../../src/sparkxd/layered-samples.ts';
import { TINY_NETWORKS, TINY_RUN, type TinyLayers, writeTinyLayers } from '../experiments/tiny-layers.ts';

let folder: string;
let files: TinyLayers;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-raster-'));
  files = await writeTinyLayers(folder, 'conv');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the raster of a layered network', () => {
  it('has as many spikes of each layer as the layer made', async () => {
    const picture = (await runPicture({ kind: 'raster', ...files, image: 2 })) as string;
    const found = await readSamples(files.dataset);
    if (found.kind !== 'images') throw new Error('images');
    const runnable = { network: TINY_NETWORKS.conv, ...TINY_RUN };
    const { spikes } = createLayeredInference(runnable).present(
      createSampleInput(runnable, { kind: 'images', set: found.test }, 1)(2),
    );
    expect(picture).toContain(`input: ${spikes[0]} spikes of 64`);
    expect(picture).toContain(`lif1: ${spikes[2]} spikes of 144`);
    expect(picture).toContain(`lif2: ${spikes[6]} spikes of 10`);
    expect(picture.match(/<circle/g)).toHaveLength(spikes[0]! + spikes[2]! + spikes[6]!);
    expect(picture).toContain('test sample 2, label 2');
  });

  it('leaves out the input where it is a current, and says so', async () => {
    const picture = (await runPicture({
      kind: 'raster',
      ...files,
      input: 'current',
      supply: 1.025,
    })) as string;
    expect(picture).not.toContain('input: ');
    expect(picture).toContain('input current');
    expect(picture).toContain('1.025 V, chip 1');
  });

  it('refuses a sample that is not there, and other pictures of layers', async () => {
    await expect(runPicture({ kind: 'raster', ...files, image: 8 })).rejects.toThrow(
      /no test sample 8[\s\S]*0 to 7/,
    );
    await expect(runPicture({ kind: 'fields', ...files })).rejects.toThrow(/picture raster/);
  });
});
