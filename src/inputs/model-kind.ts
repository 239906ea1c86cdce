import { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';
import { suggest } from '../errors/suggest.ts';
import { MODEL_KINDS, type ModelKind } from '../hardware/model-source.ts';
import { parseYaml } from '../hardware/yaml-syntax.ts';
import { isOwnFile, modelFiles } from './model-files.ts';

/** A key that only files of the kind have; a file with none of them is taken for a device. */
const OWN_KEYS: Readonly<Record<string, ModelKind>> = {
  constraints: 'standards',
  open_subarrays: 'subarrays',
  points: 'circuit',
  members: 'voltage',
  weight_buffer: 'accelerators',
  speed_columns: 'presets',
};

/**
 * What kind of hardware model a name or a file is: no two kinds share a shipped name, and a file is known by its keys.
 * Throws InputError for a name that no kind has, and for a file that cannot be read or is no YAML.
 */
export async function modelKindOf(name: string): Promise<ModelKind> {
  const shipped: string[] = [];
  for (const kind of MODEL_KINDS) {
    const names = await modelFiles.list(kind);
    if (names.includes(name)) return kind;
    shipped.push(...names);
  }
  if (!isOwnFile(name))
    throw new InputError(`unknown hardware model ${quoted(name)}`, {
      remedy: suggest(name, shipped, 'hardware models'),
    });
  const { document } = parseYaml(await modelFiles.read('dram', name));
  const keys = Object.keys((document.toJS({ maxAliasCount: -1 }) as object | null) ?? {});
  // A subarray scheme has constraints too: its own key is more telling than theirs.
  const telling = Object.keys(OWN_KEYS).filter((key) => keys.includes(key));
  const key = telling.find((candidate) => candidate !== 'constraints') ?? telling[0];
  return key === undefined ? 'dram' : OWN_KEYS[key]!;
}
