import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ModelSource } from '../src/hardware/model-source.ts';

const folder = fileURLToPath(new URL('../hw-models/', import.meta.url));

/** The models in hw-models/, for tests. */
export const shippedModels: ModelSource = {
  async read(kind, name) {
    const file = `hw-models/${kind}/${name}.yaml`;
    return { text: await readFile(`${folder}${kind}/${name}.yaml`, 'utf8'), file };
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
