// The thread that decompresses a file for gunzip-ahead.ts. Whatever it cannot take it leaves to that one.
import { createReadStream } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { createGunzip } from 'node:zlib';
import { expandsTooFar } from '../bytes/gzip.ts';
import { type AheadRing, DONE, FAILED, set, WRITER, writeAhead } from './ahead-ring.ts';

const PIECE = 1 << 16;

const { file, ring } = workerData as { readonly file: string; readonly ring: AheadRing };

async function decompress(): Promise<number> {
  const gunzip = createGunzip({ chunkSize: PIECE });
  const compressed = createReadStream(file, { highWaterMark: PIECE });
  compressed.on('error', (error) => gunzip.destroy(error));
  let expanded = 0;
  for await (const piece of compressed.pipe(gunzip)) {
    expanded += piece.length;
    if (expandsTooFar(expanded, gunzip.bytesWritten)) return FAILED;
    if (!writeAhead(ring, piece)) return DONE;
  }
  return DONE;
}

set(ring, WRITER, await decompress().catch(() => FAILED));
