import { describe, expect, it } from 'vitest';
import { createLayeredInference } from '../../../src/snn/layers/infer-layers.ts';
import type { Layer, RunnableNetwork } from '../../../src/snn/layers/layered-network.ts';
import { neurons } from './golden-networks.ts';

/** Two inputs, three hidden neurons, one output neuron; each passes on what reaches 1. */
function network(input: RunnableNetwork['presentation']['input'] = { kind: 'events' }): RunnableNetwork {
  const passing = { tau: 1e-3, r: 1, vThreshold: 0.5 };
  const dense = (name: string, layer: number, inputs: number, outputs: number, weights: number[]): Layer => ({
    kind: 'dense',
    name,
    shape: [outputs],
    sources: [{ layer, delayed: false }],
    inputs,
    outputs,
    weights: Float32Array.from(weights),
  });
  return {
    network: {
      layers: [
        { kind: 'input', name: 'input', shape: [2], sources: [] },
        dense('fc1', 0, 2, 3, [1, 0, 1, 0, 1, 1]),
        neurons('lif1', 'lif', [3], [1], passing),
        dense('fc2', 2, 3, 1, [1, 1, 0]),
        neurons('lif2', 'lif', [1], [3], passing),
        { kind: 'output', name: 'output', shape: [1], sources: [{ layer: 4, delayed: false }] },
      ],
    },
    dynamics: {
      timeStepS: 1e-3,
      integration: 'euler',
      reset: 'value',
      resetTime: 'same-step',
      threshold: 'gt',
    },
    presentation: { steps: 3, input, readout: 'counts' },
  };
}

const SPIKES = {
  kind: 'spikes',
  steps: 3,
  offsets: Uint32Array.of(0, 1, 1, 3),
  inputs: Uint32Array.of(1, 0, 1),
} as const;

describe('inference of layers', () => {
  it('tells of the rows that each step adds, and of the spikes of each layer', () => {
    const rows: number[][] = [];
    const spikes: number[][] = [];
    const response = createLayeredInference(network()).present(SPIKES, {
      beforeAdding: (tensor, step, read) => rows.push([tensor, step, ...read]),
      spikes: (layer, step, ids) => spikes.push([layer, step, ...ids]),
    });
    expect(rows).toEqual([
      [0, 0, 1],
      [1, 0, 1, 2],
      [0, 2, 0, 1],
      [1, 2, 0, 1, 2],
    ]);
    expect(spikes.filter(([, step]) => step !== 1)).toEqual([
      [0, 0, 1],
      [2, 0, 1, 2],
      [4, 0, 0],
      [0, 2, 0, 1],
      [2, 2, 0, 1, 2],
      [4, 2, 0],
    ]);
    expect([...response.spikes]).toEqual([3, 0, 5, 0, 2, 0]);
    expect([...response.counts]).toEqual([2]);
  });

  it('adds a row as it is after the call before it', () => {
    const inference = createLayeredInference(network());
    const { counts } = inference.present(SPIKES, {
      beforeAdding(tensor, step, rows) {
        if (tensor === 1 && step === 2) for (const row of rows) inference.setRow(1, row, Float32Array.of(0));
      },
    });
    expect([...counts]).toEqual([1]);
  });

  it('reads the rows of a constant current once', () => {
    const rows: number[][] = [];
    const inference = createLayeredInference(network({ kind: 'current', gain: 1 }));
    const response = inference.present(
      { kind: 'current', values: Float32Array.of(0, 0.75) },
      { beforeAdding: (tensor, step, read) => rows.push([tensor, step, ...read]) },
    );
    expect(rows.filter(([tensor]) => tensor === 0)).toEqual([[0, 0, 1]]);
    expect(rows.filter(([tensor]) => tensor === 1)).toHaveLength(3);
    expect([...response.counts]).toEqual([3]);
  });

  it('lets no neuron spike whose weights are not numbers', () => {
    const inference = createLayeredInference(network());
    const nan = (count: number): Float32Array => new Float32Array(count).fill(Number.NaN);
    inference.setWeights([nan(6), nan(3)]);
    expect([...inference.present(SPIKES).spikes]).toEqual([3, 0, 0, 0, 0, 0]);
  });

  it('refuses inputs that the network does not have', () => {
    const inference = createLayeredInference(network());
    expect(() => inference.present({ ...SPIKES, inputs: Uint32Array.of(1, 0, 2) })).toThrow(
      /a spike of input 2 in step 2; the network has 2 inputs/,
    );
    expect(() => inference.present({ kind: 'current', values: new Float32Array(3) })).toThrow(
      /the input has 3 values, and the network 2 inputs/,
    );
  });

  it('refuses a network with all obstacles in one message', () => {
    const { network: sound, ...rest } = network();
    const layers = sound.layers.map((layer) =>
      layer.kind === 'dense' ? { ...layer, weights: new Float32Array(1) } : layer,
    );
    expect(() => createLayeredInference({ ...rest, network: { layers } })).toThrow(
      '2 obstacles: layer "fc1" has 1 weights, not 6; layer "fc2" has 1 weights, not 3',
    );
  });
});
