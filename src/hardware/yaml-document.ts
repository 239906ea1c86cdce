import { type Document, isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import type { ZodType } from 'zod';
import { InputError, type Place } from '../errors/input-error.ts';
import { suggest } from '../errors/suggest.ts';
import type { ModelText } from './model-source.ts';

type Path = readonly PropertyKey[];

/** A parsed YAML file that still knows where everything stands. */
export interface YamlDocument<T> {
  readonly data: T;
  /** Place of the value at `path` (of the nearest one above it, if it is not there). */
  place(path: Path): Place;
}

/**
 * Reads YAML and holds it against a schema. Throws InputError with file:line:column for broken YAML, duplicate or
 * unknown keys, missing keys and wrong kinds of value, and where `kind` ("a DRAM standard") is given for a file that is
 * another kind of file altogether.
 */
export function readYaml<T>({ text, file }: ModelText, schema: ZodType<T>, kind?: string): YamlDocument<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });

  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const place = (path: Path): Place => {
    for (let depth = path.length; depth > 0; depth--) {
      const node = document.getIn(path.slice(0, depth), true) as Node | undefined;
      if (node?.range) return at(node.range[0]);
    }
    return { file, line: 1, column: 1 };
  };
  const keyPlace = (path: Path, key: string): Place => {
    const parent = path.length === 0 ? document.contents : document.getIn(path, true);
    if (isMap(parent))
      for (const { key: node } of parent.items)
        if (isScalar(node) && String(node.value) === key && node.range) return at(node.range[0]);
    return place(path);
  };

  const broken = document.errors[0];
  if (broken)
    throw new InputError(`not valid YAML: ${broken.message.split('\n')[0]!.replace(/ at line.*$/, '')}`, {
      place: at(broken.pos[0]),
    });

  const data = plainData(document, at);
  const result = schema.safeParse(data);
  if (!result.success) {
    if (kind !== undefined) requireKind(data, schema, kind, place([]));
    // A misspelt key shows as one key missing and one unknown: the unknown one is what the user wrote.
    const { issues } = result.error;
    const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]!;
    const name = issue.path.map(String).join('.') || 'the file';
    if (issue.code === 'unrecognized_keys') {
      const key = issue.keys[0]!;
      const known = siblingKeys(schema, issue.path);
      throw new InputError(`unknown key "${key}" in ${name}`, {
        place: keyPlace(issue.path, key),
        ...(known.length > 0 ? { remedy: suggest(key, known, 'keys') } : {}),
      });
    }
    const message = issue.message.replace('Invalid input: ', '').replace(', received undefined', '');
    const missing = issue.path.length > 0 && !document.hasIn(issue.path);
    throw new InputError(`${name}${missing ? ' is missing' : ''}: ${message}`, { place: place(issue.path) });
  }
  return { data: result.data, place };
}

/** What the document says, without its places. Throws InputError for an alias of nothing, or of far too much. */
function plainData(document: Document.Parsed, at: (offset: number) => Place): unknown {
  try {
    return document.toJS();
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw new InputError(`not valid YAML: ${error.message}`, { place: at(document.range[0]) });
  }
}

/** Throws InputError for a file most of whose keys the schema does not know: the user has named the wrong file. */
function requireKind(data: unknown, schema: unknown, kind: string, place: Place): void {
  const known = siblingKeys(schema, []);
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

const isRecord = (data: unknown): data is Record<string, unknown> =>
  typeof data === 'object' && data !== null && !Array.isArray(data);

/** Keys that the schema knows at `path`, for the "did you mean" line. */
function siblingKeys(schema: unknown, path: Path): string[] {
  type Node = { def?: { type?: string; shape?: Record<string, Node>; valueType?: Node; innerType?: Node } };
  let node = schema as Node | undefined;
  const unwrap = (n: Node | undefined): Node | undefined => {
    let inner = n;
    while (inner?.def?.innerType) inner = inner.def.innerType;
    return inner;
  };
  for (const key of path) {
    node = unwrap(node);
    node = node?.def?.shape?.[String(key)] ?? node?.def?.valueType;
  }
  return Object.keys(unwrap(node)?.def?.shape ?? {});
}
