import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SILENT } from '../../src/experiments/monitor.ts';
import { runTrain } from '../../src/experiments/training/train.ts';
import { readDataset } from '../../src/inputs/read-dataset.ts';
import { networkOfSeed } from '../../src/reproduction/training-seeds.ts';
import { idxFile } from '../datasets/idx-files.ts';
import { leftAndRight } from '../snn/small-network.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
const jobFor = (out: string, seed: number) => ({
  ...{ out: at(out), dataset: folder, neurons: 10, seed, images: 60, epochs: 2 },
});
const training = () => ({
  ...{ folder: at('kept'), datasetOf: () => readDataset(folder), threads: 1, monitor: SILENT },
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-seeds-'));
  const images = leftAndRight(120, 20);
  for (const split of ['train', 't10k']) {
    await writeFile(at(`${split}-images-idx3-ubyte`), idxFile('', [120, 20, 20], images.pixels).bytes);
    await writeFile(at(`${split}-labels-idx1-ubyte`), idxFile('', [120], images.labels).bytes);
  }
  await runTrain(jobFor('first.safetensors', 1));
});
afterAll(() => rm(folder, { recursive: true }));

describe("a network's training under another seed", () => {
  it('is the one that training by the same recipe and that seed gives', async () => {
    const file = await networkOfSeed(at('first.safetensors'), 2, training());
    expect(file).toBe(at('kept/first-seed2.safetensors'));
    await runTrain(jobFor('second.safetensors', 2));
    expect(await readFile(file)).toEqual(await readFile(at('second.safetensors')));
    expect(await readFile(at('kept/first-seed2.manifest.json'))).toEqual(
      await readFile(at('second.manifest.json')),
    );
  });

  it('is the network itself under its own seed', async () => {
    expect(await networkOfSeed(at('first.safetensors'), 1, training())).toBe(at('first.safetensors'));
  });

  it('is taken from the folder if its recipe is the same, and made again if not', async () => {
    const file = await networkOfSeed(at('first.safetensors'), 2, training());
    const { mtimeMs } = await stat(file);
    await networkOfSeed(at('first.safetensors'), 2, training());
    expect((await stat(file)).mtimeMs).toBe(mtimeMs);
    const made = await readFile(file);
    await writeFile(file, await readFile(at('first.safetensors')));
    await networkOfSeed(at('first.safetensors'), 2, training());
    expect(await readFile(file)).toEqual(made);
  });

  it('needs the manifest and the very images', async () => {
    await writeFile(at('alone.safetensors'), await readFile(at('first.safetensors')));
    await expect(networkOfSeed(at('alone.safetensors'), 2, training())).rejects.toThrow(/training manifest/);
    const other = await readDataset('mnist');
    const elsewhere = { ...training(), datasetOf: async () => other };
    await expect(networkOfSeed(at('first.safetensors'), 3, elsewhere)).rejects.toThrow(
      /not those of the manifest/,
    );
  });
});
