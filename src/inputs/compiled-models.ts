import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageFolder } from '../files/package.ts';
import { sha256 } from '../files/sha256.ts';
import type { CompiledModels } from '../hardware/compiled-models.ts';
import type { CompiledModel, ModelKind, ModelSource } from '../hardware/model-source.ts';

/** A file that a model was compiled from, with its SHA-256. */
export type CompiledInput = CompiledModel<ModelKind>['inputs'][number];

/** Values that JSON does not have. */
const STRANGE = {
  undefined,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
} as const;

/** The first line of a compiled file; the second one is the model. */
interface Head {
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

/** The shipped file of a model. */
export const shippedFile = (kind: ModelKind, name: string): string =>
  join(packageFolder, 'hw-models', kind, `${name}.yaml`);

/** Folder of the compiled models, in the built program. */
const FOLDER = join(packageFolder, 'dist', 'hw-models');

/** Compiled models belong to the built program: the sources, which tests run, may have other loaders. */
const IS_BUILT = !import.meta.url.endsWith('.ts');

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
  const head: Head = { model: sha256(text), inputs, strange };
  return `${JSON.stringify(head)}\n${text}\n`;
}

const isStrange = (name: string): name is keyof typeof STRANGE => Object.hasOwn(STRANGE, name);

/**
 * A shipped model as the built program has it compiled, if the files that it was made of are still the same; undefined
 * otherwise. A compiled file that is broken is not used, and a line on standard error says so.
 */
export async function readCompiled<Kind extends ModelKind>(
  kind: Kind,
  name: string,
  read: ModelSource['read'],
  folder: string | undefined = IS_BUILT ? FOLDER : undefined,
): Promise<CompiledModel<Kind> | undefined> {
  if (folder === undefined) return undefined;
  const file = join(folder, kind, `${name}.json`);
  let head: Head;
  let model: unknown;
  try {
    const text = await readFile(file, 'utf8');
    const [first = '', second = ''] = text.split('\n');
    head = JSON.parse(first) as Head;
    if (sha256(second) !== head.model) throw new Error('its parts do not belong together');
    model = parseModel(second, head.strange);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') sayBroken(file);
    return undefined;
  }
  for (const input of head.inputs)
    if (sha256((await read(input.kind, input.name)).text) !== input.hash) return undefined;
  // What the compiler wrote for this kind: its SHA-256 says that this is it.
  return { model: model as CompiledModels[Kind], inputs: head.inputs };
}

function parseModel(text: string, strange: Head['strange']): unknown {
  const files = new Map<string, string>();
  const model: unknown = JSON.parse(
    text.replace(/"\\u0001([^"]*)"/g, (_, given: string) => {
      const known = files.get(given);
      if (known !== undefined) return known;
      const file = JSON.stringify(join(packageFolder, 'hw-models', ...given.split('/')));
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

const said = new Set<string>();

function sayBroken(file: string): void {
  if (said.has(file)) return;
  said.add(file);
  process.stderr.write(
    `the compiled model ${file} is broken: its YAML is read instead; a new installation mends it\n`,
  );
}
