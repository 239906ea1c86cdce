import type { AddressMapping } from '../dram/address.ts';
import type { RequestRun, RequestSource } from '../dram/replay.ts';
import { createAllowance } from '../engine/allowance.ts';
import { cycleFrom, NEVER, type Ticks } from '../engine/common-tick.ts';
import type { EventLoop } from '../engine/event-loop.ts';
import { bytesPerBurst, type Organisation } from '../hardware/device.ts';
import type { Cycles } from '../units/flavours.ts';
import { ANY, type DramPort, NOTHING, type RequestDone } from './dram-port.ts';

/** Requests of others on the memory. */
export interface Traffic {
  /** Their arrivals are DRAM cycles and never fall. */
  readonly requests: RequestSource;
  readonly mapping: AddressMapping;
  readonly organisation: Organisation;
  /** Requests that may be under way; the next one waits. */
  readonly outstanding: number;
}

export interface TrafficSource {
  readonly done: RequestDone;
  /** Nothing is requested any more. */
  stop(): void;
  /** DRAM cycles by which requests were later than their own times, in all. */
  readonly heldBack: Cycles;
}

/** Adds traffic to a loop, as a source of the port. */
export function createTrafficSource(
  loop: EventLoop,
  perCycle: Ticks,
  { requests, mapping, organisation, outstanding }: Traffic,
  source: number,
  port: () => DramPort,
): TrafficSource {
  const burstBytes = bytesPerBurst(organisation);
  const { banksPerGroup } = organisation;
  const run: RequestRun = { address: 0, bursts: 0, write: false, arrival: 0 };
  const at = new Int32Array(6);
  const allowance = createAllowance(outstanding);
  let stopped = !requests.next(run);
  let heldBack = 0;
  const component = loop.add({ advance }, stopped ? NEVER : run.arrival * perCycle);

  /** When the next request has its turn and room, and what the source awaits until then. */
  function next(): Ticks {
    if (stopped) return NEVER;
    const due = Math.max(run.arrival, cycleFrom(loop.now, perCycle));
    const room = allowance.roomFrom(due);
    port().awaits(source, room > due ? ANY : NOTHING);
    return room === NEVER ? NEVER : room * perCycle;
  }

  function advance(now: Ticks): Ticks {
    const cycle = cycleFrom(now, perCycle);
    heldBack += cycle - run.arrival;
    const request = port().open(source, 0, run.write, cycle);
    let first = run.address / burstBytes;
    for (let left = run.bursts; left > 0; ) {
      mapping.decode(first, at);
      const count = left === 1 ? 1 : Math.min(left, mapping.burstsToRowEnd(first));
      port().add(request, at[0]!, at[1]!, at[2]! * banksPerGroup + at[3]!, at[4]!, at[5]!, count);
      first += count;
      left -= count;
    }
    allowance.begin();
    stopped = !requests.next(run);
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
