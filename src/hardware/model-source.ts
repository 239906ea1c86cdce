import type { CompiledModels } from './compiled-models.ts';

/** Folders of `hw-models/`. */
export const MODEL_KINDS = [
  'dram',
  'standards',
  'subarrays',
  'circuit',
  'voltage',
  'accelerators',
  'presets',
] as const;
export type ModelKind = (typeof MODEL_KINDS)[number];

/** A hardware model's text and the file it came from, for messages. */
export interface ModelText {
  readonly text: string;
  readonly file: string;
}

/** A shipped model as the loaders make it of its YAML, made when the program was built. */
export interface CompiledModel<Kind extends ModelKind> {
  readonly model: CompiledModels[Kind];
  /** The files that it was made of, as they are now, and the SHA-256 of each. */
  readonly inputs: readonly { readonly kind: ModelKind; readonly name: string; readonly hash: string }[];
}

/**
 * Where hardware models come from. Floors 0-4 never touch files: the program gives them one of these (shipped files
 * plus the user's paths), a browser another.
 */
export interface ModelSource {
  /** Throws InputError for a name that is neither shipped nor a readable file. */
  read(kind: ModelKind, name: string): Promise<ModelText>;
  /** Shipped names of a kind, sorted. */
  list(kind: ModelKind): Promise<readonly string[]>;
  /**
   * A shipped model as it was compiled from files that are still the same; undefined where there is none, and the model must be
   * read from its YAML.
   */
  compiled?<Kind extends ModelKind>(kind: Kind, name: string): Promise<CompiledModel<Kind> | undefined>;
}
