import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type EventSet, MOST_CLASSES, MOST_EVENTS } from '../datasets/event-set.ts';
import { decodeNmnist, NMNIST_EVENT_BYTES, NMNIST_SHAPE } from '../datasets/nmnist.ts';
import { InputError } from '../errors/input-error.ts';
import { requireNoObstacles } from '../errors/obstacles.ts';
import { quoted } from '../errors/printable.ts';
import { fileFault } from '../files/file-fault.ts';
import { readBytes } from '../files/read-file.ts';
import { sha256 } from '../files/sha256.ts';
import { sharedWholeColumns, withSharedSamples } from './shared-events.ts';

const ENDING = '.bin';
const CLASS_FOLDER = /^\d{1,5}$/;

/** Files that are open at once: each is small, and opening takes longer than reading. */
const AT_ONCE = 64;

/** One recording: its file below the folder of a part, as "7/00013.bin", and its class. */
interface Recording {
  readonly path: string;
  readonly file: string;
  readonly label: number;
}

/** A part of N-MNIST before its events are read. */
export interface NmnistPart {
  readonly folder: string;
  /** By the name of their file, then by class: the order of MNIST, since files are named by their image. */
  readonly recordings: readonly Recording[];
}

/** Whether the folder of a class has such a name. */
export const isClassFolder = (name: string): boolean => CLASS_FOLDER.test(name);

/** Lists the folders of classes and their recordings. Throws InputError, with all obstacles, for anything else in them. */
export async function listNmnist(folder: string): Promise<NmnistPart> {
  const obstacles: InputError[] = [];
  const recordings: Recording[] = [];
  const strange = (path: string, expected: string): void => {
    obstacles.push(new InputError(`${quoted(path)} is not ${expected}`));
  };
  for (const entry of await entriesOf(folder)) {
    if (!entry.isDirectory() || !isClassFolder(entry.name)) {
      strange(entry.name, 'the folder of a class, such as "7"');
      continue;
    }
    const label = Number(entry.name);
    if (label >= MOST_CLASSES) strange(entry.name, `a class from 0 to ${MOST_CLASSES - 1}`);
    for (const own of await entriesOf(join(folder, entry.name)))
      if (!own.isDirectory() && own.name.endsWith(ENDING))
        recordings.push({ path: join(folder, entry.name, own.name), file: own.name, label });
      else strange(`${entry.name}/${own.name}`, `a recording, such as "00013${ENDING}"`);
  }
  requireNoObstacles(obstacles, { file: folder });
  if (recordings.length === 0)
    throw new InputError(`no recordings: no file ${ENDING} in folders of classes`, {
      place: { file: folder },
    });
  recordings.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.label - b.label));
  return { folder, recordings };
}

/** Entries of a folder that are not hidden, by name. */
export async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter(({ name }) => !name.startsWith('.')).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw fileFault(error, 'cannot read', folder);
  }
}

/** Classes of several parts: the largest and those below it. */
export const nmnistClasses = (parts: readonly NmnistPart[]): number =>
  1 +
  parts.reduce((most, { recordings }) => recordings.reduce((m, { label }) => Math.max(m, label), most), 0);

/**
 * Reads the events of a part, and the SHA-256 of a list of its files: a line `HASH  CLASS/FILE` each, as sha256sum writes it, in the order
 * of the samples. Throws InputError with all that is wrong, by file and byte.
 */
export async function readNmnist(
  { folder, recordings }: NmnistPart,
  classes: number,
): Promise<{ readonly set: EventSet; readonly hash: string }> {
  const sizes = await inBatches(recordings, async ({ path }) => (await sizeOf(path)) / NMNIST_EVENT_BYTES);
  const most = sizes.reduce((sum, events) => sum + Math.floor(events), 0);
  if (most > MOST_EVENTS)
    throw new InputError(`${most} events, more than ${MOST_EVENTS}`, { place: { file: folder } });

  const columns = sharedWholeColumns(most);
  const offsets = new Uint32Array(recordings.length + 1);
  const lines: string[] = [];
  const faults: { readonly recording: Recording; readonly what: string }[] = [];
  for (let from = 0; from < recordings.length; from += AT_ONCE) {
    const batch = recordings.slice(from, from + AT_ONCE);
    const contents = await Promise.all(batch.map(({ path }) => readBytes(path)));
    for (const [k, bytes] of contents.entries()) {
      const recording = batch[k]!;
      if (Math.floor(bytes.length / NMNIST_EVENT_BYTES) > Math.floor(sizes[from + k]!))
        throw new InputError('the file grew while it was read', { place: { file: recording.path } });
      const own: string[] = [];
      const at = offsets[from + k]!;
      offsets[from + k + 1] = at + decodeNmnist(bytes, columns, at, own);
      faults.push(...own.map((what) => ({ recording, what })));
      lines.push(`${sha256(bytes)}  ${nameOf(recording)}\n`);
    }
  }
  requireNoFaults(faults, folder);
  const events = offsets[recordings.length]!;
  const set = withSharedSamples({
    ...{ count: recordings.length, classes, shape: NMNIST_SHAPE, offsets },
    labels: Uint16Array.from(recordings, ({ label }) => label),
    times: columns.times.subarray(0, events),
    inputs: columns.inputs.subarray(0, events),
  });
  return { set, hash: sha256(lines.join('')) };
}

const nameOf = ({ label, file }: Recording): string => `${label}/${file}`;

/** One file with faults is the place of them; several are named one by one. */
function requireNoFaults(
  faults: readonly { readonly recording: Recording; readonly what: string }[],
  folder: string,
): void {
  const alone = new Set(faults.map(({ recording }) => recording)).size === 1;
  requireNoObstacles(
    faults.map(({ recording, what }) => new InputError(alone ? what : `${nameOf(recording)}: ${what}`)),
    { file: alone ? faults[0]!.recording.path : folder },
  );
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    throw fileFault(error, 'cannot read', path);
  }
}

async function inBatches<T, R>(all: readonly T[], work: (each: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < all.length; from += AT_ONCE)
    results.push(...(await Promise.all(all.slice(from, from + AT_ONCE).map(work))));
  return results;
}
