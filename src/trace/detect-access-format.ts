import { InputError } from '../errors/input-error.ts';
import { ACCESS_FORMAT_LIST, ACCESS_FORMATS, type AccessFormatName } from './access-formats.ts';
import { binaryFormatOf, textFormatOf } from './signature.ts';

/** Bytes from the beginning of a trace that tell its format. */
export const DETECTION_BYTES = 1 << 16;

/**
 * The format of a trace by its first bytes: the magic number of a binary one, the form of the first line otherwise.
 * `stl` and `rstl` look alike; there the name of the file decides, as it does for DRAMSys. Throws InputError for anything
 * else.
 */
export function detectAccessFormat(head: Uint8Array, file: string): AccessFormatName {
  const binary = binaryFormatOf(ACCESS_FORMAT_LIST, head);
  if (binary) return binary.name;
  const lines = new TextDecoder('latin1').decode(head).split('\n');
  const index = lines.findIndex((text) => content(text) !== '');
  if (index < 0) throw new InputError('the trace holds no access', { place: { file } });
  const first = content(lines[index]!);
  const found = textFormatOf(ACCESS_FORMAT_LIST, first, file);
  if (found) return found.name;
  throw new InputError(`not an access trace of a known format: ${JSON.stringify(first.slice(0, 60))}`, {
    place: { file, line: index + 1, column: 1 },
    remedy: `--format names it: ${ACCESS_FORMATS.join(', ')}`,
  });
}

const content = (line: string): string => line.replace(/#.*/, '').trim();
