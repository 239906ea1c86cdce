import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { access, constants, mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileFault } from './file-fault.ts';

/** A file that is written in pieces; it appears under its name when `end` has been called, or not at all. */
export interface PartFile {
  /** Writes a piece. Throws InputError when it cannot be written. */
  put(bytes: Uint8Array): void;
  end(): void;
  /** Gives up: nothing is left behind. */
  abandon(): void;
}

/**
 * Begins a file under a temporary name in the same folder, which it creates if need be. `what` names the file in
 * messages ("the trace"). Throws InputError when the place cannot be written.
 */
export function createPartFile(file: string, what = ''): PartFile {
  const folder = dirname(resolve(file));
  const temporary = join(folder, `.${randomBytes(6).toString('hex')}.part`);
  const attempt = <T>(action: () => T, place = file): T => {
    try {
      return action();
    } catch (error) {
      discard(temporary);
      throw fileFault(error, what === '' ? 'cannot write' : `cannot write ${what}`, place);
    }
  };
  attempt(() => mkdirSync(folder, { recursive: true }), dirname(file));
  const descriptor = attempt(() => openSync(temporary, 'w'));
  let open = true;
  const close = (): void => {
    if (open) closeSync(descriptor);
    open = false;
  };
  return {
    put(bytes) {
      let written = 0;
      while (written < bytes.length) written += attempt(() => writeSync(descriptor, bytes, written));
    },
    end() {
      close();
      attempt(() => renameSync(temporary, file));
    },
    abandon() {
      close();
      discard(temporary);
    },
  };
}

/** Removes a file that is of no use any more. Where it cannot even be looked for, there is nothing to remove. */
function discard(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {}
}

/** Writes the pieces of a file one after the other; the file appears whole or not at all. Throws InputError. */
export function writePieces(file: string, pieces: Iterable<string | Uint8Array>, what?: string): void {
  const part = createPartFile(file, what);
  const encoder = new TextEncoder();
  try {
    for (const piece of pieces) part.put(typeof piece === 'string' ? encoder.encode(piece) : piece);
    part.end();
  } catch (error) {
    part.abandon();
    throw error;
  }
}

/** Writes a whole file or nothing, and creates its folder. Throws InputError when the place cannot be written. */
export async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  writePieces(file, [content]);
}

/** Refuses a folder for results early, before the work, if they could not be written there after it. */
export async function requireWritableFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw fileFault(error, 'cannot write results there', folder);
  }
}
