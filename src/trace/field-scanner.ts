import type { ByteSource } from '../bytes/byte-source.ts';
import { InputError, type Place } from '../errors/input-error.ts';
import {
  COMMA,
  CR,
  DIGIT,
  HASH,
  LETTER_X,
  LF,
  LOWER_CASE,
  MINUS,
  POINT,
  SEPARATOR,
  SPACE,
  TAB,
  wordAt,
  ZERO,
} from './ascii.ts';
import { LARGEST_ADDRESS, type LargeAddresses, largeAddresses } from './large-addresses.ts';

const ASCII = new TextDecoder('latin1');

/** Bytes of the longest line; a longer one is refused. */
export const LONGEST_LINE = 1 << 16;
const CAPACITY = 1 << 20;

/** As many digits fit into 32 bits. */
const SHORT_DECIMAL = 9;
const SHORT_HEXADECIMAL = 7;
/** Digits of numbers that are below 2^51 for certain. */
const LONGEST_PLAIN_DECIMAL = 15;
const LONGEST_PLAIN_ADDRESS = 12;
const LONGEST_PLAIN_WHOLE = 12;

/** A part of a line that is kept, to be known again. */
export interface KeptText {
  readonly text: Uint8Array;
  /** 0 where nothing is kept. */
  length: number;
}
const LONGEST_KEPT = 32;
export const noText = (): KeptText => ({ text: new Uint8Array(LONGEST_KEPT), length: 0 });

/**
 * Reads the fields of a text trace line by line, byte by byte, without making strings. Lines end with LF or CRLF;
 * blank lines and comments (from `#` to the end of the line) are skipped; spaces and tabs separate fields. A field that
 * is not what the caller expects throws InputError with file:line:column, the text found and the format's grammar.
 */
export class FieldScanner {
  // A class, because V8 inlines methods of a prototype, but not a closure of which each trace has its own. For the same reason
  // what reads a field is short, and what says that it is wrong is apart.
  private readonly source: ByteSource;
  private readonly grammar: string;
  private readonly addressBase: 10 | 16;
  private readonly large: LargeAddresses;
  private readonly firstLarge: number;
  // One byte more: a line feed always follows the last byte, so no loop below needs to check for the end.
  private readonly bytes = new Uint8Array(CAPACITY + 1);
  private at = 0;
  private end = 0;
  private exhausted = false;
  private line = 0;
  private lineStart = 0;
  private field = 0;

  constructor(
    source: ByteSource,
    grammar: string,
    addressBase: 10 | 16 = 16,
    large: LargeAddresses = largeAddresses(undefined, () => 1),
  ) {
    this.source = source;
    this.grammar = grammar;
    this.addressBase = addressBase;
    this.large = large;
    this.firstLarge = large.below;
    this.bytes[0] = LF;
  }

  /** Goes to the next line that is neither blank nor a comment; false at the end of the file. */
  nextLine(): boolean {
    for (;;) {
      if (this.end - this.at < LONGEST_LINE && !this.exhausted) this.refill();
      if (this.at >= this.end) return false;
      this.line++;
      this.lineStart = this.at;
      if (this.toField() > HASH || !this.lineEnds()) return true;
      this.leaveLine();
    }
  }

  /**
   * Begins a line that may be in the form in which programs write it: fields without blanks or comments around them, numbers
   * that are not too long. The `plain` methods read such a line several times as fast as the others; where one of them finds
   * anything else, `unplain` goes back for the others to read the line, and to say what is wrong with it.
   */
  beginPlain(): void {
    if (this.end - this.at < LONGEST_LINE && !this.exhausted) this.refill();
    this.line++;
    this.lineStart = this.at;
  }

  /** Goes back to where the line began; false, for the caller to return. */
  unplain(): false {
    this.line--;
    this.at = this.lineStart;
    return false;
  }

  /** The index of the word that comes next, before this byte; -1 for anything else. */
  plainWord(words: readonly Uint8Array[], separator: number): number {
    const { bytes, at } = this;
    for (let index = 0; index < words.length; index++) {
      const word = words[index]!;
      let i = 0;
      while (i < word.length && bytes[at + i] === word[i]) i++;
      if (i === word.length && this.skips(at + i, separator)) return index;
    }
    return -1;
  }

