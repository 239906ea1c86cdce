import { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';
import { suggest } from '../errors/suggest.ts';
import type { ReadOptions } from '../files/read-file.ts';
import type { ModelKind } from '../hardware/model-source.ts';

/** Most bytes of a hardware model: the largest shipped one has 20 KB. */
export const LARGEST_MODEL = 2 ** 18;

/** How the file of a model is read. */
export const modelReading = (kind: ModelKind): ReadOptions => ({
  what: `cannot read the ${SINGULAR[kind]} file`,
  limit: LARGEST_MODEL,
});

/** What is said of a name that is not among the known ones of its kind. */
export const unknownModel = (kind: ModelKind, name: string, known: readonly string[]): InputError =>
  new InputError(`unknown ${SINGULAR[kind]} ${quoted(name)}`, {
    remedy: suggest(name, known, PLURAL[kind]),
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
