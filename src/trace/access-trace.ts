import { type ByteSource, prefixed, takeHead } from '../bytes/byte-source.ts';
import { gunzipSource } from '../bytes/gunzip-source.ts';
import { InputError } from '../errors/input-error.ts';
import {
  type AccessFormatName,
  type AccessTraceOptions,
  DEFAULT_ACCESS_BYTES,
  type Losses,
} from './access-format.ts';
import { accessParts } from './access-parts.ts';
import type { AccessRun, AccessRunReader } from './access-run.ts';
import { DETECTION_BYTES, detectAccessFormat } from './detect-access-format.ts';
import { createFieldScanner } from './field-scanner.ts';
import { GEM5_CARRIES, readGem5, writeGem5 } from './formats/gem5.ts';
import type { TraceMetadata } from './sxt-format.ts';
import { openSxt } from './sxt-reader.ts';
import { createSxtWriter } from './sxt-writer.ts';
import { TEXT_FORMATS } from './text-formats.ts';

/** An access trace of any format, read as it is asked for, in bounded memory. */
export interface AccessTrace extends AccessRunReader {
  readonly format: AccessFormatName;
  /** What the trace says of itself; only `.sxt` does. */
  readonly metadata: TraceMetadata;
}

/**
 * Opens an access trace, plain or gzip. The format is found from the content unless given. What reading leaves out is
 * counted in `losses`. Throws InputError (also from `next`) with file:line:column, in binary formats with the byte, for
 * anything that is not as the format says.
 */
export function openAccessTrace(
  source: ByteSource,
  options: AccessTraceOptions & { readonly format?: AccessFormatName },
  losses: Losses,
): AccessTrace {
  requireAccessBytes(options);
  const plain = gunzipSource(source);
  const head = takeHead(plain, DETECTION_BYTES);
  const format = options.format ?? detectAccessFormat(head, source.file);
  const whole = prefixed(head, plain);
  if (format === 'sxt') {
    const reader = openSxt(whole);
    return { format, metadata: reader.metadata, next: reader.next };
  }
  if (format === 'gem5') return { format, metadata: {}, next: readGem5(whole).next };
  const text = TEXT_FORMATS[format];
  const { next } = text.reader(createFieldScanner(whole, text.grammar), options, losses);
  return { format, metadata: {}, next };
}

/** Writes an access trace; finished pieces of the file go out in order. */
export interface AccessTraceWriter {
  /** Throws InputError for a run that the format cannot say. */
  append(run: Readonly<AccessRun>): void;
  /** Writes what is left. */
  end(): void;
}

const PIECE = 1 << 16;

/** A writer of any format. What the format has no place for is counted in `losses`. */
export function createAccessTraceWriter(
  put: (bytes: Uint8Array) => void,
  format: AccessFormatName,
  options: AccessTraceOptions,
  losses: Losses,
  metadata: TraceMetadata,
): AccessTraceWriter {
  requireAccessBytes(options);
  if (format === 'sxt') return createSxtWriter(put, metadata);
  if (format === 'gem5') {
    const { accessBytes = DEFAULT_ACCESS_BYTES } = options;
    const { append, end } = writeGem5(put);
    return { append: accessParts(GEM5_CARRIES, accessBytes, options, losses, append), end };
  }
  const { carries, accessBytes, lines } = TEXT_FORMATS[format];
  const writer = lines(options);
  const encoder = new TextEncoder();
  let text = writer.header ?? '';
  const flush = (): void => {
    if (text !== '') put(encoder.encode(text));
    text = '';
  };
  return {
    append: accessParts(carries, accessBytes(options), options, losses, (access, cycle) => {
      text += writer.line(access, cycle);
      if (text.length >= PIECE) flush();
    }),
    end() {
      text += writer.end?.() ?? '';
      flush();
    },
  };
}

/** Accesses larger than a gigabyte are no accesses, and their addresses no longer split in 32 bits. */
function requireAccessBytes({ accessBytes = DEFAULT_ACCESS_BYTES }: AccessTraceOptions): void {
  if (!Number.isInteger(accessBytes) || accessBytes < 1 || accessBytes > 2 ** 30)
    throw new InputError(`accesses of ${accessBytes} bytes`, { remedy: 'give 1 to 2^30, such as 64' });
}
