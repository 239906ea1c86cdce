/** One number of a hardware model as its file gives it. */
export interface Provenance {
  /** Dotted path in the file, for instance "timing.tRCD". */
  readonly path: string;
  /** The value as written, with its unit. */
  readonly text: string;
  /** Where the value comes from. */
  readonly source: string;
  /** A doubt, a disagreement between sources, a derivation. */
  readonly note?: string;
  readonly line: number;
}
