import { createTurn } from '../../files/turn.ts';
import type { Network } from '../../snn/network.ts';
import type { OpenTraining } from '../../snn/train.ts';

/** Presentations between two looks at the clock: some milliseconds. */
const PORTION = 16;

/** The network of a training that is gone through to its end; signals and timers have their turn meanwhile. */
export async function goThrough(training: OpenTraining): Promise<Network> {
  const turn = createTurn();
  while (training.advance(PORTION)) await turn();
  return training.network();
}
