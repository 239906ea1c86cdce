import type { Schedule } from '../../src/accelerator/schedule.ts';
import type { ControllerOptions } from '../../src/dram/controller-options.ts';
import type { ArbiterKind } from '../../src/engine/arbiter.ts';
import type { Organisation } from '../../src/hardware/device.ts';
import type { ResolvedTiming } from '../../src/hardware/resolved-timing.ts';
import type { Issued } from './constraint-history.ts';
import { type ReferenceCoreTiming, referenceCore } from './core.ts';
import { referenceInterconnect } from './interconnect.ts';
import {
  type Place,
  type ReferenceCounts,
  type ReferenceMemory,
  referenceMemory,
  type TakenRun,
} from './memory.ts';
import { type RowFetch, rowBuffer } from './row-buffer.ts';

/** Sizes in bytes, clocks in kHz, cycles of the clock that each thing has. */
export interface ReferenceShape {
  clock: number;
  cores: {
    /** One for all, or of each row, each population. */
    passCycles: number | ArrayLike<number>;
    updateCycles: number | ArrayLike<number>;
    /** The bursts that a fetch of each weight row brings. */
    rows: Place[][];
    rowBytes: number | ArrayLike<number>;
    neurons: number | ArrayLike<number>;
    /** Bytes of each row in the buffer, and how many of the core's largest that holds. */
    stored?: { sizes: ArrayLike<number>; fit: number };
    /** Cores whose spikes it hears, by default all others: the n-th of each belong to its set n + later. */
    hears?: readonly { core: number; later: number }[];
  }[];
  store: { capacity: number; outstanding: number; shared: boolean };
  prefetch: number;
  interconnect?: {
    kind: 'bus' | 'crossbar';
    clock: number;
    width: number;
    latency: number;
    arbiter: ArbiterKind;
  };
  traffic: {
    outstanding: number;
    requests: { cycle: number; write: boolean; places: Place[] }[];
  }[];
  loader?: { outstanding: number; rows: Place[][] };
  memory: {
    clock: number;
    organisation: Organisation;
    timing: ResolvedTiming;
    options: ControllerOptions;
    arbiter: ArbiterKind;
    weights: number[];
  };
}

/** One thing after the other: an inference (or a batch) on all cores, or the writing of all weights. */
export type Action = Schedule | readonly Schedule[] | 'load';

export interface ReferenceSystemRun {
  actions: { start: number; latency: number; cores: ReferenceCoreTiming[] }[];
  /** By core, in the order in which the requests reach the memory. */
  fetches: { row: number; item: number; cycle: number }[][];
  /** By traffic: DRAM cycles by which its requests were later than their own times, in all. */
  heldBack: number[];
  counts: readonly ReferenceCounts[];
  taken: readonly TakenRun[];
  commands: Issued[][];
}

const REQUEST_BYTES = 8;

/**
 * A system by docs/engine.md and docs/accelerator.md, written to be read: the walk visits each time at which a cycle of any clock
 * begins. At one time what has arrived is handed over, then come the cores, the traffic, the writing of weights, the memory and the ways.
 */
