import type { Kilohertz } from '../engine/clock-crossing.ts';
import { cycleFrom, NEVER, ticksPerCycle } from '../engine/common-tick.ts';
import { createEventLoop, type EventLoop } from '../engine/event-loop.ts';
import type { ChannelActivity } from '../hardware/activity.ts';
import type { Bytes, Cycles } from '../units/flavours.ts';
import { type Core, type CoreLog, type CoreMachine, type CoreTiming, createCore, NO_ROW } from './core.ts';
import {
  ANY,
  createDramPort,
  type DramPort,
  NOTHING,
  type PortMemory,
  type PortSource,
} from './dram-port.ts';
import { createInterconnect, type Interconnect, type InterconnectShape } from './interconnect.ts';
import { addRow, type RowPieces } from './row-pieces.ts';
import { createRowStore, type RowStore } from './row-store.ts';
import type { Schedule } from './schedule.ts';
import { allHeard, createSpikeExchange, type HeardCore } from './spike-exchange.ts';
import { createTrafficSource, type Traffic } from './traffic-source.ts';
import { createWeightLoader, type WeightLoader } from './weight-loader.ts';

/** One core of a system: its timing, and what of each weight row is its own. */
export interface SystemCore {
  readonly passCycles: CoreMachine['passCycles'];
  readonly updateCycles: CoreMachine['updateCycles'];
  readonly pieces: RowPieces;
  /** Bytes that a fetch of one row brings, whole bursts; of each row, where they differ. */
  readonly rowBytes: Bytes | ArrayLike<Bytes>;
  /** Neurons whose spikes the others get; of each population, where there are several. */
  readonly neurons: number | ArrayLike<number>;
  /** Of rows of different sizes: those that they take in the buffer, and how many of the core's largest it holds. */
  readonly stored?: { readonly sizes: ArrayLike<Bytes>; readonly fit: number };
  /** The cores whose spikes it hears; by default all others. */
  readonly hears?: readonly HeardCore[];
}

/** Cores, what joins them to the memory, and who else uses it. */
export interface SystemShape {
  readonly clock: Kilohertz;
  readonly cores: readonly SystemCore[];
  /** Weight rows in all. */
  readonly rows: number;
  /** Rows (of a core's slice, or whole ones if shared; bytes where rows differ) that a buffer holds, and rows that may be under way to it. */
  readonly store: { readonly capacity: number; readonly outstanding: number; readonly shared: boolean };
  /** Items that a core may look up but not yet have added; never more than its part of the buffer has rows, but at least 1. */
  readonly prefetch: number;
  /** Absent, the one core stands at the memory itself. */
  readonly interconnect?: Omit<InterconnectShape, 'perCycle'> & { readonly clock: Kilohertz };
  readonly traffic?: readonly Traffic[];
  /** What writes the weights: all rows, whole. */
  readonly loader?: { readonly pieces: RowPieces; readonly outstanding: number };
  /** Weights of the arbiter of the memory's channels, by source; by default 1 each. */
  readonly weights?: readonly number[];
}

/** One inference (or one batch), in cycles of the cores. */
export interface SystemTiming {
  readonly start: Cycles;
  /** Until the last core is done. */
  readonly latency: Cycles;
  readonly cores: readonly CoreTiming[];
}

/** Called for each row that is fetched, as its request reaches the memory: the core, the row, the DRAM cycle and the item. */
export type FetchLog = (core: number, row: number, cycle: Cycles, item: number) => void;

export interface SystemLogs {
  readonly fetched?: FetchLog;
  readonly core?: (core: number) => CoreLog;
}

/** Cores and memory in one loop: what the memory answers decides when the next row is requested. */
export interface System {
  /** One inference after the other: begins one, which `step` carries on. All cores have one schedule, or each its own. */
  begin(schedule: Schedule | readonly Schedule[]): void;
  /** Runs so many events of it; its timing when it is done. */
  step(events: number): SystemTiming | undefined;
  /** Both. */
  run(schedule: Schedule | readonly Schedule[]): SystemTiming;
  /** Writes all weights; what the memory did up to then, and the cycles of the cores that it took. */
  load(): { readonly latency: Cycles; readonly activity: ChannelActivity };
  /** Ends the traffic as the last action has ended, and serves what is under way. */
  finish(): ReturnType<DramPort['finish']>;
  readonly port: DramPort;
  readonly ways: Interconnect['ways'];
  readonly loop: EventLoop;
  /** DRAM cycles by which requests of each traffic were later than their own times, in all. */
  heldBack(): readonly Cycles[];
  /** Cycles of the cores so far. */
  readonly now: Cycles;
}

/** What is one for all, or that of a part. */
const ofPart = (of: number | ArrayLike<number>, part: number): number =>
  typeof of === 'number' ? of : of[part]!;

