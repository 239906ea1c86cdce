import type { Losses } from '../trace/access-format.ts';
import type { AccessFormatName } from '../trace/access-formats.ts';
import type { AccessTrace } from '../trace/access-trace.ts';
import type { Bytes } from '../units/flavours.ts';

/** What a trace was found to be, what was assumed of it, and what was left out of it. */
export interface TraceReading {
  readonly format: AccessFormatName;
  /** Whether the user named the format, rather than that it was found from the content. */
  readonly named: boolean;
  /** Bytes of an access that the trace does not give; undefined where every access says its size. */
  readonly assumed_access_bytes: Bytes | undefined;
  /** Whether the user gave these bytes. */
  readonly access_bytes_given: boolean;
  /** Whether addresses are bare decimal digits that were taken in base 16. */
  readonly bare_digits_in_base_16: boolean;
  readonly late_requests: number;
  readonly unaligned_accesses: number;
  /** Entries that are no reads or writes, by their kind. */
  readonly skipped: Readonly<Record<string, number>>;
}

export const traceReading = (
  { format, assumedBytes, bareDigits }: AccessTrace,
  losses: Losses,
  given: { readonly format?: unknown; readonly accessBytes?: unknown },
): TraceReading => ({
  format,
  named: given.format !== undefined,
  assumed_access_bytes: assumedBytes,
  access_bytes_given: given.accessBytes !== undefined,
  bare_digits_in_base_16: bareDigits,
  late_requests: losses.lateTimes,
  unaligned_accesses: losses.lowAddressBits,
  skipped: losses.skipped,
});
