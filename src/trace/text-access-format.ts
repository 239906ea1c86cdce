import type { Bytes, Cycles } from '../units/flavours.ts';
import {
  type AccessFormat,
  type AccessTraceOptions,
  accessBytesOf,
  type Carries,
  type Losses,
} from './access-format.ts';
import { accessParts } from './access-parts.ts';
import type { AccessRun, AccessRunReader } from './access-run.ts';
import { FieldScanner } from './field-scanner.ts';
import { largeAddresses } from './large-addresses.ts';
import type { Signature } from './signature.ts';

/** What is particular to one format of text lines. */
export interface TextAccessFormat<Name extends string = string> {
  readonly name: Name;
  readonly signature: Signature;
  /** The form of a line, for messages. */
  readonly grammar: string;
  readonly carries: Omit<Carries, 'metadata'>;
  /** Bytes of an access where a line does not say; by default those of the options, or 64. */
  accessBytes?(options: AccessTraceOptions): Bytes;
  readonly bareAddressField?: number;
  reader(scanner: FieldScanner, options: AccessTraceOptions, losses: Losses): AccessRunReader;
  lines(options: AccessTraceOptions): AccessLines;
}

/** Writes the lines of a text format. */
export interface AccessLines {
  readonly header?: string;
  /**
   * Whole lines for an access, or nothing yet. The access is already cut to what the format carries; `cycle` is its
   * arrival in formats that count in cycles. Throws InputError for an access that the format cannot say.
   */
  line(access: Readonly<AccessRun>, cycle: Cycles): string;
  /** Lines that `line` has kept back until the end. */
  end?(): string;
}

/** Characters that are collected before they go out. */
const PIECE = 1 << 16;

/** A text format with the reader and the writer that all of them share. */
export function textAccessFormat<Name extends string>(format: TextAccessFormat<Name>): AccessFormat<Name> {
  const { name, signature, grammar, reader, bareAddressField } = format;
  const unitOf = (options: AccessTraceOptions): Bytes =>
    format.accessBytes?.(options) ?? accessBytesOf(options);
  const carries = { ...format.carries, metadata: false };
  return {
    name,
    signature,
    carries,
    ...(bareAddressField === undefined ? {} : { bareAddressField }),
    assumedBytes: (options) => (carries.extent === 'runs' ? undefined : unitOf(options)),
    open(source, options, losses) {
      const large = largeAddresses(options.window, () => unitOf(options));
      const scanner = new FieldScanner(source, grammar, options.addressBase, large);
      return { metadata: {}, ...reader(scanner, options, losses), place: () => scanner.place() };
    },
    createWriter(put, options, losses) {
      const unit = unitOf(options);
      const lines = format.lines(options);
      const encoder = new TextEncoder();
      let text = lines.header ?? '';
      const flush = (): void => {
        if (text !== '') put(encoder.encode(text));
        text = '';
      };
      return {
        append: accessParts(carries, unit, options, losses, (access, cycle) => {
          text += lines.line(access, cycle);
          if (text.length >= PIECE) flush();
        }),
        end() {
          text += lines.end?.() ?? '';
          flush();
        },
      };
    },
  };
}
