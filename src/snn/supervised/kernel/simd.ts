import { fromBase64 } from '../../../bytes/base64.ts';
import { KERNEL_LAYOUT } from '../../kernel/layout-table.ts';
import { type Ids, type KernelRoom, type LearningKernel, type Numbers, strideOf } from './kernel.ts';
import { gainOf, keepOf } from './plain.ts';
import { SUPERVISED_BINARY } from './simd-binary.ts';

/** The part of the WebAssembly interface used here; the project's type library is the language's alone. */
declare const WebAssembly: {
  Memory: new (limits: { initial: number }) => { readonly buffer: ArrayBuffer };
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
  validate(bytes: Uint8Array): boolean;
};

type Exported = Readonly<
  Record<keyof Omit<LearningKernel, 'numbers' | 'ids'>, (...args: number[]) => number>
>;

const PAGE_BYTES = 65_536;
const FLOAT_BYTES = KERNEL_LAYOUT.constants.FLOAT_BYTES.value;
const ID_BYTES = KERNEL_LAYOUT.constants.SPIKE_BYTES.value;

const binary = fromBase64(SUPERVISED_BINARY);

/** False where the engine has no SIMD; `createPlainLearningKernel` gives the same numbers there. */
export function simdLearningAvailable(): boolean {
  return 'WebAssembly' in globalThis && WebAssembly.validate(binary);
}

/** The kernel in SIMD WebAssembly (../../kernel/assembly/supervised.ts); its arrays are views of the module's memory. */
export function createSimdLearningKernel(room: KernelRoom): LearningKernel {
  const size = room.numbers * FLOAT_BYTES + room.ids * ID_BYTES;
  const memory = new WebAssembly.Memory({ initial: Math.ceil(size / PAGE_BYTES) });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory } });
  const core = instance.exports as Exported;
  const { buffer } = memory;
  let free = 0;
  const claim = (bytes: number): number => {
    const at = free;
    free += bytes;
    if (free > buffer.byteLength)
      throw new Error(`the kernel was made for ${size} bytes, ${free} are asked for`);
    return at;
  };
  const endOf = (ids: Ids, count: number): number => ids.at + count * ID_BYTES;
  const bytesOf = ({ data }: Numbers): number => data.length * FLOAT_BYTES;

  return {
    numbers(count) {
      const at = claim(strideOf(count) * FLOAT_BYTES);
      return { at, data: new Float32Array(buffer, at, strideOf(count)) };
    },
    ids(count) {
      const at = claim(strideOf(count) * ID_BYTES);
      return { at, data: new Uint16Array(buffer, at, strideOf(count)) };
    },
    sumRows(out, rows, ids, count) {
      core.sumRows(out.at, rows.at, bytesOf(out), ids.at, endOf(ids, count));
    },
    sumWeightedRows(out, rows, ids, count, factors) {
      core.sumWeightedRows(out.at, rows.at, bytesOf(out), ids.at, endOf(ids, count), factors.at);
    },
    addToRows(rows, ids, count, values) {
      core.addToRows(rows.at, bytesOf(values), ids.at, endOf(ids, count), values.at);
    },
    addWeightedToRows(rows, ids, count, factors, values) {
      core.addWeightedToRows(rows.at, bytesOf(values), ids.at, endOf(ids, count), factors.at, values.at);
    },
    accumulate(into, values) {
      core.accumulate(into.at, values.at, bytesOf(values));
    },
    stepNeurons(potential, current, before, { share, resistance, threshold, subtract }, spikes) {
      const end = core.stepNeurons(
        ...([potential.at, current.at, before.at, bytesOf(potential)] as const),
        ...([share, resistance, threshold, subtract ? 1 : 0, spikes.at] as const),
      );
      return (end - spikes.at) / ID_BYTES;
    },
    stepBack(delta, error, before, carry, step, { arctangent, scale, slope }) {
      core.stepBack(
        ...([delta.at, error.at, before.at, carry.at, bytesOf(delta)] as const),
        ...([keepOf(step.share), gainOf(step), step.threshold, step.subtract ? 1 : 0] as const),
        ...([arctangent ? 1 : 0, scale, slope] as const),
      );
    },
    adam(weights, gradient, mean, square, { share, rate1, rate2, step, epsilon, ceiling }) {
      core.adam(
        ...([weights.at, gradient.at, mean.at, square.at, bytesOf(weights)] as const),
        ...([share, rate1, rate2, step, epsilon, ceiling] as const),
      );
    },
  };
}
