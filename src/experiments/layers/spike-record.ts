import { InputError } from '../../errors/input-error.ts';
import { createLayeredInference, type Watch } from '../../snn/layers/infer-layers.ts';
import { type RunnableNetwork, sizeOf } from '../../snn/layers/layered-network.ts';
import { createSampleInput, type LayeredSamples } from '../../sparkxd/layered-samples.ts';
import { formatNpz } from '../../weights/npz.ts';
import type { Tensor } from '../../weights/tensor.ts';

/** Bytes of the arrays of spikes at most. */
const LARGEST = 2 ** 30;

/** Names that a layer cannot have in the file. */
const RESULTS: readonly string[] = ['counts', 'potential_sum', 'class', 'label'];

/** Layers whose spikes are recorded: those that make any, and the input where it is spikes. */
function spikingLayers({ network, presentation }: RunnableNetwork): number[] {
  const spikes = presentation.input.kind !== 'current';
  return network.layers.flatMap((layer, place) =>
    layer.kind === 'competition' ||
    (layer.kind === 'neurons' && layer.parameters.vThreshold !== undefined) ||
    (layer.kind === 'input' && spikes)
      ? [place]
      : [],
  );
}

/**
 * Bytes of an .npz file with the spikes of each layer under its name (`NAME.spikes` where that is one of the others), U8 [samples, steps, ...shape], `counts` U32 [samples, outputs],
 * `potential_sum` F64 of the same shape where the output is no spikes, `class` and `label` I32 [samples]. An input that a step names more
 * than once is 1 like any other. Throws InputError for more than a gigabyte of spikes.
 */
export function recordSpikes(
  runnable: RunnableNetwork,
  weights: readonly Float32Array[],
  samples: LayeredSamples,
  seed: number,
  file: string,
): Uint8Array {
  const { network, presentation } = runnable;
  const { layers } = network;
  const { steps } = presentation;
  const { count, labels } = samples.set;
  const places = spikingLayers(runnable);
  const bytes = places.reduce((sum, place) => sum + count * steps * sizeOf(layers[place]!.shape), 0);
  if (bytes > LARGEST)
    throw new InputError(`the spikes of ${count} samples are ${bytes} bytes, more than ${LARGEST}`, {
      place: { file },
      remedy: 'give fewer samples with --images',
    });
  const recorded = new Map(
    places.map((place) => [place, new Uint8Array(count * steps * sizeOf(layers[place]!.shape))]),
  );
  const outputs = sizeOf(layers.at(-1)!.shape);
  const counts = new Uint32Array(count * outputs);
  const sums = new Float64Array(count * outputs);
  const classes = new Int32Array(count);
  const inference = createLayeredInference(runnable);
  inference.setWeights(weights);
  const input = createSampleInput(runnable, samples, seed);
  let sample = 0;
  const watch: Watch = {
    spikes(place, step, neurons) {
      const to = recorded.get(place);
      const size = sizeOf(layers[place]!.shape);
      if (to) for (const neuron of neurons) to[(sample * steps + step) * size + neuron] = 1;
    },
  };
  for (; sample < count; sample++) {
    const answer = inference.present(input(sample), watch);
    counts.set(answer.counts, sample * outputs);
    sums.set(answer.potentials.sum, sample * outputs);
    classes[sample] = answer.class;
  }
  const tensors = new Map<string, Tensor>();
  for (const [place, array] of recorded) {
    const { name, shape } = layers[place]!;
    tensors.set(RESULTS.includes(name) ? `${name}.spikes` : name, {
      type: 'U8',
      shape: [count, steps, ...shape],
      bytes: array,
    });
  }
  const ofOutputs = [count, outputs];
  tensors.set('counts', { type: 'U32', shape: ofOutputs, bytes: bytesOf(counts) });
  if (presentation.readout.startsWith('potential'))
    tensors.set('potential_sum', { type: 'F64', shape: ofOutputs, bytes: bytesOf(sums) });
  tensors.set('class', { type: 'I32', shape: [count], bytes: bytesOf(classes) });
  tensors.set('label', {
    type: 'I32',
    shape: [count],
    bytes: bytesOf(Int32Array.from(labels.subarray(0, count))),
  });
  return formatNpz({ tensors, metadata: new Map() }, file);
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
