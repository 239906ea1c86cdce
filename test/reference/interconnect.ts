import type { ArbiterKind } from '../../src/engine/arbiter.ts';
import { referenceArbiter } from './arbiter.ts';

/** What crosses a way. */
export interface Message {
  /** Tick from which it may. */
  ready: number;
  /** Among messages of a source that are ready at one time: requests and rows (0) before spikes (1), each in their order. */
  kind: 0 | 1;
  order: number;
  bytes: number;
  arrives(time: number): void;
}

/** A way that carries one message at a time, looked at in each cycle of its clock. */
export interface ReferenceWay {
  send(source: number, message: Message): void;
  /** Hands over what has arrived by now; to be called at every time before anything else. */
  deliver(now: number): void;
  /** A cycle of its clock begins: the next transfer begins if the way is free and a message is ready. */
  cycle(now: number): void;
}

/** Width in bytes a cycle, latency in cycles, `period` ticks a cycle. */
export interface WayShape {
  width: number;
  latency: number;
  arbiter: ArbiterKind;
  period: number;
}

export function referenceWay(
  { width, latency, arbiter: kind, period }: WayShape,
  sources: number,
): ReferenceWay {
  const arbiter = referenceArbiter(kind, Array<number>(sources).fill(1));
  const waiting: Message[][] = Array.from({ length: sources }, () => []);
  let crossing: { message: Message; arrival: number }[] = [];
  let free = 0;

  return {
    send(source, message) {
      waiting[source]!.push(message);
      waiting[source]!.sort((a, b) => a.ready - b.ready || a.kind - b.kind || a.order - b.order);
    },
    deliver(now) {
      const arrived = crossing.filter(({ arrival }) => arrival <= now);
      crossing = crossing.filter(({ arrival }) => arrival > now);
      for (const { message, arrival } of arrived) message.arrives(arrival);
    },
    cycle(now) {
      if (now < free) return;
      const wanting = waiting.flatMap(([message], source) =>
        message && message.ready <= now ? [{ source, since: message.ready }] : [],
      );
      if (wanting.length === 0) return;
      const source = arbiter.choose(wanting);
      const message = waiting[source]!.shift()!;
      arbiter.grant(source, message.bytes);
      free = now + Math.max(1, Math.ceil(message.bytes / width)) * period;
      crossing.push({ message, arrival: free + latency * period });
    },
  };
}

/** The ways between cores and memory, and for spikes. */
export interface ReferenceInterconnect {
  readonly ways: readonly ReferenceWay[];
  /** A request on its way to the memory. */
  request(core: number, message: Message): void;
  /** A row on its way back. */
  row(core: number, message: Message): void;
  /** Spikes of a core, which `hears` gets for each other core with the time of arrival. */
  spikes(
    core: number,
    message: Omit<Message, 'arrives'>,
    hears: (core: number, time: number) => void,
    /** To which cores a crossbar carries them. */
    isHearer: (core: number) => boolean,
  ): void;
}

export function referenceInterconnect(
  kind: 'bus' | 'crossbar',
  shape: WayShape,
  cores: number,
): ReferenceInterconnect {
  const numbers = Array.from({ length: cores }, (_, core) => core);
  const others = (core: number): number[] => numbers.filter((other) => other !== core);
  if (kind === 'bus') {
    const out = referenceWay(shape, cores);
    const back = referenceWay(shape, cores);
    return {
      ways: [out, back],
      request: (core, message) => out.send(core, message),
      row: (core, message) => back.send(core, message),
      spikes: (core, message, hears) =>
        out.send(core, {
          ...message,
          arrives(time) {
            for (const other of others(core)) hears(other, time);
          },
        }),
    };
  }
  // Sources of a way back: rows, then the spikes of each core.
  const out = numbers.map(() => referenceWay(shape, 1));
  const back = numbers.map(() => referenceWay(shape, 1 + cores));
  return {
    ways: [...out, ...back],
    request: (core, message) => out[core]!.send(0, message),
    row: (core, message) => back[core]!.send(0, message),
    spikes: (core, message, hears, isHearer) =>
      out[core]!.send(0, {
        ...message,
        arrives(time) {
          for (const other of others(core).filter(isHearer))
            back[other]!.send(1 + core, { ...message, ready: time, arrives: (then) => hears(other, then) });
        },
      }),
  };
}
