import { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';
import { ACCESS_FORMAT_LIST, ACCESS_FORMATS, type AccessFormatName } from './access-formats.ts';
import { binaryFormatOf, fits, textFormatOf } from './signature.ts';
import type { TextLine } from './text-lines.ts';

/** Bytes from the beginning of a trace that tell its format. */
export const DETECTION_BYTES = 1 << 16;

/** First bytes among which a zero tells that a file is no text. */
const BINARY_LOOK = 1024;

/**
 * The format of a trace by its first bytes: the magic number of a binary one, the form of the first line otherwise.
 * `stl` and `rstl` look alike; there the name of the file decides, as it does for DRAMSys. Throws InputError for anything
 * else.
 */
export function detectAccessFormat(head: Uint8Array, file: string): AccessFormatName {
  const binary = binaryFormatOf(ACCESS_FORMAT_LIST, head);
  if (binary) return binary.name;
  const [first] = headLines(head);
  if (!first) throw new InputError('the trace holds no access', { place: { file } });
  const found = textFormatOf(ACCESS_FORMAT_LIST, first.text, file);
  if (found) return found.name;
  if (head.subarray(0, BINARY_LOOK).includes(0))
    throw new InputError('not an access trace: a binary file of another kind', {
      place: { file },
      remedy: 'weights go to sparkxd run, record or evaluate; replay takes traces',
    });
  throw new InputError(`not an access trace of a known format: ${quoted(first.text)}`, {
    place: { file, line: first.line, column: 1 },
    remedy: `--format (of convert: --from) names it: ${ACCESS_FORMATS.join(', ')}`,
  });
}

/** The format that a file looks like, where the user has named one that it does not look like; else undefined. */
export function likelyAccessFormat(
  named: AccessFormatName,
  head: Uint8Array,
  file: string,
): AccessFormatName | undefined {
  const [first] = headLines(head);
  const format = ACCESS_FORMAT_LIST.find(({ name }) => name === named)!;
  if (fits(format, head, first?.text)) return undefined;
  return (
    binaryFormatOf(ACCESS_FORMAT_LIST, head) ??
    (first && textFormatOf(ACCESS_FORMAT_LIST, first.text, file))
  )?.name;
}

/** The lines of a file's beginning that hold something, without their comments; the last one may be cut short. */
export const headLines = (head: Uint8Array): readonly TextLine[] =>
  new TextDecoder('latin1')
    .decode(head)
    .split('\n')
    .map((line, i) => ({ text: line.replace(/#.*/, '').trim(), line: i + 1 }))
    .filter(({ text }) => text !== '');
