import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ModelSource } from '../src/hardware/model-source.ts';

const folder = fileURLToPath(new URL('../hw-models/', import.meta.url));

const texts = new Map<string, Promise<string>>();

/** The text of a file, read once in a process: some tests load a hundred devices. */
function textOf(file: string): Promise<string> {
  const known = texts.get(file) ?? readFile(file, 'utf8');
  texts.set(file, known);
  return known;
}

/** The models in hw-models/, for tests. */
export const shippedModels: ModelSource = {
  async read(kind, name) {
    const file = `hw-models/${kind}/${name}.yaml`;
    return { text: await textOf(`${folder}${kind}/${name}.yaml`), file };
  },
  async list(kind) {
    return (await readdir(`${folder}${kind}`)).map((name) => name.replace(/\.yaml$/, '')).sort();
  },
};

/** A model file that exists only in a test: everything else comes from hw-models/. */
export function withModel(kind: string, name: string, text: string): ModelSource {
  return {
    ...shippedModels,
    read: async (askedKind, askedName) =>
      askedKind === kind && askedName === name
        ? { text, file: `${name}.yaml` }
        : shippedModels.read(askedKind, askedName),
  };
}
