import type { ByteSource } from '../bytes/byte-source.ts';
import { InputError, type Place } from '../errors/input-error.ts';
import { LARGEST_ADDRESS, type LargeAddresses, largeAddresses } from './large-addresses.ts';

/**
 * Reads the fields of a text trace line by line, byte by byte, without making strings. Lines end with LF or CRLF;
 * blank lines and comments (from `#` to the end of the line) are skipped; spaces and tabs separate fields. A field that
 * is not what the caller expects throws InputError with file:line:column, the text found and the format's grammar.
 */
export interface FieldScanner {
  /** Goes to the next line that is neither blank nor a comment; false at the end of the file. */
  nextLine(): boolean;
  /** Whether the line has no more fields. */
  atLineEnd(): boolean;
  /** Leaves a line, which must have no more fields. */
  endLine(): void;
  /** A number in base 10. All numbers but addresses are below 2^51. */
  decimal(what: string): number;
  /** A whole number in base 10; it may be negative, and written as a float: "-12.0". */
  signedWhole(what: string): number;
  /** An address in the base of bare addresses, which is 16 by default, or in base 16 after 0x. */
  address(what: string): number;
  /** An address in base 10, or in base 16 after 0x. */
  decimalAddress(what: string): number;
  /** An address that is given in words, as `signedWhole` reads it, in bytes; a negative number as it stands. */
  wordAddress(what: string, wordBytes: number): number;
  /** A number in base 10 with at most three decimals, times 1000. */
  thousandths(what: string): number;
  /** The index of the word that comes next. */
  oneOf(words: readonly Uint8Array[], what: string): number;
  /** Skips this byte if it comes next; false if another one does. */
  accept(byte: number): boolean;
  /** Skips this byte, which must come next. */
  expect(byte: number): void;
  /** Skips a field of digits in base 16, with or without 0x. */
  skipHexDigits(what: string): void;
  /** The first byte of the next field. */
  peek(): number;
  /** The line. */
  place(): Place;
  /** An error that points at the field read last; its last line is the remedy, or else the format's grammar. */
  fault(what: string, remedy?: string): InputError;
}

const LF = 10;
const CR = 13;
const HASH = 35;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const LARGEST = LARGEST_ADDRESS;

const ASCII = new TextDecoder('latin1');

/** Bytes of the longest line; a longer one is refused. */
export const LONGEST_LINE = 1 << 16;
const CAPACITY = 1 << 20;

/** Value of a digit by its byte; 255 for other bytes. */
const DIGIT = new Uint8Array(256).fill(255);
for (let value = 0; value < 16; value++) {
  DIGIT[value.toString(16).charCodeAt(0)] = value;
  DIGIT[value.toString(16).toUpperCase().charCodeAt(0)] = value;
}
/** 1 for bytes that may follow a number or a word: white space and punctuation. */
const SEPARATOR = new Uint8Array(256);
for (const byte of new TextEncoder().encode(' \t\r\n#,:()')) SEPARATOR[byte] = 1;

/** Words as `oneOf` compares them. */
export const asBytes = (...words: readonly string[]): readonly Uint8Array[] =>
  words.map((word) => new TextEncoder().encode(word));

