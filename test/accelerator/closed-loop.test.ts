import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutIntoPieces } from '../../src/accelerator/row-pieces.ts';
import { type Schedule, scheduleOf } from '../../src/accelerator/schedule.ts';
import { createSystem } from '../../src/accelerator/system.ts';
import { createOrderedMapping } from '../../src/dram/address-mapping.ts';
import { type CommandLog, replay } from '../../src/dram/replay.ts';
import { bytesPerBurst } from '../../src/hardware/device.ts';
import { type Channel, channels as randomChannels } from '../dram/random-channel.ts';
import { randomCases } from '../effort.ts';
import { referenceSystem } from '../reference/system.ts';

const ORDER = 'row-bank-column';

/** A core and its buffer as their timing sees them; the clock in kHz, cycles are the core's. */
interface LoopMachine {
  clock: number;
  passCycles: number;
  updateCycles: number;
  bufferRows: number;
  outstanding: number;
  prefetch: number;
}

interface Loop {
  channel: Channel;
  machine: LoopMachine;
  dramClock: number;
  burstsPerRow: number;
  /** Of the 32 places of 8 bursts that the smallest of the memories has, the one of each weight row. */
  places: number[];
  rows: number;
  schedules: Schedule[];
}

const machines: fc.Arbitrary<LoopMachine> = fc.record({
  clock: fc.constantFrom(1000, 300, 777, 1600, 2500),
  passCycles: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 60 })),
  updateCycles: fc.integer({ min: 1, max: 20 }),
  bufferRows: fc.integer({ min: 0, max: 6 }),
  outstanding: fc.integer({ min: 1, max: 5 }),
  prefetch: fc.integer({ min: 1, max: 6 }),
});

const loops: fc.Arbitrary<Loop> = fc
  .record({
    channel: randomChannels,
    machine: machines,
    dramClock: fc.constantFrom(1000, 800, 1333),
    burstsPerRow: fc.integer({ min: 1, max: 7 }),
    places: fc.shuffledSubarray([...Array(32).keys()], { minLength: 6, maxLength: 6 }),
    rows: fc.integer({ min: 1, max: 6 }),
    workload: fc.constantFrom('event' as const, 'event' as const, 'stream' as const),
    trains: fc.array(fc.array(fc.array(fc.nat(5), { maxLength: 4 }), { minLength: 1, maxLength: 4 }), {
      minLength: 1,
      maxLength: 3,
    }),
  })
  .map(({ workload, trains, ...loop }) => ({
    ...loop,
    schedules: trains.map((steps) => {
      const inputs = steps.map((spikes) => spikes.map((input) => input % loop.rows));
      const offsets = [0];
      for (const spikes of inputs) offsets.push(offsets.at(-1)! + spikes.length);
      return scheduleOf(workload, loop.rows, { steps: steps.length, offsets, inputs: inputs.flat() });
    }),
  }));

/** Weight rows anywhere, so that answers overtake each other. */
function rowRuns({ rows, places, burstsPerRow }: Loop) {
  const start = Uint32Array.from({ length: rows + 1 }, (_, row) => row);
  const burst = Float64Array.from({ length: rows }, (_, row) => places[row]! * 8);
  return { start, burst, count: new Uint32Array(rows).fill(burstsPerRow), burstsPerRow };
}

/** The loop, its fetches, its commands; and the commands of the same requests replayed. */
function runLoop(loop: Loop) {
  const { organisation, timing, options } = loop.channel;
  const mapping = createOrderedMapping(organisation, ORDER);
  const runs = rowRuns(loop);
  const commands: unknown[][] = [];
  const log = (list: unknown[][]): CommandLog => {
    return (...command) => list.push(command);
  };
  const { machine, rows } = loop;
  const fetches: { row: number; cycle: number }[] = [];
  const system = createSystem(
    {
      clock: machine.clock,
      cores: [
        {
          passCycles: machine.passCycles,
          updateCycles: machine.updateCycles,
          pieces: cutIntoPieces(runs, organisation, mapping),
          rowBytes: loop.burstsPerRow * bytesPerBurst(organisation),
          neurons: 1,
        },
      ],
      rows,
      store: { capacity: machine.bufferRows, outstanding: machine.outstanding, shared: false },
      prefetch: machine.prefetch,
    },
    loop.dramClock,
    { organisation, timing, options, log: log(commands) },
    { fetched: (_, row, cycle) => fetches.push({ row, cycle }) },
  );
  const inferences = loop.schedules.map((schedule) => {
    const { start, latency, cores } = system.run(schedule);
    const { busy, waitedForDram, waitedForLookup, waitedForSpikes, fetches } = cores[0]!;
    expect(waitedForSpikes).toBe(0);
    return { start, latency, busy, waitedForDram, waitedForLookup, fetches };
  });

  const replayed: unknown[][] = [];
  let next = 0;
  const source = {
    next(run: { address: number; bursts: number; write: boolean; arrival: number }): boolean {
      const fetch = fetches[next++];
      if (!fetch) return false;
      run.address = runs.burst[fetch.row]! * bytesPerBurst(organisation);
      run.bursts = loop.burstsPerRow;
      run.write = false;
      run.arrival = fetch.cycle;
      return true;
    },
  };
  const result = replay(organisation, timing, options, mapping, source, log(replayed));
  return { inferences, fetches, commands, replayed, result, activity: system.finish() };
}