  /** Where the next byte is, for `keep`. */
  get position(): number {
    return this.at;
  }

  /** Skips the text that was kept; false if something else comes next. */
  plainKept({ text, length }: KeptText): boolean {
    if (length === 0) return false;
    const { bytes, at } = this;
    for (let i = 0; i < length; i++) if (bytes[at + i] !== text[i]) return false;
    this.at = at + length;
    return true;
  }

  /** Keeps what was read of this line from `first` on, if it is sound and short. */
  keep(kept: KeptText, first: number, isSound: boolean): void {
    const length = this.at - first;
    kept.length = isSound && length <= LONGEST_KEPT ? length : 0;
    for (let i = 0; i < kept.length; i++) kept.text[i] = this.bytes[first + i]!;
  }

  /** Skips this byte; false if another one comes next. */
  plainByte(byte: number): boolean {
    if (this.bytes[this.at] !== byte) return false;
    this.at++;
    return true;
  }

  /** Skips spaces, or tabs, and answers with which of them these are; -1 where the next byte is neither. */
  plainBlanks(): number {
    const { bytes } = this;
    let at = this.at;
    const blank = bytes[at]!;
    if (blank !== SPACE && blank !== TAB) return -1;
    while (bytes[++at] === blank);
    this.at = at;
    return blank;
  }

  /** Skips digits in base 16 up to this byte, with or without 0x; false for anything else. */
  plainHexDigits(separator: number): boolean {
    this.prefix();
    const { bytes } = this;
    const first = this.at;
    let at = first;
    // Any byte but a digit is 255 there, so that four are looked at in one.
    while (
      (DIGIT[bytes[at]!]! | DIGIT[bytes[at + 1]!]! | DIGIT[bytes[at + 2]!]! | DIGIT[bytes[at + 3]!]!) <
      16
    )
      at += 4;
    while (DIGIT[bytes[at]!]! < 16) at++;
    return at > first && this.skips(at, separator);
  }

  /**
   * A whole number in base 10 of at most 12 digits before a comma or the end of the line, where it stays; it may be negative, and
   * written as a float. NaN, and nothing read, for anything else.
   */
  plainSigned(): number {
    const { bytes, at: start } = this;
    const negative = this.plainByte(MINUS);
    const first = this.at;
    const value = this.leadingDigits();
    let at = this.at;
    if (this.isShort(first, LONGEST_PLAIN_WHOLE)) {
      if (bytes[at] === POINT && bytes[at + 1] === ZERO) while (bytes[++at] === ZERO);
      if (bytes[at] === COMMA || bytes[at] === LF || (bytes[at] === CR && bytes[at + 1] === LF)) {
        this.at = at;
        return negative ? -value : value;
      }
    }
    this.at = start;
    return Number.NaN;
  }

  /** The same behind a comma and perhaps a space, but of negative numbers only -1. */
  plainListed(): number {
    const { bytes, at } = this;
    if (bytes[at] !== COMMA) return Number.NaN;
    this.at = bytes[at + 1] === SPACE ? at + 2 : at + 1;
    const value = this.plainSigned();
    if (value >= -1) return value;
    this.at = at;
    return Number.NaN;
  }

  /** A number in base 10 of at most 15 digits before this byte; -1 for anything else. */
  plainDecimal(separator: number): number {
    const first = this.at;
    const value = this.leadingDigits();
    return this.isShort(first, LONGEST_PLAIN_DECIMAL) && this.skips(this.at, separator) ? value : -1;
  }

  /** An address of at most 12 digits, in base 16 after 0x, else in the given base, before this byte; -1 for anything else. */
  plainAddress(bareBase: 10 | 16, separator: number): number {
    const value = this.plainAddressDigits(bareBase);
    return value >= 0 && this.skips(this.at, separator) ? value : -1;
  }

  /** The same before any byte, which is left to the caller. */
  plainAddressDigits(bareBase: 10 | 16): number {
    const hexadecimal = this.prefix() || bareBase === 16;
    const first = this.at;
    const value = hexadecimal ? this.leadingHexadecimal() : this.leadingDigits();
    return this.isShort(first, hexadecimal ? LONGEST_PLAIN_ADDRESS : LONGEST_PLAIN_DECIMAL) ? value : -1;
  }

