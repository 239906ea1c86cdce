import { type ImageSet, sliceImages } from '../../datasets/dataset.ts';
import { type NamedBytes, parseIdxImages } from '../../datasets/idx.ts';
import { InputError } from '../../errors/input-error.ts';
import { asset, assetNames } from './assets.ts';

/**
 * What stands for inputs/read-dataset.ts in a browser: the first test images of a dataset, which lie beside the page. There are
 * no training images.
 */
export const readDataset: typeof import('../../inputs/read-dataset.ts').readDataset = async (name) => {
  const known = assetNames('dist/studio-images', IMAGES);
  if (!known.includes(name))
    throw new InputError(`no images of "${name}" beside this page`, {
      remedy: `known datasets: ${known.join(', ')}`,
    });
  const read = async (ending: string): Promise<NamedBytes> => {
    const file = `dist/studio-images/${name}${ending}`;
    return { file, bytes: await asset(file) };
  };
  const test = images.get(name) ?? parseIdxImages(await read(IMAGES), await read(LABELS));
  images.set(name, test);
  return { name, train: sliceImages(test, 0, 0), test };
};

const IMAGES = '.idx3-ubyte';
const LABELS = '.idx1-ubyte';
const images = new Map<string, ImageSet>();
