import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { File } from 'h5wasm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors/input-error.ts';
import { sha256 } from '../../src/files/sha256.ts';
import { type Part, readSamples } from '../../src/inputs/read-samples.ts';
import { hdf5Library } from '../../src/weights/hdf5-library.ts';
import { formatNpz } from '../../src/weights/npz.ts';
import type { Tensor } from '../../src/weights/tensor.ts';
import { idxFile } from '../datasets/idx-files.ts';
import { bytesOfEvent } from '../reference/events.ts';

const GOLDENS = fileURLToPath(new URL('../goldens/events', import.meta.url));
const SHD = join(GOLDENS, 'shd/shd_test.h5');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-samples-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function fill(files: Readonly<Record<string, Uint8Array | string>>): Promise<void> {
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
}
const events = async (name = folder, parts?: readonly Part[]) => {
  const notes: string[][] = [];
  const noteHash = (...note: string[]) => notes.push(note);
  const read = await readSamples(name, { noteHash, ...(parts ? { parts } : {}) });
  if (read.kind !== 'events') throw new Error('no events');
  return { ...read, notes };
};
const recording = (t: number): Uint8Array => Uint8Array.from(bytesOfEvent({ x: 1, y: 2, p: 1, t }));
const numbers = (values: readonly number[]): Tensor => ({
  type: 'I32',
  shape: [values.length],
  bytes: new Uint8Array(Int32Array.from(values).buffer),
});
const npz = (unit: readonly number[], labels: readonly number[], extents = [9]): Uint8Array =>
  formatNpz(
    {
      tensors: new Map([
        ['t', numbers(unit.map((_, k) => 10 * k))],
        ['unit', numbers(unit)],
        ['shape', numbers(extents)],
        ['labels', numbers(labels)],
        ['offsets', numbers([0, ...labels.map((_, k) => (k === labels.length - 1 ? unit.length : k + 1))])],
      ]),
      metadata: new Map(),
    },
    'events.npz',
  );
const IDX = {
  'train-images-idx3-ubyte': idxFile('', [2, 1, 2], [1, 2, 3, 4]).bytes,
  'train-labels-idx1-ubyte': idxFile('', [2], [0, 25]).bytes,
  't10k-images-idx3-ubyte': idxFile('', [1, 1, 2], [5, 6]).bytes,
  't10k-labels-idx1-ubyte': idxFile('', [1], [9]).bytes,
};

