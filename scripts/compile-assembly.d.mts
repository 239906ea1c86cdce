/** The WebAssembly module of one entry; `read` gives a source's text by its name, null if there is none. */
export function compileAssembly(
  entry: string,
  read: (name: string) => Promise<string | null>,
  optimise?: '-O0' | '-O1' | '-O3',
): Promise<Uint8Array>;
