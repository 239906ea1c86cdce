import { readdir } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { packageFolder } from '../files/package.ts';
import { readText } from '../files/read-file.ts';
import type { ModelSource, ModelText } from '../hardware/model-source.ts';
import { readCompiled, shippedFile } from './compiled-models.ts';
import { LARGEST_MODEL, modelReading, unknownModel } from './model-words.ts';

/** Whether a name stands for a file of the user: it looks like a path, or ends as YAML files do. */
export const isOwnFile = (name: string): boolean =>
  name.includes('/') || name.includes(sep) || ['.yaml', '.yml'].includes(extname(name));

/** Names resolve to the package's hw-models/; anything that looks like a path is the user's own file. */
export const modelFiles: ModelSource = {
  async read(kind, name) {
    const ownFile = isOwnFile(name);
    if (!ownFile) {
      const known = await this.list(kind);
      if (!known.includes(name)) throw unknownModel(kind, name, known);
    }
    const file = ownFile ? name : shippedFile(kind, name);
    return {
      text: await readText(file, { ...modelReading(kind) }),
      file,
    };
  },
  async compiled(kind, name) {
    return isOwnFile(name) ? undefined : readCompiled(kind, name, (of, other) => this.read(of, other));
  },
  async list(kind) {
    const names = await readdir(join(packageFolder, 'hw-models', kind));
    return names
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => name.slice(0, -'.yaml'.length))
      .sort();
  },
};

/** A file of the user that is to be made into a model. Throws InputError when it cannot be read or is too large. */
export const readModelText = async (file: string): Promise<ModelText> => ({
  text: await readText(file, { what: 'cannot read the memory specification', limit: LARGEST_MODEL }),
  file,
});
