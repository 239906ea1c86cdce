import { type ArbiterKind, createArbiter } from '../engine/arbiter.ts';
import type { Ticks } from '../engine/common-tick.ts';
import type { EventLoop } from '../engine/event-loop.ts';
import { createLink, type Link } from '../engine/link.ts';
import type { InterconnectKind } from '../hardware/accelerator.ts';
import type { Bytes, Cycles } from '../units/flavours.ts';

export interface InterconnectShape {
  readonly kind: InterconnectKind;
  /** Ticks in a cycle of its clock. */
  readonly perCycle: Ticks;
  /** Bytes that cross a way in a cycle, and cycles from the end of a transfer to its arrival. */
  readonly width: Bytes;
  readonly latency: Cycles;
  readonly arbiter: ArbiterKind;
}

/** Bytes of a request for a row: its address. */
export const REQUEST_BYTES: Bytes = 8;

/** Who hears of what arrives. Times may lie ahead. */
export interface InterconnectEnds {
  requestArrives(core: number, row: number, time: Ticks): void;
  rowArrives(core: number, row: number, time: Ticks): void;
  /** The spikes of a core's n-th update have reached another core. */
  spikesArrive(from: number, to: number, n: number, time: Ticks): void;
}

export interface Interconnect {
  request(core: number, row: number, ready: Ticks, sequence: number): void;
  /** A row on its way back to the core. */
  reply(core: number, row: number, bytes: Bytes, ready: Ticks, sequence: number): void;
  /** One bit for each neuron of the core, to all others. */
  spikes(core: number, n: number, bytes: Bytes, ready: Ticks): void;
  /** The ways, with a name for each. */
  readonly ways: readonly { readonly name: string; readonly link: Link }[];
}

/** Spikes follow requests that are ready at the same time. */
const SPIKES_LATER = 2 ** 48;

/** Tags of messages: a row, or -1 - n for the spikes of update n. */
const spikesTag = (n: number): number => -1 - n;

/** Adds the ways of an interconnect of so many cores to a loop. Where a way is one core's own, spikes go over it to those that hear them: by default all. */
export function createInterconnect(
  loop: EventLoop,
  shape: InterconnectShape,
  cores: number,
  ends: InterconnectEnds,
  hears: (core: number, from: number) => boolean = (core, from) => core !== from,
): Interconnect {
  return shape.kind === 'bus'
    ? createBus(loop, shape, cores, ends)
    : createCrossbar(loop, shape, cores, ends, hears);
}

const equal = (sources: number): number[] => new Array<number>(sources).fill(1);

function createBus(
  loop: EventLoop,
  shape: InterconnectShape,
  cores: number,
  ends: InterconnectEnds,
): Interconnect {
  const way = (deliver: (core: number, tag: number, time: Ticks) => void): Link =>
    createLink(loop, shape, cores, createArbiter(shape.arbiter, equal(cores)), deliver);
  const out = way((core, tag, time) => {
    if (tag >= 0) return ends.requestArrives(core, tag, time);
    for (let other = 0; other < cores; other++)
      if (other !== core) ends.spikesArrive(core, other, -1 - tag, time);
  });
  const back = way(ends.rowArrives);
  return {
    request: (core, row, ready, sequence) => out.send(core, ready, REQUEST_BYTES, row, sequence),
    reply: (core, row, bytes, ready, sequence) => back.send(core, ready, bytes, row, sequence),
    spikes: (core, n, bytes, ready) => out.send(core, ready, bytes, spikesTag(n), SPIKES_LATER + n),
    ways: [
      { name: 'to memory', link: out },
      { name: 'to cores', link: back },
    ],
  };
}

function createCrossbar(
  loop: EventLoop,
  shape: InterconnectShape,
  cores: number,
  ends: InterconnectEnds,
  hears: (core: number, from: number) => boolean,
): Interconnect {
  const numbers = Array.from({ length: cores }, (_, core) => core);
  /** Bytes of the spikes of each core that are on their way out, which come out in their order. */
  const spikeBytes = numbers.map((): number[] => []);
  const outs = numbers.map((core) =>
    createLink(loop, shape, 1, createArbiter(shape.arbiter, equal(1)), (_, tag, time) => {
      if (tag >= 0) return ends.requestArrives(core, tag, time);
      const bytes = spikeBytes[core]!.shift()!;
      for (const other of numbers)
        if (hears(other, core)) backs[other]!.send(1 + core, time, bytes, tag, -tag);
    }),
  );
  // To each core: what comes from memory, and from each core.
  const backs = numbers.map((core) =>
    createLink(loop, shape, 1 + cores, createArbiter(shape.arbiter, equal(1 + cores)), (source, tag, time) =>
      source === 0 ? ends.rowArrives(core, tag, time) : ends.spikesArrive(source - 1, core, -1 - tag, time),
    ),
  );
  return {
    request: (core, row, ready, sequence) => outs[core]!.send(0, ready, REQUEST_BYTES, row, sequence),
    reply: (core, row, bytes, ready, sequence) => backs[core]!.send(0, ready, bytes, row, sequence),
    spikes(core, n, bytes, ready) {
      spikeBytes[core]!.push(bytes);
      outs[core]!.send(0, ready, bytes, spikesTag(n), SPIKES_LATER + n);
    },
    ways: [
      ...outs.map((link, core) => ({ name: `from core ${core}`, link })),
      ...backs.map((link, core) => ({ name: `to core ${core}`, link })),
    ],
  };
}
