import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Layer, LayeredNetwork, RunnableNetwork, Source } from '../../src/snn/layers/layered-network.ts';
import { formatLayers } from '../../src/weights/layers-file.ts';
import { TINY_IMAGES, writeTinyInference } from './tiny-inference.ts';

const SIDE = 8;
const HIDDEN = 12;
const CLASSES = 10;

const from = (layer: number, delayed = false): Source => ({ layer, delayed });

/** Weights of both signs that look random and are always the same. */
function weightsOf(count: number, seed: number): Float32Array {
  let word = seed;
  return Float32Array.from({ length: count }, () => {
    word = (Math.imul(word, 1664525) + 1013904223) >>> 0;
    return ((word >>> 8) / 2 ** 24 - 0.42) / 3;
  });
}

const lif = (name: string, shape: readonly number[], sources: readonly Source[]): Layer => ({
  kind: 'neurons',
  name,
  model: 'lif',
  shape,
  sources,
  parameters: {
    tau: Float32Array.of(0.01),
    r: Float32Array.of(10),
    vLeak: Float32Array.of(0),
    vThreshold: Float32Array.of(1),
    vReset: Float32Array.of(0),
  },
});

const dense = (name: string, inputs: number, outputs: number, source: Source, seed: number): Layer => ({
  ...{ kind: 'dense', name, shape: [outputs], sources: [source], inputs, outputs },
  weights: weightsOf(inputs * outputs, seed),
});

/** 64-12-10; with `recurrent` the hidden neurons hear each other a step later. */
function denseLayers(recurrent: boolean): LayeredNetwork {
  const hidden = recurrent ? 3 : 2;
  return {
    layers: [
      { kind: 'input', name: 'input', shape: [SIDE * SIDE], sources: [] },
      dense('fc1', SIDE * SIDE, HIDDEN, from(0), 5),
      ...(recurrent ? [dense('rec', HIDDEN, HIDDEN, from(3, true), 7)] : []),
      lif('lif1', [HIDDEN], recurrent ? [from(1), from(2)] : [from(1)]),
      dense('fc2', HIDDEN, CLASSES, from(hidden), 9),
      lif('lif2', [CLASSES], [from(hidden + 1)]),
      { kind: 'output', name: 'output', shape: [CLASSES], sources: [from(hidden + 2)] },
    ],
  };
}

/** Convolution of 1 x 8 x 8 to 4 x 6 x 6, pooled to 4 x 3 x 3, then dense. */
const convolved: LayeredNetwork = {
  layers: [
    { kind: 'input', name: 'input', shape: [1, SIDE, SIDE], sources: [] },
    {
      ...{ kind: 'conv2d', name: 'conv', shape: [4, 6, 6], sources: [from(0)], inputShape: [1, SIDE, SIDE] },
      ...{ kernel: [3, 3], stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1 },
      weights: weightsOf(36, 3).map((weight) => 2 * weight),
    },
    lif('lif1', [4, 6, 6], [from(1)]),
    {
      ...{ kind: 'pool', mode: 'sum', name: 'pool', shape: [4, 3, 3], sources: [from(2)] },
      ...{ inputShape: [4, 6, 6], kernel: [2, 2], stride: [2, 2], padding: [0, 0] },
    },
    { kind: 'flatten', name: 'flatten', shape: [36], sources: [from(3)] },
    dense('fc', 36, CLASSES, from(4), 9),
    lif('lif2', [CLASSES], [from(5)]),
    { kind: 'output', name: 'output', shape: [CLASSES], sources: [from(6)] },
  ],
};

/** Networks of a few layers on images of 8 x 8, made small so that all commands run on them in no time. */
export const TINY_NETWORKS = {
  dense: denseLayers(false),
  recurrent: denseLayers(true),
  conv: convolved,
} as const;
export type TinyNetwork = keyof typeof TINY_NETWORKS;

/** How they step and are driven. */
export const TINY_RUN: Omit<RunnableNetwork, 'network'> = {
  dynamics: {
    timeStepS: 0.001,
    integration: 'euler',
    reset: 'subtract',
    resetTime: 'same-step',
    threshold: 'gt',
  },
  presentation: { steps: 10, input: { kind: 'bernoulli', gain: 0.5 }, readout: 'counts' },
};

export interface TinyLayers {
  readonly weights: string;
  readonly dataset: string;
}

/** Writes a network and its images into a folder; the file says how it runs. */
export async function writeTinyLayers(folder: string, which: TinyNetwork): Promise<TinyLayers> {
  const { dataset } = await writeTinyInference(folder);
  const weights = join(folder, `${which}.safetensors`);
  const network = TINY_NETWORKS[which];
  await writeFile(weights, formatLayers({ network, ...TINY_RUN, training: '{}', storage: 'fp32' }));
  return { weights, dataset };
}

export { TINY_IMAGES };
