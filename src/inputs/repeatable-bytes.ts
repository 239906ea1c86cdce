import { randomBytes } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ByteSource } from '../bytes/byte-source.ts';
import { fileFault } from '../files/file-fault.ts';
import { discard, removeAtExit } from '../files/temporary.ts';
import { writeAll } from '../files/write-all.ts';
import { descriptorBytes, type OpenBytes, openTraceBytes, STANDARD_INPUT } from './trace-bytes.ts';

/** The bytes of a trace that is read several times, one reading after the other. */
export interface RepeatableBytes {
  open(): Promise<OpenBytes>;
  /** Gives up what the readings have kept. */
  release(): void;
}

/**
 * A trace to be read several times. A file is opened anew each time. Standard input ("-"), pipes and devices can be read
 * once: the first reading keeps what it reads in a temporary file for the next ones. `open` throws InputError for a trace
 * that cannot be read.
 */
export async function repeatableBytes(file: string): Promise<RepeatableBytes> {
  const found = file === STANDARD_INPUT ? undefined : await stat(file).catch(() => undefined);
  if (file !== STANDARD_INPUT && (found === undefined || found.isFile() || found.isDirectory()))
    return { open: () => openTraceBytes(file), release() {} };
  return keptBytes(file);
}

function keptBytes(file: string): RepeatableBytes {
  const kept = join(tmpdir(), `sparkxd-${randomBytes(6).toString('hex')}.trace`);
  let keep: (() => void) | undefined;
  return {
    async open() {
      const repeated = keep !== undefined;
      const first = repeated ? undefined : await openTraceBytes(file);
      keep ??= removeAtExit(kept);
      const descriptor = attempt(() => openSync(kept, repeated ? 'r' : 'wx', 0o600));
      if (!first) {
        const source = descriptorBytes(descriptor, file);
        return { source, close: () => closeSync(descriptor) };
      }
      return {
        source: copied(first.source, descriptor),
        close() {
          first.close();
          closeSync(descriptor);
        },
      };
    },
    release() {
      if (keep === undefined) return;
      discard(kept);
      keep();
    },
  };
}

/** The source, each piece of which is written to a file as it is read. */
const copied = (source: ByteSource, descriptor: number): ByteSource => ({
  file: source.file,
  read(target) {
    const length = source.read(target);
    if (length > 0) attempt(() => writeAll(descriptor, target.subarray(0, length)));
    return length;
  },
});

function attempt<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw fileFault(error, 'cannot keep the trace for another reading', tmpdir());
  }
}
