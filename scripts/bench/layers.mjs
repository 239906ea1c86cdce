// CPU time of inference with layered networks per image, of the built program: node scripts/bench/layers.mjs
// 784-256-10 has random weights: their scale is chosen so that the shares of neurons that spike in a step are those printed.
import { cpus } from 'node:os';
import { readDataset } from '../../dist/inputs/read-dataset.js';
import { uniformStream } from '../../dist/random/streams.js';
import { pixelsOf } from '../../dist/snn/images.js';
import { createImageEncoder } from '../../dist/snn/layers/encode-images.js';
import { createLayeredInference } from '../../dist/snn/layers/infer-layers.js';
import { createPlainLayerKernel } from '../../dist/snn/layers/kernel/plain.js';
import { createSimdLayerKernel } from '../../dist/snn/layers/kernel/simd.js';
import { measure, REPEATS } from './cpu-an-image.mjs';

const IMAGES = 1000;
const STEPS = 20;
const KERNELS = { simd: createSimdLayerKernel, plain: createPlainLayerKernel };
const HIDDEN = 256;
const CLASSES = 10;

const { test } = await readDataset('mnist');
const inputs = test.rows * test.columns;
const dynamics = {
  timeStepS: 1e-3,
  integration: 'euler',
  reset: 'subtract',
  resetTime: 'same-step',
  threshold: 'gt',
};
const from = (layer) => [{ layer, delayed: false }];

const dense = denseNetwork();
const conv = convNetwork();
const CASES = [
  ['784-256-10, constant current', dense, { kind: 'current', gain: 1 }],
  ['784-256-10, Bernoulli', dense, { kind: 'bernoulli', gain: 1 }],
  ['6c5-2s-12c5-2s-10, constant current', conv, { kind: 'current', gain: 1 }],
];

console.log(
  `${cpus()[0].model}, node ${process.version}; MNIST test images, T = ${STEPS}; CPU ms per image, median (lowest to highest of ${REPEATS})`,
);
for (const [name, network, input] of CASES)
  for (const [kernel, kernelFor] of Object.entries(KERNELS)) {
    const runnable = { network, dynamics, presentation: { steps: STEPS, input, readout: 'counts' } };
    const inference = createLayeredInference(runnable, kernelFor);
    const encode = createImageEncoder(runnable, inputs, 1);
    const images = kernel === 'simd' ? IMAGES : IMAGES / 10;
    const spikes = new Float64Array(network.layers.length);
    const show = () => {
      spikes.fill(0);
      for (let image = 0; image < images; image++) {
        const response = inference.present(encode(pixelsOf(test, image), image));
        for (let k = 0; k < spikes.length; k++) spikes[k] += response.spikes[k];
      }
    };
    show();
    const time = measure(images, show, 4);
    const shares = network.layers.flatMap(({ kind, name: layer, shape }, k) =>
      kind === 'neurons'
        ? [`${layer} ${((100 * spikes[k]) / (images * STEPS * shape.reduce((a, b) => a * b))).toFixed(1)} %`]
        : [],
    );
    console.log(`${name.padEnd(38)}${kernel.padEnd(7)}${time}   spiking in a step: ${shares.join(', ')}`);
  }

function denseNetwork() {
  return {
    layers: [
      { kind: 'input', name: 'input', shape: [inputs], sources: [] },
      denseLayer('fc1', 0, inputs, HIDDEN, 0.12),
      lif('lif1', 1, [HIDDEN]),
      denseLayer('fc2', 2, HIDDEN, CLASSES, 0.3),
      lif('lif2', 3, [CLASSES]),
      { kind: 'output', name: 'output', shape: [CLASSES], sources: from(4) },
    ],
  };
}

function convNetwork() {
  return {
    layers: [
      { kind: 'input', name: 'input', shape: [1, 28, 28], sources: [] },
      convLayer('conv1', 0, [1, 28, 28], [6, 24, 24], 0.5),
      lif('lif1', 1, [6, 24, 24]),
      pool('pool1', 2, [6, 24, 24]),
      convLayer('conv2', 3, [6, 12, 12], [12, 8, 8], 0.15),
      lif('lif2', 4, [12, 8, 8]),
      pool('pool2', 5, [12, 8, 8]),
      denseLayer('fc', 6, 192, CLASSES, 0.3),
      lif('lif3', 7, [CLASSES]),
      { kind: 'output', name: 'output', shape: [CLASSES], sources: from(8) },
    ],
  };
}

function denseLayer(name, place, rows, outputs, scale) {
  const weights = uniformly(name, rows * outputs, scale);
  return { kind: 'dense', name, shape: [outputs], sources: from(place), inputs: rows, outputs, weights };
}

function convLayer(name, place, inputShape, shape, scale) {
  const weights = uniformly(name, inputShape[0] * shape[0] * 25, scale);
  return {
    ...{ kind: 'conv2d', name, shape, sources: from(place), inputShape, weights, groups: 1 },
    ...{ kernel: [5, 5], stride: [1, 1], padding: [0, 0], dilation: [1, 1] },
  };
}

function pool(name, place, inputShape) {
  const shape = [inputShape[0], inputShape[1] / 2, inputShape[2] / 2];
  return {
    ...{ kind: 'pool', mode: 'sum', name, shape, sources: from(place), inputShape },
    ...{ kernel: [2, 2], stride: [2, 2], padding: [0, 0] },
  };
}

function lif(name, place, shape) {
  const one = (value) => Float32Array.of(value);
  const parameters = { tau: one(0.01), r: one(10), vLeak: one(0), vThreshold: one(1), vReset: one(0) };
  return { kind: 'neurons', name, model: 'lif', shape, sources: from(place), parameters };
}

/** Weights between -scale and scale. */
function uniformly(name, count, scale) {
  const uniform = uniformStream(1, `bench/layers/${name}`);
  return Float32Array.from({ length: count }, () => scale * (2 * uniform() - 1));
}
