import type { Schedule } from '../../src/accelerator/schedule.ts';
import type { RowBuffer, RowFetch } from './row-buffer.ts';

export interface ReferenceCoreTiming {
  start: number;
  end: number;
  busy: number;
  waitedForDram: number;
  waitedForLookup: number;
  waitedForSpikes: number;
  fetches: number;
}

/** What a core does in one inference; cycles are its own. */
export interface ReferenceCore {
  begin(schedule: Schedule, cycle: number): void;
  /** What has ended by the beginning of a cycle makes room for what begins then. */
  settle(cycle: number): void;
  /** The lookup of the cycle. */
  lookUp(cycle: number): void;
  /** The cycle goes by. */
  spend(): void;
  done(): boolean;
  timing(): ReferenceCoreTiming;
}

export interface CoreSides {
  /** Of each row, of each population. */
  passCycles(row: number): number;
  updateCycles(population: number): number;
  depth: number;
  buffer: RowBuffer;
  /** Whether it asks the buffer even in `stream`. */
  shared: boolean;
  /** Requests a row for an item. */
  fetch(row: number, item: number, cycle: number): RowFetch;
  hasArrived(fetch: RowFetch, cycle: number): boolean;
  /** The n-th update of the inference has ended with a cycle. */
  updated(n: number, cycle: number, population: number): void;
  /** Whether the n-th spikes of all others that it hears are there. */
  spikesAreThere(n: number): boolean;
}

/** A core of docs/accelerator.md and docs/engine.md, each of its cycles ticked. */
export function referenceCore(sides: CoreSides): ReferenceCore {
  let schedule: Schedule = { rows: [], passes: [], updates: [0], buffered: true, images: 1 };
  let lookedUp: { row: number; fetch: RowFetch; cycle: number }[] = [];
  let finished = 0;
  let adding: { left: number } | undefined;
  let updating: { left: number } | undefined;
  /** Updates that come before the next addition, and those of the inference that have ended. */
  let updatesDue = 0;
  let updates = 0;
  const population = (): number => schedule.populations?.[updates] ?? 0;
  /** Whether it is known which row an item needs. */
  const isKnown = (item: number): boolean =>
    updates >= (schedule.after?.[item] ?? 0) && heardBy(schedule.heard?.[item] ?? 0);
  const heardBy = (sets: number): boolean => sets === 0 || sides.spikesAreThere(sets - 1);
  /** The wait so far of the item that is next, charged to what ends it. */
  let waited = 0;
  let timing: ReferenceCoreTiming;
  let done = true;

  /** One thing that ends or begins with the cycle, without time; whether there was one. */
  function moved(cycle: number): boolean {
    if (done) return false;
    if (updating) {
      if (updating.left > 0) return false;
      updating = undefined;
      updatesDue--;
      const of = population();
      sides.updated(updates++, cycle, of);
      return true;
    }
    if (updatesDue > 0) {
      const before = updates - (schedule.behind ?? schedule.images);
      if (before >= 0 && !sides.spikesAreThere(before)) return false;
      updating = { left: sides.updateCycles(population()) };
      return true;
    }
    if (adding) {
      if (adding.left > 0) return false;
      adding = undefined;
      sides.buffer.release(lookedUp[finished]!.row);
      finished++;
      updatesDue = schedule.updates[finished]!;
      return true;
    }
    if (finished === schedule.rows.length) {
      done = true;
      timing.end = cycle;
      return true;
    }
    const item = lookedUp[finished];
    if (!item || cycle <= item.cycle || !sides.hasArrived(item.fetch, cycle)) return false;
    if (sides.hasArrived(item.fetch, item.cycle + 1)) timing.waitedForLookup += waited;
    else timing.waitedForDram += waited;
    waited = 0;
    adding = { left: schedule.passes[finished]! * sides.passCycles(item.row) };
    return true;
  }

  return {
    begin(next, cycle) {
      schedule = next;
      lookedUp = [];
      finished = 0;
      updates = 0;
      updatesDue = schedule.updates[0]!;
      timing = {
        start: cycle,
        end: cycle,
        busy: 0,
        waitedForDram: 0,
        waitedForLookup: 0,
        waitedForSpikes: 0,
        fetches: 0,
      };
      done = false;
    },
    settle(cycle) {
      while (moved(cycle)) {
        // Until nothing more ends or begins.
      }
    },
    lookUp(cycle) {
      const item = lookedUp.length;
      if (done || item === schedule.rows.length || item - finished >= sides.depth) return;
      if (!isKnown(item)) return;
      const row = schedule.rows[item]!;
      const keeps = schedule.buffered || sides.shared;
      let fetch = keeps ? sides.buffer.find(row) : undefined;
      if (!fetch) {
        if (!sides.buffer.mayFetch(cycle)) return;
        fetch = sides.fetch(row, item, cycle);
        sides.buffer.add(fetch, keeps);
        timing.fetches++;
      }
      sides.buffer.hold(row);
      lookedUp.push({ row, fetch, cycle });
    },
    spend() {
      if (done) return;
      const working = updating ?? adding;
      if (working) {
        working.left--;
        timing.busy++;
      } else if (updatesDue > 0 || !heardBy(schedule.heard?.[finished] ?? 0)) timing.waitedForSpikes++;
      else waited++;
    },
    done: () => done,
    timing: () => ({ ...timing }),
  };
}
