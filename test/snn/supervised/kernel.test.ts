import { describe, expect, it } from 'vitest';
import { uniformStream } from '../../../src/random/streams.ts';
import type { Ids, LearningKernel, Numbers } from '../../../src/snn/supervised/kernel/kernel.ts';
import { createPlainLearningKernel } from '../../../src/snn/supervised/kernel/plain.ts';
import { createSimdLearningKernel } from '../../../src/snn/supervised/kernel/simd.ts';
import { randomCases } from '../../effort.ts';

const ROOM = { numbers: 100_000, ids: 1000 };

/** Both kernels, the same random numbers in their memories, what `use` does with them, and all that is then in there. */
function bothMake(
  seed: number,
  use: (kernel: LearningKernel, number: (count: number) => Numbers, uniform: () => number) => void,
) {
  return [createPlainLearningKernel(), createSimdLearningKernel(ROOM)].map((kernel) => {
    const uniform = uniformStream(seed, 'test/learning kernel');
    const arrays: Numbers[] = [];
    use(
      kernel,
      (count) => {
        const array = kernel.numbers(count);
        for (let k = 0; k < array.data.length; k++) array.data[k] = 4 * uniform() - 2;
        arrays.push(array);
        return array;
      },
      uniform,
    );
    return arrays.map(({ data }) => Array.from(data));
  });
}

function someIds(kernel: LearningKernel, uniform: () => number, most: number): { ids: Ids; count: number } {
  const ids = kernel.ids(most);
  const count = Math.floor(uniform() * (most + 1));
  for (let k = 0; k < count; k++) ids.data[k] = Math.floor(uniform() * most);
  return { ids, count };
}

describe('the kernels of supervised training', () => {
  const seeds = Array.from({ length: randomCases(9, 60) }, (_, k) => k + 1);

  it.each(seeds)('sum rows, add to rows and accumulate alike, bit by bit (%i)', (seed) => {
    const [plain, simd] = bothMake(seed, (kernel, numbers, uniform) => {
      const [rows, stride] = [1 + Math.floor(30 * uniform()), 16 * (1 + Math.floor(5 * uniform()))];
      const [matrix, out, weighted, values, factors] = [rows * stride, stride, stride, stride, rows].map(
        numbers,
      );
      const { ids, count } = someIds(kernel, uniform, rows);
      kernel.sumRows(out!, matrix!, ids, count);
      kernel.sumWeightedRows(weighted!, matrix!, ids, count, factors!);
      kernel.addToRows(matrix!, ids, count, values!);
      kernel.addWeightedToRows(matrix!, ids, count, factors!, values!);
      kernel.accumulate(values!, weighted!);
    });
    expect(simd).toEqual(plain);
  });

  it.each(seeds)('step neurons forth and back alike (%i)', (seed) => {
    const spikes: number[][] = [];
    const [plain, simd] = bothMake(seed, (kernel, numbers, uniform) => {
      const stride = 16 * (1 + Math.floor(5 * uniform()));
      const [potential, current, before, delta, error, carry] = Array.from({ length: 6 }, () =>
        numbers(stride),
      );
      const step = {
        share: uniform(),
        resistance: 10 * uniform(),
        threshold: uniform() < 0.2 ? Number.POSITIVE_INFINITY : uniform(),
        subtract: uniform() < 0.5,
      };
      const surrogate = { arctangent: uniform() < 0.5, scale: uniform(), slope: 25 * uniform() };
      const ids = kernel.ids(stride);
      const count = kernel.stepNeurons(potential!, current!, before!, step, ids);
      spikes.push(Array.from(ids.data.subarray(0, count)));
      kernel.stepBack(delta!, error!, before!, carry!, step, surrogate);
    });
    expect(simd).toEqual(plain);
    expect(spikes[1]).toEqual(spikes[0]);
  });

  it.each(seeds)('change weights alike (%i)', (seed) => {
    const [plain, simd] = bothMake(seed, (kernel, numbers, uniform) => {
      const count = 16 * (1 + Math.floor(20 * uniform()));
      const [weights, gradient, mean, square] = Array.from({ length: 4 }, () => numbers(count));
      for (let k = 0; k < count; k++) square!.data[k] = Math.abs(square!.data[k]!);
      const step = {
        share: uniform(),
        rate1: 0.1,
        rate2: 0.001,
        step: uniform(),
        epsilon: 1e-8,
        ceiling: 1.5,
      };
      kernel.adam(weights!, gradient!, mean!, square!, step);
    });
    expect(simd).toEqual(plain);
  });

  it('refuse more than they were made for', () => {
    const kernel = createSimdLearningKernel({ numbers: 16, ids: 0 });
    expect(() => kernel.numbers(65_536)).toThrow('the kernel was made for 64 bytes');
  });
});
