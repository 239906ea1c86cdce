import { grown } from '../bytes/grown.ts';
import type { Cycles } from '../units/flavours.ts';
import { UNKNOWN } from './row-store.ts';

/** Which updates' spikes have reached each core. */
export interface SpikeExchange {
  /** Begins an inference. Spikes of the one before that are still on their way count for nothing. */
  begin(): void;
  /** The number under which the spikes of the inference's n-th update are sent: updates are numbered through all inferences. */
  numberOf(n: number): number;
  /** Spikes with that number from one core reach the core at a cycle, which may lie ahead; true if they are the last that it awaits. */
  arrive(core: number, number: number, cycle: Cycles): boolean;
  /** When those of all other cores had reached it; UNKNOWN before. */
  complete(core: number, n: number): Cycles;
}

export function createSpikeExchange(cores: number): SpikeExchange {
  const counts = Array.from({ length: cores }, () => new Uint16Array(64));
  const latest = Array.from({ length: cores }, () => new Float64Array(64));
  /** Numbers of the inference's first update, and of the next one after all so far. */
  let first = 0;
  let next = 0;
  return {
    begin() {
      first = next;
      for (const count of counts) count.fill(0);
      for (const cycles of latest) cycles.fill(0);
    },
    numberOf(n) {
      next = Math.max(next, first + n + 1);
      return first + n;
    },
    arrive(core, number, cycle) {
      const n = number - first;
      if (n < 0) return false;
      if (n >= counts[core]!.length) {
        const size = 2 * (n + 1);
        counts[core] = grown(counts[core]!, size);
        latest[core] = grown(latest[core]!, size);
      }
      latest[core]![n] = Math.max(latest[core]![n]!, cycle);
      return ++counts[core]![n]! === cores - 1;
    },
    complete(core, n) {
      if (cores === 1) return 0;
      return (counts[core]![n] ?? 0) === cores - 1 ? latest[core]![n]! : UNKNOWN;
    },
  };
}
