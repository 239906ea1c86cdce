import type { InputError } from '../errors/input-error.ts';
import type { Dynamics, LayeredNetwork, Presentation } from '../snn/layers/layered-network.ts';
import type { StorageFormat } from '../snn/weight-format.ts';

/** A network of layers as a file has it: what the file does not say of running it is not there, and must be asked for. */
export interface LayerFile {
  readonly network: LayeredNetwork;
  readonly dynamics: Partial<Dynamics>;
  readonly presentation: Partial<Presentation>;
  /** The record of its training, JSON. */
  readonly training: string;
  /** How the file holds the weights. */
  readonly storage: StorageFormat;
}

/** What hinders a file from being a network of layers, or the network. */
export type LayersOrObstacles =
  | { readonly layers: LayerFile; readonly obstacles: readonly [] }
  | { readonly layers?: undefined; readonly obstacles: readonly [InputError, ...InputError[]] };

/** The obstacles where there are any; else the network, which then is there. */
export function layersOr(obstacles: readonly InputError[], layers: () => LayerFile): LayersOrObstacles {
  const [first, ...others] = obstacles;
  return first ? { obstacles: [first, ...others] } : { layers: layers(), obstacles: [] };
}

/** Collects what is in the way. */
export type Say = (what: string, remedy?: string) => void;
