import type { Cycles } from '../units/flavours.ts';
import { UNKNOWN } from './row-store.ts';

/** Which updates' spikes have reached each core. */
export interface SpikeExchange {
  /** Forgets those of the inference before. */
  begin(): void;
  /** Spikes of one core's n-th update reach the core at a cycle, which may lie ahead; true if they are the last of that update. */
  arrive(core: number, n: number, cycle: Cycles): boolean;
  /** When those of all other cores had reached it; UNKNOWN before. */
  complete(core: number, n: number): Cycles;
}

export function createSpikeExchange(cores: number): SpikeExchange {
  const counts = Array.from({ length: cores }, () => new Uint16Array(64));
  const latest = Array.from({ length: cores }, () => new Float64Array(64));
  return {
    begin() {
      for (const count of counts) count.fill(0);
      for (const cycles of latest) cycles.fill(0);
    },
    arrive(core, n, cycle) {
      if (n >= counts[core]!.length) {
        const size = 2 * (n + 1);
        const count = new Uint16Array(size);
        count.set(counts[core]!);
        counts[core] = count;
        const cycles = new Float64Array(size);
        cycles.set(latest[core]!);
        latest[core] = cycles;
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
