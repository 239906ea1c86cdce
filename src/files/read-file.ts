import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileFault } from './file-fault.ts';

/** Reads the bytes of a file; `what` begins the message of a failure. Throws InputError when it cannot be read. */
export async function readBytes(file: string, what = 'cannot read'): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw fileFault(error, what, file);
  }
}

/** The same as UTF-8 text. */
export async function readText(file: string, what = 'cannot read'): Promise<string> {
  return new TextDecoder().decode(await readBytes(file, what));
}

/** The same for a file that need not exist: undefined where there is none. Throws InputError below a file. */
export async function readTextIfThere(file: string, what = 'cannot read'): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await readFile(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileFault(error, what, file);
  }
}

/** The bytes of a file that need not exist: undefined where there is none, also below a file. */
export async function readBytesIfThere(file: string, what = 'cannot read'): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw fileFault(error, what, file);
  }
}

/** Length and SHA-256 of a file of any size, read in pieces. Throws InputError when it cannot be read. */
export async function hashFile(file: string): Promise<{ readonly bytes: number; readonly hash: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(file)) {
      hash.update(chunk as Uint8Array);
      bytes += (chunk as Uint8Array).length;
    }
  } catch (error) {
    throw fileFault(error, 'cannot read', file);
  }
  return { bytes, hash: hash.digest('hex') };
}
