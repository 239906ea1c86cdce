import { fileFault } from '../files/file-fault.ts';
import { writeAll } from '../files/write-all.ts';
import { isStandardOutputTaken } from '../files/write-file.ts';
import { EXIT } from './failure.ts';

/**
 * Writes what people or programs read of a command to standard output, all of it before it returns; to standard error
 * where a result file has been sent to standard output ("-"). `sparkxd ... | head` closes the pipe early: that is the
 * reader's right, and the process ends without a word. Throws InputError where it cannot be written, as on a full disk.
 */
export function print(text: string): void {
  const descriptor = isStandardOutputTaken() ? 2 : 1;
  try {
    writeAll(descriptor, new TextEncoder().encode(text));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit(EXIT.done);
    throw fileFault(error, 'cannot write the results', 'standard output');
  }
}

/** A note beside the results on standard error, where it can be written. */
export function note(text: string): void {
  try {
    writeAll(2, new TextEncoder().encode(text));
  } catch {}
}
