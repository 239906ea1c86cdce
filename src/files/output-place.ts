import { closeSync, constants, fstatSync, lstatSync, openSync, readlinkSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Where the name of an output leads. A regular file (or nothing yet) is replaced as a whole, at the end of the links
 * that lead to it; everything else - standard output, a device, a pipe - is written through, and stays what it is.
 */
export type OutputPlace =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'stream'; readonly descriptor: number; close(): void };

/** The name of standard output among the names of outputs. */
export const STANDARD_OUTPUT = '-';

const LONGEST_CHAIN = 40;

/** Throws what the file system says where the name leads nowhere that can be written. */
export function outputPlace(file: string): OutputPlace {
  if (file === STANDARD_OUTPUT) return own(1);
  let path = resolve(file);
  for (let i = 0; i < LONGEST_CHAIN; i++) {
    const descriptor = descriptorOf(path);
    if (descriptor !== undefined) return own(descriptor);
    if (ifThere(() => lstatSync(path))?.isSymbolicLink() !== true) break;
    path = resolve(dirname(path), readlinkSync(path));
  }
  const there = ifThere(() => statSync(path));
  // A folder is refused by the renaming, in the file system's words.
  if (there === undefined || there.isFile() || there.isDirectory()) return { kind: 'file', path };
  // A pipe that nobody reads would be waited for without end; opened so, it is refused.
  const probe = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  const descriptor = openSync(path, constants.O_WRONLY);
  closeSync(probe);
  return { kind: 'stream', descriptor, close: () => closeSync(descriptor) };
}

/** What is not there, or not below a folder, is for the making of the folder to refuse. */
function ifThere<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

const own = (descriptor: number): OutputPlace => {
  fstatSync(descriptor);
  return { kind: 'stream', descriptor, close() {} };
};

/** The descriptor that a name such as /dev/stdout or /dev/fd/63 stands for. */
function descriptorOf(path: string): number | undefined {
  if (path === '/dev/stdout') return 1;
  if (path === '/dev/stderr') return 2;
  const numbered = /^\/(?:dev|proc\/self|proc\/(\d+))\/fd\/(\d+)$/.exec(path);
  if (!numbered || (numbered[1] !== undefined && Number(numbered[1]) !== process.pid)) return undefined;
  return Number(numbered[2]);
}
