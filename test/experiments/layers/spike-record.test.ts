import { expect, test } from 'vitest';
import { recordSpikes } from '../../../src/experiments/layers/spike-record.ts';
import type { RunnableNetwork } from '../../../src/snn/layers/layered-network.ts';
import { numbersOf } from '../../../src/weights/tensor.ts';
import { parseTensors } from '../../../src/weights/weight-container.ts';

const from = (layer: number) => [{ layer, delayed: false }];

/** One input, and a neuron called "class" that spikes in every step in which it is lit. */
const RUNNABLE: RunnableNetwork = {
  network: {
    layers: [
      { kind: 'input', name: 'in', shape: [1], sources: [] },
      {
        ...{ kind: 'neurons', name: 'class', model: 'threshold', shape: [1], sources: from(0) },
        parameters: { vThreshold: Float32Array.of(0.5) },
      },
      { kind: 'output', name: 'out', shape: [1], sources: from(1) },
    ],
  },
  dynamics: {
    ...{ timeStepS: 1e-3, integration: 'euler', reset: 'value', resetTime: 'same-step', threshold: 'gt' },
  },
  presentation: { steps: 3, input: { kind: 'current', gain: 1 }, readout: 'counts' },
};

test('a layer that is called as one of the results keeps its spikes, under another name', () => {
  const set = {
    rows: 1,
    columns: 1,
    count: 2,
    classes: 1,
    pixels: Uint8Array.of(255, 0),
    labels: Uint8Array.of(0, 0),
  };
  const bytes = recordSpikes(RUNNABLE, [], { kind: 'images', set }, 1, 'a.npz');
  const { tensors } = parseTensors(bytes, 'a.npz');
  expect([...tensors.keys()].sort()).toEqual(['class', 'class.spikes', 'counts', 'label']);
  expect([...numbersOf(tensors.get('class.spikes')!)]).toEqual([1, 1, 1, 0, 0, 0]);
  expect([...numbersOf(tensors.get('class')!)]).toEqual([0, 0]);
});
