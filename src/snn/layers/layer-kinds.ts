import { COMPETITION } from './kinds/competition.ts';
import { CONV2D } from './kinds/conv2d.ts';
import { DELAY } from './kinds/delay.ts';
import { DENSE } from './kinds/dense.ts';
import { NEURONS } from './kinds/neurons.ts';
import { FLATTEN, INPUT, OUTPUT } from './kinds/pass.ts';
import { POOL } from './kinds/pool.ts';
import { SCALE } from './kinds/scale.ts';
import type { LayerKind } from './layer-kind.ts';
import type { Layer } from './layered-network.ts';

const KINDS = [INPUT, DENSE, CONV2D, POOL, FLATTEN, SCALE, DELAY, NEURONS, COMPETITION, OUTPUT];

const BY_NAME = new Map(KINDS.map((each) => [each.kind, each as LayerKind]));

/** What a layer of that kind does. */
export const kindOf = ({ kind }: Pick<Layer, 'kind'>): LayerKind => BY_NAME.get(kind)!;

/** Whether each layer puts out spikes rather than values, given whether the input is spikes. */
export function spikingLayers(layers: readonly Layer[], input: boolean): boolean[] {
  const spiking = new Array<boolean>(layers.length).fill(input);
  // Cycles: once more for each layer that a delayed source could change.
  for (let round = 0, changed = true; changed && round <= layers.length; round++) {
    changed = false;
    layers.forEach((layer, place) => {
      const [first, ...more] = layer.sources;
      const reads = first === undefined ? input : more.length === 0 && (spiking[first.layer] ?? false);
      const now = kindOf(layer).spikes(layer, reads);
      changed ||= now !== spiking[place];
      spiking[place] = now;
    });
  }
  return spiking;
}
