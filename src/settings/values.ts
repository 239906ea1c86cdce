import { z } from 'zod';
import { suggest } from '../errors/suggest.ts';
import { readNumber, readQuantity } from './quantity.ts';
import type { Setting } from './setting.ts';

/**
 * Kinds of values that settings take. Each kind checks a value wherever it comes from, and reads the text of a flag; the
 * words of a refusal end in no full stop, so that they fit after a key as well as on a line of their own.
 */

type Kind<S extends z.ZodType> = Omit<Setting<S>, 'help'>;

/** Whole numbers from `least` to `most`. */
export function whole(least: number, most = Number.MAX_SAFE_INTEGER): Kind<z.ZodInt> {
  const error =
    most === Number.MAX_SAFE_INTEGER
      ? `expected a whole number of at least ${least}`
      : `expected a whole number from ${least} to ${most}`;
  return {
    schema: z.int({ error }).min(least, { error }).max(most, { error }),
    value: 'N',
    read: (text) => (/^\d+$/.test(text) ? Number(text) : Number.NaN),
  };
}

/** Numbers between two bounds, both allowed. */
export function between(least: number, most: number): Kind<z.ZodNumber> {
  const error = `expected a number from ${least} to ${most}`;
  return {
    schema: z.number({ error }).min(least, { error }).max(most, { error }),
    value: 'X',
    read: readNumber,
  };
}

/** A share from 0 to 1; on the command line also "1%". */
export const share: Kind<z.ZodNumber> = {
  schema: z
    .number({ error: 'expected a share such as 1% or 0.01' })
    .min(0, { error: 'expected a share such as 1% or 0.01' })
    .max(1, { error: 'expected a share such as 1% or 0.01' }),
  value: 'SHARE',
  read(text) {
    const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(text);
    return percent ? Number(percent[1]) / 100 : readNumber(text);
  },
};

/** The highest supply that any DRAM of this program could have, V. */
const HIGHEST_SUPPLY = 10;

/** A supply voltage in volts: "1.35", "1.35V" or "1350mV". */
export const voltage: Kind<z.ZodNumber> = {
  schema: z
    .number({ error: 'expected a voltage such as 1.35 or 1350mV' })
    .positive({ error: 'expected a voltage above 0' })
    .max(HIGHEST_SUPPLY, { error: `expected a voltage of at most ${HIGHEST_SUPPLY} V` }),
  value: 'V',
  read: readQuantity('V'),
  supplies: 'one',
};

/** A quantity between two bounds, in a unit that a number without one has, too: "1.8pF", "1.8". */
export function quantity(unit: string, least: number, most: number): Kind<z.ZodNumber> {
  const error = `expected ${least} to ${most} ${unit}, such as ${Math.max(1, least)}${unit}`;
  return {
    schema: z.number({ error }).min(least, { error }).max(most, { error }),
    value: unit.toUpperCase(),
    read: readQuantity(unit),
  };
}

/** A time in seconds; a text has its unit, since "1" may be meant in ms: "1ms". */
export function time(least: string, most: string): Kind<z.ZodNumber> {
  const read = readQuantity('s');
  const error = `expected a time with its unit, from ${least} to ${most}, such as 1ms`;
  return {
    schema: z.number({ error }).min(read(least), { error }).max(read(most), { error }),
    value: 'TIME',
    read: (words) => (Number.isNaN(readNumber(words)) ? read(words) : Number.NaN),
  };
}

/** A byte address: a whole number below 2^51, in base 10 or in base 16 after 0x. */
export const address: Kind<z.ZodInt> = {
  schema: z
    .int({ error: 'expected an address such as 0x80000000' })
    .min(0, { error: 'expected an address of at least 0' })
    .max(2 ** 51 - 1, { error: 'expected an address below 2^51' }),
  value: 'ADDRESS',
  read: (text) => (/^(?:\d+|0[xX][0-9a-fA-F]+)$/.test(text) ? Number(text) : Number.NaN),
};

/** A name or a path: any text but none. */
export const text: Kind<z.ZodString> = {
  schema: z.string({ error: 'expected a name or a file' }).min(1, { error: 'expected a name or a file' }),
  value: 'NAME',
  read: (words) => words,
};

/** One of the known words; `kind` is their plural, for the "did you mean" line. */
export function oneOf<const T extends readonly string[]>(
  words: T,
  kind: string,
): Kind<z.ZodEnum<{ [K in T[number]]: K }>> {
  const error = ({ input }: { input?: unknown }): string =>
    typeof input === 'string'
      ? suggest(input.slice(0, 40), words, kind)
      : `known ${kind}: ${words.join(', ')}`;
  return {
    schema: z.enum(words, { error }),
    value: 'NAME',
    words,
    read: (word) => word,
  };
}

/** Yes or no; on the command line a switch. */
export const yesOrNo: Kind<z.ZodBoolean> = {
  schema: z.boolean({ error: 'expected true or false' }),
  read: (word) => (word === 'true' ? true : word === 'false' ? false : word),
};

/**
 * A list of values of a kind, each once; on the command line separated by commas. `most` bounds it. An empty list is
 * refused.
 */
export function listOf<S extends z.ZodType>(
  kind: Omit<Setting<S>, 'help'>,
  most: number,
): Omit<Kind<z.ZodReadonly<z.ZodArray<S>>>, 'words'> & { readonly words?: readonly string[] } {
  const distinct = (values: readonly unknown[]): boolean => new Set(values).size === values.length;
  return {
    schema: z
      .array(kind.schema, { error: 'expected a list' })
      .min(1, { error: 'expected at least one value' })
      .max(most, { error: `expected at most ${most} values` })
      .refine(distinct, { error: 'expected each value once' })
      .readonly(),
    value: 'LIST',
    ...(kind.words === undefined ? {} : { words: kind.words }),
    read: (words) => [...new Set(words.split(',').map((word) => kind.read(word.trim())))],
  };
}
