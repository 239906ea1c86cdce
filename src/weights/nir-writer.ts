import type { File } from 'h5wasm';
import type { NeuronConstants } from '../snn/neuron-constants.ts';
import { texts, writtenHdf5 } from './hdf5-writing.ts';
import { NIR_VERSION, OWN } from './nir-layout.ts';
import { MS_PER_S } from './nir-neuron.ts';
import { numbersOf, type TensorFile, transposed } from './tensor.ts';

/**
 * A NIR graph Input -> Linear -> LIF -> Output, whose weights drive the neurons. Volts and times as NIR has them: the
 * numbers of potentials are mV, time constants seconds, r = tau, so that a spike of weight w raises the potential by w. What
 * NIR cannot say (lateral inhibition, refractory time, encoding, labels, theta apart from the threshold) lies in the
 * graph's metadata, where only this program reads it.
 */
export async function formatNir(
  { tensors, metadata }: TensorFile,
  constants: NeuronConstants,
): Promise<Uint8Array> {
  return writtenHdf5((file) => writeGraph(file, tensors, metadata, constants));
}

function writeGraph(
  file: File,
  tensors: TensorFile['tensors'],
  metadata: TensorFile['metadata'],
  constants: NeuronConstants,
): void {
  const weight = tensors.get('weight')!;
  const theta = new Float32Array(tensors.get('theta')!.bytes.slice().buffer);
  const [inputs, neurons] = weight.shape as [number, number];
  const each = (value: number): Float32Array => new Float32Array(neurons).fill(value);

  texts(file, { version: NIR_VERSION });
  const graph = file.create_group('node');
  texts(graph, { type: 'NIRGraph' });
  const nodes = graph.create_group('nodes');
  const node = (
    name: string,
    type: string,
    arrays: Record<string, [Float32Array | BigInt64Array, number[]]>,
  ) => {
    const group = nodes.create_group(name);
    texts(group, { type });
    for (const [key, [data, shape]] of Object.entries(arrays))
      group.create_dataset({ name: key, data, shape });
  };
  const tau = constants.membraneDecayMs / MS_PER_S;
  node('input', 'Input', { shape: [BigInt64Array.of(BigInt(inputs)), [1]] });
  node('weights', 'Linear', {
    weight: [transposed(Float32Array.from(numbersOf(weight)), inputs, neurons), [neurons, inputs]],
  });
  node('neurons', 'LIF', {
    tau: [each(tau), [neurons]],
    r: [each(tau), [neurons]],
    v_leak: [each(constants.restPotentialMv), [neurons]],
    v_reset: [each(constants.resetPotentialMv), [neurons]],
    v_threshold: [theta.map((value) => constants.thresholdMv + value), [neurons]],
  });
  node('output', 'Output', { shape: [BigInt64Array.of(BigInt(neurons)), [1]] });
  const path3 = ['input', 'weights', 'weights', 'neurons', 'neurons', 'output'];
  graph.create_dataset({ name: 'edges', data: path3, shape: [3, 2] });
  const own = graph.create_group('metadata');
  for (const [key, text] of metadata) texts(own, { [`${OWN}${key}`]: text });
  for (const [key, { type, shape, bytes }] of tensors) {
    if (key === 'weight') continue;
    const buffer = bytes.slice().buffer;
    const data =
      type === 'U8'
        ? new Uint8Array(buffer)
        : type === 'U32'
          ? new Uint32Array(buffer)
          : new Float32Array(buffer);
    own.create_dataset({ name: `${OWN}${key}`, data, shape: [...shape] });
  }
}
