import fc from 'fast-check';
import { cutIntoPieces } from '../../src/accelerator/row-pieces.ts';
import { scheduleOfBatch } from '../../src/accelerator/schedule.ts';
import {
  createSystem,
  type System,
  type SystemCore,
  type SystemShape,
} from '../../src/accelerator/system.ts';
import type { Traffic } from '../../src/accelerator/traffic-source.ts';
import { type AddressOrder, createOrderedMapping } from '../../src/dram/address-mapping.ts';
import type { CommandLog } from '../../src/dram/replay.ts';
import { ARBITERS } from '../../src/engine/arbiter.ts';
import { bytesPerBurst } from '../../src/hardware/device.ts';
import { channels as randomChannels } from '../dram/random-channel.ts';
import type { Place } from '../reference/memory.ts';
import type { Action, ReferenceShape } from '../reference/system.ts';

/** Bursts `first` to `first + count - 1` of the memory. */
interface Range {
  first: number;
  count: number;
}
interface TrafficRequest extends Range {
  cycle: number;
  write: boolean;
}

/** A system as both implementations can be built from it, and what it does. */
export interface RandomSystem {
  channel: Pick<ReferenceShape['memory'], 'organisation' | 'timing' | 'options'>;
  dramClock: number;
  order: AddressOrder;
  arbiter: ReferenceShape['memory']['arbiter'];
  /** Of the arbiter of the memory, by source: cores, traffic, what writes the weights. */
  weights: number[];
  clock: number;
  cores: Pick<SystemCore, 'passCycles' | 'updateCycles' | 'neurons' | 'stored' | 'hears'>[];
  /** By core: the bursts of each of its rows. A shared buffer fetches whole rows for all. */
  slices: Range[][];
  rows: Range[];
  store: ReferenceShape['store'];
  prefetch: number;
  interconnect: ReferenceShape['interconnect'];
  traffic: { outstanding: number; requests: TrafficRequest[] }[];
  loading: number;
  actions: Action[];
}

const clocks = fc.constantFrom(1000, 300, 777, 1600, 2500);
const arbiters = fc.constantFrom(...ARBITERS);
const limits = fc.integer({ min: 1, max: 4 });

const interconnects = fc.record({
  kind: fc.constantFrom('bus' as const, 'crossbar' as const),
  clock: fc.oneof(clocks, fc.constantFrom(500, 1000)),
  width: fc.constantFrom(1, 3, 8, 32, 64),
  latency: fc.nat(5),
  arbiter: arbiters,
});

const requests = fc.record({
  gap: fc.oneof(fc.constant(0), fc.nat(12), fc.nat(300)),
  first: fc.oneof(fc.nat(255), fc.nat(40)),
  count: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 20 })),
  write: fc.boolean(),
});

const traffics = fc
  .record({ outstanding: limits, runs: fc.array(requests, { maxLength: 25 }) })
  .map(({ outstanding, runs }) => {
    let cycle = 0;
    return {
      outstanding,
      requests: runs.map(({ gap, first, count, write }): TrafficRequest => {
        cycle += gap;
        return { cycle, first, count: Math.min(count, 256 - first), write };
      }),
    };
  });

