import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageFolder } from '../files/package.ts';
import { sha256 } from '../files/sha256.ts';
import type { CompiledModels } from '../hardware/compiled-models.ts';
import type { CompiledModel, ModelKind, ModelSource } from '../hardware/model-source.ts';
import { type CompiledHead, parseModel } from './compiled-text.ts';

/** The shipped file of a model. */
export const shippedFile = (kind: ModelKind, name: string): string =>
  join(packageFolder, 'hw-models', kind, `${name}.yaml`);

/** Folder of the compiled models, in the built program. */
const FOLDER = join(packageFolder, 'dist', 'hw-models');

/** Compiled models belong to the built program: the sources, which tests run, may have other loaders. */
const IS_BUILT = !import.meta.url.endsWith('.ts');

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
  let head: CompiledHead;
  let model: unknown;
  try {
    const text = await readFile(file, 'utf8');
    const [first = '', second = ''] = text.split('\n');
    head = JSON.parse(first) as CompiledHead;
    if (sha256(second) !== head.model) throw new Error('its parts do not belong together');
    model = parseModel(second, head.strange, (kept) => join(packageFolder, 'hw-models', ...kept.split('/')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') sayBroken(file);
    return undefined;
  }
  for (const input of head.inputs)
    if (sha256((await read(input.kind, input.name)).text) !== input.hash) return undefined;
  // What the compiler wrote for this kind: its SHA-256 says that this is it.
  return { model: model as CompiledModels[Kind], inputs: head.inputs };
}

const said = new Set<string>();

function sayBroken(file: string): void {
  if (said.has(file)) return;
  said.add(file);
  process.stderr.write(
    `the compiled model ${file} is broken: its YAML is read instead; a new installation mends it\n`,
  );
}
