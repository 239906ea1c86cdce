import { InputError } from '../errors/input-error.ts';

/** Turns a file system's refusal into the user's words: what was tried, which file, and why it failed. */
export function fileFault(error: unknown, what: string, file: string): InputError {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const why = REASONS[code] ?? (error instanceof Error ? error.message : String(error));
  return new InputError(`${what}: ${why}`, { place: { file }, cause: error });
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EEXIST: 'a file is in its place',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is not a folder',
  ENOSPC: 'the disk is full',
  ENXIO: 'no process reads this pipe',
  EPIPE: 'its reader has gone',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'the name is too long',
  EROFS: 'the file system is read-only',
};
