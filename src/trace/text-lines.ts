import type { ByteSource } from '../bytes/byte-source.ts';
import { InputError } from '../errors/input-error.ts';

/** A line of a text file, without its end; lines count from 1. */
export interface TextLine {
  readonly text: string;
  readonly line: number;
}

const PIECE = 1 << 16;
const LONGEST = 1 << 16;

/**
 * The lines of a source, in bounded memory. Lines end with LF or CRLF; the last one may lack its end. Throws InputError
 * for bytes that are not UTF-8 and for a line of more than 65,536 characters: such a file is not text.
 */
export function* textLines(source: ByteSource): Generator<TextLine> {
  const { file } = source;
  const bytes = new Uint8Array(PIECE);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  let line = 0;
  const decode = (piece: Uint8Array | undefined): string => {
    try {
      return piece ? decoder.decode(piece, { stream: true }) : decoder.decode();
    } catch {
      throw new InputError('not a text file: bytes that are not UTF-8', { place: { file, line: line + 1 } });
    }
  };
  for (let length = source.read(bytes); ; length = source.read(bytes)) {
    rest += length > 0 ? decode(bytes.subarray(0, length)) : decode(undefined);
    let from = 0;
    for (let end = rest.indexOf('\n', from); end >= 0; end = rest.indexOf('\n', from)) {
      yield { text: withoutReturn(rest.slice(from, end)), line: ++line };
      from = end + 1;
    }
    rest = rest.slice(from);
    if (length === 0) break;
    if (rest.length > LONGEST)
      throw new InputError(`not a text file: a line of more than ${LONGEST} characters`, {
        place: { file, line: line + 1 },
      });
  }
  if (rest !== '') yield { text: withoutReturn(rest), line: ++line };
}

const withoutReturn = (text: string): string => (text.endsWith('\r') ? text.slice(0, -1) : text);
