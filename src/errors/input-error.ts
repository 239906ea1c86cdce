import { printableLine } from './printable.ts';

/** Where in the user's input a fault lies. Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** "file:line:column", as editors and terminals understand it. */
export function formatPlace(place: Place): string {
  const line = place.line === undefined ? '' : `:${place.line}`;
  const column = place.line === undefined || place.column === undefined ? '' : `:${place.column}`;
  return `${place.file}${line}${column}`;
}

/**
 * The user's input is at fault: the program prints one to three lines (what, where, what to do) and ends with exit
 * code 1. Anything else that is thrown is a defect of the program itself. Each part may quote the input: it is cut to
 * one line of printable characters.
 */
export class InputError extends Error {
  readonly what: string;
  readonly place: Place | undefined;
  readonly remedy: string | undefined;

  constructor(what: string, options: { place?: Place; remedy?: string; cause?: unknown } = {}) {
    const lines = [
      what,
      ...(options.place ? [`  at ${formatPlace(options.place)}`] : []),
      ...(options.remedy ? [`  ${options.remedy}`] : []),
    ];
    super(lines.map(printableLine).join('\n'), options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'InputError';
    this.what = printableLine(what);
    this.place = options.place;
    this.remedy = options.remedy === undefined ? undefined : printableLine(options.remedy);
  }
}