  /** Skips the end of the line; false if anything else comes next. */
  plainEnd(): boolean {
    return this.at < this.end && this.skips(this.at, LF);
  }

  /** A number in base 10 with at most three decimals before this byte, times 1000; -1 for anything else. */
  plainThousandths(separator: number): number {
    const first = this.at;
    let value = this.leadingDigits() * 1000;
    if (!this.isShort(first, LONGEST_PLAIN_WHOLE)) return -1;
    const { bytes } = this;
    let at = this.at;
    if (bytes[at] === POINT) {
      let digit = DIGIT[bytes[++at]!]!;
      if (digit >= 10) return -1;
      for (let unit = 100; digit < 10 && unit >= 1; unit /= 10) {
        value += digit * unit;
        digit = DIGIT[bytes[++at]!]!;
      }
    }
    return this.skips(at, separator) ? value : -1;
  }

  /** Whether the line has no more fields. */
  atLineEnd(): boolean {
    return this.toField() <= HASH && this.lineEnds();
  }

  /** Leaves a line, which must have no more fields. */
  endLine(): void {
    if (this.toField() === LF && this.at < this.end) this.at++;
    else this.leaveUnusualLine();
  }

  /** A number in base 10. All numbers but addresses are below 2^51. */
  decimal(what: string): number {
    this.toField();
    const value = this.decimalDigits(what);
    return value < LARGEST_ADDRESS ? value : this.refuseLarge(what);
  }

  /** A whole number in base 10; it may be negative, and written as a float: "-12.0". */
  signedWhole(what: string): number {
    const value = this.signedDigits(what);
    return Math.abs(value) < LARGEST_ADDRESS ? value : this.refuseLarge(what);
  }

  /** An address in the base of bare addresses, which is 16 by default, or in base 16 after 0x. */
  address(what: string): number {
    const byte = this.toField();
    return (byte === ZERO && this.prefix()) || this.addressBase === 16
      ? this.hexadecimalAddress(what)
      : this.bareAddress(what);
  }

  /** An address in base 10, or in base 16 after 0x. */
  decimalAddress(what: string): number {
    return this.toField() === ZERO && this.prefix() ? this.hexadecimalAddress(what) : this.bareAddress(what);
  }

  /** An address that is given in words, as `signedWhole` reads it, in bytes; a negative number as it stands. */
  wordAddress(what: string, wordBytes: number): number {
    const words = this.signedDigits(what);
    if (words < 0) return -words < LARGEST_ADDRESS ? words : this.refuseLarge(what);
    return words * wordBytes < this.firstLarge ? words * wordBytes : this.largeAddress(10, what, wordBytes);
  }

  /** A number in base 10 with at most three decimals, times 1000. */
  thousandths(what: string): number {
    const whole = this.toField() !== POINT;
    let value = whole ? 1000 * this.leadingDigits() : 0;
    if (this.bytes[this.at] === POINT) value += this.decimals(what);
    else if (!whole || this.at === this.field || SEPARATOR[this.bytes[this.at]!] === 0)
      this.refuseThousandths(what);
    if (value >= LARGEST_ADDRESS) throw this.fault(`${what}: ${this.found()} is not below 2^51 thousandths`);
    return value;
  }

  /** The index of the word that comes next. */
  oneOf(words: readonly Uint8Array[], what: string): number {
    this.toField();
    const { bytes, at } = this;
    for (let index = 0; index < words.length; index++) {
      const word = words[index]!;
      let i = 0;
      while (i < word.length && bytes[at + i] === word[i]) i++;
      if (i === word.length && SEPARATOR[bytes[at + i]!] === 1) {
        this.at = at + i;
        return index;
      }
    }
    throw this.fault(this.lineEnds() ? `${what}: missing` : `unknown ${what} ${this.found()}`);
  }

  /** Skips this byte if it comes next; false if another one does. */
  accept(byte: number): boolean {
    if (this.toField() !== byte) return false;
    this.at++;
    return true;
  }

