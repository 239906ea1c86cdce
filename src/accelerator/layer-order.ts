import { type LayeredNetwork, sizeOf, weightTensors } from '../snn/layers/layered-network.ts';

/** What a chip does for a network of layers in each time step, in order: the rows of a tensor are added, or a population is updated. */
export interface LayerOrder {
  readonly work: readonly LayerWork[];
  readonly tensors: readonly OrderedTensor[];
  readonly populations: readonly OrderedPopulation[];
  /** Whether a layer reads itself, or a later one, of the step before. */
  readonly recurrent: boolean;
}

export type LayerWork =
  | { readonly kind: 'add'; readonly tensor: number }
  | { readonly kind: 'update'; readonly population: number };

export interface OrderedTensor {
  /** Populations whose spikes say which rows a step needs; none where the input alone does. */
  readonly sources: readonly PopulationSource[];
  /** The populations to whose neurons it adds; none where the sums are the output. */
  readonly feeds: readonly number[];
}

/** A population by its number, heard in the same step or (`delayed`) the next. */
export interface PopulationSource {
  readonly population: number;
  readonly delayed: boolean;
}

export interface OrderedPopulation {
  /** Place of its layer. */
  readonly layer: number;
  readonly neurons: number;
  /** Populations that it, or a tensor that feeds it, hears. */
  readonly sources: readonly PopulationSource[];
}

/** The order of a network. Layers without weights or neurons (pools, scales, delays) are wires, and take no time. */
export function layerOrder(network: LayeredNetwork): LayerOrder {
  const { layers } = network;
  const tensorOf = new Map(weightTensors(network).map(({ layer }, tensor) => [layer, tensor]));
  const populationOf = new Map<number, number>();
  const work: LayerWork[] = [];
  const places: number[] = [];
  for (const [place, layer] of layers.entries()) {
    const tensor = tensorOf.get(place);
    if (tensor !== undefined) work.push({ kind: 'add', tensor });
    if (layer.kind !== 'neurons' && layer.kind !== 'competition') continue;
    populationOf.set(place, places.length);
    work.push({ kind: 'update', population: places.length });
    places.push(place);
  }

  /** What reaches the input of a layer in a step: populations through wires and tensors, and these tensors. */
  function reaching(place: number): { readonly sources: PopulationSource[]; readonly through: Set<number> } {
    const sources: PopulationSource[] = [];
    const through = new Set<number>();
    const seen = new Set<string>();
    const walk = (at: number, later: boolean): void => {
      for (const { layer, delayed: own } of layers[at]!.sources) {
        const delayed = later || own;
        const key = `${layer} ${delayed}`;
        if (seen.has(key)) continue;
        seen.add(key);
        const population = populationOf.get(layer);
        if (population !== undefined) {
          sources.push({ population, delayed });
          continue;
        }
        const tensor = tensorOf.get(layer);
        if (tensor !== undefined) through.add(tensor);
        walk(layer, delayed);
      }
    };
    walk(place, false);
    return { sources, through };
  }

  const populations = places.map((layer) => ({
    layer,
    neurons: sizeOf(layers[layer]!.shape),
    ...reaching(layer),
  }));
  return {
    work,
    tensors: [...tensorOf].map(([place, tensor]) => ({
      sources: reaching(place).sources,
      feeds: [...populations.keys()].filter((population) => populations[population]!.through.has(tensor)),
    })),
    populations: populations.map(({ layer, neurons, sources }) => ({ layer, neurons, sources })),
    recurrent: layers.some(({ sources }, place) =>
      sources.some(({ layer, delayed }) => delayed && layer >= place),
    ),
  };
}
