import {
  EVENT_ARRAYS,
  type EventArray,
  type EventArrayName,
  eventsOfArrays,
} from '../datasets/event-arrays.ts';
import { type EventSet, MOST_EVENTS } from '../datasets/event-set.ts';
import type { NumberColumn, RaggedColumn } from '../datasets/number-columns.ts';
import { shdEvents } from '../datasets/shd.ts';
import { InputError } from '../errors/input-error.ts';
import { requireNoObstacles } from '../errors/obstacles.ts';
import { quoted } from '../errors/printable.ts';
import { gunzipped, readBytes } from '../files/read-file.ts';
import { sha256 } from '../files/sha256.ts';
import type { RaggedTensor } from '../weights/hdf5-ragged.ts';
import { isHdf5 } from '../weights/hdf5-signature.ts';
import { parseNpz } from '../weights/npz.ts';
import { elementCount, elementsOf, isWhole, numbersOf, type Tensor } from '../weights/tensor.ts';
import { isZip, readZip } from '../weights/zip.ts';
import { sharedColumns, withSharedSamples } from './shared-events.ts';

/** Most bytes of a file of events, as it lies and as gzip unpacks it. */
const LARGEST_FILE = 2 ** 30;
/** Names of SHD's groups and arrays. */
const PIECES = { spikes: 'spikes', times: 'times', units: 'units', labels: 'labels' } as const;

/** The content of a file of events, and the SHA-256 of the file as it lies. */
export interface EventFile {
  readonly file: string;
  readonly content: Uint8Array;
  readonly hash: string;
}

/** Reads a file, unpacked where it is gzip; at most 1 GiB. */
export async function openEventFile(file: string): Promise<EventFile> {
  const bytes = await readBytes(file, { what: 'cannot read the samples', limit: LARGEST_FILE });
  return { file, content: gunzipped(bytes, file, LARGEST_FILE), hash: sha256(bytes) };
}

/** Whether events are read from a file of this content. */
export const isEventFile = (content: Uint8Array): boolean => isHdf5(content) || isZip(content);

/** The samples of an HDF5 file as SHD has them, or of events.npz. Throws InputError with all that is wrong. */
export async function eventsOf({ file, content }: EventFile): Promise<EventSet> {
  const faults: string[] = [];
  const set = isHdf5(content) ? await ofHdf5(content, file, faults) : ofNpz(content, file, faults);
  requireNoObstacles(
    faults.map((what) => new InputError(what)),
    { file },
  );
  return withSharedSamples(set!);
}

/** The library loads when the first HDF5 file comes. */
async function ofHdf5(content: Uint8Array, file: string, faults: string[]): Promise<EventSet | undefined> {
  const { withHdf5 } = await import('../weights/hdf5-file.ts');
  const { readHdf5Rows } = await import('../weights/hdf5-ragged.ts');
  const { readHdf5Array } = await import('../weights/hdf5-array.ts');
  const arrays = await withHdf5(content, file, ({ library, file: root }) => {
    const taken = <T extends object>(
      where: string,
      found: T | { readonly reason: string; readonly remedy?: string },
    ): T | undefined => {
      if (!('reason' in found)) return found as T;
      faults.push(`${where}: ${found.reason}${found.remedy === undefined ? '' : ` (${found.remedy})`}`);
      return undefined;
    };
    const spikes = root.keys().includes(PIECES.spikes) ? root.get(PIECES.spikes) : null;
    if (spikes === null || !('keys' in spikes)) {
      faults.push(
        `an HDF5 file, but not as SHD has it: it has no group ${quoted(PIECES.spikes)} with the arrays "times" and "units"`,
      );
      return undefined;
    }
    const times = taken(PIECES.spikes, readHdf5Rows(library, spikes, PIECES.times, MOST_EVENTS));
    const units = taken(PIECES.spikes, readHdf5Rows(library, spikes, PIECES.units, MOST_EVENTS));
    const labels = taken('the file', readHdf5Array(library, root, PIECES.labels));
    return times && units && labels && { times, units, labels, names: namesOf(root) };
  });
  if (!arrays) return undefined;
  const { times, units, labels, names } = arrays;
  return shdEvents(
    { times: ragged(times), units: ragged(units), labels: column(labels), names },
    sharedColumns(elementCount({ ...times, shape: [] })),
    faults,
  );
}

/** How many names of classes extra/keys has; undefined where there are none. */
function namesOf(root: { keys(): string[]; get(name: string): unknown }): number | undefined {
  const extra = root.keys().includes('extra') ? root.get('extra') : null;
  if (typeof extra !== 'object' || extra === null || !('keys' in extra)) return undefined;
  const group = extra as typeof root;
  const keys = group.keys().includes('keys') ? group.get('keys') : null;
  const shape = (keys as { shape?: readonly number[] | null } | null)?.shape;
  return shape?.length === 1 && shape[0]! > 0 ? shape[0] : undefined;
}

function ofNpz(content: Uint8Array, file: string, faults: string[]): EventSet | undefined {
  const { tensors, unreadable } = parseNpz(readZip(content, file), file);
  const names = Object.keys(EVENT_ARRAYS) as EventArrayName[];
  const arrays: Partial<Record<EventArrayName, EventArray>> = {};
  for (const name of names) {
    const tensor = tensors.get(name);
    const reason = unreadable?.get(name);
    if (reason !== undefined) faults.push(`array ${quoted(name)} cannot be read: ${reason}`);
    if (tensor) arrays[name] = { ...column(tensor), shape: tensor.shape };
  }
  return faults.length > 0 ? undefined : eventsOfArrays(arrays, sharedColumns, faults);
}

const column = (tensor: Tensor): NumberColumn => ({
  count: elementCount(tensor),
  whole: isWhole(tensor.type),
  get: elementsOf(tensor.type, tensor.bytes).get,
});

function ragged({ type, offsets, bytes }: RaggedTensor): RaggedColumn {
  const plain = column({ type, bytes, shape: [] });
  if (type !== 'F16') return { ...plain, offsets };
  // Sets have tens of millions of times in half precision, of which there are 65 536.
  const codes = Uint16Array.from({ length: 2 ** 16 }, (_, code) => code);
  const halves = numbersOf({ type, bytes: new Uint8Array(codes.buffer), shape: [codes.length] });
  return { ...plain, offsets, get: (index) => halves[bytes[2 * index]! | (bytes[2 * index + 1]! << 8)]! };
}
