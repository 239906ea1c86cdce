import type { Hdf5Library } from './hdf5-library.ts';

/** The part of the WebAssembly interface used here; the project's type library is the language's alone. */
interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}
declare const WebAssembly: { readonly Memory: { readonly prototype: WasmMemory } };

/** Bytes that the HDF5 library may take in all: a damaged file can claim parts of any size. */
const LARGEST_MEMORY = 2 ** 29;
const PAGE_BYTES = 2 ** 16;

/**
 * Runs an action, during which the memory of the HDF5 library grows to 512 MiB at most; beyond that the library's own
 * allocation fails, which it reports as an error. The library offers no such bound, so the growth itself is guarded.
 */
export function withBoundedMemory<T>(library: Hdf5Library, action: () => T): T {
  const memory = WebAssembly.Memory.prototype;
  const { grow } = memory;
  memory.grow = function guarded(this: WasmMemory, pages: number): number {
    const own = this.buffer === library.HEAPU8.buffer;
    if (own && this.buffer.byteLength + pages * PAGE_BYTES > LARGEST_MEMORY)
      throw new RangeError('the HDF5 library may not take more memory');
    return grow.call(this, pages);
  };
  try {
    return action();
  } finally {
    memory.grow = grow;
  }
}
