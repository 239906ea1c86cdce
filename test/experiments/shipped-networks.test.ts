import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/datasets/dataset.ts';
import { digestsOf, readSurrogateManifest } from '../../src/experiments/training/surrogate-manifest.ts';
import { readTrainingManifest, requireSameImages } from '../../src/experiments/training/training-manifest.ts';
import { sha256 } from '../../src/files/sha256.ts';
import { readDataset } from '../../src/inputs/read-dataset.ts';
import { readNetwork } from '../../src/inputs/read-network.ts';
import { weightTensors } from '../../src/snn/layers/layered-network.ts';
import { defaultRecipe } from '../../src/snn/recipes.ts';
import { parseLayers } from '../../src/weights/layers-file.ts';
import { FULL } from '../effort.ts';

const folder = fileURLToPath(new URL('../../networks/', import.meta.url));
const names = readdirSync(folder)
  // Fashion-MNIST takes seconds to read.
  .filter((file) => file.endsWith('.safetensors') && (FULL || !file.includes('fashion-mnist')))
  .map((file) => file.replace(/\.safetensors$/, ''));

const datasets = new Map<string, Promise<Dataset>>();

/** Each dataset is read once. */
function datasetOf(name: string): Promise<Dataset> {
  const known = datasets.get(name) ?? readDataset(name);
  datasets.set(name, known);
  return known;
}

describe.each(names.filter((name) => !name.startsWith('mlp')))('the shipped network %s', (name) => {
  it('is what its manifest says, made by the recipe of its size and dataset from the images of the latter', async () => {
    const manifestFile = `${folder}${name}.manifest.json`;
    const { record, weights } = await readTrainingManifest(manifestFile);
    expect(sha256(await readFile(`${folder}${name}.safetensors`))).toBe(weights);
    const stored = await readNetwork(name);
    expect(JSON.parse(stored.training)).toEqual(record);

    const dataset = await datasetOf(record.dataset);
    requireSameImages(record, dataset.train, manifestFile);
    const { neurons, seed, storage } = record.recipe;
    expect(record.recipe).toEqual({ ...defaultRecipe(neurons, dataset, seed), storage });
    expect(name).toBe(`n${neurons}-${record.dataset}`);
  });
});

describe.each(names.filter((name) => name.startsWith('mlp')))('the shipped network %s', (name) => {
  it('is what its manifest says, made from the images of its dataset', async () => {
    const { configuration, inputs, weights } = await readSurrogateManifest(`${folder}${name}.manifest.json`);
    const bytes = await readFile(`${folder}${name}.safetensors`);
    expect(sha256(bytes)).toBe(weights);
    const { training, network } = parseLayers(bytes, name);
    expect(JSON.parse(training)).toEqual({ ...configuration, ...inputs });
    expect(weightTensors(network).map(({ rows, columns }) => [rows, columns])).toEqual([
      [784, 256],
      [256, 10],
    ]);
    expect(digestsOf((await datasetOf(configuration.dataset)).train)).toEqual(inputs);
    expect(name).toBe(`mlp-${configuration.dataset}${configuration.fault_aware ? '-fault-aware' : ''}`);
  });
});
