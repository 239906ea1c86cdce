import { z } from 'zod';
import { InputError } from '../errors/input-error.ts';

const COUNT = /^\d{1,9}$/;
const BANKS = 'expected banks such as 0,1 or 0:3';
const ROWS = 'expected rows such as 0:2047';

/** Reads banks "0,1", "0:3", or both. Throws InputError for other text. */
export function readBanks(text: string): number[] {
  const banks = text.split(',').flatMap((part) => {
    const ends = part.split(':');
    if (ends.length > 2 || !ends.every((end) => COUNT.test(end))) throw new InputError(BANKS);
    const [first = 0, last = first] = ends.map(Number);
    if (last < first || last > 65_535) throw new InputError(BANKS);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
  return [...new Set(banks)];
}

/** The first and the last row of a region. */
export const rowsSchema = z
  .tuple([z.int({ error: ROWS }).min(0), z.int({ error: ROWS }).min(0)], { error: ROWS })
  .refine(([first, last]) => first <= last, { error: `${ROWS}, the first first` })
  .readonly();

/** Reads rows "0:2047". Throws InputError for other text. */
export function readRows(text: string): [number, number] {
  const ends = text.split(':');
  const [first, last] = ends;
  if (ends.length !== 2 || !COUNT.test(first!) || !COUNT.test(last!)) throw new InputError(ROWS);
  return [Number(first), Number(last)];
}
