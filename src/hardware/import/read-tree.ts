import { isMap, isScalar, isSeq, type Node } from 'yaml';
import type { ModelText } from '../model-source.ts';
import { parseYaml } from '../yaml-syntax.ts';
import { createFileValues, type FileValue, type FileValues } from './file-values.ts';

/** A tree of keys: whether it has a branch, and the values in one. */
export interface Tree {
  /** Whether a map stands at the path. */
  has(path: readonly string[]): boolean;
  /** All values at and below the path, by their paths from there; entries of lists by their index. */
  valuesAt(path: readonly string[]): FileValues;
  /** The keys of the whole file. */
  readonly keys: readonly string[];
}

/** Reads JSON or YAML (of which JSON is a part) with the places of its values. Throws InputError as `parseYaml` does. */
export function readTree(model: ModelText): Tree {
  const { document, at } = parseYaml(model);
  const walk = (node: unknown, path: string): FileValue[] => {
    if (isMap(node))
      return node.items.flatMap(({ key, value }) =>
        isScalar(key) ? walk(value, path === '' ? String(key.value) : `${path}.${String(key.value)}`) : [],
      );
    if (isSeq(node)) return node.items.flatMap((item, i) => walk(item, `${path}.${i}`));
    if (!isScalar(node) || node.value === null) return [];
    return [{ path, text: String(node.value), place: at((node as Node).range![0]) }];
  };
  const nodeAt = (path: readonly string[]): unknown =>
    path.length === 0 ? document.contents : document.getIn(path, true);
  const { contents } = document;
  return {
    keys: isMap(contents)
      ? contents.items.flatMap(({ key }) => (isScalar(key) ? [String(key.value)] : []))
      : [],
    has: (path) => isMap(nodeAt(path)),
    valuesAt: (path) => createFileValues(model.file, walk(nodeAt(path), '')),
  };
}
