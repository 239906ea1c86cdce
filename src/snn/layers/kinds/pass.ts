import { ELEMENTWISE, type LayerKind } from '../layer-kind.ts';
import type { FlattenLayer, InputLayer, OutputLayer } from '../layered-network.ts';

/** Kinds that hand on what they read: element for element, spikes as spikes. */
const PASS = {
  ...ELEMENTWISE,
  spikes: (_: unknown, input: boolean) => input,
  stateless: true,
  obstacles: () => [],
  plan: (_: unknown, input: Parameters<LayerKind['plan']>[1]) => ({ output: input, start: () => ({}) }),
} as const;

export const INPUT: LayerKind<InputLayer> = { ...PASS, kind: 'input' };
export const FLATTEN: LayerKind<FlattenLayer> = { ...PASS, kind: 'flatten' };
export const OUTPUT: LayerKind<OutputLayer> = { ...PASS, kind: 'output' };
