import { isMap, isScalar, isSeq, type Node } from 'yaml';
import type { ZodType } from 'zod';
import { expectation } from '../errors/expectation.ts';
import { InputError, type Place } from '../errors/input-error.ts';
import type { ModelPlaces } from './model-places.ts';
import type { ModelText } from './model-source.ts';
import { keysAt, schemaFault } from './schema-fault.ts';
import { parseYaml } from './yaml-syntax.ts';

type Path = readonly PropertyKey[];

/** A parsed YAML file that still knows where everything stands. */
export interface YamlDocument<T> {
  readonly data: T;
  /** Place of the value at `path` (of the nearest one above it, if it is not there). */
  place(path: Path): Place;
  /** Place of a key of the map at `path` (of the map, if it has no such key). */
  keyPlace(path: Path, key: string): Place;
  /** Places of all keys, and of the entries of lists by their index; "" is the file itself. */
  places(): ModelPlaces;
}

/** A parsed YAML file before it is held against a schema. */
export interface YamlTree extends Omit<YamlDocument<unknown>, 'data'> {
  /** Plain maps, lists and scalars. */
  readonly data: unknown;
}

/** Most files of which the tree is kept. */
const KEPT = 32;
const kept = new Map<string, YamlTree>();

/**
 * Parses YAML. Many devices name one standard, and many runs one device, so what was parsed last is kept: its data is frozen.
 * Throws InputError with file:line:column for broken YAML and duplicate keys.
 */
export function parseYamlTree(model: ModelText): YamlTree {
  const key = `${model.file}\n${model.text}`;
  const tree = kept.get(key) ?? parsedTree(model);
  // What is asked for again goes to the end; what nobody asked for longest is first.
  kept.delete(key);
  kept.set(key, tree);
  if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
  return tree;
}

function parsedTree(model: ModelText): YamlTree {
  const { document, at } = parseYaml(model);
  const place = (path: Path): Place => {
    for (let depth = path.length; depth > 0; depth--) {
      const node = document.getIn(path.slice(0, depth), true) as Node | undefined;
      if (node?.range) return at(node.range[0]);
    }
    return { file: model.file, line: 1, column: 1 };
  };
  const keyPlace = (path: Path, key: string): Place => {
    const parent = path.length === 0 ? document.contents : document.getIn(path, true);
    if (isMap(parent))
      for (const { key: node } of parent.items)
        if (isScalar(node) && String(node.value) === key && node.range) return at(node.range[0]);
    return place(path);
  };
  // What aliases stand for was counted when the syntax was read.
  const data = frozen(document.toJS({ maxAliasCount: -1 }));
  let places: ModelPlaces | undefined;
  return {
    data,
    place,
    keyPlace,
    places: () => (places ??= placesOf(document.contents, place([]), at)),
  };
}

/** A value that nobody can change any more, in no part. */
function frozen(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const part of Object.values(value)) frozen(part);
  return value;
}

/**
 * Reads YAML and holds it against a schema. Throws InputError with file:line:column for broken YAML, duplicate or
 * unknown keys, missing keys and wrong kinds of value, and where `kind` ("a DRAM standard") is given for a file that is
 * another kind of file altogether.
 */
export function readYaml<T>(model: ModelText, schema: ZodType<T>, kind?: string): YamlDocument<T> {
  return readYamlTree(parseYamlTree(model), schema, kind);
}

/** Holds parsed YAML against a schema. Throws InputError as `readYaml` does. */
export function readYamlTree<T>(tree: YamlTree, schema: ZodType<T>, kind?: string): YamlDocument<T> {
  const { data, place, keyPlace, places } = tree;
  const result = schema.safeParse(data, { error: expectation });
  if (!result.success) {
    if (kind !== undefined) requireKind(data, schema, kind, place([]));
    const { what, path, key, remedy } = schemaFault(schema, data, result.error.issues);
    throw new InputError(what, {
      place: key === undefined ? place(path) : keyPlace(path, key),
      ...(remedy === undefined ? {} : { remedy }),
    });
  }
  return { data: result.data, place, keyPlace, places };
}

function placesOf(contents: unknown, file: Place, at: (offset: number) => Place): ModelPlaces {
  const places: Record<string, Place> = { '': file };
  const enter = (node: unknown, path: string, value: unknown): void => {
    const { range } = node as Node;
    if (range) places[path] = at(range[0]);
    walk(value, path);
  };
  const walk = (node: unknown, above: string): void => {
    const path = (name: string): string => (above === '' ? name : `${above}.${name}`);
    if (isMap(node))
      for (const { key, value } of node.items) if (isScalar(key)) enter(key, path(String(key.value)), value);
    if (isSeq(node)) for (const [i, item] of node.items.entries()) enter(item, path(String(i)), item);
  };
  walk(contents, '');
  return places;
}

/** Throws InputError for a file most of whose keys the schema does not know: the user has named the wrong file. */
function requireKind(data: unknown, schema: unknown, kind: string, place: Place): void {
  const known = keysAt(schema, []);
  const keys = isRecord(data) ? Object.keys(data) : [];
  const strange = keys.filter((key) => !known.includes(key));
  const another = strange.length > 2 && strange.length * 2 > keys.length;
  if (isRecord(data) && !another) return;
  throw new InputError(
    keys.length === 0
      ? `this is not ${kind}: it holds no keys`
      : `this is not ${kind}: it holds ${someOf(strange)}`,
    { place, remedy: `${kind} holds ${someOf(known)}` },
  );
}

/** The first few names of a list. */
const someOf = (names: readonly string[]): string =>
  names.length > 6 ? `${names.slice(0, 5).join(', ')} ...` : names.join(', ');

export const isRecord = (data: unknown): data is Record<string, unknown> =>
  typeof data === 'object' && data !== null && !Array.isArray(data);
