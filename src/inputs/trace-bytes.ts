import { closeSync, openSync, readSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteSource } from '../bytes/byte-source.ts';
import { fileFault } from '../files/file-fault.ts';
import { packageFolder } from '../files/package.ts';
import { pauseThread } from '../files/pause-thread.ts';
import { gunzipAhead, isLargeGzip } from './gunzip-ahead.ts';

/** Bytes of a file, read piece by piece; close it when done. */
export interface OpenBytes {
  readonly source: ByteSource;
  close(): void;
}

/** The name of standard input among the names of traces. */
export const STANDARD_INPUT = '-';

const READ_AHEAD = 1 << 18;
/** Between two looks at a standard input that has nothing yet. */
const PAUSE_MS = 5;

/**
 * The bytes of a trace of any format: a file, a file of the package's traces/, or standard input ("-"). Throws InputError
 * when it cannot be read.
 */
export async function openTraceBytes(file: string): Promise<OpenBytes> {
  if (file === STANDARD_INPUT) return { source: descriptorBytes(0, 'standard input'), close() {} };
  const found = await locate(file);
  let descriptor: number;
  try {
    descriptor = openSync(found, 'r');
  } catch (error) {
    throw fileFault(error, 'cannot read the trace', file);
  }
  const source = descriptorBytes(descriptor, file);
  if (!isLargeGzip(descriptor)) return { source, close: () => closeSync(descriptor) };
  const ahead = gunzipAhead(found, source);
  return {
    source: ahead.source,
    close() {
      ahead.close();
      closeSync(descriptor);
    },
  };
}

async function locate(file: string): Promise<string> {
  for (const candidate of [file, join(packageFolder, file)]) {
    const readable = await access(candidate, constants.R_OK).then(
      () => true,
      () => false,
    );
    if (readable) return candidate;
  }
  return file;
}

/** The bytes of an open file from where it stands, under a name for messages. */
export function descriptorBytes(descriptor: number, file: string): ByteSource {
  const ahead = new Uint8Array(READ_AHEAD);
  let from = 0;
  let to = 0;
  return {
    file,
    read(target) {
      if (from === to) {
        from = 0;
        to = readAhead(descriptor, ahead, file);
      }
      const length = Math.min(target.length, to - from);
      target.set(ahead.subarray(from, from + length));
      from += length;
      return length;
    },
  };
}

function readAhead(descriptor: number, ahead: Uint8Array, file: string): number {
  for (;;) {
    try {
      return readSync(descriptor, ahead, 0, ahead.length, null);
    } catch (error) {
      // A terminal or a pipe that another process has made non-blocking answers so while it has nothing to give.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN')
        throw fileFault(error, 'cannot read the trace', file);
      pauseThread(PAUSE_MS);
    }
  }
}