/** Spikes of an image: inputs by time step, as many steps as the images that run with it. */
const images = fc.array(fc.array(fc.nat(5), { maxLength: 6 }), { minLength: 3, maxLength: 3 });
const drawnActions = fc.record({
  workload: fc.constantFrom('event' as const, 'event' as const, 'stream' as const),
  steps: fc.integer({ min: 1, max: 3 }),
  batches: fc.array(fc.array(images, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
  /** Before which of them the weights are written. */
  loads: fc.array(fc.constantFrom(false, false, true), { minLength: 4, maxLength: 4 }),
});

export const randomSystems: fc.Arbitrary<RandomSystem> = fc
  .record({
    channel: randomChannels,
    channels: fc.constantFrom(1, 1, 2, 4),
    dramClock: fc.constantFrom(1000, 800, 1333),
    order: fc.constantFrom<AddressOrder[]>('row-bank-column', 'bank-row-column', 'row-column-bank'),
    arbiter: arbiters,
    weights: fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 8, maxLength: 8 }),
    clock: clocks,
    cores: fc.array(
      fc.record({
        passCycles: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 40 })),
        updateCycles: fc.integer({ min: 1, max: 20 }),
        neurons: fc.integer({ min: 1, max: 60 }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    shared: fc.boolean(),
    capacity: fc.nat(6),
    outstanding: limits,
    prefetch: fc.integer({ min: 1, max: 6 }),
    joined: fc.option(interconnects, { freq: 2 }),
    always: interconnects,
    rows: fc.constantFrom(1, 2, 3, 4, 5, 6, 6, 6),
    burstsPerRow: fc.integer({ min: 1, max: 8 }),
    places: fc.shuffledSubarray([...Array(31).keys()], { minLength: 6, maxLength: 6 }),
    shift: fc.nat(7),
    traffic: fc.array(traffics, { maxLength: 2 }),
    loading: limits,
    actions: drawnActions,
  })
  .map((drawn): RandomSystem => {
    const { channel, cores, places, burstsPerRow, shift, shared } = drawn;
    const organisation = { ...channel.organisation, channels: drawn.channels };
    const rows = places
      .slice(0, drawn.rows)
      .map((place): Range => ({ first: place * 8 + shift, count: burstsPerRow }));
    const n = cores.length;
    return {
      channel: { ...channel, organisation },
      dramClock: drawn.dramClock,
      order: drawn.order,
      arbiter: drawn.arbiter,
      weights: drawn.weights.slice(0, n + drawn.traffic.length + 1),
      clock: drawn.clock,
      cores,
      slices: cores.map((_, k) =>
        rows.map(({ first, count }): Range => {
          if (shared) return { first, count };
          // A burst on a border is fetched by both neighbours.
          const begin = Math.floor((k * count) / n);
          return { first: first + begin, count: Math.max(1, Math.ceil(((k + 1) * count) / n) - begin) };
        }),
      ),
      rows,
      store: {
        // Few rows more than cores, so that they are fought over.
        capacity: shared ? n + Math.floor(drawn.capacity / 3) : drawn.capacity,
        outstanding: drawn.outstanding,
        shared,
      },
      prefetch: drawn.prefetch,
      // Only one core can stand at the memory itself.
      interconnect: n > 1 ? drawn.always : (drawn.joined ?? undefined),
      traffic: drawn.traffic,
      loading: drawn.loading,
      actions: actionsOf(drawn.actions, drawn.rows),
    };
  });

function actionsOf(
  { workload, steps, batches, loads }: typeof drawnActions extends fc.Arbitrary<infer T> ? T : never,
  rows: number,
): Action[] {
  const actions = batches.flatMap((batch, i): Action[] => {
    const trains = batch.map((image) => {
      const inputs = image.slice(0, steps).map((spikes) => spikes.map((input) => input % rows));
      const offsets = [0];
      for (const spikes of inputs) offsets.push(offsets.at(-1)! + spikes.length);
      return { steps, offsets, inputs: inputs.flat() };
    });
    const schedule = scheduleOfBatch(workload, rows, trains);
    return loads[i] ? ['load', schedule] : [schedule];
  });
  return loads[batches.length] ? [...actions, 'load'] : actions;
}

export function referenceShape(system: RandomSystem): ReferenceShape {
  const { organisation } = system.channel;
  const mapping = createOrderedMapping(organisation, system.order);
  const at = new Int32Array(6);
  const places = ({ first, count }: Range): Place[] =>
    Array.from({ length: count }, (_, i) => {
      mapping.decode(first + i, at);
      const bank = at[2]! * organisation.banksPerGroup + at[3]!;
      return { channel: at[0]!, rank: at[1]!, bank, row: at[4]!, column: at[5]! };
    });
  return {
    clock: system.clock,
    cores: system.cores.map((core, k) => ({
      ...core,
      rows: system.slices[k]!.map(places),
      rowBytes: rowBytesOf(system, k),
    })),
    store: system.store,
    prefetch: system.prefetch,
    ...(system.interconnect && { interconnect: system.interconnect }),
    traffic: system.traffic.map(({ outstanding, requests }) => ({
      outstanding,
      requests: requests.map((request) => ({ ...request, places: places(request) })),
    })),
    loader: { outstanding: system.loading, rows: system.rows.map(places) },
    memory: {
      ...system.channel,
      clock: system.dramClock,
      arbiter: system.arbiter,
      weights: system.weights,
    },
  };
}

/** One number where all rows of a core are alike. */
function rowBytesOf({ slices, channel }: RandomSystem, core: number): number | number[] {
  const bytes = slices[core]!.map(({ count }) => count * bytesPerBurst(channel.organisation));
  return bytes.every((one) => one === bytes[0]) ? bytes[0]! : bytes;
}

/** A run of bursts as a channel took it. */
export interface Taken {
  source: number;
  write: boolean;
  place: Place;
  count: number;
  cycle: number;
}

export type Command = Parameters<CommandLog>;

/** The event-driven system, and what it does for all to see. */
export interface ObservedSystem {
  system: System;
  fetches: { row: number; item: number; cycle: number }[][];
  taken: Taken[];
  commands: Command[];
}

export function eventDriven(drawn: RandomSystem): ObservedSystem {
  const { organisation, timing, options } = drawn.channel;
  const mapping = createOrderedMapping(organisation, drawn.order);
  const pieces = (ranges: readonly Range[]) =>
    cutIntoPieces(
      {
        start: Uint32Array.from({ length: ranges.length + 1 }, (_, row) => row),
        burst: Float64Array.from(ranges, ({ first }) => first),
        count: Uint32Array.from(ranges, ({ count }) => count),
      },
      organisation,
      mapping,
    );
  const fetches: ObservedSystem['fetches'] = drawn.cores.map(() => []);
  const taken: Taken[] = [];
  const commands: Command[] = [];
  const burstBytes = bytesPerBurst(organisation);
  const traffic = drawn.traffic.map(({ outstanding, requests }): Traffic => {
    let next = 0;
    return {
      mapping,
      organisation,
      outstanding,
      requests: {
        next(run) {
          const request = requests[next++];
          if (!request) return false;
          run.address = request.first * burstBytes;
          run.bursts = request.count;
          run.write = request.write;
          run.arrival = request.cycle;
          return true;
        },
      },
    };
  });
  const shape: SystemShape = {
    clock: drawn.clock,
    cores: drawn.cores.map((core, k) => ({
      ...core,
      pieces: pieces(drawn.slices[k]!),
      rowBytes: rowBytesOf(drawn, k),
    })),
    rows: drawn.rows.length,
    store: drawn.store,
    prefetch: drawn.prefetch,
    ...(drawn.interconnect && { interconnect: drawn.interconnect }),
    traffic,
    loader: { pieces: pieces(drawn.rows), outstanding: drawn.loading },
    weights: drawn.weights,
  };
  const system = createSystem(
    shape,
    drawn.dramClock,
    {
      organisation,
      timing,
      options,
      arbiter: drawn.arbiter,
      log: (...command) => commands.push(command),
      taken(source, write, channel, rank, bank, row, column, count, cycle) {
        taken.push({ source, write, place: { channel, rank, bank, row, column }, count, cycle });
      },
    },
    { fetched: (core, row, cycle, item) => fetches[core]!.push({ row, item, cycle }) },
  );
  return { system, fetches, taken, commands };
}

/** The actions, one after the other, as the reference tells them. */
export function runActions({ system }: ObservedSystem, actions: readonly Action[]) {
  return actions.map((action) => {
    const start = system.now;
    if (action === 'load') return { start, latency: system.load().latency, cores: [] };
    const run = system.run(action);
    return { start: run.start, latency: run.latency, cores: run.cores.map((core) => ({ ...core })) };
  });
}
