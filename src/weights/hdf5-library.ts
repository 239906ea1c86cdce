import h5wasm from 'h5wasm';

export type Hdf5Library = Awaited<typeof h5wasm.ready>;

/** The library, once it has loaded. */
export async function hdf5Library(): Promise<Hdf5Library> {
  const module = await h5wasm.ready;
  // Without this the library prints its errors and goes on.
  module.activate_throwing_error_handler();
  return module;
}