/** The log tells the channels piece by piece in turn; the order within each is what counts. */
const byChannel = (commands: unknown[][], channel: number): unknown[][] =>
  commands.filter((command) => command[6] === channel);

describe('the closed loop', () => {
  it('is the ticking reference: same latencies, waits, requests and commands', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(loops, fc.constantFrom(1, 1, 2, 4), (drawn, channels) => {
        const organisation = { ...drawn.channel.organisation, channels };
        const loop = { ...drawn, channel: { ...drawn.channel, organisation } };
        const mapping = createOrderedMapping(organisation, ORDER);
        const at = new Int32Array(6);
        const bursts = Array.from({ length: loop.rows }, (_, row) =>
          Array.from({ length: loop.burstsPerRow }, (_, i) => {
            mapping.decode(loop.places[row]! * 8 + i, at);
            const bank = at[2]! * organisation.banksPerGroup + at[3]!;
            return { channel: at[0]!, rank: at[1]!, bank, row: at[4]!, column: at[5]! };
          }),
        );
        const { machine } = loop;
        const reference = referenceSystem(
          {
            clock: machine.clock,
            cores: [
              {
                passCycles: machine.passCycles,
                updateCycles: machine.updateCycles,
                rows: bursts,
                rowBytes: loop.burstsPerRow * bytesPerBurst(organisation),
                neurons: 1,
              },
            ],
            store: { capacity: machine.bufferRows, outstanding: machine.outstanding, shared: false },
            prefetch: machine.prefetch,
            traffic: [],
            memory: { ...loop.channel, clock: loop.dramClock, arbiter: 'oldest', weights: [1] },
          },
          loop.schedules,
        );
        const { inferences, fetches, commands } = runLoop(loop);
        expect(fetches).toEqual(reference.fetches[0]!.map(({ row, cycle }) => ({ row, cycle })));
        expect(inferences).toEqual(
          reference.actions.map(({ start, latency, cores }) => {
            const { busy, waitedForDram, waitedForLookup, fetches } = cores[0]!;
            return { start, latency, busy, waitedForDram, waitedForLookup, fetches };
          }),
        );
        for (let channel = 0; channel < channels; channel++) {
          const seen = byChannel(commands, channel).map(([cycle, command, rank, bank, row, column]) => ({
            ...{ cycle, command, rank, bank, row, column },
          }));
          expect(seen).toEqual(reference.commands[channel]);
        }
      }),
      { seed: 7, numRuns: randomCases(30, 80) },
    );
  });

  it('issues the commands of a replay of its requests, over one channel or several', () => {
    fc.assert(
      fc.property(loops, fc.constantFrom(1, 2, 4), (loop, channels) => {
        const organisation = { ...loop.channel.organisation, channels };
        const { commands, replayed, result, activity, inferences } = runLoop({
          ...loop,
          channel: { ...loop.channel, organisation },
        });
        for (let channel = 0; channel < channels; channel++)
          expect(byChannel(commands, channel)).toEqual(byChannel(replayed, channel));
        if (replayed.length > 0) expect(activity).toEqual(result.activity);
        for (const { latency, busy, waitedForDram, waitedForLookup } of inferences)
          expect(busy + waitedForDram + waitedForLookup).toBe(latency);
      }),
      { seed: 8, numRuns: randomCases(80, 200) },
    );
  });
});

describe('schedules', () => {
  const spikes = { steps: 3, offsets: [0, 2, 2, 3], inputs: [1, 0, 1] };
  it('follow the spikes step by step', () => {
    const { rows, updates, passes } = scheduleOf('event', 2, spikes);
    expect([...(rows as Uint32Array)]).toEqual([1, 0, 1]);
    expect([...(passes as Uint32Array)]).toEqual([1, 1, 1]);
    // After two spikes the first step and the empty second one end.
    expect([...(updates as Uint32Array)]).toEqual([0, 0, 2, 1]);
  });
  it('or take each row once, for all its spikes', () => {
    const { rows, updates, passes } = scheduleOf('stream', 2, spikes);
    expect([...(rows as Uint32Array)]).toEqual([0, 1]);
    expect([...(passes as Uint32Array)]).toEqual([1, 2]);
    expect([...(updates as Uint32Array)]).toEqual([0, 0, 3]);
  });
});
