import { FLOAT_BYTES, paddedSize } from '../kernel/layout.ts';
import { type LayerKind, wrongCount } from '../layer-kind.ts';
import type { DenseLayer } from '../layered-network.ts';
import { createSignal, idsOf, listElements } from '../signal.ts';

/** A sum begins with the bias (0 without one); then the rows of the inputs are added, ascending. */
export const DENSE: LayerKind<DenseLayer> = {
  kind: 'dense',
  inputSize: ({ inputs }) => inputs,
  outputSize: ({ outputs }) => outputs,
  spikes: () => false,
  stateless: true,
  obstacles: ({ inputs, outputs, weights, bias }) => [
    ...wrongCount('weights', weights.length, inputs * outputs),
    ...wrongCount('values of bias', bias?.length ?? outputs, outputs),
  ],

  plan({ inputs, outputs, weights, bias }, input, _, reserve) {
    const stride = paddedSize(outputs);
    const rowBytes = stride * FLOAT_BYTES;
    const output = createSignal(outputs, reserve);
    const weightsAt = reserve(inputs * stride);
    const biasAt = reserve(stride);
    output.spiking = false;
    return {
      output,
      start(kernel) {
        const { floats } = kernel;
        const first = weightsAt / FLOAT_BYTES;
        const biases = biasAt / FLOAT_BYTES;
        const sums = output.valuesAt / FLOAT_BYTES;
        const setRow = (row: number, values: Float32Array): void => floats.set(values, first + row * stride);
        for (let row = 0; row < inputs; row++)
          setRow(row, weights.subarray(row * outputs, (row + 1) * outputs));
        if (bias) floats.set(bias, biases);
        return {
          setRow,
          step(beforeAdding) {
            const values = listElements(input, kernel);
            if (beforeAdding && input.count > 0) beforeAdding(idsOf(input, kernel));
            floats.copyWithin(sums, biases, biases + stride);
            const { idsAt, count } = input;
            if (values === 0) kernel.addRows(weightsAt, rowBytes, idsAt, count, output.valuesAt);
            else kernel.addScaledRows(weightsAt, rowBytes, idsAt, count, values, output.valuesAt);
          },
        };
      },
    };
  },
};
