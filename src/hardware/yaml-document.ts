import { isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
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
 * unknown keys, missing keys and wrong kinds of value.
 */
export function readYaml<T>({ text, file }: ModelText, schema: ZodType<T>): YamlDocument<T> {
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

  const result = schema.safeParse(document.toJS());
  if (!result.success) {
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
    throw new InputError(`${name}: ${issue.message}`, { place: place(issue.path) });
  }
  return { data: result.data, place };
}

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