/** Sources of a system by number: its cores, its traffic in order, what writes the weights. */
export function createSystem(
  { clock, cores: shapes, rows, store: { capacity, outstanding, shared }, prefetch, ...shape }: SystemShape,
  dramClock: Kilohertz,
  memory: PortMemory,
  { fetched, core: logOf }: SystemLogs = {},
): System {
  const { interconnect: joined, traffic = [], loader, weights = [] } = shape;
  const [core, dram, between] = ticksPerCycle([clock, dramClock, ...(joined ? [joined.clock] : [])]) as [
    number,
    number,
    number,
  ];
  const loop = createEventLoop();
  // With fewer items ahead than rows in the buffer, no row is replaced before those who wait for it have used it.
  const depthOf = ({ stored }: SystemCore): number => {
    const fit = stored?.fit ?? capacity;
    return Math.max(1, Math.min(prefetch, shared ? Math.floor(fit / shapes.length) : fit));
  };
  const stores: RowStore[] = [];
  for (const [k, { stored }] of shapes.entries())
    stores.push(
      shared && k > 0 ? stores[0]! : createRowStore(capacity, rows, outstanding, shared, stored?.sizes),
    );
  const everyone = allHeard(shapes.length);
  const heard = shapes.map(({ hears }, k) => hears ?? everyone[k]!);
  const exchange = createSpikeExchange(heard);
  /** The latest request for each row of each core. */
  const requestOf = shapes.map(() => new Int32Array(rows));
  const itemOf = shapes.map(() => new Float64Array(rows));
  const sent = new Float64Array(shapes.length);
  let computing = 0;
  let now: Cycles = 0;

  const cores: readonly Core[] = shapes.map((machine, k) =>
    createCore(
      loop,
      core,
      { ...machine, depth: depthOf(machine) },
      stores[k]!,
      {
        ahead: joined === undefined,
        fetch(row, cycle, item) {
          itemOf[k]![row] = item;
          if (ways) ways.request(k, row, cycle * core, sent[k]!++);
          else request(k, row, cycle * core);
          if (shared)
            for (const [other, one] of cores.entries())
              if (other !== k) one.requested(row, other > k ? cycle : cycle + 1);
        },
        awaits(row) {
          // Behind an interconnect, which chooses between answers, each of them counts.
          if (!ways) port.awaits(k, row === NO_ROW ? NOTHING : row >= 0 ? requestOf[k]![row]! : ANY);
        },
        updated(n, cycle, population) {
          if (exchange.isHeard(k))
            ways?.spikes(
              k,
              exchange.numberOf(n),
              Math.ceil(ofPart(machine.neurons, population) / 8),
              cycle * core,
            );
        },
        spikesFrom: (n) => exchange.complete(k, n),
        finished() {
          if (--computing === 0) loop.halt();
        },
      },
      logOf?.(k),
    ),
  );
  const sources: PortSource[] = [
    ...shapes.map(
      ({ rowBytes }, k): PortSource => ({
        weight: weights[k] ?? 1,
        done(row, cycle, sequence) {
          if (ways) ways.reply(k, row, ofPart(rowBytes, row), cycle * dram, sequence);
          else arrive(k, row, cycle * dram);
        },
      }),
    ),
  ];
  const flows = traffic.map((flow, i) => {
    const number = shapes.length + i;
    const source = createTrafficSource(loop, dram, flow, number, () => port);
    sources.push({ weight: weights[number] ?? 1, done: source.done });
    return source;
  });
  let writer: WeightLoader | undefined;
  if (loader) {
    const number = sources.length;
    writer = createWeightLoader(loop, dram, loader, number, () => port, rows);
    sources.push({ weight: weights[number] ?? 1, done: writer.done });
  }
  const port = createDramPort(loop, dram, memory, sources);
  const ways = joined
    ? createInterconnect(
        loop,
        { ...joined, perCycle: between },
        shapes.length,
        {
          requestArrives: request,
          rowArrives: arrive,
          spikesArrive(from, to, n, time) {
            if (exchange.arrive(from, to, n, cycleFrom(time, core))) cores[to]!.wake();
          },
        },
        (to, from) => heard[to]!.some((one) => one.core === from),
      )
    : undefined;

  function request(k: number, row: number, time: number): void {
    const { pieces } = shapes[k]!;
    const cycle = cycleFrom(time, dram);
    fetched?.(k, row, cycle, itemOf[k]![row]!);
    const number = port.open(k, row, false, cycle);
    requestOf[k]![row] = number;
    addRow(port, number, pieces, row);
    if (ways) port.awaits(k, ANY);
  }
  function arrive(k: number, row: number, time: number): void {
    stores[k]!.arrive(row, cycleFrom(time, core));
    if (!shared) cores[k]!.wake();
    else for (const one of cores) one.wake();
  }

  function begin(schedule: Schedule | readonly Schedule[]): void {
    exchange.begin();
    computing = cores.length;
    for (const [k, one] of cores.entries()) one.begin('rows' in schedule ? schedule : schedule[k]!, now);
  }
  function step(events: number): SystemTiming | undefined {
    const start = now;
    if (!loop.run(NEVER, events)) return undefined;
    if (computing > 0) throw new Error(`${computing} cores wait for what never comes`);
    const timings = cores.map((one) => one.timing());
    now = Math.max(...timings.map(({ end }) => end));
    return { start, latency: now - start, cores: timings };
  }

  return {
    begin,
    step,
    run(schedule) {
      begin(schedule);
      return step(Number.POSITIVE_INFINITY)!;
    },
    load() {
      if (!writer) throw new Error('a system without a loader');
      const start = now;
      writer.begin(cycleFrom(start * core, dram));
      loop.run();
      const end = writer.end * dram;
      loop.run(end - 1);
      now = cycleFrom(end, core);
      return { latency: now - start, activity: port.activityTo(writer.end) };
    },
    finish() {
      // The last core was known to be done before that time had come.
      loop.run(now * core - 1);
      for (const flow of flows) flow.stop();
      return port.finish();
    },
    port,
    heldBack: () => flows.map((flow) => flow.heldBack),
    ways: ways?.ways ?? [],
    loop,
    get now() {
      return now;
    },
  };
}
