import { closeSync, openSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../errors/input-error.ts';
import { fileFault } from './file-fault.ts';
import { pauseThread } from './pause-thread.ts';
import { discard, removeAtExit } from './temporary.ts';
import { writeAll } from './write-all.ts';
import { requireWritableFolder } from './write-file.ts';

const LOCK = '.sparkxd.lock';

/**
 * Makes a folder for the results of this process alone, until it ends: two programs that wrote into one folder at once
 * would mix their files. The claim of a process of this machine that has been killed is taken over. Throws InputError
 * when another process has the folder or the place cannot be written.
 */
export async function claimFolder(folder: string): Promise<void> {
  await requireWritableFolder(folder);
  const lock = join(folder, LOCK);
  for (let attempt = 0; attempt < 2; attempt++) {
    if (tryCreate(lock, folder)) return;
    if (!isAbandoned(lock)) break;
    discard(lock);
  }
  throw new InputError('another process is writing results there', {
    place: { file: folder },
    remedy: `wait for it, name another folder, or, if it has been killed on another machine, remove ${LOCK}`,
  });
}

function tryCreate(lock: string, folder: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(lock, 'wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw fileFault(error, 'cannot write results there', folder);
  }
  removeAtExit(lock);
  try {
    writeAll(descriptor, new TextEncoder().encode(`${hostname()} ${process.pid}\n`));
  } catch (error) {
    throw fileFault(error, 'cannot write results there', folder);
  } finally {
    closeSync(descriptor);
  }
  return true;
}

/** Longer than a process takes from making its lock to writing its name into it. */
const NAMED_WITHIN_MS = 200;

/** Whether the process that the lock names was of this machine and is gone; or, of a lock without a name, died as it made it. */
function isAbandoned(lock: string): boolean {
  try {
    let named = readFileSync(lock, 'utf8').trim();
    if (named === '') {
      pauseThread(NAMED_WITHIN_MS);
      named = readFileSync(lock, 'utf8').trim();
      if (named === '') return true;
    }
    const [host, pid] = named.split(' ');
    if (host !== hostname() || !/^\d+$/.test(pid ?? '')) return false;
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
