import { Gunzip } from 'fflate';
import { InputError } from '../errors/input-error.ts';
import { type ByteSource, prefixed, takeHead } from './byte-source.ts';
import { crc32 } from './crc32.ts';
import { expandsTooFar, GZIP_HEAD, isGzip, MAXIMUM_RATIO } from './gzip.ts';

const PIECE = 1 << 15;

/**
 * The bytes of a source, decompressed if it begins with gzip's magic 1f 8b. Works piece by piece: memory stays at what
 * one piece of 32 KiB expands to, at most about a thousand times as much. Reading throws InputError for broken gzip,
 * for gzip that ends in the middle, and for a gzip bomb: more than 64 MiB out of less than a 500th of that.
 */
export function gunzipSource(source: ByteSource): ByteSource {
  const { file } = source;
  const head = takeHead(source, GZIP_HEAD);
  if (!isGzip(head)) return prefixed(head, source);

  const compressed = prefixed(head, source);
  const ready: Uint8Array[] = [];
  // fflate takes a truncated stream for a whole one, so the trailer (CRC-32 and length of the last member) is held
  // against the data here.
  const trailer = new Uint8Array(8);
  let crc = 0;
  let size = 0;
  let ended = false;
  let taken = 0;
  let expanded = 0;
  const gunzip = new Gunzip((piece) => {
    if (piece.length === 0) return;
    crc = crc32(piece, crc);
    size += piece.length;
    expanded += piece.length;
    ready.push(piece);
  });
  gunzip.onmember = () => {
    crc = 0;
    size = 0;
  };
  const fault = (what: string, cause?: unknown): InputError =>
    new InputError(what, { place: { file }, cause });
  const push = (piece: Uint8Array): void => {
    try {
      gunzip.push(piece, piece.length === 0);
    } catch (error) {
      // The library's code 0: the data ends early.
      const cut = (error as { code?: number } | undefined)?.code === 0;
      throw fault(`not valid gzip: ${cut ? 'it ends in the middle' : 'it is damaged'}`, error);
    }
    trailer.copyWithin(0, Math.min(piece.length, 8));
    trailer.set(piece.subarray(-8), 8 - Math.min(piece.length, 8));
  };
  return {
    file,
    read(target) {
      while (ready.length === 0 && !ended) {
        const piece = new Uint8Array(PIECE);
        const length = compressed.read(piece);
        push(piece.subarray(0, length));
        taken += length;
        if (expandsTooFar(expanded, taken))
          throw new InputError(`the gzip file expands to more than ${MAXIMUM_RATIO} times its size`, {
            place: { file },
            remedy: 'if that is meant, unpack it first: gunzip',
          });
        ended = length === 0;
      }
      const first = ready[0];
      if (!first) {
        const view = new DataView(trailer.buffer);
        if (view.getUint32(0, true) !== crc || view.getUint32(4, true) !== size % 2 ** 32)
          throw fault('the gzip file is damaged or ends in the middle');
        return 0;
      }
      const length = Math.min(target.length, first.length);
      target.set(first.subarray(0, length));
      if (length === first.length) ready.shift();
      else ready[0] = first.subarray(length);
      return length;
    },
  };
}