export function referenceSystem(shape: ReferenceShape, actions: readonly Action[]): ReferenceSystemRun {
  const { memory: described, interconnect: joined } = shape;
  const clocks = [shape.clock, described.clock, ...(joined ? [joined.clock] : [])];
  const common = clocks.reduce((a, b) => (a * b) / greatestCommonDivisor(a, b));
  const period = common / shape.clock;
  const dramPeriod = common / described.clock;
  const wayPeriod = joined ? common / joined.clock : Number.POSITIVE_INFINITY;

  const number = shape.cores.length;
  const loaderSource = number + shape.traffic.length;
  const memory = referenceMemory(
    described.organisation,
    described.timing,
    described.options,
    described.arbiter,
    described.weights,
  );
  const interconnect = joined && referenceInterconnect(joined.kind, { ...joined, period: wayPeriod }, number);
  const hasArrived = ({ arrived }: RowFetch, cycle: number): boolean =>
    arrived !== undefined && arrived <= cycle * period;
  const { capacity, outstanding, shared } = shape.store;
  const buffers = shape.cores.map(({ stored }) =>
    rowBuffer(capacity, outstanding, hasArrived, stored && ((row) => stored.sizes[row]!)),
  );
  const depthOf = (fit: number): number =>
    Math.max(1, Math.min(shape.prefetch, shared ? Math.floor(fit / number) : fit));
  const of = (one: number | ArrayLike<number>, part: number): number =>
    typeof one === 'number' ? one : one[part]!;
  const hearing = shape.cores.map(
    ({ hears }, core) =>
      hears ??
      [...shape.cores.keys()].filter((other) => other !== core).map((other) => ({ core: other, later: 0 })),
  );
  const fetches: ReferenceSystemRun['fetches'] = shape.cores.map(() => []);
  let order = 0;
  let inference = 0;
  /** Spikes that have arrived: inference, update, from whom and to whom. */
  const heard = new Set<string>();

  function fetch(core: number, row: number, item: number, cycle: number): RowFetch {
    const { rows, rowBytes } = shape.cores[core]!;
    const one: RowFetch = { row, arrived: undefined };
    const sequence = order++;
    const reach = (time: number): void => {
      const dramCycle = Math.ceil(time / dramPeriod);
      fetches[core]!.push({ row, item, cycle: dramCycle });
      memory.request(core, false, rows[row]!, dramCycle, (end) => {
        if (!interconnect) one.arrived = end * dramPeriod;
        else
          interconnect.row(core, {
            ready: end * dramPeriod,
            kind: 0,
            order: sequence,
            bytes: of(rowBytes, row),
            arrives(then) {
              one.arrived = then;
            },
          });
      });
    };
    const ready = cycle * period;
    if (!interconnect) reach(ready);
    else
      interconnect.request(core, { ready, kind: 0, order: sequence, bytes: REQUEST_BYTES, arrives: reach });
    return one;
  }

  const cores = shape.cores.map(({ passCycles, updateCycles, neurons, stored }, core) =>
    referenceCore({
      passCycles: (row) => of(passCycles, row),
      updateCycles: (population) => of(updateCycles, population),
      depth: depthOf(stored?.fit ?? capacity),
      buffer: buffers[shared ? 0 : core]!,
      shared,
      fetch: (row, item, cycle) => fetch(core, row, item, cycle),
      hasArrived,
      updated(n, cycle, population) {
        const own = inference;
        if (hearing.some((cores) => cores.some((one) => one.core === core)))
          interconnect!.spikes(
            core,
            {
              ready: cycle * period,
              kind: 1,
              order: order++,
              bytes: Math.ceil(of(neurons, population) / 8),
            },
            (other) => heard.add([own, n, core, other].join()),
            (other) => hearing[other]!.some((one) => one.core === core),
          );
      },
      spikesAreThere: (n) =>
        hearing[core]!.every(
          ({ core: other, later }) => n < later || heard.has([inference, n - later, other, core].join()),
        ),
    }),
  );
  const flows = shape.traffic.map((traffic, i) => trafficFlow(traffic, number + i, memory));
  const loader = shape.loader && weightLoader(shape.loader, loaderSource, memory);

  const done: ReferenceSystemRun['actions'] = [];
  let next = 0;
  let start = 0;
  /** Begins what comes next when all cores, or the writing, are done at the beginning of a cycle. */
  function goOn(cycle: number): boolean {
    for (;;) {
      for (const core of cores) core.settle(cycle);
      const action = actions[next - 1];
      if (
        action === 'load' ? !loader!.doneBy(cycle * period, dramPeriod) : !cores.every((core) => core.done())
      )
        return true;
      if (action)
        done.push({
          start,
          latency: cycle - start,
          cores: action === 'load' ? [] : cores.map((core) => core.timing()),
        });
      const following = actions[next++];
      if (following === undefined) return false;
      start = cycle;
      inference++;
      if (following === 'load') loader!.begin();
      else
        for (const [k, core] of cores.entries())
          core.begin('rows' in following ? following : following[k]!, cycle);
    }
  }

  let dramCycle = 0;
  /** Cycles of the memory that belong to the run even if nothing is requested any more. */
  let ran = 0;
  for (let tick = 0; ; ) {
    for (const way of interconnect?.ways ?? []) way.deliver(tick);
    if (tick % period === 0) {
      const cycle = tick / period;
      if (!goOn(cycle)) break;
      for (const core of cores) core.lookUp(cycle);
      for (const core of cores) core.spend();
    }
    if (tick % dramPeriod === 0) {
      for (const flow of flows) flow.cycle(dramCycle);
      loader?.cycle(dramCycle);
      memory.tick();
      dramCycle++;
    }
    if (interconnect && tick % wayPeriod === 0) for (const way of interconnect.ways) way.cycle(tick);
    tick = Math.min(...[period, dramPeriod, wayPeriod].map((p) => (Math.floor(tick / p) + 1) * p));
    if (tick > 1_000_000 * dramPeriod) throw new Error('no end in a million cycles');
  }
  ran = loader?.end() ?? 0;
  while (memory.busy()) memory.tick();
  return {
    actions: done,
    fetches,
    heldBack: flows.map((flow) => flow.heldBack()),
    counts: memory.counts,
    taken: memory.taken,
    commands: memory.commands(ran),
  };
}

/** Traffic: a request is sent at its time, but not before fewer than the limit are under way. */
function trafficFlow(
  { outstanding, requests }: ReferenceShape['traffic'][number],
  source: number,
  memory: ReferenceMemory,
) {
  const ends: (number | undefined)[] = [];
  let heldBack = 0;
  return {
    heldBack: () => heldBack,
    cycle(now: number): void {
      for (;;) {
        const request = requests[ends.length];
        if (!request || request.cycle > now || underWay(ends, now) >= outstanding) return;
        const own = ends.length;
        ends.push(undefined);
        heldBack += now - request.cycle;
        memory.request(source, request.write, request.places, now, (end) => {
          ends[own] = end;
        });
      }
    },
  };
}

/** What writes the weights: row after row, as many as its limit at once. */
function weightLoader(
  { outstanding, rows }: NonNullable<ReferenceShape['loader']>,
  source: number,
  memory: ReferenceMemory,
) {
  let ends: (number | undefined)[] = [];
  let writing = false;
  const allEnded = (): boolean => ends.length === rows.length && ends.every((end) => end !== undefined);
  const end = (): number => Math.max(0, ...ends.map((one) => one ?? 0));
  return {
    begin(): void {
      ends = [];
      writing = true;
    },
    cycle(now: number): void {
      while (writing && ends.length < rows.length && underWay(ends, now) < outstanding) {
        const own = ends.length;
        ends.push(undefined);
        const into = ends;
        memory.request(source, true, rows[own]!, now, (time) => {
          into[own] = time;
        });
      }
    },
    end,
    doneBy: (tick: number, dramPeriod: number): boolean => allEnded() && end() * dramPeriod <= tick,
  };
}

const underWay = (ends: readonly (number | undefined)[], now: number): number =>
  ends.filter((end) => end === undefined || end > now).length;

const greatestCommonDivisor = (a: number, b: number): number =>
  b === 0 ? a : greatestCommonDivisor(b, a % b);
