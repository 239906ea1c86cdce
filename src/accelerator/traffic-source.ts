import type { AddressMapping } from '../dram/address.ts';
import { createAllowance } from '../engine/allowance.ts';
import { cycleFrom, NEVER, type Ticks } from '../engine/common-tick.ts';
import type { EventLoop } from '../engine/event-loop.ts';
import type { Cycles } from '../units/flavours.ts';
import { ANY, type DramPort, NOTHING, type RequestDone } from './dram-port.ts';

/** Requests of others, one after the other. */
export interface TrafficRequests {
  /** Makes the next request current; false at the end. */
  next(): boolean;
  /** Of the current request: its DRAM cycle (never falling), first burst, bursts, and whether it writes. */
  readonly cycle: Cycles;
  readonly burst: number;
  readonly bursts: number;
  readonly write: boolean;
}

export interface Traffic {
  readonly name: string;
  readonly requests: TrafficRequests;
  readonly mapping: AddressMapping;
  /** Banks of a bank group. */
  readonly banksPerGroup: number;
  /** Requests that may be under way; the next one waits. */
  readonly outstanding: number;
}

export interface TrafficSource {
  readonly done: RequestDone;
  /** Nothing is requested any more. */
  stop(): void;
  /** Cycles by which requests waited for others of their source to be answered, in all. */
  readonly heldBack: Cycles;
}

/** Adds traffic to a loop, as a source of the port. */
export function createTrafficSource(
  loop: EventLoop,
  perCycle: Ticks,
  { requests, mapping, banksPerGroup, outstanding }: Traffic,
  source: number,
  port: () => DramPort,
): TrafficSource {
  const at = new Int32Array(6);
  const allowance = createAllowance(outstanding);
  let stopped = !requests.next();
  let heldBack = 0;
  const component = loop.add({ advance }, stopped ? NEVER : requests.cycle * perCycle);

  /** When the next request has its turn and room, and what the source awaits until then. */
  function next(): Ticks {
    if (stopped) return NEVER;
    const due = Math.max(requests.cycle, cycleFrom(loop.now, perCycle));
    const room = allowance.roomFrom(due);
    port().awaits(source, room > due ? ANY : NOTHING);
    return room === NEVER ? NEVER : room * perCycle;
  }

  function advance(now: Ticks): Ticks {
    const cycle = now / perCycle;
    heldBack += cycle - requests.cycle;
    const request = port().open(source, 0, requests.write, cycle);
    let first = requests.burst;
    for (let left = requests.bursts; left > 0; ) {
      mapping.decode(first, at);
      const count = left === 1 ? 1 : Math.min(left, mapping.burstsToRowEnd(first));
      port().add(request, at[0]!, at[1]!, at[2]! * banksPerGroup + at[3]!, at[4]!, at[5]!, count);
      first += count;
      left -= count;
    }
    allowance.begin();
    stopped = !requests.next();
    return next();
  }

  return {
    done(_, cycle) {
      allowance.end(cycle);
      if (!stopped) loop.announce(component, next());
    },
    stop() {
      stopped = true;
      port().awaits(source, NOTHING);
      loop.announce(component, NEVER);
    },
    get heldBack() {
      return heldBack;
    },
  };
}
