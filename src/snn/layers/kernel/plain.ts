import type { LayerKernel } from './layer-kernel.ts';
import { RESET } from './layout.ts';
import { addKernelsPlainly } from './plain-convolution.ts';

const { fround } = Math;

/**
 * The kernel in TypeScript: for engines without SIMD, and as the twin that the SIMD form is proved against. Storing to a Float32Array
 * rounds to single precision, as each SIMD operation does.
 */
export function createPlainLayerKernel(bytes: number): LayerKernel {
  const buffer = new ArrayBuffer(bytes);
  const floats = new Float32Array(buffer);
  const numbers = new Uint32Array(buffer);
  const above = (value: number, threshold: number, orEqual: boolean): boolean =>
    orEqual ? value >= threshold : value > threshold;

  return {
    floats,
    ids: numbers,

    addRows(weights, rowBytes, ids, count, sums) {
      const [row, from, to, columns] = [weights >>> 2, ids >>> 2, sums >>> 2, rowBytes >>> 2];
      for (let k = 0; k < count; k++) {
        const at = row + numbers[from + k]! * columns;
        for (let column = 0; column < columns; column++) floats[to + column]! += floats[at + column]!;
      }
    },

    addScaledRows(weights, rowBytes, ids, count, values, sums) {
      const [row, from, to, columns] = [weights >>> 2, ids >>> 2, sums >>> 2, rowBytes >>> 2];
      for (let k = 0; k < count; k++) {
        const input = numbers[from + k]!;
        const value = floats[(values >>> 2) + input]!;
        const at = row + input * columns;
        for (let column = 0; column < columns; column++)
          floats[to + column]! += fround(floats[at + column]! * value);
      }
    },

    addKernels: (geometry, weights, ids, count, values, sums) =>
      addKernelsPlainly(floats, numbers, geometry, weights, ids, count, values, sums),

    nonZero(values, size, ids) {
      const [from, to] = [values >>> 2, ids >>> 2];
      let count = 0;
      for (let k = 0; k < size; k++) if (floats[from + k] !== 0) numbers[to + count++] = k;
      return count;
    },

    leak(state, input, gain, rest, rate, length) {
      for (let at = 0; at < length >>> 2; at++) {
        const v = floats[(state >>> 2) + at]!;
        const driven = fround(floats[(gain >>> 2) + at]! * floats[(input >>> 2) + at]!);
        const towards = fround(fround(floats[(rest >>> 2) + at]! - v) + driven);
        floats[(state >>> 2) + at] = v + fround(floats[(rate >>> 2) + at]! * towards);
      }
    },

    accumulate(state, input, gain, length) {
      for (let at = 0; at < length >>> 2; at++)
        floats[(state >>> 2) + at]! += fround(floats[(gain >>> 2) + at]! * floats[(input >>> 2) + at]!);
    },

    owe(state, threshold, owed, length, orEqual) {
      for (let at = 0; at < length >>> 2; at++) {
        const th = floats[(threshold >>> 2) + at]!;
        floats[(owed >>> 2) + at] = above(floats[(state >>> 2) + at]!, th, orEqual) ? th : 0;
      }
    },

    fire(state, threshold, resetTo, owed, ids, length, reset, orEqual) {
      let count = 0;
      for (let at = 0; at < length >>> 2; at++) {
        const th = floats[(threshold >>> 2) + at]!;
        const v = floats[(state >>> 2) + at]!;
        const seen = fround(v - floats[(owed >>> 2) + at]!);
        const spikes = above(seen, th, orEqual);
        if (spikes) numbers[(ids >>> 2) + count++] = at;
        if (reset === RESET.SUBTRACT) floats[(state >>> 2) + at] = v - (spikes ? th : 0);
        else if (reset === RESET.LATER) floats[(state >>> 2) + at] = seen;
        else if (spikes) floats[(state >>> 2) + at] = floats[(resetTo >>> 2) + at]!;
      }
      return count;
    },
  };
}
