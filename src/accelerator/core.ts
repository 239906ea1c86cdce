import { grown } from '../bytes/grown.ts';
import { cycleFrom, NEVER, type Ticks } from '../engine/common-tick.ts';
import type { EventLoop } from '../engine/event-loop.ts';
import type { Cycles } from '../units/flavours.ts';
import { type RowStore, UNKNOWN } from './row-store.ts';
import type { Schedule } from './schedule.ts';

/** A core as its timing sees it; cycles are its own. docs/accelerator.md has the semantics. */
export interface CoreMachine {
  /** Cycles to add one weight row to its neurons (of each row, where they differ), and to update them (of each population) at the end of a time step. */
  readonly passCycles: Cycles | ArrayLike<Cycles>;
  readonly updateCycles: Cycles | ArrayLike<Cycles>;
  /** Items that may be looked up but not yet added, at least 1; never more than the buffer has rows for. */
  readonly depth: number;
}

/** What a core did in one inference, in its cycles: the first five sum to the time from `start` to `end`. */
export interface CoreTiming {
  readonly start: Cycles;
  readonly end: Cycles;
  /** Cycles in which the processing elements work. */
  readonly busy: Cycles;
  /** Cycles in which they wait for a row from DRAM, for a row on chip to be looked up, and for spikes of other cores. */
  readonly waitedForDram: Cycles;
  readonly waitedForLookup: Cycles;
  readonly waitedForSpikes: Cycles;
  /** Items whose row was fetched; the others found it on chip or on its way. */
  readonly fetches: number;
}

/** What a core asks of the rest of the system. */
export interface CoreSurroundings {
  /** Whether a request may be told of before its cycle has come: nobody else's requests have to be put in order with it. */
  readonly ahead: boolean;
  /** Requests a row at a cycle, for an item. */
  fetch(row: number, cycle: Cycles, item: number): void;
  /**
   * Until which answer the core does nothing more: that to its request for a row, to any of its requests (ANY_ROW), or none (NO_ROW).
   */
  awaits(row: number): void;
  /** The core has made the n-th update of the inference, of one of its populations, at a cycle that may lie ahead. */
  updated(n: number, cycle: Cycles, population: number): void;
  /** When the n-th spikes of all other cores that it hears have reached this one; UNKNOWN before that is known. */
  spikesFrom(n: number): Cycles;
  /** The inference is computed up to its end, which may lie ahead. */
  finished(): void;
}

export const ANY_ROW = -1;
export const NO_ROW = -2;

/** Hears of what the processing elements do, in the order of time: the kind, from and to which cycle, and the row of an addition. */
export type CoreLog = (kind: CoreActivity, from: Cycles, to: Cycles, row: number) => void;
export type CoreActivity = 'add' | 'update' | 'wait-dram' | 'wait-lookup' | 'wait-spikes';

export interface Core {
  /** Begins an inference at a cycle that is not past. */
  begin(schedule: Schedule, start: Cycles): void;
  /** Considers anew what it does next, after something has become known. */
  wake(): void;
  /** Another core has requested a row into the store that they share; this one may find it there from a cycle on. */
  requested(row: number, cycle: Cycles): void;
  /** Of the inference that has finished. */
  timing(): CoreTiming;
}

/**
 * A core as a component: it looks up the rows of its items, requests those that the store lacks, and adds rows and updates
 * neurons in order. Its events are requests (and, with a shared store, lookups); all else follows from times that are known.
 */
