import type { Dirent } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Dataset } from '../datasets/dataset.ts';
import type { EventDataset, EventSet } from '../datasets/event-set.ts';
import { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';
import { imageSetHash } from './image-set-hash.ts';
import { IDX_FILES, readAnyDataset, SHIPPED_DATASETS } from './read-dataset.ts';
import { eventsOf, isEventFile, openEventFile } from './read-event-file.ts';
import {
  entriesOf,
  isClassFolder,
  listNmnist,
  type NmnistPart,
  nmnistClasses,
  readNmnist,
} from './read-nmnist.ts';

/** Parts of a dataset. */
export const PARTS = ['train', 'test'] as const;
export type Part = (typeof PARTS)[number];

/** Still images, or recordings of events. */
export type Samples = ({ readonly kind: 'images' } & Dataset) | ({ readonly kind: 'events' } & EventDataset);

/** How samples are read. */
export interface SamplesOptions {
  /** Parts of event data to read, all by default: those of N-MNIST take gigabytes. Images are read whole. */
  readonly parts?: readonly Part[];
  /** Takes note of the SHA-256 of all that is read (docs/event-data.md says of what). */
  readonly noteHash?: (role: string, name: string, hash: string) => void;
}

const ROLE = 'dataset';
const PART_FOLDERS: Readonly<Record<Part, string>> = { train: 'Train', test: 'Test' };
/** "shd_train.h5", "events-test.npz.gz", "test.hdf5". */
const PART_FILE = /^(.*[^a-z])?(train|test)\.(h5|hdf5|npz)(\.gz)?$/i;

const READ =
  `read are: ${SHIPPED_DATASETS.join(', ')}; a folder of IDX files (train-images-idx3-ubyte, ...); N-MNIST's folders ` +
  '(Train/7/00013.bin, Test/...); SHD (.h5, .hdf5) and events.npz, as a file or as a folder with ...train.h5 and ...test.h5; each file also with .gz';

/**
 * Samples by the name of a shipped dataset, of a file or of a folder; what it holds is found from its content. A single file, and a
 * folder that holds classes of N-MNIST itself, is the test part. Throws InputError for anything else, with a list of what is read, and
 * for whatever the readers refuse.
 */
export async function readSamples(nameOrFolder: string, options: SamplesOptions = {}): Promise<Samples> {
  const { parts = PARTS, noteHash = () => {} } = options;
  if (SHIPPED_DATASETS.some((name) => name === nameOrFolder)) return images(nameOrFolder, noteHash);
  const found = await stat(nameOrFolder).catch(() => undefined);
  if (found === undefined)
    throw new InputError(`no samples ${quoted(nameOrFolder)}: neither a known name nor a file or folder`, {
      remedy: READ,
    });
  const name = basename(resolve(nameOrFolder));
  if (!found.isDirectory()) {
    const set = await eventFile(nameOrFolder, nameOrFolder, noteHash);
    return { kind: 'events', name, test: set };
  }
  const layout = layoutOf(await entriesOf(nameOrFolder), nameOrFolder);
  if (layout === 'idx') return images(nameOrFolder, noteHash);
  const read: { -readonly [P in Part]?: EventSet } = {};
  if ('files' in layout) {
    for (const part of wanted(parts, layout.files, nameOrFolder)) {
      const file = join(nameOrFolder, layout.files[part]!);
      read[part] = await eventFile(file, file, noteHash);
    }
    return { kind: 'events', name, ...alike(read, nameOrFolder) };
  }
  // Classes are those of both parts, also where one is read.
  const listed: Partial<Record<Part, NmnistPart>> = {};
  for (const part of PARTS)
    if (layout.folders[part] !== undefined)
      listed[part] = await listNmnist(join(nameOrFolder, layout.folders[part]));
  const classes = nmnistClasses(Object.values(listed));
  for (const part of wanted(parts, layout.folders, nameOrFolder)) {
    const { set, hash } = await readNmnist(listed[part]!, classes);
    noteHash(ROLE, join(nameOrFolder, layout.folders[part]!), hash);
    read[part] = set;
  }
  return { kind: 'events', name, ...read };
}

async function images(name: string, noteHash: NonNullable<SamplesOptions['noteHash']>): Promise<Samples> {
  const dataset = await readAnyDataset(name);
  noteHash(ROLE, name, imageSetHash(dataset.test));
  return { kind: 'images', ...dataset };
}

async function eventFile(
  file: string,
  name: string,
  noteHash: NonNullable<SamplesOptions['noteHash']>,
): Promise<EventSet> {
  const opened = await openEventFile(file);
  if (!isEventFile(opened.content)) {
    const head = [...opened.content.subarray(0, 4)]
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join(' ');
    const what = head === '' ? 'the file is empty' : `neither HDF5 nor npz: it begins with the bytes ${head}`;
    throw new InputError(`no samples: ${what}`, { place: { file }, remedy: READ });
  }
  const set = await eventsOf(opened);
  noteHash(ROLE, name, opened.hash);
  return set;
}

type Pair = Pick<EventDataset, Part>;

type Layout =
  | 'idx'
  | { readonly folders: Partial<Record<Part, string>> }
  | { readonly files: Partial<Record<Part, string>> };

/** What a folder holds. Throws InputError where it holds nothing that is read, two datasets, or two files of one part. */
function layoutOf(entries: readonly Dirent[], folder: string): Layout {
  const names = entries.map(({ name }) => name);
  const folders: Partial<Record<Part, string>> = {};
  for (const part of PARTS)
    if (entries.some((entry) => entry.name === PART_FOLDERS[part] && entry.isDirectory()))
      folders[part] = PART_FOLDERS[part];
  const classes = entries.filter((entry) => entry.isDirectory() && isClassFolder(entry.name));
  const idx = names.filter((name) => (IDX_FILES as readonly string[]).includes(name.replace(/\.gz$/, '')));
  const files = partFiles(names, folder);

  const found = [
    ...(idx.length > 0 ? [`IDX files (${idx[0]})`] : []),
    ...(Object.keys(folders).length > 0 ? [`N-MNIST's parts (${Object.values(folders).join(', ')})`] : []),
    ...(classes.length > 0 ? [`N-MNIST's folders of classes (${classes[0]!.name})`] : []),
    ...(Object.keys(files).length > 0 ? [`files of events (${Object.values(files).join(', ')})`] : []),
  ];
  if (found.length > 1)
    throw new InputError(`more than one dataset in it: ${found.join('; ')}`, {
      place: { file: folder },
      remedy: 'put each into a folder of its own, or give the file',
    });
  if (idx.length > 0) return 'idx';
  if (Object.keys(folders).length > 0) return { folders };
  if (classes.length > 0) return { folders: { test: '.' } };
  if (Object.keys(files).length > 0) return { files };
  const listed = names
    .slice(0, 8)
    .map((name) => quoted(name))
    .join(', ');
  const more = names.length > 8 ? ` and ${names.length - 8} more` : '';
  throw new InputError(
    names.length === 0 ? 'no samples: the folder is empty' : `no samples: the folder has ${listed}${more}`,
    { place: { file: folder }, remedy: READ },
  );
}

/** The file of each part; one that lies there plain and packed is read plain. */
function partFiles(names: readonly string[], folder: string): Partial<Record<Part, string>> {
  const files: Partial<Record<Part, string>> = {};
  for (const part of PARTS) {
    const own = names.filter((name) => PART_FILE.exec(name)?.[2]?.toLowerCase() === part);
    const plain = own.filter((name) => !(name.endsWith('.gz') && own.includes(name.slice(0, -'.gz'.length))));
    if (plain.length > 1)
      throw new InputError(
        `${plain.length} files of the ${part} part: ${plain.map((name) => quoted(name)).join(', ')}`,
        {
          place: { file: folder },
          remedy: 'leave one of them in the folder, or give the file',
        },
      );
    if (plain[0] !== undefined) files[part] = plain[0];
  }
  return files;
}

/** The parts that are asked for and there. Throws InputError where none is. */
function wanted(
  parts: readonly Part[],
  there: Partial<Record<Part, string>>,
  folder: string,
): readonly Part[] {
  const read = PARTS.filter((part) => parts.includes(part) && there[part] !== undefined);
  if (read.length === 0)
    throw new InputError(`it has no ${parts.join(' or ')} part`, { place: { file: folder } });
  return read;
}

/** Both parts, with as many classes. Throws InputError where their inputs differ. */
function alike({ train, test }: Pair, folder: string): Pair {
  if (!train || !test) return { ...(train ? { train } : {}), ...(test ? { test } : {}) };
  const [own, other] = [train, test].map(({ shape }) => shape.join(' x '));
  if (own !== other)
    throw new InputError(`the input of the training part is ${own}, that of the test part ${other}`, {
      place: { file: folder },
    });
  const classes = Math.max(train.classes, test.classes);
  return { train: { ...train, classes }, test: { ...test, classes } };
}
