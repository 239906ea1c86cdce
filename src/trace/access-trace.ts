import { type ByteSource, prefixed, takeHead } from '../bytes/byte-source.ts';
import { gunzipSource } from '../bytes/gunzip-source.ts';
import { InputError } from '../errors/input-error.ts';
import type { Bytes } from '../units/flavours.ts';
import {
  type AccessTraceOptions,
  type AccessTraceWriter,
  accessBytesOf,
  type Losses,
  type OpenedAccessTrace,
} from './access-format.ts';
import { type AccessFormatName, accessFormat } from './access-formats.ts';
import type { AccessRunReader } from './access-run.ts';
import {
  DETECTION_BYTES,
  detectAccessFormat,
  headLines,
  likelyAccessFormat,
} from './detect-access-format.ts';
import { orLikelyFormat } from './likely-format.ts';
import type { MemoryMap } from './memory-map.ts';
import type { TraceMetadata } from './sxt-format.ts';

/** An access trace of any format, read run by run in bounded memory. */
export interface AccessTrace extends OpenedAccessTrace {
  readonly format: AccessFormatName;
  /** Bytes of an access that the trace does not give; undefined in formats whose every access says its size. */
  readonly assumedBytes: Bytes | undefined;
  /** Whether its first addresses are bare decimal digits that were taken in base 16, as the format has it. */
  readonly bareDigits: boolean;
}

/**
 * Opens an access trace, plain or gzip. The format is found from the content by default. What reading leaves out is
 * counted in `losses`. Throws InputError (also from `next`) with file:line:column, in binary formats with the byte, for
 * a file that does not follow its format.
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
  const known = accessFormat(format);
  const likely =
    options.format === undefined ? undefined : likelyAccessFormat(options.format, head, source.file);
  const flag = `--format ${likely} (of convert: --from ${likely})`;
  const { metadata, memoryMap, next, join, place } = orLikelyFormat(likely, flag, () =>
    known.open(prefixed(head, plain), options, losses),
  );
  let begun = false;
  const beginning: AccessRunReader['next'] = (run) => {
    const still = begun ? undefined : likely;
    begun = true;
    return orLikelyFormat(still, flag, () => next(run));
  };
  return {
    format,
    assumedBytes: known.assumedBytes(options),
    bareDigits:
      known.bareAddressField !== undefined &&
      options.addressBase !== 10 &&
      hasBareDigits(head, known.bareAddressField),
    metadata,
    ...(memoryMap ? { memoryMap } : {}),
    // Most traces are read without a step between.
    next: likely === undefined ? next : beginning,
    ...(join === undefined ? {} : { join }),
    place: place ?? (() => ({ file: source.file })),
  };
}

/** A writer of any format. What the format has no place for is counted in `losses`. */
export function createAccessTraceWriter(
  put: (bytes: Uint8Array) => void,
  format: AccessFormatName,
  options: AccessTraceOptions,
  losses: Losses,
  metadata: TraceMetadata,
  memoryMap?: MemoryMap,
): AccessTraceWriter {
  requireAccessBytes(options);
  return accessFormat(format).createWriter(put, options, losses, metadata, memoryMap);
}

/** Refuses accesses of more than a gigabyte: no system has them, and their addresses no longer split in 32 bits. */
function requireAccessBytes(options: AccessTraceOptions): void {
  const accessBytes = accessBytesOf(options);
  if (!Number.isInteger(accessBytes) || accessBytes < 1 || accessBytes > 2 ** 30)
    throw new InputError(`accesses of ${accessBytes} bytes`, { remedy: 'give 1 to 2^30, such as 64' });
}

/** Whether a field of the first lines that have it is made of decimal digits alone, several of them, everywhere. */
function hasBareDigits(head: Uint8Array, field: number): boolean {
  const addresses = headLines(head).flatMap(({ text }) => text.split(/\s+/)[field] ?? []);
  return addresses.some((text) => text.length > 1) && addresses.every((text) => /^\d+$/.test(text));
}
