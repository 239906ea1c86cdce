import { closeSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { InputError } from '../errors/input-error.ts';
import { fileFault } from './file-fault.ts';

/** A file of which the beginning has been read; the rest is, when it is first asked for. */
export interface LaterFile {
  readonly head: Uint8Array;
  /** Bytes of the whole file. */
  readonly length: number;
  /** All of it, in shared memory; read once. Throws InputError when it cannot be read or has become shorter. */
  content(): Uint8Array;
}

/**
 * Reads the first `headBytes` bytes of a regular file of `from` to `to` bytes. Undefined for anything else, which is to be read as a
 * whole, also for what is not there or may not be read.
 */
export async function readLater(
  file: string,
  { headBytes, from, to }: { readonly headBytes: number; readonly from: number; readonly to: number },
): Promise<LaterFile | undefined> {
  const handle = await open(file).catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const stat = await handle.stat();
    if (!stat.isFile() || stat.size < from || stat.size > to) return undefined;
    const head = new Uint8Array(headBytes);
    const { bytesRead } = await handle.read(head, 0, headBytes, 0);
    let all: Uint8Array | undefined;
    return {
      head: head.subarray(0, bytesRead),
      length: stat.size,
      content: () => (all ??= readShared(file, stat.size)),
    };
  } catch (error) {
    throw fileFault(error, 'cannot read', file);
  } finally {
    await handle.close();
  }
}

/** The first `length` bytes of a file, in shared memory. */
function readShared(file: string, length: number): Uint8Array {
  const bytes = new Uint8Array(new SharedArrayBuffer(length));
  let opened: number | undefined;
  try {
    opened = openSync(file, 'r');
    for (let at = 0; at < length; ) {
      const read = readSync(opened, bytes, at, length - at, at);
      if (read === 0)
        throw new InputError(`it has become shorter while it was in use: ${at} of ${length} bytes`, {
          place: { file },
        });
      at += read;
    }
    return bytes;
  } catch (error) {
    throw error instanceof InputError ? error : fileFault(error, 'cannot read', file);
  } finally {
    if (opened !== undefined) closeSync(opened);
  }
}