  /** Skips this byte, which must come next. */
  expect(byte: number): void {
    if (this.toField() === byte) this.at++;
    else this.refuseInsteadOf(byte);
  }

  /** Skips a field of digits in base 16, with or without 0x. */
  skipHexDigits(what: string): void {
    this.toField();
    this.prefix();
    const { bytes } = this;
    const first = this.at;
    let at = first;
    while (DIGIT[bytes[at]!]! < 16) at++;
    this.at = at;
    if (at === first || SEPARATOR[bytes[at]!] === 0)
      throw this.fault(`${what}: ${this.found()} is not made of digits in base 16`);
  }

  /** The first byte of the next field. */
  peek(): number {
    return this.toField();
  }

  /** The line. */
  place(): Place {
    return { file: this.source.file, line: this.line };
  }

  /** An error that points at the field read last; its last line is the remedy, or else the format's grammar. */
  fault(what: string, remedy = `expected ${this.grammar}`): InputError {
    const { line, field, lineStart } = this;
    const place = { file: this.source.file, line, column: field - lineStart + 1 };
    return new InputError(what, { place, remedy });
  }

  private refill(): void {
    const { bytes, source } = this;
    bytes.copyWithin(0, this.at, this.end);
    this.end -= this.at;
    this.at = 0;
    while (this.end < LONGEST_LINE && !this.exhausted) {
      const got = source.read(bytes.subarray(this.end, CAPACITY));
      if (got === 0) this.exhausted = true;
      this.end += got;
    }
    bytes[this.end] = LF;
  }

  /** Skips spaces and tabs; answers with the byte behind them. */
  private toField(): number {
    const { bytes } = this;
    let at = this.at;
    let byte = bytes[at]!;
    while (byte === SPACE || byte === TAB) byte = bytes[++at]!;
    this.at = at;
    this.field = at;
    return byte;
  }

  private lineEnds(): boolean {
    const { bytes, at } = this;
    const byte = bytes[at]!;
    return byte === LF || byte === HASH || (byte === CR && bytes[at + 1] === LF);
  }

  /** Goes from anywhere in a line to the byte after its line feed. */
  private leaveLine(): void {
    const feed = this.bytes.indexOf(LF, this.at);
    if (feed === this.end && !this.exhausted) {
      this.field = this.lineStart;
      throw this.fault(`a line of more than ${LONGEST_LINE} bytes`);
    }
    this.at = feed + 1;
  }

  /** Goes from `at` to behind this byte; false if another one is there. A line feed may follow a carriage return. */
  private skips(at: number, separator: number): boolean {
    const { bytes } = this;
    const to = separator === LF && bytes[at] === CR ? at + 1 : at;
    if (bytes[to] !== separator) return false;
    this.at = to + 1;
    return true;
  }

  /** Whether there are digits since `first`, but not more than these. */
  private isShort(first: number, most: number): boolean {
    return this.at > first && this.at <= first + most;
  }

  private leaveUnusualLine(): void {
    if (!this.lineEnds()) throw this.fault(`unexpected ${this.found()}`);
    this.leaveLine();
  }

  /** Skips 0x. */
  private prefix(): boolean {
    const { bytes, at } = this;
    if (bytes[at] !== ZERO || (bytes[at + 1]! | LOWER_CASE) !== LETTER_X) return false;
    this.at = at + 2;
    return true;
  }

  /** A whole number in base 10, perhaps rounded from 2^53 on. */
  private decimalDigits(what: string): number {
    const value = this.leadingDigits();
    if (this.at === this.field || SEPARATOR[this.bytes[this.at]!] === 0) this.refuseNumber(10, what);
    return value;
  }

  /** The digits in base 10 that come next, perhaps none, as a whole number. */
  private leadingDigits(): number {
    const { bytes } = this;
    let at = this.at;
    const last = at + SHORT_DECIMAL;
    let short = 0;
    let digit = DIGIT[bytes[at]!]!;
    for (; digit < 10 && at < last; digit = DIGIT[bytes[++at]!]!) short = short * 10 + digit;
    let value = short;
    for (; digit < 10; digit = DIGIT[bytes[++at]!]!) value = value * 10 + digit;
    this.at = at;
    return value;
  }

