import { writeSync } from 'node:fs';
import { pauseThread } from './pause-thread.ts';

/** How long to wait for the reader of a full pipe before the next attempt, in ms. */
const PAUSE_MS = 2;

/**
 * Writes all bytes to a descriptor. A pipe that does not block says that it is full: then this waits for its reader.
 * Throws what the file system says.
 */
export function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(descriptor, bytes, written);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      pauseThread(PAUSE_MS);
    }
  }
}
