// Bytes of text traces.

export const TAB = 9;
/** Bytes between fields. */
export const LF = 10;
export const SPACE = 32;
export const COMMA = 44;
export const CR = 13;
export const HASH = 35;
export const MINUS = 45;
export const POINT = 46;
export const ZERO = 48;
export const LETTER_X = 120;
export const LOWER_CASE = 32;

/** Value of a digit by its byte; 255 for other bytes. */
export const DIGIT = new Uint8Array(256).fill(255);
for (let value = 0; value < 16; value++) {
  DIGIT[value.toString(16).charCodeAt(0)] = value;
  DIGIT[value.toString(16).toUpperCase().charCodeAt(0)] = value;
}
/** 1 for bytes that may follow a number or a word: white space and punctuation. */
export const SEPARATOR = new Uint8Array(256);
for (const byte of new TextEncoder().encode(' \t\r\n#,:()')) SEPARATOR[byte] = 1;

/** Words as `oneOf` compares them. */
export const asBytes = (...words: readonly string[]): readonly Uint8Array[] =>
  words.map((word) => new TextEncoder().encode(word));

/** The word from a byte on for messages: shortened, and with bytes that cannot be printed as escapes; '' where a separator stands. */
export function wordAt(bytes: Uint8Array, from: number): string {
  let text = '';
  for (let i = from; i < from + LONGEST_WORD && SEPARATOR[bytes[i]!] === 0; i++) {
    const byte = bytes[i]!;
    text +=
      byte > SPACE && byte < 127 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return text;
}
const LONGEST_WORD = 40;
