import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { removeIfEmptyAtExit } from './temporary.ts';

/**
 * Makes a folder with those above it that are missing. What is made is removed when the process ends, if it is still
 * empty: a run that is interrupted or refused before it wrote anything leaves nothing. Throws what the file system says.
 */
export function makeFolder(folder: string): void {
  const whole = resolve(folder);
  const first = mkdirSync(whole, { recursive: true });
  if (first === undefined) return;
  for (let path = whole; path.length >= first.length; path = dirname(path)) removeIfEmptyAtExit(path);
}
