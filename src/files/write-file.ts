import { randomBytes } from 'node:crypto';
import { closeSync, openSync, renameSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InputError } from '../errors/input-error.ts';
import { fileFault } from './file-fault.ts';
import { gzipMembers } from './gzip-members.ts';
import { makeFolder } from './make-folder.ts';
import { type OutputPlace, outputPlace } from './output-place.ts';
import { discard, removeAtExit } from './temporary.ts';
import { createTurn } from './turn.ts';
import { writeAll } from './write-all.ts';

/** A file that is written in pieces; it appears under its name when `end` has been called, or not at all. */
export interface PartFile {
  /** Writes a piece. Throws InputError when it cannot be written. */
  put(bytes: Uint8Array): void;
  end(): void;
  /** Gives up: nothing is left behind. */
  abandon(): void;
}

let standardOutputTaken = false;

/** Whether a result file has been sent to standard output ("-", /dev/stdout): what people read goes elsewhere then. */
export const isStandardOutputTaken = (): boolean => standardOutputTaken;

/**
 * Begins a file under a temporary name beside its own, in a folder that it creates if need be; gzip if its name ends in
 * `.gz`. "-" is standard output. A device or a pipe is written through, piece by piece; links are followed. `what` names
 * the file in messages ("the trace"). Throws InputError when the place cannot be written.
 */
export function createPartFile(file: string, what = ''): PartFile {
  const attempt = <T>(action: () => T, where = file): T => {
    try {
      return action();
    } catch (error) {
      throw fileFault(error, what === '' ? 'cannot write' : `cannot write ${what}`, where);
    }
  };
  const place = attempt(() => outputPlace(file));
  if (place.kind === 'stream' && place.descriptor === 1) takeStandardOutput();
  const part = place.kind === 'stream' ? streamPart(place, attempt) : filePart(place.path, file, attempt);
  if (!file.endsWith('.gz')) return part;
  const { put, end } = gzipMembers(part.put);
  return {
    put,
    end() {
      end();
      part.end();
    },
    abandon: part.abandon,
  };
}

type Attempt = <T>(action: () => T, where?: string) => T;

function filePart(path: string, file: string, attempt: Attempt): PartFile {
  const folder = dirname(path);
  attempt(() => makeFolder(folder), dirname(file));
  const temporary = join(folder, `.${randomBytes(6).toString('hex')}.part`);
  const keep = removeAtExit(temporary);
  let descriptor: number | undefined;
  const close = (): void => {
    if (descriptor !== undefined) closeSync(descriptor);
    descriptor = undefined;
  };
  const abandon = (): void => {
    close();
    discard(temporary);
    keep();
  };
  const orGiveUp = <T>(action: () => T): T => {
    try {
      return attempt(action);
    } catch (error) {
      abandon();
      throw error;
    }
  };
  descriptor = orGiveUp(() => openSync(temporary, 'wx'));
  return {
    put: (bytes) => orGiveUp(() => writeAll(descriptor!, bytes)),
    end() {
      close();
      orGiveUp(() => renameSync(temporary, path));
      keep();
    },
    abandon,
  };
}

/** What a device or a pipe has been given cannot be taken back. */
function streamPart(place: OutputPlace & { kind: 'stream' }, attempt: Attempt): PartFile {
  return {
    put: (bytes) => attempt(() => writeAll(place.descriptor, bytes)),
    end: place.close,
    abandon: place.close,
  };
}

function takeStandardOutput(): void {
  if (standardOutputTaken)
    throw new InputError('two results are to go to standard output', {
      remedy: 'name a file for one of them',
    });
  standardOutputTaken = true;
}

/** Writes the pieces of a file one after the other; the file appears whole or not at all. Throws InputError. */
export async function writePieces(
  file: string,
  pieces: Iterable<string | Uint8Array>,
  what?: string,
): Promise<void> {
  const part = createPartFile(file, what);
  const encoder = new TextEncoder();
  const turn = createTurn();
  try {
    for (const piece of pieces) {
      part.put(typeof piece === 'string' ? encoder.encode(piece) : piece);
      await turn();
    }
    part.end();
  } catch (error) {
    part.abandon();
    throw error;
  }
}

/** Writes a whole file or nothing, and creates its folder. Throws InputError when the place cannot be written. */
export async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  await writePieces(file, [content]);
}

/** Refuses a folder for results early, before the work, if they could not be written there after it. */
export async function requireWritableFolder(folder: string): Promise<void> {
  try {
    makeFolder(folder);
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw fileFault(error, 'cannot write results there', folder);
  }
}
