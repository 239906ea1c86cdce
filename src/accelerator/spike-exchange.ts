import { grown } from '../bytes/grown.ts';
import type { Cycles } from '../units/flavours.ts';
import { UNKNOWN } from './row-store.ts';

/** Which updates' spikes have reached each core. */
export interface SpikeExchange {
  /** Begins an inference. Spikes of the one before that are still on their way count for nothing. */
  begin(): void;
  /** The number under which the spikes of the inference's n-th update are sent: updates are numbered through all inferences. */
  numberOf(n: number): number;
  /** Whether any core hears the spikes of one. */
  isHeard(from: number): boolean;
  /** Spikes with that number from one core reach another at a cycle, which may lie ahead; true if they are the last of a set that it awaits. */
  arrive(from: number, to: number, number: number, cycle: Cycles): boolean;
  /** When set n had reached the core: the n-th spikes of all cores that it hears; UNKNOWN before. */
  complete(core: number, n: number): Cycles;
}

/** A core that another hears: its n-th spikes belong to set n + `later` of the other's. */
export interface HeardCore {
  readonly core: number;
  readonly later: number;
}

/** All cores hear each other. */
export const allHeard = (cores: number): HeardCore[][] =>
  Array.from({ length: cores }, (_, to) =>
    Array.from({ length: cores }, (_, core) => ({ core, later: 0 })).filter(({ core }) => core !== to),
  );

/** `heard` are, by core, those that it hears. */
export function createSpikeExchange(heard: readonly (readonly HeardCore[])[]): SpikeExchange {
  const counts = heard.map(() => new Uint16Array(64));
  const latest = heard.map(() => new Float64Array(64));
  const laterOf = heard.map((own) => new Map(own.map(({ core, later }) => [core, later])));
  const isHeard = heard.map((_, from) => laterOf.some((own) => own.has(from)));
  /** Spikes of set n. */
  const expected = (core: number, n: number): number =>
    heard[core]!.reduce((sum, { later }) => (n >= later ? sum + 1 : sum), 0);
  const most = heard.map((own) => own.length);
  const latestSet = heard.map((own) => Math.max(0, ...own.map(({ later }) => later)));
  const expects = (core: number, n: number): number =>
    n >= latestSet[core]! ? most[core]! : expected(core, n);
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
    isHeard: (from) => isHeard[from]!,
    arrive(from, core, number, cycle) {
      const later = laterOf[core]!.get(from);
      if (later === undefined || number < first) return false;
      const n = number - first + later;
      if (n >= counts[core]!.length) {
        const size = 2 * (n + 1);
        counts[core] = grown(counts[core]!, size);
        latest[core] = grown(latest[core]!, size);
      }
      latest[core]![n] = Math.max(latest[core]![n]!, cycle);
      return ++counts[core]![n]! === expects(core, n);
    },
    complete(core, n) {
      const all = expects(core, n);
      if (all === 0) return 0;
      return (counts[core]![n] ?? 0) === all ? latest[core]![n]! : UNKNOWN;
    },
  };
}
