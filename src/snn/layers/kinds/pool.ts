import { FLOAT_BYTES } from '../kernel/layout.ts';
import { reached } from '../kernel/plain-convolution.ts';
import type { LayerKind } from '../layer-kind.ts';
import { type PoolLayer, sizeOf } from '../layered-network.ts';
import { createSignal, idsOf, listElements, valuesOf } from '../signal.ts';
import { outputExtents, windowObstacles } from '../window.ts';

/**
 * Each window's sum, elements ascending; `average` divides it by the elements of the kernel, padding among them, as PyTorch's AvgPool2d
 * does by default.
 */
export const POOL: LayerKind<PoolLayer> = {
  kind: 'pool',
  inputSize: ({ inputShape }) => sizeOf(inputShape),
  outputSize: (layer) => sizeOf([layer.inputShape[0]!, ...outputExtents(layer)]),
  spikes: () => false,
  stateless: true,
  obstacles: windowObstacles,

  plan(layer, input, _, reserve) {
    const { mode, inputShape, kernel, stride, padding } = layer;
    const [channels, rows, columns] = inputShape as [number, number, number];
    const [outputRows, outputColumns] = outputExtents(layer);
    const output = createSignal(channels * outputRows * outputColumns, reserve);
    output.spiking = false;
    const { targets, offsets } = windowsOf();
    const area = sizeOf(kernel);
    return {
      output,
      start: (memory) => ({
        step() {
          const values = listElements(input, memory) / FLOAT_BYTES;
          const { floats } = memory;
          const sums = valuesOf(output, memory);
          sums.fill(0);
          for (const element of idsOf(input, memory)) {
            const value = values === 0 ? 1 : floats[values + element]!;
            for (let k = offsets[element]!; k < offsets[element + 1]!; k++) sums[targets[k]!]! += value;
          }
          if (mode === 'average') for (let k = 0; k < sums.length; k++) sums[k]! /= area;
        },
      }),
    };

    /** The windows that each element lies in. */
    function windowsOf(): { readonly targets: number[]; readonly offsets: Uint32Array } {
      const found: number[] = [];
      const starts = new Uint32Array(sizeOf(inputShape) + 1);
      for (let element = 0; element < starts.length - 1; element++) {
        const channel = Math.floor(element / (rows * columns));
        for (let ky = 0; ky < kernel[0]; ky++) {
          const y = reached(Math.floor(element / columns) % rows, ky, padding[0], 1, stride[0], outputRows);
          for (let kx = 0; y >= 0 && kx < kernel[1]; kx++) {
            const x = reached(element % columns, kx, padding[1], 1, stride[1], outputColumns);
            if (x >= 0) found.push((channel * outputRows + y) * outputColumns + x);
          }
        }
        starts[element + 1] = found.length;
      }
      return { targets: found, offsets: starts };
    }
  },
};
