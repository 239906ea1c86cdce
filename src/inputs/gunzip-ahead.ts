import { existsSync, fstatSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ByteSource } from '../bytes/byte-source.ts';
import { gunzipSource } from '../bytes/gunzip-source.ts';
import { GZIP_HEAD, isGzip } from '../bytes/gzip.ts';
import { packageFolder } from '../files/package.ts';
import {
  type AheadRing,
  changes,
  createAheadRing,
  DONE,
  FAILED,
  readAhead,
  STOPPED,
  set,
  WRITER,
  waitForChange,
} from './ahead-ring.ts';

/** The built program's, also where tests run the sources. */
const WORKER = join(packageFolder, 'dist', 'inputs', 'gunzip-worker.js');
/** Below, a thread takes longer to start than the file to be decompressed. */
const SMALLEST = 1 << 18;
/** V8 lets the pieces that were copied lie around until they are about as much as this; by default, 32 MB. */
const LIMITS = { maxYoungGenerationSizeMb: 3 };
/** A thread that gives nothing for so long is given up. */
const PATIENCE_MS = 10_000;

/** Whether an open file is a gzip file of a size that is worth a thread. */
export function isLargeGzip(descriptor: number): boolean {
  const stat = fstatSync(descriptor);
  if (!stat.isFile() || stat.size < SMALLEST || !existsSync(WORKER)) return false;
  const head = new Uint8Array(GZIP_HEAD);
  readSync(descriptor, head, 0, head.length, 0);
  return isGzip(head);
}

/**
 * The decompressed bytes of a gzip file, which another thread makes meanwhile, at most 1 MiB ahead. Where that thread meets
 * anything that is wrong with the file, `again` is decompressed in this one from the beginning: what has been read is passed
 * over, and reading throws what `gunzipSource` throws.
 */
export function gunzipAhead(path: string, again: ByteSource): { source: ByteSource; close(): void } {
  const ring = createAheadRing();
  const worker = new Worker(WORKER, {
    workerData: { file: path, ring },
    execArgv: [],
    resourceLimits: LIMITS,
  });
  // A fault of the thread shows in the ring, or in that it stops to fill it.
  worker.on('error', () => {});
  worker.unref();
  let given = 0;
  let own: ByteSource | undefined;
  return {
    source: {
      file: again.file,
      read(target) {
        if (own) return own.read(target);
        const length = nextOf(ring, target);
        if (length === undefined) {
          own = passedOver(gunzipSource(again), given);
          return own.read(target);
        }
        given += length;
        return length;
      },
    },
    close() {
      set(ring, WRITER, STOPPED);
      void worker.terminate();
    },
  };
}

/** The next bytes of the ring, waiting for them; 0 at the end, undefined where the thread gives no more. */
function nextOf(ring: AheadRing, target: Uint8Array): number | undefined {
  for (;;) {
    const seen = changes(ring);
    const writer = Atomics.load(ring.control, WRITER);
    const length = readAhead(ring, target);
    if (length > 0) return length;
    if (writer === DONE) return 0;
    if (writer === FAILED || !waitForChange(ring, seen, PATIENCE_MS)) return undefined;
  }
}

/** The source behind its first bytes. */
function passedOver(source: ByteSource, bytes: number): ByteSource {
  const piece = new Uint8Array(1 << 16);
  for (let left = bytes; left > 0; ) {
    const length = source.read(piece.subarray(0, Math.min(left, piece.length)));
    if (length === 0) break;
    left -= length;
  }
  return source;
}
