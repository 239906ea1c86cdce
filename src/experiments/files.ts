import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, constants, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { InputError } from '../errors/input-error.ts';

/** A file system's refusal in the user's words: what was tried, which file, and why it failed. */
export function fileFault(error: unknown, what: string, file: string): InputError {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const why = REASONS[code] ?? (error instanceof Error ? error.message : String(error));
  return new InputError(`${what}: ${why}`, { place: { file }, cause: error });
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EEXIST: 'a file is in its place',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is not a folder',
  ENOSPC: 'the disk is full',
  EROFS: 'the file system is read-only',
};

/**
 * Writes a whole file or nothing: under a temporary name in the same folder, then renamed. Creates the folder.
 * Throws InputError when the place cannot be written.
 */
export async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  const temporary = join(dirname(resolve(file)), `.${randomBytes(6).toString('hex')}.part`);
  try {
    await mkdir(dirname(resolve(file)), { recursive: true });
    await writeFile(temporary, content);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw fileFault(error, 'cannot write', file);
  }
}

/** Refuses early, before the work, a folder for results that could not be written after it. */
export async function requireWritableFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw fileFault(error, 'cannot write results there', folder);
  }
}

/** The bytes of a file of the user's. Throws InputError when it cannot be read. */
export async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw fileFault(error, 'cannot read', file);
  }
}

/** Length and SHA-256 of a file of the user's, of any size. Throws InputError when it cannot be read. */
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
