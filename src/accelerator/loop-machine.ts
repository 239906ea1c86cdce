import { kilohertzOf } from '../engine/clock-crossing.ts';
import type { Accelerator } from '../hardware/accelerator.ts';
import type { Bytes } from '../units/flavours.ts';
import type { LoopMachine } from './closed-loop.ts';

/** How long an accelerator takes for a layer of so many neurons, and how many of its weight rows fit on chip. */
export function loopMachine(
  { weightBuffer, timing }: Accelerator,
  neurons: number,
  rowBytes: Bytes,
): LoopMachine {
  const { clock, processingElements, lanes, cyclesPerAddition, cyclesPerUpdate } = timing;
  const rounds = Math.ceil(neurons / (processingElements * lanes));
  return {
    clock: kilohertzOf(clock),
    passCycles: rounds * cyclesPerAddition,
    updateCycles: rounds * cyclesPerUpdate,
    bufferRows: Math.floor(weightBuffer / 8 / rowBytes),
    outstanding: timing.outstanding,
    prefetch: timing.prefetch,
  };
}
