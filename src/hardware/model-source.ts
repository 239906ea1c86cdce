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

/**
 * Where hardware models come from. Floors 0-4 never touch files: the program gives them one of these (shipped files
 * plus the user's paths), a browser another.
 */
export interface ModelSource {
  /** Throws InputError for a name that is neither shipped nor a readable file. */
  read(kind: ModelKind, name: string): Promise<ModelText>;
  /** Shipped names of a kind, sorted. */
  list(kind: ModelKind): Promise<readonly string[]>;
}
