import { InputError } from '../../errors/input-error.ts';
import { quoted } from '../../errors/printable.ts';
import { kindOf, spikingLayers } from './layer-kinds.ts';
import {
  type Dynamics,
  type Layer,
  type LayeredNetwork,
  type Presentation,
  type RunnableNetwork,
  sizeOf,
} from './layered-network.ts';

/** All that keeps a network from running, each obstacle with the layer's name. With dynamics: delays are whole steps, too. */
export function validateLayered({ layers }: LayeredNetwork, dynamics?: Dynamics): InputError[] {
  const found: string[] = [];
  if (layers.length < 2)
    found.push('the network has fewer than two layers: an input and an output are needed');
  const names = new Set<string>();
  layers.forEach((layer, place) => {
    if (names.has(layer.name)) found.push(`two layers are called ${quoted(layer.name)}`);
    names.add(layer.name);
    const own = [
      ...placeObstacles(layer, place, layers.length),
      ...shapeObstacles(layer),
      ...sourceObstacles(layer, place, layers),
      ...kindOf(layer).obstacles(layer, dynamics),
    ];
    found.push(...own.map((what) => `layer ${quoted(layer.name)} ${what}`));
  });
  if (dynamics && !(dynamics.timeStepS > 0 && Number.isFinite(dynamics.timeStepS)))
    found.push(`the time step is ${dynamics.timeStepS} s: more than 0 is needed`);
  return found.map((what) => new InputError(what));
}

/** The same with what a presentation asks of the network: steps, and an output that can be read so. */
export function validateRunnable({ network, dynamics, presentation }: RunnableNetwork): InputError[] {
  return [...validateLayered(network, dynamics), ...presentationObstacles(network, presentation)];
}

function presentationObstacles(
  { layers }: LayeredNetwork,
  { steps, input, readout }: Presentation,
): InputError[] {
  const found: InputError[] = [];
  if (!Number.isSafeInteger(steps) || steps < 1)
    found.push(new InputError(`a presentation has ${steps} steps: a whole number from 1 is needed`));
  const spiking = spikingLayers(layers, input.kind !== 'current').at(-1) ?? false;
  const reads = readout === 'counts' || readout === 'votes';
  if (reads && !spiking)
    found.push(
      new InputError(`the output has no spikes, which the readout ${readout} counts`, {
        remedy: 'read potential-sum, potential-max or potential-last',
      }),
    );
  if (!reads && spiking)
    found.push(
      new InputError(`the output has spikes and no potential, which the readout ${readout} needs`, {
        remedy: 'read counts',
      }),
    );
  return found;
}

function placeObstacles({ kind, sources }: Layer, place: number, layers: number): string[] {
  if ((kind === 'input') !== (place === 0))
    return [kind === 'input' ? 'is an input, but not the first layer' : 'is the first layer, but no input'];
  if ((kind === 'output') !== (place === layers - 1))
    return [kind === 'output' ? 'is an output, but not the last layer' : 'is the last layer, but no output'];
  if (kind === 'input') return sources.length === 0 ? [] : ['is an input, but reads other layers'];
  return sources.length > 0 ? [] : ['reads nothing'];
}

const shapeObstacles = ({ shape }: Layer): string[] =>
  shape.length > 0 && shape.every((extent) => Number.isSafeInteger(extent) && extent >= 1)
    ? []
    : [`has the shape ${shape.join(' x ') || 'of no extents'}: whole numbers from 1 are needed`];

/** What it reads is there, earlier or delayed, and as large as it should be. */
function sourceObstacles(layer: Layer, place: number, layers: readonly Layer[]): string[] {
  const found: string[] = [];
  const kind = kindOf(layer);
  const sizes = new Map<number, string>();
  for (const { layer: source, delayed } of layer.sources) {
    const from = layers[source];
    if (!from) found.push(`reads layer number ${source}, which is not there`);
    else if (source >= place && !delayed)
      found.push(
        `reads ${quoted(from.name)}, which comes ${source === place ? 'at the same time' : 'later'}, without a delay of a step: a cycle needs one`,
      );
    if (from) sizes.set(sizeOf(from.shape), `${from.shape.join(' x ')} of ${quoted(from.name)}`);
  }
  if (sizes.size > 1) found.push(`adds shapes that differ: ${[...sizes.values()].join(', ')}`);
  if (sizes.size !== 1 || kind.obstacles(layer, undefined).length > 0) return found;
  const [[size, shown]] = [...sizes] as [[number, string]];
  const reads = kind.inputSize(layer);
  if (reads !== undefined && reads !== size) found.push(`reads ${reads} elements, but is given ${shown}`);
  const writes = kind.outputSize(layer, size);
  if (writes !== undefined && writes !== sizeOf(layer.shape))
    found.push(`puts out ${writes} elements, not the ${layer.shape.join(' x ')} of its shape`);
  return found;
}
