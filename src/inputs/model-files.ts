import { readdir } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';
import { suggest } from '../errors/suggest.ts';
import { packageFolder } from '../files/package.ts';
import { readText } from '../files/read-file.ts';
import type { ModelKind, ModelSource, ModelText } from '../hardware/model-source.ts';
import { readCompiled, shippedFile } from './compiled-models.ts';

/** Most bytes of a hardware model: the largest shipped one has 20 KB. */
const LARGEST = 2 ** 18;

/** Whether a name stands for a file of the user: it looks like a path, or ends as YAML files do. */
export const isOwnFile = (name: string): boolean =>
  name.includes('/') || name.includes(sep) || ['.yaml', '.yml'].includes(extname(name));

/** Names resolve to the package's hw-models/; anything that looks like a path is the user's own file. */
export const modelFiles: ModelSource = {
  async read(kind, name) {
    const ownFile = isOwnFile(name);
    if (!ownFile) {
      const known = await this.list(kind);
      if (!known.includes(name))
        throw new InputError(`unknown ${SINGULAR[kind]} ${quoted(name)}`, {
          remedy: suggest(name, known, PLURAL[kind]),
        });
    }
    const file = ownFile ? name : shippedFile(kind, name);
    return {
      text: await readText(file, { what: `cannot read the ${SINGULAR[kind]} file`, limit: LARGEST }),
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
  text: await readText(file, { what: 'cannot read the memory specification', limit: LARGEST }),
  file,
});

const SINGULAR: Record<ModelKind, string> = {
  dram: 'device',
  standards: 'DRAM standard',
  subarrays: 'subarray scheme',
  circuit: 'circuit curve',
  voltage: 'voltage profile',
  accelerators: 'accelerator',
  presets: 'table of presets',
};
const PLURAL: Record<ModelKind, string> = {
  dram: 'devices',
  standards: 'standards',
  subarrays: 'subarray schemes',
  circuit: 'circuit curves',
  voltage: 'profiles',
  accelerators: 'accelerators',
  presets: 'tables of presets',
};
