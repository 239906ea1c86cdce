import { fromBase64 } from '../../bytes/base64.ts';
import { type Kernel, type KernelSize, strideOf } from './kernel.ts';
import { KERNEL_LAYOUT } from './layout-table.ts';
import { INTEGRATE_BINARY } from './simd-binary.ts';

/** The part of the WebAssembly interface used here; the project's type library is the language's alone. */
declare const WebAssembly: {
  Memory: new (limits: { initial: number }) => { readonly buffer: ArrayBuffer };
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
  validate(bytes: Uint8Array): boolean;
};

type Integrate = (
  weights: number,
  rowBytes: number,
  potential: number,
  threshold: number,
  spike: number,
  spikesEnd: number,
  decay: number,
  inhibition: number,
) => number;

const PAGE_BYTES = 65_536;
const FLOAT_BYTES = KERNEL_LAYOUT.constants.FLOAT_BYTES.value;
const SPIKE_BYTES = KERNEL_LAYOUT.constants.SPIKE_BYTES.value;

const binary = fromBase64(INTEGRATE_BINARY);

/** False where the engine has no SIMD; `createPlainKernel` gives the same spikes there. */
export function simdAvailable(): boolean {
  return 'WebAssembly' in globalThis && WebAssembly.validate(binary);
}

/** The kernel in SIMD WebAssembly (assembly/integrate.ts); its arrays are views of the module's memory. */
export function createSimdKernel({ inputs, neurons, spikes: capacity }: KernelSize): Kernel {
  const stride = strideOf(neurons);
  const rowBytes = stride * FLOAT_BYTES;
  const potentialAt = 0;
  const thresholdAt = potentialAt + rowBytes;
  const weightsAt = thresholdAt + rowBytes;
  const spikesAt = weightsAt + inputs * rowBytes;
  const bytes = spikesAt + capacity * SPIKE_BYTES;

  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE_BYTES) });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory } });
  const { integrate } = instance.exports as { integrate: Integrate };
  const { buffer } = memory;

  return {
    stride,
    weights: new Float32Array(buffer, weightsAt, inputs * stride),
    potential: new Float32Array(buffer, potentialAt, stride),
    threshold: new Float32Array(buffer, thresholdAt, stride).fill(Number.POSITIVE_INFINITY),
    spikes: new Uint16Array(buffer, spikesAt, capacity),
    integrate: (from, to, decay, inhibition) =>
      integrate(
        weightsAt,
        rowBytes,
        potentialAt,
        thresholdAt,
        spikesAt + from * SPIKE_BYTES,
        spikesAt + to * SPIKE_BYTES,
        decay,
        inhibition,
      ) !== 0,
  };
}