export function createFieldScanner(
  source: ByteSource,
  grammar: string,
  addressBase: 10 | 16 = 16,
  large: LargeAddresses = largeAddresses(undefined, () => 1),
): FieldScanner {
  const { file } = source;
  const firstLarge = large.below;
  // One byte more: a line feed always follows the last byte, so no loop below needs to check for the end.
  const bytes = new Uint8Array(CAPACITY + 1);
  let at = 0;
  let end = 0;
  let exhausted = false;
  let line = 0;
  let lineStart = 0;
  let field = 0;
  bytes[0] = LF;

  function refill(): void {
    bytes.copyWithin(0, at, end);
    end -= at;
    at = 0;
    while (end < CAPACITY && !exhausted) {
      const got = source.read(bytes.subarray(end, CAPACITY));
      if (got === 0) exhausted = true;
      end += got;
    }
    bytes[end] = LF;
  }

  function fault(what: string, remedy = `expected ${grammar}`): InputError {
    return new InputError(what, { place: { file, line, column: field - lineStart + 1 }, remedy });
  }

  /** The current field for messages: shortened, and with bytes that cannot be printed as escapes. */
  function found(): string {
    let to = field;
    while (to < field + 40 && SEPARATOR[bytes[to]!] === 0) to++;
    if (to === field) return lineEnds() ? 'the end of the line' : `"${String.fromCharCode(bytes[field]!)}"`;
    let text = '';
    for (let i = field; i < to; i++) {
      const byte = bytes[i]!;
      text +=
        byte > 32 && byte < 127 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
    }
    return `"${text}"`;
  }

  const lineEnds = (): boolean => {
    const byte = bytes[at]!;
    return byte === LF || byte === HASH || (byte === CR && bytes[at + 1] === LF);
  };

  function toField(): void {
    let byte = bytes[at]!;
    while (byte === 32 || byte === 9) byte = bytes[++at]!;
    field = at;
  }

  /** Goes from anywhere in a line to the byte after its line feed. */
  function leaveLine(): void {
    const feed = bytes.indexOf(LF, at);
    if (feed === end && !exhausted) {
      field = lineStart;
      throw fault(`a line of more than ${LONGEST_LINE} bytes`);
    }
    at = feed + 1;
  }

  /** A whole number, perhaps rounded from 2^53 on. */
  function digits(base: 10 | 16, what: string): number {
    const first = at;
    let value = 0;
    let digit = DIGIT[bytes[at]!]!;
    while (digit < base) {
      value = value * base + digit;
      digit = DIGIT[bytes[++at]!]!;
    }
    if (at === first || SEPARATOR[bytes[at]!] === 0)
      throw fault(`${what}: ${found()} is not a number in base ${base}`);
    return value;
  }

  function addressDigits(base: 10 | 16, what: string): number {
    const value = digits(base, what);
    return value < firstLarge ? value : largeAddress(base, what, 1);
  }

  /** The address of the current field, whose digits may follow 0x, in words of so many bytes. */
  function largeAddress(base: 10 | 16, what: string, wordBytes: number): number {
    const [digitsOfField] = /^(?:0[xX])?[0-9a-fA-F]+/.exec(ASCII.decode(bytes.subarray(field, at)))!;
    const text = base === 16 ? digitsOfField.replace(/^(?:0[xX])?/, '0x') : digitsOfField;
    const taken = large.inPlaceOf(BigInt(text) * BigInt(wordBytes));
    if (typeof taken === 'number') return taken;
    const unit = wordBytes === 1 ? '' : ` in words of ${wordBytes} bytes`;
    throw fault(`${what}: ${found()}${unit} ${taken.why}`, taken.remedy);
  }

  /** A whole number in base 10 that may be negative, and written as a float. */
  function signedDigits(what: string): number {
    toField();
    const negative = bytes[at] === MINUS;
    if (negative) at++;
    const first = at;
    let value = 0;
    for (let digit = DIGIT[bytes[at]!]!; digit < 10; digit = DIGIT[bytes[++at]!]!) value = value * 10 + digit;
    const whole = at > first;
    if (whole && bytes[at] === POINT && bytes[at + 1] === ZERO) while (bytes[++at] === ZERO);
    if (!whole || SEPARATOR[bytes[at]!] === 0)
      throw fault(`${what}: ${found()} is not a whole number in base 10`);
    return negative ? -value : value;
  }

  function requireSmall(value: number, what: string): number {
    if (Math.abs(value) >= LARGEST) throw fault(`${what}: ${found()} is not below 2^51`);
    return value;
  }

  function prefix(): boolean {
    if (bytes[at] !== ZERO || (bytes[at + 1]! | 32) !== 120) return false;
    at += 2;
    return true;
  }

  return {
    nextLine() {
      for (;;) {
        if (end - at < LONGEST_LINE && !exhausted) refill();
        if (at >= end) return false;
        line++;
        lineStart = at;
        toField();
        if (bytes[at]! > HASH || !lineEnds()) return true;
        leaveLine();
      }
    },
    atLineEnd() {
      toField();
      return lineEnds();
    },
    endLine() {
      toField();
      if (bytes[at] === LF && at < end) at++;
      else {
        if (!lineEnds()) throw fault(`unexpected ${found()}`);
        leaveLine();
      }
    },
    decimal(what) {
      toField();
      const value = digits(10, what);
      if (value >= LARGEST) throw fault(`${what}: ${found()} is not below 2^51`);
      return value;
    },
    signedWhole: (what) => requireSmall(signedDigits(what), what),
    address(what) {
      toField();
      return addressDigits(prefix() ? 16 : addressBase, what);
    },
    decimalAddress(what) {
      toField();
      return addressDigits(prefix() ? 16 : 10, what);
    },
    wordAddress(what, wordBytes) {
      const words = signedDigits(what);
      if (words < 0) return requireSmall(words, what);
      return words * wordBytes < firstLarge ? words * wordBytes : largeAddress(10, what, wordBytes);
    },
    thousandths(what) {
      toField();
      const first = at;
      let value = 0;
      let digit = DIGIT[bytes[at]!]!;
      while (digit < 10) {
        value = value * 10 + digit;
        digit = DIGIT[bytes[++at]!]!;
      }
      let bare = at === first;
      value *= 1000;
      if (bytes[at] === POINT) {
        digit = DIGIT[bytes[++at]!]!;
        bare = digit >= 10;
        for (let unit = 100; digit < 10 && unit >= 1; unit /= 10) {
          value += digit * unit;
          digit = DIGIT[bytes[++at]!]!;
        }
      }
      if (bare || SEPARATOR[bytes[at]!] === 0)
        throw fault(`${what}: ${found()} is not a number with at most three decimals`);
      if (value >= LARGEST) throw fault(`${what}: ${found()} is not below 2^51 thousandths`);
      return value;
    },
    oneOf(words, what) {
      toField();
      for (let index = 0; index < words.length; index++) {
        const word = words[index]!;
        let i = 0;
        while (i < word.length && bytes[at + i] === word[i]) i++;
        if (i === word.length && SEPARATOR[bytes[at + i]!] === 1) {
          at += i;
          return index;
        }
      }
      throw fault(lineEnds() ? `${what}: missing` : `unknown ${what} ${found()}`);
    },
    accept(byte) {
      toField();
      if (bytes[at] !== byte) return false;
      at++;
      return true;
    },
    expect(byte) {
      toField();
      if (bytes[at] !== byte) throw fault(`${found()} instead of "${String.fromCharCode(byte)}"`);
      at++;
    },
    skipHexDigits(what) {
      toField();
      prefix();
      const first = at;
      while (DIGIT[bytes[at]!]! < 16) at++;
      if (at === first || SEPARATOR[bytes[at]!] === 0)
        throw fault(`${what}: ${found()} is not made of digits in base 16`);
    },
    peek() {
      toField();
      return bytes[at]!;
    },
    place: () => ({ file, line }),
    fault,
  };
}
