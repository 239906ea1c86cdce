import { rmdirSync, rmSync } from 'node:fs';

/** Files and folders that must not outlive the process, whether it ends by itself or by a signal. */
const kept = new Set<string>();

/** Folders that were made for results; those that are empty must not outlive the process. */
const made = new Set<string>();

/** Signals that ask a program to end, and their numbers: the exit code is 128 more, as shells have it. */
export const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

let watching = false;

/**
 * Has a file or folder removed, with all that is in it, when the process ends: at its exit and on SIGINT, SIGTERM and
 * SIGHUP. The function that it returns ends that: the file has its name by then, or is gone.
 */
export function removeAtExit(path: string): () => void {
  watch();
  kept.add(path);
  return () => kept.delete(path);
}

/** Has a folder removed when the process ends, if it is empty by then. */
export function removeIfEmptyAtExit(folder: string): void {
  watch();
  made.add(folder);
}

/** Removes what is there of a file or folder. Where it cannot even be looked for, there is nothing to remove. */
export function discard(path: string): void {
  try {
    rmSync(path, { force: true, recursive: true });
  } catch {}
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It holds something, or is gone.
  }
}

function watch(): void {
  if (watching) return;
  watching = true;
  process.on('exit', () => {
    for (const path of kept) discard(path);
    // The longer path of two is the inner folder.
    for (const folder of [...made].sort((a, b) => b.length - a.length)) removeIfEmpty(folder);
  });
  for (const [name, number] of Object.entries(SIGNALS))
    process.on(name, () => {
      // Whoever else listens decides what is said and ends the process; the listener above does the rest.
      if (process.listenerCount(name) === 1) process.exit(128 + number);
    });
}
