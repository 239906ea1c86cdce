import { randomUUID } from 'node:crypto';
import { link, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InputError } from '../errors/input-error.ts';
import { fileFault } from './file-fault.ts';
import { discard, removeAtExit } from './temporary.ts';
import { writeWhole } from './write-file.ts';

/**
 * Writes a file whole, unless one of that name is there: of two processes that do so at once, one makes it. Throws
 * InputError where it cannot be written.
 */
export async function createFile(file: string, text: string): Promise<void> {
  const temporary = join(dirname(file), `.${randomUUID()}.part`);
  const keep = removeAtExit(temporary);
  try {
    await writeWhole(temporary, text);
    // Where the file system has no links, a file that is made alone and then filled is the next best.
    await link(temporary, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw error;
      return writeFile(file, text, { flag: 'wx' });
    });
  } catch (error) {
    if (error instanceof InputError) throw error;
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw fileFault(error, 'cannot write', file);
  } finally {
    discard(temporary);
    keep();
  }
}
