import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { removeIfEmptyAtExit } from './temporary.ts';

/**
 * Makes a folder with those above it that are missing. What is made is removed when the process ends, if it is still
 * empty: a run that is interrupted or refused before it wrote anything leaves nothing. Throws what the file system says.
 */
export function makeFolder(folder: string): void {
  const whole = resolve(folder);
  const missing: string[] = [];
  for (let path = whole; !existsSync(path); path = dirname(path)) missing.push(path);
  // One by one: where a folder cannot be made in one that is there (/proc), Node's own recursion never ends.
  for (const path of missing.toReversed()) if (!existsSync(path)) mkdirSync(path);
  for (const path of missing) removeIfEmptyAtExit(path);
  // Throws where a file stands.
  mkdirSync(whole, { recursive: true });
}
