import { createLayeredInference } from '../snn/layers/infer-layers.ts';
import { type LayeredInput, stepsOf } from '../snn/layers/layered-input.ts';
import { type RunnableNetwork, sizeOf, weightTensors } from '../snn/layers/layered-network.ts';
import type { TensorSpikes } from '../snn/layers/needed-rows.ts';
import type { Response } from '../snn/layers/response.ts';

/** The rows of one tensor that an inference reads, step by step, and how often it adds each of them: once for each input that is not 0. */
export interface TensorReads extends TensorSpikes {
  readonly passes: Uint32Array;
}

/** What an inference reads of each tensor, in the order of `weightTensors`, and what it answers. */
export interface LayerReads {
  readonly steps: number;
  readonly tensors: readonly TensorReads[];
  readonly response: Response;
}

/**
 * Runs inputs with the weights of all tensors (in the order of `weightTensors`; those of the network by default), and tells which rows
 * each of them reads. The next call overwrites the response.
 */
export function createLayerReads(
  runnable: RunnableNetwork,
  weights?: readonly Float32Array[],
): (input: LayeredInput) => LayerReads {
  const inference = createLayeredInference(runnable);
  if (weights) inference.setWeights(weights);
  const { network, presentation } = runnable;
  const tensors = weightTensors(network);
  const inputs = sizeOf(network.layers[0]!.shape);
  return (input) => {
    const steps = stepsOf(input, inputs, presentation.steps);
    const read = tensors.map(() => ({
      offsets: new Uint32Array(steps + 1),
      numbers: [] as number[],
      passes: [] as number[],
    }));
    const response = inference.present(input, {
      beforeAdding(tensor, step, rows, ofRow) {
        const { offsets, numbers, passes } = read[tensor]!;
        for (let i = 0; i < rows.length; i++) {
          numbers.push(rows[i]!);
          passes.push(ofRow ? ofRow[i]! : 1);
        }
        offsets[step + 1] = rows.length;
      },
    });
    return {
      steps,
      response,
      tensors: read.map(({ offsets, numbers, passes }): TensorReads => {
        for (let step = 0; step < steps; step++) offsets[step + 1]! += offsets[step]!;
        return { offsets, numbers: Uint32Array.from(numbers), passes: Uint32Array.from(passes) };
      }),
    };
  };
}
