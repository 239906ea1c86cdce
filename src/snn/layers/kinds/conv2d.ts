import { FLOAT_BYTES, GEOMETRY, GEOMETRY_ELEMENTS } from '../kernel/layout.ts';
import { type LayerKind, type RowsRead, wrongCount } from '../layer-kind.ts';
import { type Conv2dLayer, sizeOf } from '../layered-network.ts';
import { createSignal, idsOf, listElements } from '../signal.ts';
import { outputExtents, windowObstacles } from '../window.ts';

/** Outputs of a group are padded to a vector. */
const VECTOR = 4;

/** A sum begins with the bias (0 without one); then what the inputs bring is added, inputs ascending. */
export const CONV2D: LayerKind<Conv2dLayer> = {
  kind: 'conv2d',
  inputSize: ({ inputShape }) => sizeOf(inputShape),
  outputSize: (layer) => sizeOf([layer.shape[0]!, ...outputExtents(layer)]),
  spikes: () => false,
  stateless: true,

  obstacles(layer) {
    const { shape, inputShape, kernel, groups, weights, bias } = layer;
    const outputs = shape[0]!;
    const found = windowObstacles(layer);
    if (
      !Number.isSafeInteger(groups) ||
      groups < 1 ||
      inputShape[0]! % groups !== 0 ||
      outputs % groups !== 0
    )
      return [...found, `has ${groups} groups, which do not divide ${inputShape[0]} and ${outputs} channels`];
    return [
      ...found,
      ...wrongCount('weights', weights.length, inputShape[0]! * (outputs / groups) * sizeOf(kernel)),
      ...wrongCount('values of bias', bias?.length ?? outputs, outputs),
    ];
  },

  plan(layer, input, _, reserve) {
    const { inputShape, kernel, stride, padding, dilation, groups, weights, bias } = layer;
    const [channels, rows, columns] = inputShape as [number, number, number];
    const outputs = layer.shape[0]!;
    const [outputRows, outputColumns] = outputExtents(layer);
    const positions = outputRows * outputColumns;
    const groupOutputs = outputs / groups;
    const width = Math.ceil(groupOutputs / VECTOR) * VECTOR;
    const taps = sizeOf(kernel);
    const sumElements = positions * groups * width;

    /** Where the sum of each element of the output stands. */
    const places = Uint32Array.from({ length: outputs * positions }, (_, element) => {
      const channel = Math.floor(element / positions);
      const group = Math.floor(channel / groupOutputs);
      return ((element % positions) * groups + group) * width + (channel - group * groupOutputs);
    });

    const output = createSignal(outputs * positions, reserve);
    const weightsAt = reserve(channels * taps * width);
    const biasAt = reserve(sumElements);
    const sumsAt = reserve(sumElements);
    const geometryAt = reserve(GEOMETRY_ELEMENTS);
    output.spiking = false;

    return {
      output,
      start(kernelOfLayers) {
        const { floats, ids } = kernelOfLayers;
        const first = weightsAt / FLOAT_BYTES;
        const biases = biasAt / FLOAT_BYTES;
        const sums = sumsAt / FLOAT_BYTES;
        const to = output.valuesAt / FLOAT_BYTES;
        const geometry: Readonly<Record<keyof typeof GEOMETRY, number>> = {
          rows,
          columns,
          outputRows,
          outputColumns,
          kernelRows: kernel[0],
          kernelColumns: kernel[1],
          strideRows: stride[0],
          strideColumns: stride[1],
          paddingRows: padding[0],
          paddingColumns: padding[1],
          dilationRows: dilation[0],
          dilationColumns: dilation[1],
          groupInputs: channels / groups,
          groups,
          groupBytes: width * FLOAT_BYTES,
        };
        for (const [name, value] of Object.entries(geometry))
          ids[(geometryAt + GEOMETRY[name as keyof typeof GEOMETRY]) / FLOAT_BYTES] = value;
        const rowLength = groupOutputs * taps;
        for (let row = 0; row < channels; row++)
          setRow(row, weights.subarray(row * rowLength, (row + 1) * rowLength));
        if (bias)
          for (const [element, place] of places.entries())
            floats[biases + place] = bias[Math.floor(element / positions)]!;

        const inputsOf = new Uint32Array(channels);
        return {
          setRow,
          step(beforeAdding) {
            const values = listElements(input, kernelOfLayers);
            if (beforeAdding && input.count > 0) readChannels(beforeAdding);
            floats.copyWithin(sums, biases, biases + sumElements);
            kernelOfLayers.addKernels(geometryAt, weightsAt, input.idsAt, input.count, values, sumsAt);
            for (let element = 0; element < places.length; element++)
              floats[to + element] = floats[sums + places[element]!]!;
          },
        };

        /** The kernels of an input channel, from outputs x taps to taps x outputs. */
        function setRow(row: number, values: Float32Array): void {
          const at = first + row * taps * width;
          for (let o = 0; o < groupOutputs; o++)
            for (let tap = 0; tap < taps; tap++) floats[at + tap * width + o] = values[o * taps + tap]!;
        }

        function readChannels(beforeAdding: RowsRead): void {
          inputsOf.fill(0);
          for (const element of idsOf(input, kernelOfLayers))
            inputsOf[Math.floor(element / (rows * columns))]!++;
          beforeAdding(
            Uint32Array.from(inputsOf.keys()).filter((channel) => inputsOf[channel]! > 0),
            inputsOf.filter((inputs) => inputs > 0),
          );
        }
      },
    };
  },
};