export function createCore(
  loop: EventLoop,
  perCycle: Ticks,
  { passCycles, updateCycles, depth }: CoreMachine,
  store: RowStore,
  surroundings: CoreSurroundings,
  log?: CoreLog,
): Core {
  const component = loop.add({ advance });
  let schedule: Schedule = { rows: [], passes: [], updates: [0], buffered: false, images: 1 };
  let lookedUp = new Float64Array(0);
  let finished = new Float64Array(0);
  /** When each update ended. */
  let updated = new Float64Array(64);
  let start: Cycles = 0;
  /** When the elements are free. */
  let free: Cycles = 0;
  /** Items looked up, items added, updates before the next item, updates in all. */
  let item = 0;
  let added = 0;
  let updatesDue = 0;
  let updates = 0;
  let busy = 0;
  let waitedForDram = 0;
  let waitedForLookup = 0;
  let waitedForSpikes = 0;
  let fetches = 0;
  let computed = true;
  /** The row for which there is no room, if that is what the core waits for. */
  let wanted = NO_ROW;

  function work(kind: CoreActivity, cycles: Cycles, row: number): void {
    if (log && cycles > 0) log(kind, free, free + cycles, row);
    free += cycles;
    busy += cycles;
  }
  function wait(kind: CoreActivity, until: Cycles, row: number): Cycles {
    const cycles = until - free;
    if (log) log(kind, free, until, row);
    free = until;
    return cycles;
  }

  /** Updates that are due; false where the spikes for one are not known to have come. */
  function update(): boolean {
    for (; updatesDue > 0; updatesDue--) {
      const before = updates - (schedule.behind ?? schedule.images);
      const spikes = before < 0 ? free : surroundings.spikesFrom(before);
      if (spikes === UNKNOWN) return false;
      if (spikes > free) waitedForSpikes += wait('wait-spikes', spikes, -1);
      const population = schedule.populations?.[updates] ?? 0;
      work('update', typeof updateCycles === 'number' ? updateCycles : updateCycles[population]!, -1);
      if (updates === updated.length) updated = grown(updated, 2 * updates);
      updated[updates] = free;
      surroundings.updated(updates++, free, population);
    }
    return true;
  }

  /** From when on it is known which row the next item needs; UNKNOWN before that is known. */
  function knownFrom(): Cycles {
    const { after, heard } = schedule;
    let from = start;
    const own = after ? after[item]! : 0;
    if (own > updates) return UNKNOWN;
    if (own > 0) from = updated[own - 1]!;
    const others = heard ? heard[item]! : 0;
    if (others === 0) return from;
    const spikes = surroundings.spikesFrom(others - 1);
    return spikes === UNKNOWN ? UNKNOWN : Math.max(from, spikes);
  }

  /** Adds what is looked up and known to arrive; the row that the next addition waits for, if that is what stops it. */
  function add(): number {
    const { rows, passes } = schedule;
    while (update() && added < item) {
      const row = rows[added]!;
      const arrived = store.arrival(row);
      if (arrived === UNKNOWN) return row;
      const others = schedule.heard ? schedule.heard[added]! : 0;
      const spikes = others === 0 ? free : surroundings.spikesFrom(others - 1);
      if (spikes > free) waitedForSpikes += wait('wait-spikes', spikes, -1);
      const visible = lookedUp[added]! + 1;
      const ready = Math.max(visible, arrived);
      if (ready > free) {
        if (ready > visible) waitedForDram += wait('wait-dram', ready, row);
        else waitedForLookup += wait('wait-lookup', ready, row);
      }
      work('add', passes[added]! * (typeof passCycles === 'number' ? passCycles : passCycles[row]!), row);
      finished[added] = free;
      if (store.shared) store.unpin(row, free);
      added++;
      updatesDue = schedule.updates[added]!;
    }
    return NO_ROW;
  }

  /** Looks up and requests what is due by `now`, and adds what is known; the cycle of what it does next. */
  function step(now: Cycles): Cycles {
    const { rows, buffered } = schedule;
    const items = rows.length;
    wanted = NO_ROW;
    for (;;) {
      const missing = add();
      if (item === items) {
        if (added === items && updatesDue === 0) {
          if (!computed) {
            computed = true;
            surroundings.awaits(NO_ROW);
            surroundings.finished();
          }
        } else surroundings.awaits(missing);
        return NEVER;
      }
      if (item - added >= depth) {
        surroundings.awaits(missing);
        return NEVER;
      }
      const known = knownFrom();
      if (known === UNKNOWN) {
        surroundings.awaits(missing);
        return NEVER;
      }
      let at = item === 0 ? known : Math.max(known, lookedUp[item - 1]! + 1);
      if (item >= depth) at = Math.max(at, finished[item - depth]!);
      if (store.shared) {
        // A lookup that found no room is tried again later.
        if (at > now) {
          surroundings.awaits(NO_ROW);
          return Math.max(at, cycleFrom(loop.now, perCycle));
        }
        at = now;
      }
      const row = rows[item]!;
      const keeps = buffered || store.shared;
      const held = keeps && store.holds(row);
      if (!held) {
        const room = store.roomFrom(at);
        // Where a place must become free first, an answer may yet come that frees one sooner.
        const certain = room === at;
        if (room > now && !(certain && surroundings.ahead)) {
          surroundings.awaits(certain ? NO_ROW : ANY_ROW);
          wanted = certain ? NO_ROW : row;
          return room;
        }
        at = room;
        store.request(row);
      }
      lookedUp[item] = at;
      if (keeps) store.touch(row, at);
      if (store.shared) store.pin(row);
      if (!held) {
        surroundings.fetch(row, at, item);
        fetches++;
      }
      item++;
    }
  }

  const timeOf = (cycle: Cycles): Ticks => (cycle === NEVER ? NEVER : cycle * perCycle);
  function advance(now: Ticks): Ticks {
    return timeOf(step(cycleFrom(now, perCycle)));
  }

  return {
    begin(next, cycle) {
      schedule = next;
      const items = next.rows.length;
      if (lookedUp.length < items) {
        lookedUp = new Float64Array(2 * items);
        finished = new Float64Array(2 * items);
      }
      start = cycle;
      free = cycle;
      item = 0;
      added = 0;
      updatesDue = next.updates[0]!;
      updates = 0;
      busy = 0;
      waitedForDram = 0;
      waitedForLookup = 0;
      waitedForSpikes = 0;
      fetches = 0;
      computed = false;
      loop.announce(component, cycle * perCycle);
    },
    wake() {
      // What is due now is done in the order of the loop.
      if (!computed) loop.announce(component, timeOf(step(-1)));
    },
    requested(row, cycle) {
      if (!computed && row === wanted) loop.announce(component, cycle * perCycle);
    },
    timing: () => ({ start, end: free, busy, waitedForDram, waitedForLookup, waitedForSpikes, fetches }),
  };
}
