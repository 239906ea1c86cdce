import { sha256 } from '../files/sha256.ts';
import type { CompiledModel, ModelKind } from '../hardware/model-source.ts';

/** A file that a model was compiled from, with its SHA-256. */
export type CompiledInput = CompiledModel<ModelKind>['inputs'][number];

/** Values that JSON does not have. */
const STRANGE = {
  undefined,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
} as const;

/** The first line of a compiled file; the second one is the model. */
export interface CompiledHead {
  /** SHA-256 of the second line. */
  readonly model: string;
  readonly inputs: readonly CompiledInput[];
  /** Where the model holds a value that JSON does not have, and which. */
  readonly strange: readonly (readonly [path: readonly string[], value: keyof typeof STRANGE])[];
}

/** Stands before the names of files in a compiled model: a character that no YAML file may hold. */
const MARK = '\u0001';

/** What stands in a compiled model for the file of a shipped model, which is somewhere else on each machine. */
export const placeholderOf = (kind: ModelKind, name: string): string => `${MARK}${kind}/${name}.yaml`;

/** The text of a compiled file. */
export function formatCompiled(model: unknown, inputs: readonly CompiledInput[]): string {
  const strange: [string[], keyof typeof STRANGE][] = [];
  const look = (value: unknown, path: readonly string[]): void => {
    if (value === undefined || (typeof value === 'number' && !Number.isFinite(value))) {
      const name = String(value);
      if (!isStrange(name)) throw new Error(`${path.join('.')} is ${name}, which cannot be compiled`);
      strange.push([[...path], name]);
    } else if (typeof value === 'function') throw new Error(`${path.join('.')} is a function`);
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) look(inner, [...path, key]);
  };
  look(model, []);
  // A key keeps its place among the others.
  const text = JSON.stringify(model, (_, value: unknown) => (value === undefined ? null : value));
  const head: CompiledHead = { model: sha256(text), inputs, strange };
  return `${JSON.stringify(head)}\n${text}\n`;
}

const isStrange = (name: string): name is keyof typeof STRANGE => Object.hasOwn(STRANGE, name);

/** The model of a compiled file's second line; `fileOf` says where the file of a shipped model ("dram/NAME.yaml") is. */
export function parseModel(
  text: string,
  strange: CompiledHead['strange'],
  fileOf: (name: string) => string,
): unknown {
  const files = new Map<string, string>();
  const model: unknown = JSON.parse(
    text.replace(/"\\u0001([^"]*)"/g, (_, given: string) => {
      const known = files.get(given);
      if (known !== undefined) return known;
      const file = JSON.stringify(fileOf(given));
      files.set(given, file);
      return file;
    }),
  );
  for (const [path, value] of strange) {
    let node = model as Record<string, unknown>;
    for (const key of path.slice(0, -1)) node = node[key] as Record<string, unknown>;
    node[path.at(-1)!] = STRANGE[value];
  }
  return model;
}
