/** Longest line of a message: what a file or a command line holds may be of any length. */
const LONGEST_LINE = 480;
/** Longest text that a message quotes. */
const LONGEST_QUOTE = 60;

/** Control characters of ASCII and Latin-1, and those of Unicode that end lines or turn the direction of writing. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is about them
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** The text with control characters as escapes: "\n", "\x1b", "\u202e". A terminal shows it as one line. */
export const escapeControls = (text: string): string =>
  text.replace(CONTROLS, (character) => {
    const named = NAMED[character];
    if (named !== undefined) return named;
    const code = character.charCodeAt(0).toString(16);
    return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u${code.padStart(4, '0')}`;
  });

const NAMED: Readonly<Record<string, string | undefined>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** The text if it is no longer than `longest` characters, else its beginning and end with "..." between. */
export function cutMiddle(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const kept = longest - 3;
  const head = Math.ceil(kept * 0.6);
  return `${text.slice(0, head)}...${text.slice(text.length - (kept - head))}`;
}

/** One line of a message, whatever it quotes: no control characters, at most 480 characters. */
export const printableLine = (text: string): string =>
  cutMiddle(
    escapeControls(text.length > 4 * LONGEST_LINE ? cutMiddle(text, 4 * LONGEST_LINE) : text),
    LONGEST_LINE,
  );

/** Text from the user's input, in quotation marks, for a message: no control characters, at most 60 characters. */
export const quoted = (text: string): string => `"${escapeControls(cutMiddle(text, LONGEST_QUOTE))}"`;
