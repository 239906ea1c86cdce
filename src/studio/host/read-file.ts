import { Gunzip } from 'fflate';
import { isGzip } from '../../bytes/gzip.ts';
import { InputError } from '../../errors/input-error.ts';
import type { ReadOptions } from '../../files/read-file.ts';
import { ownFile } from './own-files.ts';

/** What stands for files/read-file.ts in a browser: its files are those that the user dropped. */
type Reading = typeof import('../../files/read-file.ts');

const LARGEST = 2 ** 28;

export const readBytes: Reading['readBytes'] = async (file, options = {}) => {
  const bytes = ownFile(file);
  const { what = 'cannot read', limit = LARGEST } = options;
  if (bytes === undefined)
    throw new InputError(`${what}: no such file or folder`, {
      place: { file },
      remedy: 'drop the file on this page, which keeps none from one visit to the next',
    });
  if (bytes.length > limit) throw tooLarge(file, limit);
  return bytes;
};

export const readText: Reading['readText'] = async (file, options: ReadOptions = {}) => {
  const { limit = LARGEST } = options;
  return new TextDecoder().decode(gunzipped(await readBytes(file, { ...options, limit }), file, limit));
};

export const gunzipped: Reading['gunzipped'] = (bytes, file, limit = LARGEST) => {
  if (!isGzip(bytes)) return bytes;
  const pieces: Uint8Array[] = [];
  let length = 0;
  let ended = false;
  const gunzip = new Gunzip((piece, last) => {
    length += piece.length;
    if (length > limit) throw tooLarge(file, limit);
    pieces.push(piece);
    ended = last;
  });
  try {
    // In pieces, so that what expands too far is refused before it is in memory.
    for (let at = 0; at < bytes.length; at += PIECE)
      gunzip.push(bytes.subarray(at, at + PIECE), at + PIECE >= bytes.length);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw damaged(file, error);
  }
  if (!ended) throw damaged(file);
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
};

const PIECE = 1 << 16;

const damaged = (file: string, cause?: unknown): InputError =>
  new InputError('the gzip file is damaged or ends in the middle', { place: { file }, cause });

const MIB = 2 ** 20;

const tooLarge = (file: string, limit: number): InputError =>
  new InputError(
    `larger than ${limit >= MIB ? `${limit / MIB} MiB` : `${limit} bytes`}, the most that is read`,
    { place: { file } },
  );
