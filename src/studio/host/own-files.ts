/** Files that the user dropped on the page, by name: they stay in this worker's memory. */
const files = new Map<string, Uint8Array>();

/** Keeps a file; a later one of the same name takes its place. */
export const keepFile = (name: string, bytes: Uint8Array): void => {
  files.set(name, bytes);
};

/** The bytes of a file; undefined where there is none of that name. */
export const ownFile = (name: string): Uint8Array | undefined => files.get(name);
