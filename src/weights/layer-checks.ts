import { quoted } from '../errors/printable.ts';
import {
  type Layer,
  type NeuronParameter,
  PARAMETERS_OF,
  type PerNeuron,
  type Shape,
  sizeOf,
} from '../snn/layers/layered-network.ts';
import type { Say } from './layer-file.ts';
import { isAlike, mapShape, shapeInWords, windowPlaces } from './layer-shapes.ts';

/** Elements of a layer at most. */
export const MOST_ELEMENTS = 2 ** 24;

/** Says all that keeps layers from being a network: places, sources, shapes, sizes of arrays, numbers that are no parameters. */
export function requireSoundLayers(layers: readonly Layer[], say: Say): void {
  const seen = new Set<string>();
  for (const { name } of layers) {
    if (seen.has(name)) say(`two layers are called ${quoted(name)}`);
    seen.add(name);
  }
  if (layers[0]?.kind !== 'input' || layers.filter(({ kind }) => kind === 'input').length !== 1)
    say('the first layer, and no other, must be the input');
  if (layers.at(-1)?.kind !== 'output' || layers.filter(({ kind }) => kind === 'output').length !== 1)
    say('the last layer, and no other, must be the output');
  layers.forEach((layer, place) => {
    requireSources(layers, layer, place, say);
    requireShape(layer, say);
    requireArrays(layer, say);
  });
}

const called = ({ name, kind }: Layer): string => `layer ${quoted(name)} (${kind})`;

function requireSources(layers: readonly Layer[], layer: Layer, place: number, say: Say): void {
  const { sources } = layer;
  if ((layer.kind === 'input') !== (sources.length === 0)) {
    say(layer.kind === 'input' ? `${called(layer)} reads another layer` : `${called(layer)} reads no layer`);
    return;
  }
  const expected = inputShape(layer);
  for (const { layer: from, delayed } of sources) {
    const source = layers[from];
    if (source === undefined) say(`${called(layer)} reads a layer that is not there`);
    else if (source.kind === 'output') say(`${called(layer)} reads the output`);
    else if (from >= place && !delayed)
      say(`${called(layer)} reads ${quoted(source.name)}, which is not before it, without delay`);
    else if (
      layer.kind === 'flatten' ? sizeOf(source.shape) !== sizeOf(expected) : !isAlike(source.shape, expected)
    )
      say(
        `${called(layer)} gets ${shapeInWords(source.shape)} of ${quoted(source.name)}, expected ${shapeInWords(expected)}`,
      );
  }
}

/** Shape of what a layer reads. */
export function inputShape(layer: Layer): Shape {
  if (layer.kind === 'dense') return [layer.inputs];
  return layer.kind === 'conv2d' || layer.kind === 'pool' ? layer.inputShape : layer.shape;
}

function requireShape(layer: Layer, say: Say): void {
  if (sizeOf(layer.shape) > MOST_ELEMENTS) say(`${called(layer)} has more than ${MOST_ELEMENTS} elements`);
  const expected = expectedShape(layer);
  if (expected && !isAlike(expected, layer.shape))
    say(
      `${called(layer)} has the shape ${shapeInWords(layer.shape)}, its arrays and windows give ${shapeInWords(expected)}`,
    );
}

/** The shape that follows from the rest of a layer, where it does. */
function expectedShape(layer: Layer): Shape | undefined {
  if (layer.kind === 'dense') return [layer.outputs];
  if (layer.kind !== 'conv2d' && layer.kind !== 'pool') return undefined;
  const map = mapShape(layer.inputShape) ?? [0, 0, 0];
  const channels = layer.kind === 'pool' ? map[0] : outputChannels(layer);
  return [channels, ...windowPlaces(map, layer)];
}

/** Output channels of a convolution, from its weights. */
export const outputChannels = ({
  weights,
  inputShape: [inputs = 1],
  kernel,
  groups,
}: Extract<Layer, { kind: 'conv2d' }>): number =>
  (weights.length * groups) / (inputs * kernel[0] * kernel[1]);

const POSITIVE: readonly string[] = ['tau', 'tauSyn'] satisfies NeuronParameter[];

function requireArrays(layer: Layer, say: Say): void {
  const size = sizeOf(layer.shape);
  const finite = (what: string, values: Float32Array): void => {
    const strange = values.findIndex((value) => !Number.isFinite(value));
    if (strange >= 0) say(`${what} ${values[strange]} (number ${strange}) of ${called(layer)} is not finite`);
  };
  const perNeuron = (what: string, values: PerNeuron): void => {
    if (values.length !== 1 && values.length !== size)
      say(`${called(layer)} has ${values.length} values of ${what}, expected 1 or ${size}`);
    finite(what, values);
    const low = POSITIVE.includes(what) ? values.find((value) => value <= 0) : undefined;
    if (low !== undefined) say(`${what} of ${called(layer)} is ${low}, a time constant is above 0`);
  };
  switch (layer.kind) {
    case 'dense':
    case 'conv2d': {
      finite('weight', layer.weights);
      const outputs = layer.kind === 'dense' ? layer.outputs : outputChannels(layer);
      if (layer.kind === 'dense' && layer.weights.length !== layer.inputs * outputs)
        say(`${called(layer)} has ${layer.weights.length} weights, expected ${layer.inputs} x ${outputs}`);
      if (
        layer.kind === 'conv2d' &&
        (layer.inputShape[0]! % layer.groups !== 0 || outputs % layer.groups !== 0)
      )
        say(`${called(layer)} has channels that ${layer.groups} groups do not divide`);
      if (layer.bias && layer.bias.length !== outputs)
        say(`${called(layer)} has ${layer.bias.length} values of bias, expected ${outputs}`);
      if (layer.bias) finite('bias', layer.bias);
      return;
    }
    case 'scale':
      perNeuron('factor', layer.factor);
      return;
    case 'delay':
      perNeuron('seconds', layer.seconds);
      if (layer.seconds.some((value) => value < 0)) say(`${called(layer)} has a delay below 0`);
      return;
    case 'competition':
      if (layer.theta.length !== size)
        say(`${called(layer)} has ${layer.theta.length} values of theta, expected ${size}`);
      finite('theta', layer.theta);
      return;
    case 'neurons': {
      const own = PARAMETERS_OF[layer.model];
      const missing = own.filter((parameter) => layer.parameters[parameter] === undefined);
      if (missing.length > 0) say(`${called(layer)} lacks ${missing.join(', ')}`);
      for (const [parameter, values] of Object.entries(layer.parameters)) perNeuron(parameter, values);
    }
  }
}
