import { requireNoObstacles } from '../../errors/obstacles.ts';
import { createLayerKernel } from './kernel/create-layer-kernel.ts';
import type { CreateLayerKernel } from './kernel/layer-kernel.ts';
import { FLOAT_BYTES } from './kernel/layout.ts';
import type { PlannedLayer, RowsRead } from './layer-kind.ts';
import { kindOf } from './layer-kinds.ts';
import { type LayeredInput, setInput, spikesOf, stepsOf } from './layered-input.ts';
import { type Layer, type RunnableNetwork, sizeOf, weightTensors } from './layered-network.ts';
import { classOf, type Response } from './response.ts';
import {
  addSignals,
  copySignal,
  createReserve,
  createSignal,
  idsOf,
  type Signal,
  valuesOf,
} from './signal.ts';
import { validateRunnable } from './validate-layered.ts';

/** A layered network that does not learn; weights may be exchanged for a damaged or repaired copy. */
export interface LayeredInference {
  /** Replaces all weights, in the order of `weightTensors`. Any bit pattern is allowed: NaN never spikes. */
  setWeights(weights: readonly Float32Array[]): void;
  /** Replaces a row of a tensor, by its place among `weightTensors`. */
  setRow(tensor: number, row: number, weights: Float32Array): void;
  /** Shows one input from rest; the next call overwrites the answer. Throws InputError for one that does not fit the network. */
  present(input: LayeredInput, watch?: Watch): Response;
}

/** Who is told of what happens in a presentation. Arrays are valid during the call only. */
export interface Watch {
  /**
   * The rows of tensor `tensor` (its place among `weightTensors`) that step `step` adds next, ascending: those of inputs that are not 0, or for a
   * convolution those of channels with such an input. They may be replaced (`setRow`). Not called where there are none.
   * What follows from a constant input alone is computed in step 0 and kept. `inputs` are how many inputs of each row are not 0, where
   * that may be more than one.
   */
  beforeAdding?(tensor: number, step: number, rows: Uint32Array, inputs?: Uint32Array): void;
  /** The output of a layer (its place) that makes spikes, or of the input where it is spikes: those of step `step`, ascending. */
  spikes?(layer: number, step: number, neurons: Uint32Array): void;
}