describe('samples', () => {
  it('are images where a folder has IDX files, of as many classes as they have labels', async () => {
    await fill(IDX);
    const read = await readSamples(folder);
    if (read.kind !== 'images') throw new Error('no images');
    expect([read.train.classes, read.test.classes]).toEqual([26, 26]);
  });

  it('of N-MNIST take turns as their files are numbered, and have the classes of both parts', async () => {
    await fill({
      'Train/3/00001.bin': recording(1),
      'Train/0/00002.bin': recording(2),
      'Test/1/00002.bin': recording(4),
      'Test/0/00003.bin': new Uint8Array(),
      'Test/0/00002.bin': recording(3),
      'Test/.DS_Store': 'x',
    });
    const { train, test, notes } = await events();
    expect([...train!.labels]).toEqual([3, 0]);
    expect([...test!.labels]).toEqual([0, 1, 0]);
    expect([...test!.offsets]).toEqual([0, 1, 2, 2]);
    expect([...test!.times]).toEqual([3, 4]);
    const list = ['0/00002.bin', '1/00002.bin', '0/00003.bin'];
    const lines = await Promise.all(
      list.map(async (name) => `${sha256(await readFile(join(folder, 'Test', name)))}  ${name}\n`),
    );
    expect(notes.map(([role, name]) => [role, name])).toEqual([
      ['dataset', join(folder, 'Train')],
      ['dataset', join(folder, 'Test')],
    ]);
    expect(notes[1]![2]).toBe(sha256(lines.join('')));

    const alone = await events(folder, ['test']);
    expect(alone.train).toBeUndefined();
    expect([alone.test!.classes, alone.notes.length]).toEqual([4, 1]);
    const part = await events(join(folder, 'Test'));
    expect([part.name, part.test!.classes]).toEqual(['Test', 2]);
  });

  it('of SHD are the files of a folder, plain where they are also packed, or a file alone', async () => {
    await cp(SHD, join(folder, 'shd_test.h5'));
    await fill({ 'shd_test.h5.gz': 'not looked at', 'ssc_train.hdf5.gz': gzipSync(await readFile(SHD)) });
    const { train, test, notes } = await events();
    expect([train!.count, test!.count]).toEqual([8, 8]);
    expect(train).toEqual(test);
    expect(notes.map(([, name]) => name)).toEqual(
      ['ssc_train.hdf5.gz', 'shd_test.h5'].map((name) => join(folder, name)),
    );
    expect((await events(join(folder, 'ssc_train.hdf5.gz'))).test).toEqual(test);
  });

  it('are plain arrays, as a file or as two', async () => {
    await fill({ 'train.npz': npz([0, 8, 3], [1, 0]), 'test.npz.gz': gzipSync(npz([4], [5])) });
    const { train, test } = await events();
    expect([train!.classes, test!.classes]).toEqual([6, 6]);
    expect([[...train!.inputs], [...train!.offsets]]).toEqual([
      [0, 8, 3],
      [0, 1, 3],
    ]);
    expect((await events(join(folder, 'train.npz'))).test!.classes).toBe(2);
  });

  it.each<[string, Readonly<Record<string, Uint8Array | string>>, string, RegExp]>([
    [
      'a name that is nowhere',
      {},
      'emnist',
      /no samples ".*emnist".*\n {2}read are: mnist, .*N-MNIST.*SHD.*npz/,
    ],
    ['an empty folder', {}, '', /the folder is empty\n {2}at .*\n {2}read are/],
    ['a folder of other files', { 'a.txt': 'x', 'b/c': 'x' }, '', /the folder has "a.txt", "b"/],
    ['an empty file', { 'a.h5': '' }, 'a.h5', /no samples: the file is empty\n {2}at .*a.h5\n {2}read are/],
    ['a file of another kind', { 'a.h5': 'hello' }, 'a.h5', /begins with the bytes 68 65 6c 6c/],
    ['a recording alone', { '1.bin': recording(1) }, '1.bin', /neither HDF5 nor npz/],
    [
      'two datasets in a folder',
      { ...IDX, 'Train/0/1.bin': recording(1), 'shd_test.h5': 'x', '3/1.bin': '' },
      '',
      /more than one dataset in it: IDX files \(.*\); N-MNIST's parts \(Train\); N-MNIST's folders of classes \(3\); files of events \(shd_test.h5\)/,
    ],
    [
      'two files of a part',
      { 'shd_test.h5': 'x', 'test.npz': 'x' },
      '',
      /2 files of the test part: "shd_test.h5", "test.npz"/,
    ],
    [
      'other things beside recordings, all at once',
      {
        'Train/0/1.bin': '',
        'Train/0/readme.txt': '',
        'Train/two/1.bin': '',
        'Train/0/3/1.bin': '',
        'Train/99999/1.bin': '',
      },
      '',
      /4 obstacles: "0\/3" is not a recording.*"0\/readme.txt" is not.*"99999" is not a class.*"two" is not the folder of a class/,
    ],
    ['no recordings', { 'Test/0/.hidden': '' }, '', /no recordings/],
    [
      'one damaged recording',
      { 'Test/0/1.bin': recording(1), 'Test/1/2.bin': 'abcdefg' },
      '',
      /2 obstacles: the event at byte 0 has x = 97, y = 98, .*; truncated: 7 bytes .* byte 5 has 2\n {2}at .*Test\/1\/2.bin/,
    ],
    [
      'several damaged recordings',
      { 'Test/0/1.bin': 'abc', 'Test/1/2.bin': 'd' },
      '',
      /2 obstacles: 0\/1.bin: truncated: 3 bytes .*; 1\/2.bin: truncated: 1 bytes .*\n {2}at .*Test$/m,
    ],
    [
      'an archive of other arrays',
      { 'test.npz': formatNpz({ tensors: new Map([['weight', numbers([1])]]), metadata: new Map() }, '') },
      '',
      /5 obstacles: it has no array "t"/,
    ],
    [
      'a part of another input',
      { 'train.npz': npz([1], [0]), 'test.npz': npz([1], [0], [8]) },
      '',
      /training part is 9, that of the test part 8/,
    ],
    ['labels alone', { 'train-labels-idx1-ubyte': '' }, '', /train-images-idx3-ubyte is not there/],
  ])('are not %s', async (_, files, name, message) => {
    await fill(files);
    const asked = name === '' ? folder : join(folder, name);
    await expect(readSamples(asked)).rejects.toThrow(message);
    await expect(readSamples(asked)).rejects.toBeInstanceOf(InputError);
  });

  it('are not those of a part that is not there', async () => {
    await fill({ 'Train/0/1.bin': recording(1) });
    await expect(events(folder, ['test'])).rejects.toThrow(/it has no test part/);
  });

  it('are not read from HDF5 files with another content', async () => {
    const library = await hdf5Library();
    const write = async (make: (file: File) => void): Promise<void> => {
      const file = new File('/other.h5', 'w');
      make(file);
      file.close();
      await fill({ 'test.h5': library.FS.readFile('/other.h5') });
      library.FS.unlink('/other.h5');
    };
    await write((file) => file.create_dataset({ name: 'labels', data: [1, 2], dtype: '<H' }));
    await expect(readSamples(folder)).rejects.toThrow(/not as SHD has it: it has no group "spikes"/);
    await write((file) => {
      const spikes = file.create_group('spikes');
      spikes.create_dataset({ name: 'times', data: [1, 2], dtype: '<f' });
    });
    await expect(readSamples(folder)).rejects.toThrow(
      /3 obstacles: spikes: its array "times" does not have rows of variable length.*; spikes: it has no array "units"; the file: it has no array "labels"/,
    );
  });

  it('are not read from damaged HDF5 files', async () => {
    const sound = await readFile(SHD);
    await fill({ 'test.h5': sound.subarray(0, sound.length / 2) });
    await expect(readSamples(folder)).rejects.toBeInstanceOf(InputError);
    await rm(join(folder, 'test.h5'));
    const packed = gzipSync(sound);
    await fill({ 'test.h5.gz': packed.subarray(0, packed.length / 2) });
    await expect(readSamples(folder)).rejects.toThrow(/the gzip file is damaged/);
  });
});
