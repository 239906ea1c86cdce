import { InputError } from '../../errors/input-error.ts';
import { quoted } from '../../errors/printable.ts';
import type { ModelText } from '../model-source.ts';
import { createFileValues, type FileValue, type FileValues } from './file-values.ts';

const SECTION = /^\[\s*([A-Za-z]\w*)\s*\]$/;
const PAIR = /^([A-Za-z]\w*)\s*[=:]\s*(.*)$/;

/**
 * Reads an INI file: sections in brackets, `key = value`, comments after ; or # at the beginning of a line or behind a
 * blank, as DRAMsim3 does. Throws InputError with the line that is neither, or that stands before any section.
 */
export function readIni({ text, file }: ModelText): FileValues {
  const values: FileValue[] = [];
  let section: string | undefined;
  for (const [i, raw] of text.split(/\r\n?|\n/).entries()) {
    const place = { file, line: i + 1, column: 1 };
    const line = raw.replace(/(^|\s)[;#].*$/, '').trim();
    if (line === '') continue;
    const named = SECTION.exec(line);
    if (named) {
      section = named[1]!;
      continue;
    }
    const pair = PAIR.exec(line);
    if (!pair)
      throw new InputError(`${quoted(line)} is no line of an INI file`, {
        place,
        remedy: 'expected [section] or key = value',
      });
    if (section === undefined)
      throw new InputError(`${quoted(pair[1]!)} stands before any section`, {
        place,
        remedy: 'expected [dram_structure], [timing] or another section before it',
      });
    // DRAMsim3's own files end some values with a semicolon.
    values.push({ path: `${section}.${pair[1]!}`, text: pair[2]!.replace(/;.*$/, '').trim(), place });
  }
  return createFileValues(file, values);
}
