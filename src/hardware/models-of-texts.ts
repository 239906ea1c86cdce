import { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';
import { suggest } from '../errors/suggest.ts';
import type { ModelKind, ModelSource } from './model-source.ts';

/**
 * Hardware models from texts in memory, for programs without files, such as one in a browser. `texts` has the YAML of each model
 * under its kind and name, as it lies in `hw-models/`: `{ 'dram/mine': '...', 'standards/ddr4': '...', 'circuit/voltron-spice': '...' }`.
 * A device needs its standard, its circuit curve and the device that it is based on. Reading throws InputError for any other name.
 */
export function modelsOfTexts(texts: Readonly<Record<string, string>>): ModelSource {
  const namesOf = (kind: ModelKind): string[] =>
    Object.keys(texts)
      .filter((key) => key.startsWith(`${kind}/`))
      .map((key) => key.slice(kind.length + 1))
      .sort();
  return {
    async read(kind, name) {
      const key = `${kind}/${name}`;
      if (!Object.hasOwn(texts, key))
        throw new InputError(`there is no text of ${quoted(key)}`, {
          remedy: suggest(name, namesOf(kind), `models of kind ${kind}`),
        });
      return { text: texts[key]!, file: key };
    },
    list: async (kind) => namesOf(kind),
  };
}
