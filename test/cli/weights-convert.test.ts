import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatTensors, parseTensors } from '../../src/experiments/weight-container.ts';
import { isRefusal, sparkxd } from './program.ts';

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-weights-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('sparkxd weights convert', () => {
  it('to npz and back gives the shipped file byte for byte', async () => {
    const [npz, back] = [join(folder, 'n.npz'), join(folder, 'n.safetensors')];
    expect(await sparkxd('weights', 'convert', 'n400-mnist', npz)).toMatchObject({ code: 0, stderr: '' });
    expect(await sparkxd('weights', 'convert', npz, back)).toMatchObject({ code: 0, stderr: '' });
    const shipped = await readFile(at('networks/n400-mnist.safetensors'));
    expect(shipped.equals(await readFile(back))).toBe(true);
  });

  it.each([
    [['n400-mnist', 'n.pt'], /ending ".pt"/],
    [['n400-mnist', 'n.npz', '--storage', 'bf16'], /NumPy has no BF16/],
    [[at('test/goldens/weights/plain.npz'), 'n.npz'], /--like NETWORK/],
    [[at('test/goldens/weights/plain.npz'), 'n.npz', '--like', 'n400-mnist'], /expected 784 x 400/],
    [
      [at('test/goldens/weights/torch/state-dict.pt'), 'n.npz', '--like', 'n400-mnist'],
      /--array weight=NAME/,
    ],
    [
      [at('test/goldens/weights/torch/hostile.pt'), 'n.npz', '--like', 'n400-mnist'],
      /system, which is not allowed/,
    ],
    [['n400-mnist', 'n.npz', '--array', 'weight=w'], /add --like NETWORK/],
  ])('refuses and writes nothing: %s', async (words, message) => {
    const ran = await sparkxd('weights', 'convert', ...words.with(1, join(folder, words[1]!)));
    expect(ran).toMatchObject({ code: 1 });
    expect(ran.stderr).toMatch(message);
    expect(isRefusal(ran)).toBe(true);
    expect(await readdir(folder)).toEqual([]);
  });

  it('labels anew on demand, as evaluate --relabel would', async () => {
    const [bare, labelled] = [join(folder, 'bare.npz'), join(folder, 'labelled.safetensors')];
    // The shipped weights without their labels, as another program has them.
    const { tensors } = parseTensors(await readFile(at('networks/n400-mnist.safetensors')), 'x');
    const arrays = new Map(['weight', 'theta'].map((key) => [key, tensors.get(key)!]));
    await writeFile(bare, formatTensors({ tensors: arrays, metadata: new Map() }, bare));
    const ran = await sparkxd(
      'weights',
      'convert',
      bare,
      labelled,
      '--like',
      'n400-mnist',
      '--relabel',
      'mnist',
    );
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toMatch(/400 neurons, fp32, with labels/);
    const images = ['--images', '300', '--json'];
    const stored = await sparkxd('evaluate', '--weights', labelled, ...images);
    const anew = await sparkxd('evaluate', '--weights', 'n400-mnist', '--relabel', ...images);
    expect(JSON.parse(stored.stdout).accuracy).toBe(JSON.parse(anew.stdout).accuracy);
  });
});
