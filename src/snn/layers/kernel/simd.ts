import { fromBase64 } from '../../../bytes/base64.ts';
import type { LayerKernel, LayerLoops } from './layer-kernel.ts';
import { LAYERS_BINARY } from './simd-binary.ts';

/** The part of the WebAssembly interface used here; the project's type library is the language's alone. */
declare const WebAssembly: {
  Memory: new (limits: { initial: number }) => { readonly buffer: ArrayBuffer };
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

const PAGE_BYTES = 65_536;

let compiled: object | undefined;

/** The kernel in SIMD WebAssembly (../../kernel/assembly/layers.ts); its arrays are views of the module's memory. */
export function createSimdLayerKernel(bytes: number): LayerKernel {
  compiled ??= new WebAssembly.Module(fromBase64(LAYERS_BINARY));
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE_BYTES) });
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  const { buffer } = memory;
  return { ...(exports as LayerLoops), floats: new Float32Array(buffer), ids: new Uint32Array(buffer) };
}
