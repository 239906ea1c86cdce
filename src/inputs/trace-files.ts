import { createPartFile, type PartFile } from '../files/write-file.ts';
import { type AccessTraceOptions, type Losses, noLosses } from '../trace/access-format.ts';
import type { AccessFormatName } from '../trace/access-formats.ts';
import { type AccessTrace, openAccessTrace } from '../trace/access-trace.ts';
import type { MemoryMap } from '../trace/memory-map.ts';
import type { TraceMetadata } from '../trace/sxt-format.ts';
import { createSxtWriter, type SxtWriter } from '../trace/sxt-writer.ts';
import type { RepeatableBytes } from './repeatable-bytes.ts';
import { openTraceBytes } from './trace-bytes.ts';

/** An access trace being read from a file; close it when done. */
export interface OpenTrace {
  readonly trace: AccessTrace;
  /** What reading has left out so far. */
  readonly losses: Losses;
  close(): void;
}

/** How to read a trace: what its format leaves open, and the format itself if it is not to be found out. */
export type TraceFileOptions = AccessTraceOptions & { readonly format?: AccessFormatName };

/**
 * Opens an access trace of any format by file name, or by its name in the package's traces/, or what is read several
 * times. Throws InputError when it cannot be read.
 */
export async function openTrace(
  from: string | RepeatableBytes,
  options: TraceFileOptions = {},
): Promise<OpenTrace> {
  const { source, close } = await (typeof from === 'string' ? openTraceBytes(from) : from.open());
  const losses = noLosses();
  try {
    return { trace: openAccessTrace(source, options, losses), losses, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** A text file being written in pieces, whole or not at all; `what` names it in messages ("the timeline"). */
export function createTextFile(
  file: string,
  what: string,
): Omit<PartFile, 'put'> & { put(text: string): void } {
  const part = createPartFile(file, what);
  const encoder = new TextEncoder();
  return { ...part, put: (text) => part.put(encoder.encode(text)) };
}

/** An access trace being recorded, whole or not at all. */
export interface TraceFileWriter extends SxtWriter {
  /** Gives up: nothing is left behind. */
  abandon(): void;
}

/** Throws InputError when the place cannot be written. */
export function createTraceFile(
  file: string,
  metadata: TraceMetadata,
  memoryMap: MemoryMap,
): TraceFileWriter {
  const part = createPartFile(file, 'the trace');
  const writer = createSxtWriter(part.put, metadata, { join: true, memoryMap });
  return {
    append: writer.append,
    end() {
      writer.end();
      part.end();
    },
    abandon: part.abandon,
  };
}
