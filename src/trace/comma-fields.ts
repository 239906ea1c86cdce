import { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';
import type { TextLine } from './text-lines.ts';

/** The fields of a text line, separated by commas. One object serves all lines of a file, one after the other. */
export interface CommaFields {
  /** Goes to a line. */
  read(line: TextLine): void;
  /** Number of the line in its file, from 1. */
  line(): number;
  count(): number;
  /** A field without the blanks around it. */
  text(index: number): string;
  /** A whole number of at least 0. Throws InputError for anything else. */
  number(index: number, what: string): number;
  /** A whole number below `count`, which is how many of these the device has. Throws InputError for anything else. */
  member(index: number, what: string, count: number): number;
  /** Throws InputError for fewer than `least` or more than `most` fields. */
  requireCount(least: number, most: number, grammar: string): void;
  /** An error at a field. */
  fault(index: number, what: string, remedy?: string): InputError;
}

export function createCommaFields(file: string): CommaFields {
  let parts: readonly string[] = [];
  let line = 0;

  const fault = (index: number, what: string, remedy?: string): InputError => {
    const column = parts.slice(0, index).reduce((sum, part) => sum + part.length + 1, 1);
    return new InputError(what, { place: { file, line, column }, ...(remedy ? { remedy } : {}) });
  };
  const number = (index: number, what: string): number => {
    const digits = parts[index]!.trim();
    const value = Number(digits);
    if (!/^\d+$/.test(digits) || !Number.isSafeInteger(value))
      throw fault(index, `${what} ${quoted(digits)} is not a whole number below 2^53`);
    return value;
  };
  return {
    read(next) {
      parts = next.text.split(',');
      line = next.line;
    },
    line: () => line,
    count: () => parts.length,
    text: (index) => parts[index]!.trim(),
    number,
    member(index, what, count) {
      const value = number(index, what);
      if (value >= count) throw fault(index, `${what} ${value}: the device has ${count}, counted from 0`);
      return value;
    },
    requireCount(least, most, grammar) {
      if (parts.length >= least && parts.length <= most) return;
      const range = least === most ? least : `${least} ${most - least === 1 ? 'or' : 'to'} ${most}`;
      throw fault(0, `${parts.length} fields instead of ${range}`, grammar);
    },
    fault,
  };
}
