import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LayerKernel } from '../../../src/snn/layers/kernel/layer-kernel.ts';
import { GEOMETRY, RESET } from '../../../src/snn/layers/kernel/layout.ts';
import { createPlainLayerKernel } from '../../../src/snn/layers/kernel/plain.ts';
import { createSimdLayerKernel } from '../../../src/snn/layers/kernel/simd.ts';
import { randomCases } from '../../effort.ts';

const float = fc.oneof(
  { arbitrary: fc.float({ min: -4, max: 4, noNaN: true }), weight: 6 },
  { arbitrary: fc.float(), weight: 1 },
  {
    arbitrary: fc.constantFrom(
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      3e38,
      1e-45,
      -0,
      0,
      1,
    ),
    weight: 2,
  },
);

/** A memory of ten areas of 64 floats, and whole numbers in the eleventh and beyond. */
const AREA = 256;
const at = (area: number): number => 64 + area * AREA;
const BYTES = at(40);

/** The sign and payload of a NaN are the engine's choice, in either kernel. */
const bits = ({ floats, ids }: LayerKernel): number[] =>
  Array.from(ids, (word, k) => (Number.isNaN(floats[k]) ? 0x7fc00000 : word));

const memory = fc.array(float, { minLength: 10 * 64, maxLength: 10 * 64 });
const ids = fc.array(fc.nat(15), { maxLength: 12 });

function both(
  values: readonly number[],
  listed: readonly number[],
  use: (kernel: LayerKernel) => unknown,
): void {
  const [plain, simd] = [createPlainLayerKernel, createSimdLayerKernel].map((create) => {
    const kernel = create(BYTES);
    kernel.floats.set(values, at(0) / 4);
    kernel.ids.set(listed, at(10) / 4);
    const result = use(kernel);
    return { result, memory: bits(kernel).slice(0, BYTES / 4) };
  }) as [unknown, unknown];
  expect(simd).toEqual(plain);
}

describe('the SIMD kernel of layers', () => {
  it('leaves the same bits as its plain twin, whatever the numbers are: infinite, denormal, not numbers', () => {
    fc.assert(
      fc.property(
        memory,
        ids,
        fc.constantFrom(64, 128, 256),
        fc.constantFrom(...Object.values(RESET)),
        fc.boolean(),
        fc.nat(40),
        (values, listed, bytes, reset, orEqual, size) => {
          const count = listed.length;
          const rows = listed.map((id) => id % (1024 / bytes));
          both(values, rows, (k) => k.addRows(at(0), bytes, at(10), count, at(9)));
          both(values, rows, (k) => k.addScaledRows(at(0), bytes, at(10), count, at(8), at(9)));
          both(values, listed, (k) => k.nonZero(at(1), size, at(12)));
          both(values, listed, (k) => k.leak(at(0), at(1), at(2), at(3), at(4), bytes));
          both(values, listed, (k) => k.accumulate(at(0), at(1), at(2), bytes));
          both(values, listed, (k) => k.owe(at(0), at(1), at(2), bytes, orEqual));
          both(values, listed, (k) => k.fire(at(0), at(1), at(2), at(3), at(12), bytes, reset, orEqual));
        },
      ),
      { seed: 11, numRuns: randomCases(200, 3000) },
    );
  });

  it('goes over feature maps as its plain twin does', () => {
    const small = fc.integer({ min: 1, max: 3 });
    const pair = fc.tuple(small, small);
    fc.assert(
      fc.property(
        memory,
        fc.array(fc.nat(47), { maxLength: 10 }),
        fc.record({ kernel: pair, stride: pair, padding: fc.tuple(fc.nat(2), fc.nat(2)), dilation: pair }),
        fc.constantFrom(1, 3),
        fc.boolean(),
        (values, listed, { kernel, stride, padding, dilation }, groups, spikes) => {
          const extent = (axis: 0 | 1): number =>
            Math.floor((4 + 2 * padding[axis] - dilation[axis] * (kernel[axis] - 1) - 1) / stride[axis]) + 1;
          const geometry: Record<keyof typeof GEOMETRY, number> = {
            rows: 4,
            columns: 4,
            outputRows: extent(0),
            outputColumns: extent(1),
            kernelRows: kernel[0],
            kernelColumns: kernel[1],
            strideRows: stride[0],
            strideColumns: stride[1],
            paddingRows: padding[0],
            paddingColumns: padding[1],
            dilationRows: dilation[0],
            dilationColumns: dilation[1],
            groupInputs: 3 / groups,
            groups,
            groupBytes: 16,
          };
          if (geometry.outputRows < 1 || geometry.outputColumns < 1) return;
          both(values, listed, (k) => {
            for (const [name, value] of Object.entries(geometry))
              k.ids[(at(11) + GEOMETRY[name as keyof typeof GEOMETRY]) / 4] = value;
            k.addKernels(at(11), at(0), at(10), listed.length, spikes ? 0 : at(2), at(12));
          });
        },
      ),
      { seed: 12, numRuns: randomCases(200, 3000) },
    );
  });

  it('never spikes where a membrane or a threshold is not a number', () => {
    both([], [], (kernel) => {
      const put = (area: number, values: number[]): void => kernel.floats.set(values, at(area) / 4);
      put(0, [Number.NaN, 2, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
      kernel.floats.fill(Number.NaN, at(1) / 4, at(1) / 4 + 16);
      put(1, [1, Number.NaN, 1, 1]);
      expect(kernel.fire(at(0), at(1), at(2), at(3), at(12), 64, RESET.TO_VALUE, true)).toBe(1);
      expect(kernel.ids[at(12) / 4]).toBe(2);
    });
  });
});
