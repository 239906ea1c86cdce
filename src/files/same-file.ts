import { type Stats, statSync } from 'node:fs';

/** Whether both names lead to one regular file that is there. */
export function isSameFile(a: string, b: string): boolean {
  const [first, second] = [statOf(a), statOf(b)];
  if (!first?.isFile() || !second) return false;
  return first.dev === second.dev && first.ino === second.ino;
}

/** What is at a name; undefined where nothing is. */
export function statOf(file: string): Stats | undefined {
  try {
    return statSync(file);
  } catch {
    return undefined;
  }
}
