import { closeSync, openSync, readSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteSource } from '../bytes/byte-source.ts';
import { fileFault } from '../files/file-fault.ts';
import { packageFolder } from '../files/package.ts';
import { createPartFile, type PartFile } from '../files/write-file.ts';
import { type AccessTraceOptions, type Losses, noLosses } from '../trace/access-format.ts';
import type { AccessFormatName } from '../trace/access-formats.ts';
import { type AccessTrace, openAccessTrace } from '../trace/access-trace.ts';
import type { TraceMetadata } from '../trace/sxt-format.ts';
import { createSxtWriter, type SxtWriter } from '../trace/sxt-writer.ts';

/** An access trace being read from a file; close it when done. */
export interface OpenTrace {
  readonly trace: AccessTrace;
  /** What reading has left out so far. */
  readonly losses: Losses;
  close(): void;
}

/** How to read a trace: what its format leaves open, and the format itself if it is not to be found out. */
export type TraceFileOptions = AccessTraceOptions & { readonly format?: AccessFormatName };

/** Bytes of a file, read piece by piece; close it when done. */
export interface OpenBytes {
  readonly source: ByteSource;
  close(): void;
}

const READ_AHEAD = 1 << 18;

/**
 * Opens an access trace of any format by file name, or by its name in the package's traces/. Throws InputError when it
 * cannot be read.
 */
export async function openTrace(file: string, options: TraceFileOptions = {}): Promise<OpenTrace> {
  const { source, close } = await openTraceBytes(file);
  const losses = noLosses();
  try {
    return { trace: openAccessTrace(source, options, losses), losses, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** The bytes of a trace of any format, found as `openTrace` finds it. Throws InputError when it cannot be read. */
export async function openTraceBytes(file: string): Promise<OpenBytes> {
  const found = await locate(file);
  let descriptor: number;
  try {
    descriptor = openSync(found, 'r');
  } catch (error) {
    throw fileFault(error, 'cannot read the trace', file);
  }
  return { source: fileBytes(descriptor, file), close: () => closeSync(descriptor) };
}

async function locate(file: string): Promise<string> {
  for (const candidate of [file, join(packageFolder, file)]) {
    const readable = await access(candidate, constants.R_OK).then(
      () => true,
      () => false,
    );
    if (readable) return candidate;
  }
  return file;
}

function fileBytes(descriptor: number, file: string): ByteSource {
  const ahead = new Uint8Array(READ_AHEAD);
  let from = 0;
  let to = 0;
  return {
    file,
    read(target) {
      if (from === to) {
        from = 0;
        try {
          to = readSync(descriptor, ahead, 0, ahead.length, null);
        } catch (error) {
          throw fileFault(error, 'cannot read the trace', file);
        }
      }
      const length = Math.min(target.length, to - from);
      target.set(ahead.subarray(from, from + length));
      from += length;
      return length;
    },
  };
}

/** A text file being written in pieces, whole or not at all. */
export function createTextFile(file: string): Omit<PartFile, 'put'> & { put(text: string): void } {
  const part = createPartFile(file, 'the command trace');
  const encoder = new TextEncoder();
  return { ...part, put: (text) => part.put(encoder.encode(text)) };
}

/** An access trace being recorded, whole or not at all. */
export interface TraceFileWriter extends SxtWriter {
  /** Gives up: nothing is left behind. */
  abandon(): void;
}

/** Throws InputError when the place cannot be written. */
export function createTraceFile(file: string, metadata: TraceMetadata): TraceFileWriter {
  const part = createPartFile(file, 'the trace');
  const writer = createSxtWriter(part.put, metadata, { join: true });
  return {
    append: writer.append,
    end() {
      writer.end();
      part.end();
    },
    abandon: part.abandon,
  };
}
