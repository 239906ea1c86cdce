import { InputError } from '../errors/input-error.ts';
import { CLASSES, type ImageSet } from './dataset.ts';

/** Unsigned bytes in three dimensions (images) and in one (labels): the two kinds that MNIST consists of. */
const IMAGES_MAGIC = 0x00000803;
const LABELS_MAGIC = 0x00000801;

/** The content of a file and its name, for messages. */
export interface NamedBytes {
  readonly file: string;
  readonly bytes: Uint8Array;
  /** Where `bytes` are only the beginning: how many there are, and the way to all. */
  readonly later?: { readonly length: number; content(): Uint8Array } | undefined;
}

/** The longest header that is read here: that of images. */
export const IDX_HEADER_BYTES = 16;

interface IdxArray {
  readonly shape: readonly number[];
  /** The bytes behind the header. */
  data(): Uint8Array;
}

/**
 * An image file and its label file in the IDX format (LeCun, Cortes, Burges: "The MNIST database", file formats).
 * The result shares memory with the files; of an image file of which only the beginning was read, the pixels are read when they are
 * first asked for. Throws InputError for a foreign or truncated file, for trailing bytes, for
 * counts that disagree, for no images at all and for a label that is not one of `classes`.
 */
export function parseIdxImages(
  imageFile: NamedBytes,
  labelFile: NamedBytes,
  classes: number = CLASSES,
): ImageSet {
  const images = parseIdx(imageFile, IMAGES_MAGIC, 'images');
  const labels = parseIdx(labelFile, LABELS_MAGIC, 'labels');
  const [count, rows, columns] = images.shape as [number, number, number];

  if (count === 0 || rows === 0 || columns === 0)
    throw new InputError(`no images: the file says ${count} of ${rows} x ${columns}`, {
      place: { file: imageFile.file },
    });
  if (labels.shape[0] !== count)
    throw new InputError(`${labels.shape[0]} labels for the ${count} images of ${imageFile.file}`, {
      place: { file: labelFile.file },
      remedy: 'give the image file and the label file of the same split',
    });
  const classOf = labels.data();
  const strange = classOf.findIndex((label) => label >= classes);
  if (strange >= 0)
    throw new InputError(
      `label ${classOf[strange]} of image ${strange} is not a class from 0 to ${classes - 1}`,
      {
        place: { file: labelFile.file },
      },
    );
  const set = { count, rows, columns, classes, labels: classOf };
  if (imageFile.later === undefined) return { ...set, pixels: images.data() };
  return {
    ...set,
    get pixels() {
      return images.data();
    },
  };
}

function parseIdx({ file, bytes, later }: NamedBytes, magic: number, kind: string): IdxArray {
  const dimensions = magic & 0xff;
  const headerBytes = 4 + 4 * dimensions;
  if (bytes.length < headerBytes)
    throw new InputError(`truncated: ${bytes.length} bytes, an IDX header of ${kind} has ${headerBytes}`, {
      place: { file },
    });
  const header = new DataView(bytes.buffer, bytes.byteOffset, headerBytes);
  const found = header.getUint32(0);
  if (found !== magic)
    throw new InputError(`not an IDX file of ${kind}: it begins with ${hex(found)}, not ${hex(magic)}`, {
      place: { file },
      ...(found === IMAGES_MAGIC || found === LABELS_MAGIC
        ? { remedy: 'images and labels seem to have changed places' }
        : {}),
    });

  const shape = Array.from({ length: dimensions }, (_, axis) => header.getUint32(4 + 4 * axis));
  const expected = shape.reduce((product, extent) => product * extent, 1);
  const present = (later?.length ?? bytes.length) - headerBytes;
  if (present !== expected)
    throw new InputError(
      `${present < expected ? 'truncated' : 'too long'}: ${shape.join(' x ')} ${kind} are ${expected} bytes, the file has ${present}`,
      { place: { file }, remedy: 'fetch the file again' },
    );
  return { shape, data: () => (later?.content() ?? bytes).subarray(headerBytes) };
}

function hex(word: number): string {
  return `0x${word.toString(16).padStart(8, '0')}`;
}