/** Runs a network in single precision. Throws InputError, naming all that keeps it from running. */
export function createLayeredInference(
  runnable: RunnableNetwork,
  kernelFor: CreateLayerKernel = createLayerKernel,
): LayeredInference {
  requireNoObstacles(validateRunnable(runnable));
  const { network, dynamics, presentation } = runnable;
  const { layers } = network;
  const { reserve, bytes } = createReserve();

  const delayed = new Set(
    layers.flatMap(({ sources }) => sources.filter((each) => each.delayed).map(({ layer }) => layer)),
  );
  const previous = new Map(
    [...delayed].map((place) => [place, createSignal(sizeOf(layers[place]!.shape), reserve)]),
  );
  const planned: PlannedLayer[] = [];
  const sums: (Sum | undefined)[] = [];
  for (const layer of layers) {
    const sources = layer.sources.map((source) =>
      source.delayed ? previous.get(source.layer)! : planned[source.layer]!.output,
    );
    // What hands on its input must not hand on a copy that is overwritten while others still read it.
    const joins = sources.length > 1 || layer.sources[0]?.delayed === true;
    const sum = joins ? { sources, to: createSignal(sources[0]!.size, reserve) } : undefined;
    sums.push(sum);
    const input = sum?.to ?? sources[0] ?? createSignal(sizeOf(layer.shape), reserve);
    planned.push(kindOf(layer).plan(layer, input, dynamics, reserve));
  }

  const kernel = kernelFor(bytes());
  const running = planned.map((layer) => layer.start(kernel));
  const outputs = planned.map(({ output }) => output);
  const inputSignal = outputs[0]!;
  const outputSignal = outputs.at(-1)!;
  const tensors = weightTensors(network);
  const tensorOf = new Map(tensors.map(({ layer }, tensor) => [layer, tensor]));
  const steady = steadyLayers(layers);
  /** Then an output of values hands on an input that a step names more than once. */
  const counting = presentation.readout === 'counts' || presentation.readout === 'votes';
  const makesSpikes = layers.map(({ kind }) => kind === 'neurons' || kind === 'competition');

  const outputSize = outputSignal.size;
  const response = {
    counts: new Uint32Array(outputSize),
    potentials: {
      sum: new Float64Array(outputSize),
      max: new Float64Array(outputSize),
      last: new Float64Array(outputSize),
    },
    spikes: new Uint32Array(layers.length),
  };

  return { setWeights, setRow, present };

  function setRow(tensor: number, row: number, weights: Float32Array): void {
    running[tensors[tensor]!.layer]!.setRow!(row, weights);
  }

  function setWeights(weights: readonly Float32Array[]): void {
    tensors.forEach(({ rows, columns }, tensor) => {
      for (let row = 0; row < rows; row++)
        setRow(tensor, row, weights[tensor]!.subarray(row * columns, (row + 1) * columns));
    });
  }

  function present(input: LayeredInput, watch: Watch = {}): Response {
    const steps = stepsOf(input, inputSignal.size, presentation.steps);
    const constant = input.kind === 'current';
    for (const layer of running) layer.rest?.();
    for (const signal of previous.values()) {
      signal.spiking = true;
      signal.count = 0;
    }
    const { counts, potentials, spikes } = response;
    counts.fill(0);
    spikes.fill(0);
    potentials.sum.fill(0);
    potentials.max.fill(Number.NEGATIVE_INFINITY);
    potentials.last.fill(0);

    for (let step = 0; step < steps; step++) {
      if (step === 0 || !constant) setInput(input, step, inputSignal, kernel);
      if (input.kind === 'spikes') {
        spikes[0]! += input.offsets[step + 1]! - input.offsets[step]!;
        watch.spikes?.(0, step, spikesOf(input, step));
      }
      for (let place = 0; place < running.length; place++) {
        if (constant && step > 0 && steady[place]) continue;
        const sum = sums[place];
        if (sum) addSignals(sum.sources, sum.to, kernel);
        running[place]!.step?.(rowsRead(place, step, watch));
        if (makesSpikes[place] && outputs[place]!.spiking) report(place, step, watch);
      }
      readOutput();
      for (const [place, signal] of previous) copySignal(outputs[place]!, signal, kernel);
    }
    return { ...response, class: classOf(response, presentation.readout) };
  }

  function rowsRead(place: number, step: number, { beforeAdding }: Watch): RowsRead | undefined {
    const tensor = beforeAdding && tensorOf.get(place);
    return tensor === undefined ? undefined : (rows, inputs) => beforeAdding!(tensor, step, rows, inputs);
  }

  function report(place: number, step: number, watch: Watch): void {
    response.spikes[place]! += outputs[place]!.count;
    watch.spikes?.(place, step, idsOf(outputs[place]!, kernel));
  }

  function readOutput(): void {
    const { counts, potentials } = response;
    if (outputSignal.spiking) {
      const from = outputSignal.idsAt / FLOAT_BYTES;
      for (let k = 0; k < outputSignal.count; k++) counts[kernel.ids[from + k]!]!++;
      return;
    }
    const values = valuesOf(outputSignal, kernel);
    for (let k = 0; k < values.length; k++) {
      const value = values[k]!;
      if (counting) counts[k]! += value;
      potentials.sum[k]! += value;
      if (value > potentials.max[k]!) potentials.max[k] = value;
      potentials.last[k] = value;
    }
  }
}

interface Sum {
  readonly sources: readonly Signal[];
  readonly to: Signal;
}

/** Whether what each layer puts out stays the same in every step of a constant input. */
function steadyLayers(layers: readonly Layer[]): boolean[] {
  const steady: boolean[] = [];
  for (const layer of layers)
    steady.push(
      kindOf(layer).stateless && layer.sources.every((source) => !source.delayed && steady[source.layer]!),
    );
  return steady;
}
