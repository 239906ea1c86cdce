import type { z } from 'zod';
import { quoted } from '../errors/printable.ts';
import { suggest } from '../errors/suggest.ts';

type Path = readonly PropertyKey[];
type Issue = z.core.$ZodIssue;

/** What about a value does not fit: what it is, where (`key`: the key itself), what to do. */
export interface SchemaFault {
  readonly what: string;
  readonly path: Path;
  /** A key of the map at `path` that is not known there. */
  readonly key?: string;
  readonly remedy?: string;
}

/** The fault to tell, of all that the schema found: an unknown key comes first, because a misspelt key is also missing. */
export function schemaFault(schema: unknown, data: unknown, issues: readonly Issue[]): SchemaFault {
  const told = issues.map(specific);
  const issue = told.find(namesKey) ?? told[0]!;
  const path = issue.path;
  if (issue.code === 'unrecognized_keys') return unknownKey(issue.keys[0]!, path, keysAt(schema, path));
  if (issue.code === 'invalid_key') {
    const known = issue.issues.flatMap((inner) => (inner.code === 'invalid_value' ? inner.values : []));
    const [key, parent] = [String(path.at(-1)), path.slice(0, -1)];
    if (known.length > 0) return unknownKey(key, parent, known.map(String));
    return { what: `${nameOf(path)}: ${issue.issues[0]?.message ?? issue.message}`, path: parent, key };
  }
  const value = valueAt(data, path);
  const state = value === undefined ? ' is missing' : value === null ? ' is empty' : '';
  return { what: `${nameOf(path)}${state}: ${issue.message}`, path };
}

const nameOf = (path: Path): string => path.map(String).join('.') || 'the file';

function unknownKey(key: string, path: Path, known: readonly string[]): SchemaFault {
  return {
    what: `unknown key ${quoted(key)} in ${nameOf(path)}`,
    path,
    key,
    ...(known.length === 0 ? {} : { remedy: suggest(key, known, 'keys') }),
  };
}

const namesKey = ({ code }: Issue): boolean => code === 'unrecognized_keys' || code === 'invalid_key';

/**
 * A value that fits none of several forms: where one form fits as a whole and only a key inside it does not, that key is
 * the fault.
 */
function specific(issue: Issue): Issue {
  if (issue.code !== 'invalid_union') return issue;
  for (const branch of issue.errors) {
    const inner = branch.find((one) => namesKey(one) || one.path.length > 0);
    if (inner !== undefined) return specific({ ...inner, path: [...issue.path, ...inner.path] });
  }
  return issue;
}

/** The value at a path of plain data; undefined where there is none. */
function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

/** Keys that the schema knows at `path`: of a map, or of names out of a list; none where names are free. */
export function keysAt(schema: unknown, path: Path): string[] {
  type Node = {
    def?: {
      type?: string;
      shape?: Record<string, Node>;
      valueType?: Node;
      keyType?: Node;
      entries?: Record<string, unknown>;
      element?: Node;
      catchall?: Node;
      innerType?: Node;
      options?: readonly Node[];
    };
  };
  const unwrap = (node: Node | undefined): Node | undefined => {
    let inner = node;
    while (inner?.def?.innerType) inner = inner.def.innerType;
    return inner?.def?.options?.find((option) => option.def?.shape) ?? inner;
  };
  let node = schema as Node | undefined;
  for (const key of path) {
    const { shape, valueType, element, catchall } = unwrap(node)?.def ?? {};
    node = shape && Object.hasOwn(shape, key) ? shape[String(key)] : (valueType ?? element ?? catchall);
  }
  const found = unwrap(node)?.def;
  return Object.keys(found?.shape ?? found?.keyType?.def?.entries ?? {});
}
