import { crossClock, type Kilohertz } from '../engine/clock-crossing.ts';
import type { Cycles } from '../units/flavours.ts';
import type { DramPort } from './dram-port.ts';
import type { Schedule } from './schedule.ts';
import { createWeightBuffer } from './weight-buffer.ts';

/** The accelerator as its timing sees it; cycles are its own. docs/accelerator.md has the semantics. */
export interface LoopMachine {
  readonly clock: Kilohertz;
  /** Cycles to add one weight row to all neurons, and to update all neurons at the end of a time step. */
  readonly passCycles: Cycles;
  readonly updateCycles: Cycles;
  /** Weight rows that the buffer holds. */
  readonly bufferRows: number;
  /** Rows that may be under way in DRAM, at least 1. */
  readonly outstanding: number;
  /** Items that may be looked up but not yet added, at least 1; never more than the buffer has rows. */
  readonly prefetch: number;
}

/** One inference, in cycles of the accelerator. busy + waitedForDram + waitedForLookup = latency. */
export interface InferenceTiming {
  readonly start: Cycles;
  readonly latency: Cycles;
  /** Cycles in which the processing elements work. */
  readonly busy: Cycles;
  /** Cycles in which they wait for a row from DRAM, and for a row on chip to be looked up. */
  readonly waitedForDram: Cycles;
  readonly waitedForLookup: Cycles;
  /** Items whose row was fetched; the others found it on chip or on its way. */
  readonly fetches: number;
}

/**
 * Called once for each row fetched from DRAM, in the order of items, with the row, the DRAM cycle of its request and the item
 * that requests it. An item uses the data of the latest fetch of its row at or before it.
 */
export type FetchLog = (row: number, cycle: Cycles, item: number) => void;

/** Inferences one after the other; the buffer keeps its rows from one to the next. */
export interface ClosedLoop {
  run(schedule: Schedule): InferenceTiming;
}

/**
 * Accelerator and DRAM in one loop: what the memory answers decides when the next row is requested. No clock ticks:
 * the times of an item follow from those of earlier items, and the memory runs no further than the earliest cycle
 * at which an answer that is awaited could cause a request. `rows` is the number of weight rows.
 */
export function createClosedLoop(
  machine: LoopMachine,
  port: DramPort,
  dramClock: Kilohertz,
  rows: number,
  onFetch?: FetchLog,
): ClosedLoop {
  const { clock, passCycles, updateCycles, bufferRows, outstanding } = machine;
  const buffer = createWeightBuffer(bufferRows, rows);
  // With fewer items ahead than rows in the buffer, no row is replaced before those who wait for it have used it.
  const depth = Math.max(1, Math.min(machine.prefetch, bufferRows));
  const UNKNOWN = -1;
  const arrived = new Float64Array(rows);
  const flying: number[] = [];
  let now = 0;

  /** Takes over the answers that have become known. */
  function settle(): void {
    for (const row of flying) {
      if (arrived[row] !== UNKNOWN) continue;
      const done = port.done(row);
      if (done >= 0) arrived[row] = crossClock(done, dramClock, clock);
    }
  }

  function waitFor(row: number): void {
    while (arrived[row] === UNKNOWN) {
      port.runTo(port.earliestDone(row));
      settle();
    }
  }

  function land(cycle: Cycles): void {
    let kept = 0;
    for (const row of flying) if (arrived[row] === UNKNOWN || arrived[row]! > cycle) flying[kept++] = row;
    flying.length = kept;
  }

  /** The first cycle from `cycle` on in which another row may be requested. */
  function roomFrom(cycle: Cycles): Cycles {
    let at = cycle;
    land(at);
    while (flying.length >= outstanding) {
      let known = Number.POSITIVE_INFINITY;
      let bound = Number.POSITIVE_INFINITY;
      for (const row of flying) {
        if (arrived[row] === UNKNOWN) bound = Math.min(bound, port.earliestDone(row));
        else known = Math.min(known, arrived[row]!);
      }
      if (bound === Number.POSITIVE_INFINITY || known <= crossClock(bound, dramClock, clock))
        at = Math.max(at, known);
      else {
        port.runTo(bound);
        settle();
      }
      land(at);
    }
    return at;
  }

  return {
    run({ rows: wanted, passes, updates, buffered }) {
      const items = wanted.length;
      const start = now;
      const lookedUp = new Float64Array(items);
      const finished = new Float64Array(items);
      let free = start;
      let busy = 0;
      let waitedForDram = 0;
      let waitedForLookup = 0;
      let added = 0;
      let fetches = 0;

      const work = (cycles: Cycles): void => {
        free += cycles;
        busy += cycles;
      };
      /** Adds items up to and including `last`. */
      const addUpTo = (last: number): void => {
        for (; added <= last; added++) {
          work(updates[added]! * updateCycles);
          const row = wanted[added]!;
          waitFor(row);
          const visible = lookedUp[added]! + 1;
          const ready = Math.max(visible, arrived[row]!);
          if (ready > free) {
            if (ready > visible) waitedForDram += ready - free;
            else waitedForLookup += ready - free;
            free = ready;
          }
          work(passes[added]! * passCycles);
          finished[added] = free;
        }
      };

      for (let item = 0; item < items; item++) {
        let at = item === 0 ? start : lookedUp[item - 1]! + 1;
        if (item >= depth) {
          addUpTo(item - depth);
          at = Math.max(at, finished[item - depth]!);
        }
        const row = wanted[item]!;
        if (!buffered || !buffer.touch(row)) {
          at = roomFrom(at);
          const cycle = crossClock(at, clock, dramClock);
          port.request(row, cycle);
          onFetch?.(row, cycle, item);
          arrived[row] = UNKNOWN;
          flying.push(row);
          fetches++;
        }
        lookedUp[item] = at;
      }
      addUpTo(items - 1);
      work(updates[items]! * updateCycles);
      now = free;
      return { start, latency: free - start, busy, waitedForDram, waitedForLookup, fetches };
    },
  };
}
