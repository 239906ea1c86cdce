import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { isGzip } from '../bytes/gzip.ts';
import { InputError } from '../errors/input-error.ts';
import { fileFault } from './file-fault.ts';

/** How a file is read. */
export interface ReadOptions {
  /** Begins the message of a failure; "cannot read" by default. */
  readonly what?: string;
  /** The most bytes that are taken: what is larger is refused, and a device without end is read no further. */
  readonly limit?: number;
}

/** Most bytes of a text file: models, plans, manifests, results. */
const TEXT_LIMIT = 2 ** 28;
/** Most bytes of a binary file that is read whole: weights, images, maps of weak cells. */
const BYTES_LIMIT = 2 ** 29;

/** Most bytes of a device or a pipe, which does not say how long it is: room for it is doubled as it comes. */
const STREAM_LIMIT = 2 ** 27;

const PIECE = 1 << 20;

/** Reads the bytes of a file, at most 512 MiB by default. Throws InputError when it cannot be read or is larger. */
export async function readBytes(file: string, options: ReadOptions = {}): Promise<Uint8Array> {
  const { what = 'cannot read', limit = BYTES_LIMIT } = options;
  let handle: FileHandle | undefined;
  try {
    handle = await open(file);
    return await readAtMost(handle, file, limit);
  } catch (error) {
    throw error instanceof InputError ? error : fileFault(error, what, file);
  } finally {
    await handle?.close();
  }
}

/** The same as UTF-8 text, at most 256 MiB by default; unpacked if the file is gzip. */
export async function readText(file: string, options: ReadOptions = {}): Promise<string> {
  const { limit = TEXT_LIMIT } = options;
  return new TextDecoder().decode(gunzipped(await readBytes(file, { ...options, limit }), file, limit));
}

/** The same for a file that need not exist: undefined where there is none. Throws InputError below a file. */
export const readTextIfThere = (file: string, options: ReadOptions = {}): Promise<string | undefined> =>
  ifThere(readText(file, options), ['ENOENT']);

/** The bytes of a file that need not exist: undefined where there is none, also below a file. */
export const readBytesIfThere = (file: string, options: ReadOptions = {}): Promise<Uint8Array | undefined> =>
  ifThere(readBytes(file, options), ['ENOENT', 'ENOTDIR']);

async function ifThere<T>(reading: Promise<T>, absent: readonly string[]): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
    if (code !== undefined && absent.includes(code)) return undefined;
    throw error;
  }
}

async function readAtMost(handle: FileHandle, file: string, most: number): Promise<Uint8Array> {
  const { size } = await handle.stat();
  const limit = size > 0 ? most : Math.min(most, STREAM_LIMIT);
  if (size > limit) throw tooLarge(file, limit);
  // A device or a pipe does not know its size; a file may grow while it is read.
  let bytes = new Uint8Array(size > 0 ? size + 1 : PIECE);
  let length = 0;
  for (;;) {
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length, null);
    if (bytesRead === 0) return bytes.subarray(0, length);
    length += bytesRead;
    if (length > limit) throw tooLarge(file, limit);
    if (length < bytes.length) continue;
    const larger = new Uint8Array(Math.min(2 * bytes.length, limit + 1));
    larger.set(bytes);
    bytes = larger;
  }
}

/** The bytes, unpacked if they are gzip, at most `limit` then. Throws InputError for broken gzip and for more. */
export function gunzipped(bytes: Uint8Array, file: string, limit = BYTES_LIMIT): Uint8Array {
  if (!isGzip(bytes)) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: limit });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(file, limit);
    throw new InputError('the gzip file is damaged or ends in the middle', { place: { file }, cause: error });
  }
}

const MIB = 2 ** 20;

const tooLarge = (file: string, limit: number): InputError =>
  new InputError(
    `larger than ${limit >= MIB ? `${limit / MIB} MiB` : `${limit} bytes`}, the most that is read`,
    {
      place: { file },
    },
  );

/** Length and SHA-256 of a file of any size, read in pieces. Throws InputError when it cannot be read. */
export async function hashFile(file: string): Promise<{ readonly bytes: number; readonly hash: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    if (!(await stat(file)).isFile())
      throw new InputError('not a regular file, which alone can be read more than once', { place: { file } });
    for await (const chunk of createReadStream(file)) {
      hash.update(chunk as Uint8Array);
      bytes += (chunk as Uint8Array).length;
    }
  } catch (error) {
    throw error instanceof InputError ? error : fileFault(error, 'cannot read', file);
  }
  return { bytes, hash: hash.digest('hex') };
}
