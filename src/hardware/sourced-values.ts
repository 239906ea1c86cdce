import { z } from 'zod';
import { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';
import { suggest } from '../errors/suggest.ts';
import { UnitError } from '../units/expression.ts';
import { DIMENSIONS, type Dimension, type Scope, type Units } from '../units/quantity.ts';
import type { Provenance } from './provenance.ts';
import type { YamlDocument } from './yaml-document.ts';

/**
 * A number in a hardware model: "18.75 ns", a bare count, or the same with its own source and a doubt:
 * `{ value: 21 ns, source: gem5, note: ... }`. Without one it takes the `source` of its section. `what` is what a message
 * says is expected.
 */
const sourced = (what: string) =>
  z.union([z.string(), z.number(), withSource(what)], {
    error: `expected ${what}, or { value, source, note }`,
  });
const withSource = (what: string) =>
  z.strictObject({
    value: z.union([z.string(), z.number()], { error: `expected ${what}` }),
    source: z.string().optional(),
    note: z.string().optional(),
  });
export type SourcedValue = z.infer<ReturnType<typeof sourced>>;

const A_TIME = 'a time such as "13.75 ns"';
const A_CURRENT = 'a current such as "80 mA"';

/** Sourced values by what they are; the reader holds them to their dimension. */
export const sourcedTime = sourced(A_TIME);
/** A timing parameter; tREFI may also say up to which temperature it holds: `{ value: 3900 ns, up_to: 95 degC }`. */
export const sourcedParameter = z.union(
  [z.string(), z.number(), withSource(A_TIME).extend({ up_to: z.string().optional() })],
  { error: `expected ${A_TIME}, or { value, source, note }` },
);
export const sourcedClock = sourced('a frequency such as "800 MHz"');
export const sourcedVoltage = sourced('a voltage such as "1.35 V"');
/** A current may also say over which time it is an average: `{ value: 2.5 mA, average_over: tREFI/8 }`. */
export const sourcedCurrent = z.union(
  [z.string(), z.number(), withSource(A_CURRENT).extend({ average_over: z.string().optional() })],
  { error: `expected ${A_CURRENT}, or { value, source, note }` },
);
export const sourcedEnergy = sourced('an energy such as "0.9 pJ"');
export const sourcedCapacitance = sourced('a capacitance such as "1.8 pF"');
export const sourcedPower = sourced('a power such as "2 mW"');
export const sourcedData = sourced('an amount of data such as "32 bit"');
export const sourcedNumber = sourced('a plain number');
export const sourcedCount = sourced('a whole number');

/** The name of a model: it stands in results, messages and pages. */
export const modelName = z
  .string({ error: 'expected a name' })
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}\p{P}\p{S} ]{0,99}$/u, {
    error: 'expected a name of at most 100 printable characters that begins with a letter or a digit',
  });

/** Short names of sources and what they stand for. */
export const sourcesSchema = z.record(z.string(), z.string());

/** The range of values that are taken; `least` itself is one of them unless the value must lie `above` it. */
export interface Bounds {
  readonly least: number;
  readonly above?: boolean;
  readonly most: number;
}

/** Turns sourced values into plain numbers and keeps the record of where each came from. */
export interface ValueReader {
  readonly provenance: Provenance[];
  /**
   * A quantity of the dimension, in its unit, within the bounds if there are any; a bare 0 needs no unit. Throws
   * InputError at the value's place.
   */
  quantity(
    path: readonly string[],
    node: SourcedValue,
    dimension: Dimension,
    bounds?: Bounds,
    scope?: Scope,
  ): number;
  /** A whole number from 1 to `most`. */
  count(path: readonly string[], node: SourcedValue, most: number): number;
}

export function createValueReader(
  document: YamlDocument<{ sources: Record<string, string> }>,
  units: Units,
): ValueReader {
  const provenance: Provenance[] = [];
  const { sources } = document.data;

  /** The nearest `source:` above the value. */
  function sectionSource(path: readonly string[]): string | undefined {
    for (let depth = path.length - 1; depth >= 0; depth--) {
      let node: unknown = document.data;
      for (const key of path.slice(0, depth)) node = (node as Record<string, unknown> | undefined)?.[key];
      const source = (node as { source?: unknown } | undefined)?.source;
      if (typeof source === 'string') return source;
    }
    return undefined;
  }

  function read(path: readonly string[], node: SourcedValue, dimension: Dimension, scope?: Scope): number {
    const given = typeof node === 'object' ? node : { value: node };
    const place = document.place(path);
    const key = given.source ?? sectionSource(path);
    if (key === undefined)
      throw new InputError(`${path.join('.')} has no source`, {
        place,
        remedy: 'give its section a "source:", or write { value: ..., source: ... }',
      });
    if (!Object.hasOwn(sources, key))
      throw new InputError(`${path.join('.')} names an unknown source ${quoted(key)}`, {
        place,
        remedy: suggest(key, Object.keys(sources), 'sources'),
      });
    const source = sources[key]!;
    try {
      const text = String(given.value).trim();
      const number = text === '0' && dimension !== 'temperature' ? 0 : units.quantity(text, dimension, scope);
      const entry = { path: path.join('.'), text: String(given.value), source, line: place.line ?? 1 };
      provenance.push(given.note === undefined ? entry : { ...entry, note: given.note });
      return number;
    } catch (error) {
      if (!(error instanceof UnitError)) throw error;
      throw new InputError(`${path.join('.')}: ${error.message}`, {
        place,
        remedy:
          dimension === 'number'
            ? 'write a plain number'
            : `write it with a unit, for instance 1 ${DIMENSIONS[dimension]}`,
      });
    }
  }

  return {
    provenance,
    quantity(path, node, dimension, bounds, scope) {
      const number = read(path, node, dimension, scope);
      if (bounds !== undefined && !within(bounds, number))
        throw new InputError(
          `${path.join('.')} is ${withUnit(number, dimension)}: expected ${rangeOf(bounds, dimension)}`,
          {
            place: document.place(path),
          },
        );
      return number;
    },
    count(path, node, most) {
      const number = read(path, node, 'number');
      if (!Number.isInteger(number) || number < 1 || number > most)
        throw new InputError(`${path.join('.')} is ${number}: expected a whole number from 1 to ${most}`, {
          place: document.place(path),
        });
      return number;
    },
  };
}

const within = ({ least, above = false, most }: Bounds, number: number): boolean =>
  (above ? number > least : number >= least) && number <= most;

const withUnit = (number: number, dimension: Dimension): string =>
  `${number} ${DIMENSIONS[dimension]}`.trim();

const rangeOf = ({ least, above = false, most }: Bounds, dimension: Dimension): string =>
  above
    ? `more than ${withUnit(least, dimension)} and at most ${withUnit(most, dimension)}`
    : `${withUnit(least, dimension)} to ${withUnit(most, dimension)}`;
