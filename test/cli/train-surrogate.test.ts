import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseLayers } from '../../src/weights/layers-file.ts';
import { idxFile } from '../datasets/idx-files.ts';
import { leftAndRight } from '../snn/small-network.ts';
import { sparkxd } from './program.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-surrogate-'));
  const images = leftAndRight(120, 20);
  for (const split of ['train', 't10k']) {
    await writeFile(at(`${split}-images-idx3-ubyte`), idxFile('', [120, 20, 20], images.pixels).bytes);
    await writeFile(at(`${split}-labels-idx1-ubyte`), idxFile('', [120], images.labels).bytes);
  }
});
afterEach(() => rm(folder, { recursive: true }));

const train = (...args: string[]) =>
  sparkxd('train', '--rule', 'surrogate', '--dataset', folder, '--out', at('w.safetensors'), ...args);

const SMALL = ['--layers', '400-12-10', '--epochs', '4', '--batch', '10', '--learning-rate', '0.01'];

describe('sparkxd train --rule surrogate', () => {
  it('learns, writes a network of layers, and repeats it from the manifest byte for byte', async () => {
    const { code, stdout } = await train(...SMALL, '--json', '--quiet');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      layers: [400, 12, 10],
      training_images: 100,
      test_accuracy: 1,
    });
    const bytes = await readFile(at('w.safetensors'));
    const { network, dynamics, presentation, storage } = parseLayers(bytes, 'w.safetensors');
    expect(network.layers.map(({ kind }) => kind)).toEqual([
      'input',
      'flatten',
      'dense',
      'neurons',
      'dense',
      'neurons',
      'output',
    ]);
    expect(dynamics).toMatchObject({ integration: 'euler', resetTime: 'same-step', threshold: 'gt' });
    expect([presentation.steps, presentation.readout, storage]).toEqual([20, 'potential-sum', 'fp16']);
    const again = [
      '--manifest',
      at('w.manifest.json'),
      '--dataset',
      folder,
      '--out',
      at('again.safetensors'),
    ];
    expect(await sparkxd('train', ...again)).toMatchObject({ code: 0 });
    expect(await readFile(at('again.safetensors'))).toEqual(bytes);
    expect(await readFile(at('again.manifest.json'))).toEqual(await readFile(at('w.manifest.json')));
  });

  it('trains under errors beside a control, and repeats that, too', async () => {
    const under = ['--fault-aware', '--ber', '0.02', '--format', 'int8', '--curriculum', 'linear'];
    const { code, stdout } = await train(...SMALL, ...under, '--json', '--quiet');
    expect(code).toBe(0);
    const outcome = JSON.parse(stdout);
    expect(outcome).toMatchObject({ bit_error_rate: 0.02, masks: 5, validation_images: 20 });
    expect(outcome.gain).toBeCloseTo(outcome.accuracy_under_errors - outcome.control_under_errors, 12);
    const again = [
      '--manifest',
      at('w.manifest.json'),
      '--dataset',
      folder,
      '--out',
      at('again.safetensors'),
    ];
    expect(await sparkxd('train', ...again)).toMatchObject({ code: 0 });
    expect(await readFile(at('again.safetensors'))).toEqual(await readFile(at('w.safetensors')));
  });

  it.each([
    [['--layers', '399-10'], 1, 'the first layer has 399 inputs'],
    [['--layers', '400-9'], 1, 'the last layer has 9 neurons'],
    [['--layers', '400-x'], 2, 'expected sizes such as 784-256-10'],
    [['--format', 'uint8', '--fault-aware', '--ber', '0.1'], 1, 'the format uint8 has no sign'],
    [['--fault-aware'], 1, 'fault-aware training needs errors'],
    [['--ber', '0.1'], 1, '--ber belongs to fault-aware training'],
    [['--network', 'n10'], 1, '--network belongs to --rule stdp'],
    [['--images', '121'], 1, '121 training images are requested, the dataset has 120'],
  ])('refuses %j', async (args, code, says) => {
    const outcome = await train(...args);
    expect(outcome.code).toBe(code);
    expect(outcome.stderr).toContain(says);
    expect((await readdir(folder)).filter((file) => file.startsWith('w.'))).toEqual([]);
  });

  it('refuses its settings under the other rule', async () => {
    const outcome = await sparkxd(
      'train',
      '--layers',
      '400-10',
      '--dataset',
      folder,
      '--out',
      at('w.safetensors'),
    );
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain('--layers belongs to --rule surrogate');
  });
});
