import {
  type Layer,
  type LayeredNetwork,
  type PerNeuron,
  weightTensors,
} from '../snn/layers/layered-network.ts';

/** One layer of a network, for people. */
export interface LayerRow {
  readonly layer: string;
  /** Of neurons, their model. */
  readonly kind: string;
  readonly shape: readonly number[];
  /** Names of the layers that it reads; those of the step before with " (step before)". */
  readonly sources: readonly string[];
  readonly weights?: number;
  /** Ranges and windows, such as "tau 0.005 to 0.02, r 1". */
  readonly parameters: string;
}

export function layerRows(network: LayeredNetwork): LayerRow[] {
  const { layers } = network;
  const weights = new Map(weightTensors(network).map(({ layer, weights: all }) => [layer, all.length]));
  return layers.map((layer, place) => {
    const count = weights.get(place);
    return {
      layer: layer.name,
      kind:
        layer.kind === 'neurons' ? layer.model : layer.kind === 'pool' ? `${layer.mode} pool` : layer.kind,
      shape: layer.shape,
      sources: layer.sources.map(
        ({ layer: from, delayed }) => layers[from]!.name + (delayed ? ' (step before)' : ''),
      ),
      ...(count === undefined ? {} : { weights: count }),
      parameters: parametersOf(layer),
    };
  });
}

function parametersOf(layer: Layer): string {
  switch (layer.kind) {
    case 'dense':
      return layer.bias ? 'bias' : '';
    case 'conv2d':
    case 'pool': {
      const words = [`kernel ${layer.kernel.join(' x ')}`];
      const pairs = {
        stride: layer.stride,
        ...(layer.kind === 'conv2d' ? { dilation: layer.dilation } : {}),
      };
      for (const [name, pair] of Object.entries(pairs))
        if (pair.some((each) => each !== 1)) words.push(`${name} ${pair.join(' x ')}`);
      if (layer.padding.some((each) => each !== 0)) words.push(`padding ${layer.padding.join(' x ')}`);
      if (layer.kind === 'conv2d' && layer.groups > 1) words.push(`${layer.groups} groups`);
      if (layer.kind === 'conv2d' && layer.bias) words.push('bias');
      return words.join(', ');
    }
    case 'scale':
      return rangeInWords('factor', layer.factor);
    case 'delay':
      return rangeInWords('seconds', layer.seconds);
    case 'neurons':
      return Object.entries(layer.parameters)
        .map(([name, values]) => rangeInWords(name, values))
        .join(', ');
    case 'competition':
      return rangeInWords('theta', layer.theta);
    default:
      return '';
  }
}

/** "tau 0.005 to 0.02" */
function rangeInWords(name: string, values: PerNeuron): string {
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  const short = (value: number): string => String(Number(value.toPrecision(4)));
  return `${name} ${short(least)}${least === greatest ? '' : ` to ${short(greatest)}`}`;
}
