import { describe, expect, it } from 'vitest';
import type { Layer, LayeredNetwork, RunnableNetwork } from '../../../src/snn/layers/layered-network.ts';
import { validateLayered, validateRunnable } from '../../../src/snn/layers/validate-layered.ts';
import { convolutional, EDGE, mlp, neurons, recurrent } from './golden-networks.ts';

const DYNAMICS: RunnableNetwork['dynamics'] = {
  timeStepS: 1e-3,
  integration: 'euler',
  reset: 'value',
  resetTime: 'same-step',
  threshold: 'gt',
};

/** What is said of EDGE (input, fc, lif, output) with some fields of a layer changed. */
function said(place: number, change: object): string[] {
  const layers = EDGE.layers.map((layer, k) => (k === place ? ({ ...layer, ...change } as Layer) : layer));
  return validateLayered({ layers }, DYNAMICS).map(({ message }) => message);
}

const LIF = { tau: 0.002, r: 2, vThreshold: 1 };
const lif = (change: object) => ({
  parameters: neurons('lif', 'lif', [3], [1], { ...LIF, ...change }).parameters,
});

describe('a layered network', () => {
  it('has no obstacles where it is sound', async () => {
    for (const network of [EDGE, await mlp(), await convolutional(), await recurrent('li')])
      expect(validateLayered(network, DYNAMICS)).toEqual([]);
  });

  it.each<[string, number, object, string]>([
    [
      'a source that is not there',
      1,
      { sources: [{ layer: 9, delayed: false }] },
      'layer "fc" reads layer number 9, which is not there',
    ],
    ['no sources', 1, { sources: [] }, 'layer "fc" reads nothing'],
    [
      'a cycle without delay',
      1,
      { sources: [{ layer: 2, delayed: false }], inputs: 3, weights: new Float32Array(9) },
      'layer "fc" reads "lif", which comes later, without a delay of a step: a cycle needs one',
    ],
    [
      'a layer that reads itself',
      2,
      { sources: [{ layer: 2, delayed: false }] },
      'layer "lif" reads "lif", which comes at the same time, without a delay of a step: a cycle needs one',
    ],
    [
      'shapes that differ',
      2,
      {
        sources: [
          { layer: 1, delayed: false },
          { layer: 0, delayed: false },
        ],
      },
      'layer "lif" adds shapes that differ: 3 of "fc", 1 of "input"',
    ],
    ['too many weights', 1, { weights: new Float32Array(4) }, 'layer "fc" has 4 weights, not 3'],
    [
      'another size',
      1,
      { inputs: 2, weights: new Float32Array(6) },
      'layer "fc" reads 2 elements, but is given 1 of "input"',
    ],
    ['another shape', 2, { shape: [4] }, 'layer "lif" puts out 3 elements, not the 4 of its shape'],
    [
      'a shape of nothing',
      0,
      { shape: [0] },
      'layer "input" has the shape 0: whole numbers from 1 are needed',
    ],
    ['one name twice', 2, { name: 'fc' }, 'two layers are called "fc"'],
    ['a tau of 0', 2, lif({ tau: 0 }), 'layer "lif" has a tau of 0 s: more than 0 is needed'],
    [
      'a parameter that is no number',
      2,
      lif({ r: Number.NaN }),
      'layer "lif" has a r of NaN: a finite number is needed',
    ],
    [
      'too few values',
      2,
      lif({ r: Float32Array.of(1, 2) }),
      'layer "lif" has 2 values of r: one for all or 3 are needed',
    ],
    [
      'a model that lacks a parameter',
      2,
      { model: 'cuba-lif' },
      'layer "lif" has no tauSyn, which a neuron of model cuba-lif needs',
    ],
    [
      'a delay of more steps than fit in memory',
      2,
      { kind: 'delay', seconds: Float32Array.of(0, 0, 1e9) },
      'layer "lif" has delays of up to 1000000000000 steps of 0.001 s: with 3 elements they keep more than 67108864 values',
    ],
    [
      'a delay of half a step',
      2,
      { kind: 'delay', seconds: Float32Array.of(0.0015) },
      'layer "lif" has a delay of 0.0015 s, which is not a whole number of steps of 0.001 s',
    ],
    [
      'a delay into the past',
      2,
      { kind: 'delay', seconds: Float32Array.of(-1) },
      'layer "lif" has a delay of -1 s: 0 or more is needed',
    ],
  ])('is refused for %s', (_, place, change, message) => {
    expect(said(place, change)).toContain(message);
  });

  it('is refused for a kernel that does not fit, groups that do not divide, and more, all at once', () => {
    const conv: Layer = {
      kind: 'conv2d',
      name: 'conv',
      shape: [3, 1, 1],
      sources: [{ layer: 0, delayed: false }],
      inputShape: [2, 2, 2],
      kernel: [3, 3],
      stride: [0, 1],
      padding: [0, 0],
      dilation: [1, 1],
      groups: 2,
      weights: new Float32Array(9),
    };
    const layers: Layer[] = [
      { kind: 'input', name: 'input', shape: [2, 2, 2], sources: [] },
      conv,
      { kind: 'output', name: 'output', shape: [3, 1, 1], sources: [{ layer: 1, delayed: false }] },
    ];
    expect(validateLayered({ layers }).map(({ message }) => message)).toEqual([
      'layer "conv" has a stride of 0 x 1: whole numbers from 1 are needed',
      'layer "conv" has 2 groups, which do not divide 2 and 3 channels',
    ]);
    layers[1] = { ...conv, stride: [1, 1], groups: 1 };
    expect(validateLayered({ layers }).map(({ message }) => message)).toEqual([
      'layer "conv" has a kernel of 3 x 3, which does not fit into 2 x 2',
      'layer "conv" has 9 weights, not 54',
    ]);
  });

  it('is refused without an input and an output', () => {
    const network: LayeredNetwork = { layers: [{ ...EDGE.layers[2]!, sources: [] }] };
    expect(validateLayered(network).map(({ message }) => message)).toEqual([
      'the network has fewer than two layers: an input and an output are needed',
      'layer "lif" is the first layer, but no input',
    ]);
  });

  it('is refused where the readout finds nothing to read, or there are no steps', async () => {
    const of = (network: LayeredNetwork, readout: 'counts' | 'potential-sum', steps = 5): string[] =>
      validateRunnable({
        network,
        dynamics: DYNAMICS,
        presentation: { steps, input: { kind: 'events' }, readout },
      }).map(({ message }) => message);
    expect(of(EDGE, 'counts')).toEqual([]);
    expect(of(await recurrent('li'), 'potential-sum')).toEqual([]);
    expect(of(EDGE, 'potential-sum', 0)).toEqual([
      'a presentation has 0 steps: a whole number from 1 is needed',
      'the output has spikes and no potential, which the readout potential-sum needs\n  read counts',
    ]);
    expect(of(await recurrent('li'), 'counts')).toEqual([
      'the output has no spikes, which the readout counts counts\n  read potential-sum, potential-max or potential-last',
    ]);
  });
});
