import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readNetwork } from '../../src/inputs/read-network.ts';
import { idxFile } from '../datasets/idx-files.ts';
import { cases, FULL, LONG } from '../effort.ts';
import { leftAndRight } from '../snn/small-network.ts';
import { isRefusal, sparkxd } from './program.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-train-'));
  const images = leftAndRight(120, 20);
  for (const split of ['train', 't10k']) {
    await writeFile(at(`${split}-images-idx3-ubyte`), idxFile('', [120, 20, 20], images.pixels).bytes);
    await writeFile(at(`${split}-labels-idx1-ubyte`), idxFile('', [120], images.labels).bytes);
  }
});
afterEach(() => rm(folder, { recursive: true }));

const train = (...args: string[]) =>
  sparkxd(
    'train',
    '--network',
    'n10',
    '--dataset',
    folder,
    '--epochs',
    '2',
    '--out',
    at('w.safetensors'),
    ...args,
  );

describe('sparkxd train and evaluate', () => {
  it("train on the user's images, repeat from the manifest byte for byte, and evaluate", async () => {
    expect(await train('--json', '--jobs', '1')).toMatchObject({ code: 0, stderr: '' });
    const again = [
      '--manifest',
      at('w.manifest.json'),
      '--dataset',
      folder,
      '--out',
      at('again.safetensors'),
    ];
    expect(await sparkxd('train', ...again)).toMatchObject({ code: 0, stderr: '' });
    expect(await readFile(at('again.safetensors'))).toEqual(await readFile(at('w.safetensors')));

    const evaluate = ['evaluate', '--weights', at('w.safetensors'), '--dataset', folder, '--json'];
    const [one, two] = await Promise.all(['1', '2'].map((jobs) => sparkxd(...evaluate, '--jobs', jobs)));
    expect(one).toEqual(two);
    const { accuracy, accuracy_low, accuracy_high, images } = JSON.parse(one!.stdout);
    expect(images).toBe(120);
    expect(accuracy).toBeGreaterThan(0.9);
    expect(accuracy_low).toBeLessThan(accuracy);
    expect(accuracy_high).toBeLessThanOrEqual(1);
  });

  it('train under errors beside a control, and repeat that byte for byte for any number of threads', async () => {
    const errors = ['--fault-aware', '--ber', '0.05', '--format', 'int8', '--repair', 'clamp'];
    const trained = await train(...errors, '--json', '--jobs', '1');
    expect(trained).toMatchObject({ code: 0, stderr: '' });
    const found = JSON.parse(trained.stdout);
    expect(found.gain).toBeCloseTo(found.accuracy_under_errors - found.control_under_errors, 12);
    expect(found.gain_low).toBeLessThanOrEqual(found.gain);
    const again = [
      '--manifest',
      at('w.manifest.json'),
      '--dataset',
      folder,
      '--out',
      at('again.safetensors'),
    ];
    expect(await sparkxd('train', ...again, '--jobs', '2')).toMatchObject({ code: 0, stderr: '' });
    expect(await readFile(at('again.safetensors'))).toEqual(await readFile(at('w.safetensors')));
  });

  it('go on from trained weights at their final rates, on fresh maps, no weight above their largest', async () => {
    expect((await train('--seed', '3')).code).toBe(0);
    const goOn = (...args: string[]) =>
      sparkxd(
        ...['train', '--fault-aware', '--weights', at('w.safetensors'), '--dataset', folder, '--ber', '0.01'],
        ...['--out', at('on.safetensors'), ...args],
      );
    const gone = await goOn('--json', '--images', '40');
    expect(gone).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(gone.stdout)).toMatchObject({
      neurons: 10,
      presentations: 40,
      training_images: 40,
      // The images kept for validation stay a sixth of all, however few of the others are shown.
      validation_images: 20,
    });
    const configuration = async (name: string) => JSON.parse(await readFile(at(name), 'utf8')).configuration;
    const [first, second] = [await configuration('w.manifest.json'), await configuration('on.manifest.json')];
    const { postRate, thetaPlusMv } = first.recipe;
    expect(second.recipe.postRate).toEqual({ from: postRate.to, to: postRate.to });
    expect(second.recipe.thetaPlusMv).toEqual({ from: thetaPlusMv.to, to: thetaPlusMv.to });
    expect(second.fault_aware).toMatchObject({ errorMaps: 'fresh', headroom: 1, repair: 'zero' });
    const show = async (name: string) => (await readNetwork(at(name))).network;
    const largest = (await show('w.safetensors')).ceiling;
    expect(second.recipe.ceiling).toBe(largest);
    expect((await show('on.safetensors')).ceiling).toBeLessThanOrEqual(largest);

    expect((await goOn('--ceiling', '0.2')).stdout).toContain('no weight above 0.2');
    expect((await show('on.safetensors')).ceiling).toBeLessThanOrEqual(Math.fround(0.2));
    for (const [args, message] of [
      [['--network', 'n11'], /have 10 neurons, not 11/],
      [['--dataset', 'mnist'], /trained on other images/],
    ] as const) {
      const refused = await goOn(...args);
      expect(refused.stderr).toMatch(message);
      expect(isRefusal(refused)).toBe(true);
    }
  });

  it('bound the weights with --ceiling while they learn, with and without errors', async () => {
    for (const errors of [[], ['--fault-aware', '--ber', '0.01']]) {
      expect(await train('--ceiling', '0.25', ...errors)).toMatchObject({ code: 0, stderr: '' });
      const manifest = JSON.parse(await readFile(at('w.manifest.json'), 'utf8'));
      expect(manifest.configuration.recipe.ceiling).toBe(0.25);
    }
    const { stdout } = await sparkxd('train', '--help');
    expect(stdout).toContain('--ceiling <W>                bound of the weights while they learn');
  });

  it.each<[string, string[], RegExp]>([
    ['without errors', ['--fault-aware'], /needs errors to be aware of/],
    [
      'a rate that falls',
      ['--fault-aware', '--ber', '0.01', '--ber-from', '0.1'],
      /cannot rise from 0.1 to 0.01/,
    ],
    ['refinements of what was not asked for', ['--headroom', '2'], /--headroom belongs to fault-aware/],
    ['weights to go on from', ['--weights', 'n400-mnist'], /only fault-aware training goes on/],
  ])('refuse fault-aware training: %s', async (_, args, message) => {
    const refused = await train(...args);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(message);
    expect(isRefusal(refused)).toBe(true);
  });

  it('classify more than 92 % of the MNIST test images with the shipped N400', async () => {
    const few = LONG ? [] : ['--images', '1000'];
    const { stdout } = await sparkxd('evaluate', '--weights', 'n400-mnist', '--json', ...few);
    expect(JSON.parse(stdout)).toMatchObject({ images: cases(1000, 10_000), flipped_bits: 0 });
    expect(JSON.parse(stdout).accuracy).toBeGreaterThan(0.92);
  });

  it.runIf(FULL)('show what errors, formats, repair and adaptation do', async () => {
    const errors = ['--ber', '0.03', '--format', 'int8', '--images', String(cases(500, 2000)), '--json'];
    const accuracyWith = async (...more: string[]): Promise<number> => {
      const { stdout } = await sparkxd('evaluate', '--weights', 'n400-mnist', ...errors, ...more);
      const { accuracy, flipped_bits: flipped } = JSON.parse(stdout);
      expect(Math.abs(flipped - 0.03 * 8 * 784 * 400)).toBeLessThan(1_500);
      return accuracy;
    };
    const clamped = await accuracyWith('--repair', 'clamp');
    expect(await accuracyWith('--repair', 'context', '--prior', 'n900-mnist')).toBeGreaterThan(
      clamped + 0.005,
    );
    expect(await accuracyWith('--repair', 'clamp', '--adapt', String(cases(300, 5000)))).toBeGreaterThan(
      clamped,
    );
  });

  it.each<[string, (folder: string) => string[], number, RegExp]>([
    [
      'unknown weights',
      () => ['evaluate', '--weights', 'n401-mnist'],
      1,
      /no weights "n401-mnist".*\n.*n400-mnist/,
    ],
    [
      'weights of another kind',
      (f) => ['evaluate', '--weights', `${f}/t10k-labels-idx1-ubyte`],
      1,
      /safetensors/,
    ],
    [
      'an unknown dataset',
      () => ['evaluate', '--weights', 'n400-mnist', '--dataset', 'nmist'],
      1,
      /no dataset "nmist"/,
    ],
    [
      'images of another size',
      (f) => ['evaluate', '--weights', 'n400-mnist', '--dataset', f],
      1,
      /28 x 28.*20 x 20/,
    ],
    [
      'more images than there are',
      () => ['evaluate', '--weights', 'n400-mnist', '--images', '10001'],
      1,
      /10001 images/,
    ],
    ['a network that is no size', (f) => ['train', '--network', 'big', '--out', `${f}/x`], 2, /such as n400/],
    [
      'more training images than there are',
      (f) => ['train', '--dataset', f, '--images', '121', '--out', `${f}/x`],
      1,
      /121/,
    ],
    [
      'a manifest with a seed',
      (f) => ['train', '--manifest', 'm', '--seed', '2', '--out', `${f}/x`],
      2,
      /cannot be used/,
    ],
    [
      'a missing manifest',
      (f) => ['train', '--manifest', `${f}/m`, '--out', `${f}/x`],
      1,
      /training manifest/,
    ],
    [
      'an output that cannot be written',
      (f) => ['train', '--out', `${f}/train-labels-idx1-ubyte/w`],
      1,
      /cannot write/,
    ],
    [
      'context without a prior',
      () => ['evaluate', '--weights', 'n400-mnist', '--repair', 'context', '--ber', '0.1'],
      1,
      /--prior n900-mnist/,
    ],
    [
      'a prior that is the network itself',
      () => [
        'evaluate',
        '--weights',
        'n400-mnist',
        '--repair',
        'context',
        '--ber',
        '0.1',
        '--prior',
        'n400-mnist',
      ],
      1,
      /the prior is the network itself/,
    ],
    ['a rate that is none', () => ['evaluate', '--weights', 'n400-mnist', '--ber', '2'], 2, /from 0 to 1/],
  ])('refuse %s in a few lines, and leave nothing behind', async (_, args, code, message) => {
    const before = await readdir(folder);
    const result = await sparkxd(...args(folder));
    expect(result.code).toBe(code);
    expect(isRefusal(result)).toBe(true);
    expect(result.stderr).toMatch(message);
    expect(await readdir(folder)).toEqual(before);
  });

  it('refuse a manifest of other images', async () => {
    await train();
    const refused = await sparkxd(
      'train',
      '--manifest',
      at('w.manifest.json'),
      '--dataset',
      'mnist',
      '--out',
      at('x'),
    );
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toMatch(/not those of the manifest/);
  });
});
