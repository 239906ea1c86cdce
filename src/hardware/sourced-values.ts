import { z } from 'zod';
import { InputError } from '../errors/input-error.ts';
import { DIMENSIONS, type Dimension, type Scope, UnitError, type Units } from '../units/quantity.ts';
import type { Provenance } from './provenance.ts';
import type { YamlDocument } from './yaml-document.ts';

/**
 * A number in a hardware model: "18.75 ns", a bare count, or the same with its own source and a doubt:
 * `{ value: 21 ns, source: gem5, note: ... }`. Without one it takes the `source` of its section.
 */
export const sourcedValue = z.union(
  [
    z.string(),
    z.number(),
    z.strictObject({
      value: z.union([z.string(), z.number()]),
      source: z.string().optional(),
      note: z.string().optional(),
    }),
  ],
  { error: 'expected a quantity such as "18.75 ns", or { value, source, note }' },
);
export type SourcedValue = z.infer<typeof sourcedValue>;

/** Short names of sources and what they stand for. */
export const sourcesSchema = z.record(z.string(), z.string());

/** Turns sourced values into plain numbers and keeps the record of where each came from. */
export interface ValueReader {
  readonly provenance: Provenance[];
  /** A quantity of the dimension, in its unit. Throws InputError at the value's place. */
  quantity(path: readonly string[], node: SourcedValue, dimension: Dimension, scope?: Scope): number;
  /** A whole number of at least `least` (default: 1). */
  count(path: readonly string[], node: SourcedValue, least?: number): number;
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
    const source = sources[key];
    if (source === undefined)
      throw new InputError(`${path.join('.')} names an unknown source "${key}"`, {
        place,
        remedy: `known sources: ${Object.keys(sources).join(', ')}`,
      });
    try {
      const number = units.quantity(String(given.value), dimension, scope);
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
    quantity: read,
    count(path, node, least = 1) {
      const number = read(path, node, 'number');
      if (!Number.isInteger(number) || number < least)
        throw new InputError(`${path.join('.')} is ${number}: expected a whole number of at least ${least}`, {
          place: document.place(path),
        });
      return number;
    },
  };
}