  /** A whole number in base 16, perhaps rounded from 2^53 on. */
  private hexadecimalDigits(what: string): number {
    const first = this.at;
    const value = this.leadingHexadecimal();
    if (this.at === first || SEPARATOR[this.bytes[this.at]!] === 0) this.refuseNumber(16, what);
    return value;
  }

  /** The digits in base 16 that come next, perhaps none, as a whole number. */
  private leadingHexadecimal(): number {
    const { bytes } = this;
    let at = this.at;
    const last = at + SHORT_HEXADECIMAL;
    let short = 0;
    let digit = DIGIT[bytes[at]!]!;
    for (; digit < 16 && at < last; digit = DIGIT[bytes[++at]!]!) short = (short << 4) | digit;
    let value = short;
    for (; digit < 16; digit = DIGIT[bytes[++at]!]!) value = value * 16 + digit;
    this.at = at;
    return value;
  }

  /** A point, and one to three decimals, as thousandths. */
  private decimals(what: string): number {
    const { bytes } = this;
    const first = this.at + 1;
    let at = first;
    let value = 0;
    let digit = DIGIT[bytes[at]!]!;
    for (let unit = 100; digit < 10 && unit >= 1; unit /= 10) {
      value += digit * unit;
      digit = DIGIT[bytes[++at]!]!;
    }
    this.at = at;
    if (at === first || SEPARATOR[bytes[at]!] === 0) this.refuseThousandths(what);
    return value;
  }

  /** A whole number in base 10 that may be negative, and written as a float. */
  private signedDigits(what: string): number {
    const negative = this.toField() === MINUS;
    if (negative) this.at++;
    const { bytes } = this;
    const first = this.at;
    const value = this.leadingDigits();
    const whole = this.at > first;
    if (whole && bytes[this.at] === POINT && bytes[this.at + 1] === ZERO) while (bytes[++this.at] === ZERO);
    if (!whole || SEPARATOR[bytes[this.at]!] === 0)
      throw this.fault(`${what}: ${this.found()} is not a whole number in base 10`);
    return negative ? -value : value;
  }

  private hexadecimalAddress(what: string): number {
    const value = this.hexadecimalDigits(what);
    return value < this.firstLarge ? value : this.largeAddress(16, what, 1);
  }

  private bareAddress(what: string): number {
    const value = this.decimalDigits(what);
    return value < this.firstLarge ? value : this.largeAddress(10, what, 1);
  }

  /** The address of the current field, whose digits may follow 0x, in words of so many bytes. */
  private largeAddress(base: 10 | 16, what: string, wordBytes: number): number {
    const [digits] = /^(?:0[xX])?[0-9a-fA-F]+/.exec(ASCII.decode(this.bytes.subarray(this.field, this.at)))!;
    const text = base === 16 ? digits.replace(/^(?:0[xX])?/, '0x') : digits;
    const taken = this.large.inPlaceOf(BigInt(text) * BigInt(wordBytes));
    if (typeof taken === 'number') return taken;
    const unit = wordBytes === 1 ? '' : ` in words of ${wordBytes} bytes`;
    throw this.fault(`${what}: ${this.found()}${unit} ${taken.why}`, taken.remedy);
  }

  /** The current field for messages. */
  private found(): string {
    const word = wordAt(this.bytes, this.field);
    if (word !== '') return `"${word}"`;
    return this.lineEnds() ? 'the end of the line' : `"${String.fromCharCode(this.bytes[this.field]!)}"`;
  }

  private refuseNumber(base: 10 | 16, what: string): never {
    throw this.fault(`${what}: ${this.found()} is not a number in base ${base}`);
  }

  private refuseLarge(what: string): never {
    throw this.fault(`${what}: ${this.found()} is not below 2^51`);
  }

  private refuseThousandths(what: string): never {
    throw this.fault(`${what}: ${this.found()} is not a number with at most three decimals`);
  }

  private refuseInsteadOf(byte: number): never {
    throw this.fault(`${this.found()} instead of "${String.fromCharCode(byte)}"`);
  }
}
