import type { CompiledModels } from '../../hardware/compiled-models.ts';
import type { CompiledModel, ModelKind, ModelSource } from '../../hardware/model-source.ts';
import { type CompiledHead, parseModel } from '../../inputs/compiled-text.ts';
import { modelReading, unknownModel } from '../../inputs/model-words.ts';
import { assetNames, assetText } from './assets.ts';
import { readText } from './read-file.ts';

/** What stands for inputs/model-files.ts in a browser: shipped models are fetched, the user's own were dropped on the page. */
type Models = typeof import('../../inputs/model-files.ts');

export const isOwnFile: Models['isOwnFile'] = (name) => /[/\\]|\.ya?ml$/.test(name);

export const modelFiles: Models['modelFiles'] = {
  async read(kind, name) {
    if (isOwnFile(name)) return { text: await readText(name, modelReading(kind)), file: name };
    const known = namesOf(kind);
    if (!known.includes(name)) throw unknownModel(kind, name, known);
    const file = `hw-models/${kind}/${name}.yaml`;
    return { text: await assetText(file), file };
  },
  compiled: async (kind, name) =>
    isOwnFile(name) || !namesOf(kind).includes(name) ? undefined : compiled(kind, name),
  list: async (kind) => namesOf(kind),
} satisfies ModelSource;

const namesOf = (kind: ModelKind): string[] => assetNames(`hw-models/${kind}`, '.yaml');

const parsed = new Map<string, unknown>();

/** Beside the page lie the models that the same build compiled, so they are those of the YAML files beside them. */
async function compiled<Kind extends ModelKind>(kind: Kind, name: string): Promise<CompiledModel<Kind>> {
  const [first = '', second = ''] = (await assetText(`dist/hw-models/${kind}/${name}.json`)).split('\n');
  const { inputs, strange } = JSON.parse(first) as CompiledHead;
  const key = `${kind}/${name}`;
  const model = parsed.get(key) ?? parseModel(second, strange, (file) => `hw-models/${file}`);
  parsed.set(key, model);
  return { model: model as CompiledModels[Kind], inputs };
}
