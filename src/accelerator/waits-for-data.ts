import type { Ticks } from '../engine/common-tick.ts';
import { createNumberQueue } from '../engine/number-queue.ts';

/** Whose data were on the buses while cores waited for rows. */
export interface WaitsForData {
  /** A source's data cross the bus of a channel. Intervals of a channel come in the order of time and do not overlap. */
  data(source: number, channel: number, from: Ticks, to: Ticks): void;
  /** A core waits for a row. Intervals of a core come in the order of time. */
  wait(core: number, row: number, from: Ticks, to: Ticks): void;
  /** All data and all waits before a time are told; they are counted and forgotten. */
  settle(until: Ticks): void;
  /** How long a core has waited, and how long of that a source's data were on the buses, up to what is settled. */
  waited(core: number): Ticks;
  waitedFor(core: number, source: number): Ticks;
}

/** An interval of a bus: [source, from, to]; and of a core: [row, from, to]. */
const INTERVAL = 3;

/**
 * A core waits for the channels on which its row lies (`channelsOf`, at least one), in equal parts: of a wait for a row on n channels,
 * each channel counts with 1 / n of the time in which a source's data cross its bus.
 */
export function createWaitsForData(
  cores: number,
  sources: number,
  channels: number,
  channelsOf: (core: number, row: number) => readonly number[],
): WaitsForData {
  const buses = Array.from({ length: channels }, () => createNumberQueue(INTERVAL));
  const waits = Array.from({ length: cores }, () => createNumberQueue(INTERVAL));
  const waited = new Float64Array(cores);
  const waitedFor = Array.from({ length: cores }, () => new Float64Array(sources));
  /** By channel: the first interval of the bus that may meet what is left of the core's waits. */
  const next = new Int32Array(channels);

  function settleCore(core: number, until: Ticks): void {
    const queue = waits[core]!;
    const times = waitedFor[core]!;
    next.fill(0);
    while (queue.length > 0) {
      const at = queue.at(0);
      const from = queue.data[at + 1]!;
      const whole = queue.data[at + 2]!;
      if (from >= until) return;
      const to = Math.min(whole, until);
      const of = channelsOf(core, queue.data[at]!);
      waited[core]! += to - from;
      for (const channel of of) {
        const bus = buses[channel]!;
        let i = next[channel]!;
        while (i < bus.length && bus.data[bus.at(i) + 2]! <= from) i++;
        next[channel] = i;
        for (; i < bus.length; i++) {
          const record = bus.at(i);
          const begin = bus.data[record + 1]!;
          if (begin >= to) break;
          const time = Math.min(to, bus.data[record + 2]!) - Math.max(from, begin);
          times[bus.data[record]!]! += time / of.length;
        }
      }
      if (whole > until) {
        queue.data[at + 1] = until;
        return;
      }
      queue.pop();
    }
  }

  return {
    data(source, channel, from, to) {
      const bus = buses[channel]!;
      const last = bus.length === 0 ? -1 : bus.at(bus.length - 1);
      if (last >= 0 && bus.data[last] === source && bus.data[last + 2] === from) {
        bus.data[last + 2] = to;
        return;
      }
      put(bus, source, from, to);
    },
    wait(core, row, from, to) {
      put(waits[core]!, row, from, to);
    },
    settle(until) {
      for (let core = 0; core < cores; core++) settleCore(core, until);
      for (const bus of buses) while (bus.length > 0 && bus.data[bus.at(0) + 2]! <= until) bus.pop();
    },
    waited: (core) => waited[core]!,
    waitedFor: (core, source) => waitedFor[core]![source]!,
  };
}

function put(queue: ReturnType<typeof createNumberQueue>, of: number, from: Ticks, to: Ticks): void {
  const at = queue.push();
  queue.data[at] = of;
  queue.data[at + 1] = from;
  queue.data[at + 2] = to;
}
